import { BadRequest } from '../core/bad-request.ts'
import { assertId, type Gate, notFound } from '../manage/gate.ts'
import { Outdated, type Store } from '../store/store.ts'
import { readChanges, readFacts, readIncident, readUpdate, readWish } from './orders.ts'
import { stateOf } from './standing.ts'
import type { Status } from './status.ts'

const HOUR_MS = 3_600_000
const PAGE = 50

type Deeds = Pick<
  Status,
  | 'maintenances'
  | 'maintenance'
  | 'announce'
  | 'change'
  | 'cancel'
  | 'complete'
  | 'incidents'
  | 'incident'
  | 'open'
  | 'update'
>

/**
 * What operators do with windows and incidents.
 *
 * @param tools.changed called after each change, so that this node knows of it at once
 */
export function statusDeeds(tools: {
  store: Pick<Store, 'maintenances' | 'incidents'>
  gate: Gate
  now: () => number
  noticeHours: number
  changed: () => Promise<unknown>
}): Deeds {
  const { gate, now, changed } = tools
  const { maintenances, incidents } = tools.store
  const noticeMs = tools.noticeHours * HOUR_MS

  async function windowOf(id: string) {
    assertId(id)
    const window = await maintenances.byId(id)
    if (!window) throw notFound()
    return window
  }

  async function incidentOf(id: string) {
    assertId(id)
    const incident = await incidents.byId(id)
    if (!incident) throw notFound()
    return incident
  }

  /** Does it, has this node know of it, and gives it back. */
  async function done<T>(result: T | null, otherwise: () => BadRequest): Promise<T> {
    if (result === null) throw otherwise()
    await changed()
    return result
  }

  return {
    async maintenances(actor, before) {
      gate.pass(actor, 'promises.read')
      const rows = await maintenances.list({ before, limit: PAGE })
      return rows.map((row) => ({ ...row, state: stateOf(row, now()) }))
    },

    async maintenance(actor, id) {
      gate.pass(actor, 'promises.read')
      const window = await windowOf(id)
      return { ...window, state: stateOf(window, now()) }
    },

    async announce(actor, wish) {
      gate.pass(actor, 'promises.write')
      const read = readWish(wish, now(), noticeMs)
      return done(await maintenances.announce(read, actor.by), over)
    },

    async change(actor, id, changes, sequence) {
      gate.pass(actor, 'promises.write')
      const before = await windowOf(id)
      const state = stateOf(before, now())
      if (state === 'completed' || state === 'cancelled') throw over()
      const read = readChanges(before, changes, now(), noticeMs)
      try {
        // What was read of the whole window holds only of the window that was read.
        const from = sequence ?? before.sequence
        return await done(await maintenances.change(id, read, actor.by, from), over)
      } catch (error) {
        if (!(error instanceof Outdated)) throw error
        throw new BadRequest(
          'revision-outdated',
          'Somebody else has changed this window meanwhile. Look at it again.',
          'sequence',
        )
      }
    },

    async cancel(actor, id) {
      gate.pass(actor, 'promises.write')
      await windowOf(id)
      return done(await maintenances.cancel(id, actor.by), begun)
    },

    async complete(actor, id) {
      gate.pass(actor, 'promises.write')
      await windowOf(id)
      return done(await maintenances.complete(id, actor.by), notRunning)
    },

    async incidents(actor, before) {
      gate.pass(actor, 'promises.read')
      return incidents.list({ before, limit: PAGE })
    },

    async incident(actor, id) {
      gate.pass(actor, 'promises.read')
      return incidentOf(id)
    },

    async open(actor, order) {
      gate.pass(actor, 'promises.write')
      return done(await incidents.open(readIncident(order, now()), actor.by), resolved)
    },

    async update(actor, id, update) {
      gate.pass(actor, 'promises.write')
      await incidentOf(id)
      const read = { ...readUpdate(update), ...readFacts(update) }
      return done(await incidents.update(id, read, actor.by), resolved)
    },
  }
}

const over = () => new BadRequest('maintenance-over', 'This window is over, or was cancelled.')
const begun = () =>
  new BadRequest(
    'maintenance-over',
    'Only a window that has not begun can be cancelled. One that runs can be completed.',
  )
const notRunning = () =>
  new BadRequest('maintenance-over', 'Only a window that runs can be completed.')
const resolved = () =>
  new BadRequest(
    'incident-resolved',
    'This incident is resolved. Open another one for what came up again.',
  )
