import type { Kysely, Selectable, Transaction } from 'kysely'
import { newId } from '../keys.ts'
import type { NoticeFacts } from '../notices/notice.ts'
import type { Component } from '../status/components.ts'
import { type ByClock, isTrue, stateOf } from '../status/standing.ts'
import { type Author, record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import { Outdated } from './store.ts'

/** A window in which the service is looked after. */
export interface Maintenance {
  id: string
  title: string
  body: string
  components: Component[]
  /** `paused`: visitors are asked to come back after it. */
  effect: 'none' | 'paused'
  startsAt: number
  endsAt: number
  /** Grows with every change. */
  sequence: number
  /** Why it was announced at shorter notice than promised; '' if it was not. */
  reason: string
  createdAt: number
  /** When its beginning was announced as it is now. */
  announcedAt: number
  changedAt: number
  cancelledAt: number | null
  completedAt: number | null
}

/** What an operator decides about one. */
export type MaintenanceWish = Pick<
  Maintenance,
  'title' | 'body' | 'components' | 'effect' | 'startsAt' | 'endsAt' | 'reason'
>

/** The windows. Whatever changes one tells everybody, in the same transaction. */
export interface MaintenanceRows {
  byId(id: string): Promise<Maintenance | null>
  /** Those that end after `from` and begin before `before`, the last to begin first. */
  list(query: { from?: number; before?: number; limit: number }): Promise<Maintenance[]>
  /** Announces one, at once. */
  announce(wish: MaintenanceWish, by: Author): Promise<Maintenance>
  /**
   * Changes what is given. Null if there is none, or it is over. Rejects with `Outdated` if it is not at `sequence`, where one
   * is given.
   */
  change(
    id: string,
    changes: Partial<MaintenanceWish>,
    by: Author,
    sequence?: number,
  ): Promise<Maintenance | null>
  /** It will not take place. Null if there is none, or it has begun. */
  cancel(id: string, by: Author): Promise<Maintenance | null>
  /** It is over before its time. Null if there is none, or it is not in progress. */
  complete(id: string, by: Author): Promise<Maintenance | null>
  /** Tells what the clock brings, once for all nodes. False if it was told before, or is not true any more. */
  tell(id: string, event: ByClock): Promise<boolean>
}

/** The windows in a SQL database. */
export function sqlMaintenances(
  db: Kysely<Schema>,
  tools: Pick<SqlTools, 'now' | 'random' | 'notify'>,
): MaintenanceRows {
  const { now, random, notify } = tools

  async function tellAll(
    tx: Transaction<Schema>,
    window: Maintenance,
    event: NoticeFacts['maintenance']['event'],
  ): Promise<boolean> {
    const { id, title, body, components, effect, startsAt, endsAt, reason } = window
    const facts = { event, id, title, body, components, effect, startsAt, endsAt, reason }
    return notify(tx, now(), {
      ...{ kind: 'maintenance', about: aboutOf(window, event), facts, to: 'everybody' },
    })
  }

  /** Reads a window for a change to it: whoever changes it as well waits. */
  async function hold(tx: Transaction<Schema>, id: string): Promise<Maintenance | null> {
    const row = await tx
      .updateTable('maintenances')
      .set((e) => ({ sequence: e.ref('sequence') }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return row ? read(row) : null
  }

  async function put(tx: Transaction<Schema>, window: Maintenance): Promise<void> {
    const { id, ...rest } = rowOf(window)
    await tx.updateTable('maintenances').set(rest).where('id', '=', id).execute()
  }

  return {
    async byId(id) {
      const row = await db
        .selectFrom('maintenances')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? read(row) : null
    },

    async list({ from = 0, before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await db
        .selectFrom('maintenances')
        .selectAll()
        .where('ends_at', '>', from)
        .where('starts_at', '<', before)
        .orderBy('starts_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(read)
    },

    async announce(wish, by) {
      const at = now()
      const window: Maintenance = {
        ...{ id: newId(random, 'mnt'), ...wish, sequence: 0 },
        ...{ createdAt: at, announcedAt: at, changedAt: at, cancelledAt: null, completedAt: null },
      }
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('maintenances').values(rowOf(window)).execute()
        const detail = { ...whenAndWhat(window), leadMs: wish.startsAt - at }
        await record(tx, at, { by, act: 'maintenance.announce', subject: window.id, detail })
        await tellAll(tx, window, 'announced')
      })
      return window
    },

    async change(id, changes, by, sequence) {
      return db.transaction().execute(async (tx) => {
        const before = await hold(tx, id)
        const at = now()
        if (!before || isOver(before, at)) return null
        if (sequence !== undefined && sequence !== before.sequence) throw new Outdated()
        const moved = changes.startsAt !== undefined && changes.startsAt !== before.startsAt
        const after: Maintenance = {
          ...{ ...before, ...changes, sequence: before.sequence + 1, changedAt: at },
          announcedAt: moved ? at : before.announcedAt,
        }
        await put(tx, after)
        const detail = {
          ...{ before: whenAndWhat(before), after: whenAndWhat(after) },
          leadMs: after.startsAt - at,
        }
        await record(tx, at, { by, act: 'maintenance.change', subject: id, detail })
        await tellAll(tx, after, 'changed')
        return after
      })
    },

    async cancel(id, by) {
      return db.transaction().execute(async (tx) => {
        const before = await hold(tx, id)
        const at = now()
        if (!before || stateOf(before, at) !== 'scheduled') return null
        const sequence = before.sequence + 1
        const after = { ...before, cancelledAt: at, changedAt: at, sequence }
        await put(tx, after)
        const detail = { leadMs: before.startsAt - at }
        await record(tx, at, { by, act: 'maintenance.cancel', subject: id, detail })
        await tellAll(tx, after, 'cancelled')
        return after
      })
    },

    async complete(id, by) {
      return db.transaction().execute(async (tx) => {
        const before = await hold(tx, id)
        const at = now()
        if (!before || stateOf(before, at) !== 'in-progress') return null
        const sequence = before.sequence + 1
        const after = { ...before, completedAt: at, changedAt: at, sequence }
        await put(tx, after)
        const detail = { earlyMs: before.endsAt - at }
        await record(tx, at, { by, act: 'maintenance.complete', subject: id, detail })
        await tellAll(tx, after, 'completed')
        return after
      })
    },

    async tell(id, event) {
      return db.transaction().execute(async (tx) => {
        const window = await hold(tx, id)
        return window !== null && isTrue(window, event, now()) && tellAll(tx, window, event)
      })
    },
  }
}

/**
 * Names the cause. What the clock brings is told once for one beginning, however often the rest of a window is changed; that it
 * is over is told once.
 */
function aboutOf(window: Maintenance, event: NoticeFacts['maintenance']['event']): string {
  const { id, sequence, startsAt } = window
  if (event === 'completed') return `maintenance/${id}/completed`
  if (event === 'reminder' || event === 'begun') return `maintenance/${id}/${startsAt}/${event}`
  return `maintenance/${id}/${sequence}/${event}`
}

function isOver(window: Maintenance, now: number): boolean {
  const state = stateOf(window, now)
  return state === 'completed' || state === 'cancelled'
}

/** For the audit log: what was promised, without what was written. */
function whenAndWhat({ startsAt, endsAt, effect, components, reason }: Maintenance) {
  return { startsAt, endsAt, effect, components, shortNotice: reason !== '' }
}

function rowOf(window: Maintenance): Schema['maintenances'] {
  return {
    ...{ id: window.id, title: window.title, body: window.body, effect: window.effect },
    ...{ components: window.components.join(' '), sequence: window.sequence },
    ...{ starts_at: window.startsAt, ends_at: window.endsAt, reason: window.reason },
    ...{ created_at: window.createdAt, announced_at: window.announcedAt },
    ...{ changed_at: window.changedAt, cancelled_at: window.cancelledAt },
    completed_at: window.completedAt,
  }
}

function read(row: Selectable<Schema['maintenances']>): Maintenance {
  const orNull = (at: number | null) => (at === null ? null : Number(at))
  return {
    ...{ id: row.id, title: row.title, body: row.body, reason: row.reason },
    components: row.components.split(' ').filter(Boolean) as Component[],
    effect: row.effect as Maintenance['effect'],
    ...{ startsAt: Number(row.starts_at), endsAt: Number(row.ends_at) },
    ...{ sequence: Number(row.sequence), createdAt: Number(row.created_at) },
    ...{ announcedAt: Number(row.announced_at), changedAt: Number(row.changed_at) },
    ...{ cancelledAt: orNull(row.cancelled_at), completedAt: orNull(row.completed_at) },
  }
}
