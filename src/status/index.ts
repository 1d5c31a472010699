import type { Jobs } from '../jobs.ts'
import type { Gate } from '../manage/gate.ts'
import { type Maintenance, type Store, StoreUnavailable } from '../store/store.ts'
import { DAY_MS, DAYS, recordsOf } from './days.ts'
import { statusDeeds } from './deeds.ts'
import { openEyes, type Sights, within } from './look.ts'
import { openRecorder } from './recorder.ts'
import { type Board, type Examined, type Snapshot, snapshotOf } from './snapshot.ts'
import { type ByClock, isTrue, stateOf } from './standing.ts'
import type { Status } from './status.ts'

const BOARD_MS = 5_000
const LOOK_MS = 60_000
/** Days that are over change no more, and today's changes with each look. */
const RECORDS_MS = 60_000
const NEWS_MS = 14 * DAY_MS
const SOON_MS = DAY_MS
/** So many windows and incidents of the last 90 days are remembered, the newest. */
const REMEMBERED_MAX = 200
const PAGE = 50
/** What was not told for so long because no node ran is no news any more. */
const TOLD_MAX_MS = 7 * DAY_MS
const BY_CLOCK: readonly ByClock[] = ['reminder', 'begun', 'completed']

interface StatusTools extends Omit<Sights, 'store' | 'paused'> {
  store: Pick<Store, 'sites' | 'readings' | 'maintenances' | 'incidents' | 'examinations'>
  gate: Gate
  jobs: Jobs
  /** The hours before its beginning by which a window should be announced. */
  noticeHours: number
}

/** Keeps an eye on the service, and an account of it. */
export function makeStatus(tools: StatusTools): Status & { close(): Promise<void> } {
  const { store, now, jobs } = tools
  const eyes = openEyes({ ...tools, paused: () => paused() !== null })
  const recorder = openRecorder(store.readings)
  let board: Board = { maintenances: [], incidents: [] }
  /** The windows on it that are not over: mostly none, and every challenge looks through them. */
  let ahead: readonly Maintenance[] = []
  /** Counts the readings of the board; and which of them it is of. */
  let asked = 0
  let known = 0
  let awaySince: number | null = null
  let records = { at: Number.NEGATIVE_INFINITY, found: recordsOf([], now()) }
  let examined: Examined | null = null
  let latest: { at: number; snapshot: Promise<Snapshot> } | null = null
  /** What this node has told, or found told, by the clock. */
  const told = new Set<string>()

  /** Reads what everybody should know. What was known stays if the store is away. */
  async function readBoard(): Promise<void> {
    const query = { from: now() - DAYS * DAY_MS, limit: REMEMBERED_MAX }
    const turn = ++asked
    try {
      const [maintenances, incidents] = await Promise.all([
        store.maintenances.list(query),
        store.incidents.list(query),
      ])
      // What was asked for earlier, and comes later, is of before a change that is known by now.
      if (turn < known) return
      known = turn
      board = { maintenances, incidents }
      const at = now()
      ahead = maintenances.filter((one) => !/completed|cancelled/.test(stateOf(one, at)))
      awaySince = null
    } catch (error) {
      awaySince ??= now()
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  async function readRecords(): Promise<void> {
    if (now() - records.at < RECORDS_MS) return
    const today = now() - (now() % DAY_MS)
    const sums = await store.readings.days(today - (DAYS - 1) * DAY_MS)
    records = { at: now(), found: recordsOf(sums, now()) }
  }

  async function readExamined(): Promise<void> {
    const last = await store.examinations.last()
    examined = last && { at: last.at, failing: last.failing, warnings: last.warnings }
  }

  /** Tells what has begun, is over, or is near. Every node tries; one of them does. */
  async function tellByClock(): Promise<void> {
    for (const window of board.maintenances) {
      for (const event of BY_CLOCK) {
        const key = `${window.id} ${window.startsAt} ${event}`
        if (told.has(key) || !isTrue(window, event, now())) continue
        if (now() - window.endsAt > TOLD_MAX_MS) continue
        await store.maintenances.tell(window.id, event)
        told.add(key)
      }
    }
  }

  async function refresh(): Promise<void> {
    await readBoard()
    if (awaySince === null) await tellByClock().catch(ifAway)
  }

  async function takeSnapshot(): Promise<Snapshot> {
    // What cannot be read is as it was. First, because what is announced decides how what is seen is understood.
    await within(readBoard()).catch(() => {
      awaySince ??= now()
    })
    const [look] = await Promise.all([
      eyes.look(),
      within(readRecords()).catch(() => {}),
      within(readExamined()).catch(() => {}),
    ])
    const parts = { now: now(), awaySince, board, examined, records: records.found }
    return snapshotOf({ ...parts, look })
  }

  function paused(): Maintenance | null {
    const at = now()
    for (const window of ahead) {
      if (window.effect === 'paused' && stateOf(window, at) === 'in-progress') return window
    }
    return null
  }

  jobs.add({ name: 'status board', everyMs: BOARD_MS, run: refresh })
  jobs.add({
    name: 'status look',
    everyMs: LOOK_MS,
    async run() {
      recorder.add(await eyes.look(true))
      await recorder.write().catch(ifAway)
    },
  })

  return {
    ...statusDeeds({
      ...{ store, gate: tools.gate, now, noticeHours: tools.noticeHours },
      async changed() {
        // It is done, whatever becomes of this: what is missing comes with the next look at the board.
        await refresh().catch(() => {})
        latest = null
      },
    }),

    news() {
      const at = now()
      return {
        maintenances: ahead
          .map((window) => ({ ...window, state: stateOf(window, at) }))
          .filter(
            ({ state, startsAt }) =>
              state === 'in-progress' || (state === 'scheduled' && startsAt - at <= NEWS_MS),
          )
          .sort((a, b) => a.startsAt - b.startsAt),
        incidents: board.incidents
          .filter(({ resolvedAt }) => resolvedAt === null)
          .map((incident) => ({ ...incident, state: incident.updates[0]!.state })),
      }
    },

    paused,

    soon() {
      const at = now()
      let first: Maintenance | null = null
      for (const window of ahead) {
        const state = stateOf(window, at)
        const near = state === 'scheduled' && window.startsAt - at <= SOON_MS
        if (state !== 'in-progress' && !near) continue
        if (!first || window.startsAt < first.startsAt) first = window
      }
      return first && { startsAt: first.startsAt, endsAt: first.endsAt }
    },

    snapshot() {
      const at = now()
      if (!latest || at - latest.at >= BOARD_MS) latest = { at, snapshot: takeSnapshot() }
      return latest.snapshot
    },

    async past(before) {
      const query = { before, limit: PAGE }
      const [maintenances, incidents] = await Promise.all([
        store.maintenances.list(query),
        store.incidents.list(query),
      ])
      const full = [
        ...(maintenances.length === PAGE ? [maintenances.at(-1)!.startsAt] : []),
        ...(incidents.length === PAGE ? [incidents.at(-1)!.startedAt] : []),
      ]
      // Of two lists that go on, the later end is where both are whole.
      const next = full.length === 0 ? null : Math.max(...full)
      return {
        maintenances: maintenances.filter((one) => next === null || one.startsAt >= next),
        incidents: incidents.filter((one) => next === null || one.startedAt >= next),
        next,
      }
    },

    async close() {
      await recorder.write().catch(() => {})
    },
  }
}

/** While the store is away, there is nothing to do but wait for it. */
function ifAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}
