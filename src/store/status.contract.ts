import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlAccounts } from './accounts.ts'
import { sqlAuditLog } from './audit-log.ts'
import { sqlIncidents } from './incidents.ts'
import { sqlMaintenances } from './maintenances.ts'
import { makeNotify } from './notices.ts'
import { sqlReadings } from './readings.ts'
import type { Schema } from './schema.ts'
import {
  type IncidentRows,
  type MaintenanceRows,
  type MaintenanceWish,
  Outdated,
  type ReadingRows,
} from './store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const random = systemRandom()

/** What readings, windows and incidents promise. Each driver's test calls this with a way to open a database. */
export function statusContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`status in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let nowMs: number
    let readings: ReadingRows
    let maintenances: MaintenanceRows
    let incidents: IncidentRows

    beforeEach(async () => {
      db = await open()
      nowMs = 1_790_000_000_000
      const notify = makeNotify({ rootKeys, random })
      const tools = { rootKeys, random, now: () => nowMs, notify }
      readings = sqlReadings(db)
      maintenances = sqlMaintenances(db, tools)
      incidents = sqlIncidents(db, tools)
      const accounts = sqlAccounts(db, { ...tools, announce: async () => {} })
      for (const login of ['one', 'two']) {
        const { id } = await accounts.add({ login, role: 'developer', password: null })
        await accounts.setEmail(id, `${login}@example.test`)
      }
    })

    const wish = (changes: Partial<MaintenanceWish> = {}): MaintenanceWish => ({
      ...{ title: 'New disks', body: 'Nothing is lost.', components: ['challenges'] },
      ...{ effect: 'paused', startsAt: nowMs + 3 * DAY_MS, endsAt: nowMs + 3 * DAY_MS + HOUR_MS },
      ...{ reason: '', ...changes },
    })
    const told = async () => {
      const rows = await db
        .selectFrom('notices')
        .select(['about', 'kind'])
        .select((e) =>
          e
            .selectFrom('deliveries')
            .whereRef('notice_id', '=', 'notices.id')
            .select((d) => d.fn.countAll().as('count'))
            .as('count'),
        )
        .execute()
      return rows
        .filter(({ kind }) => kind === 'maintenance' || kind === 'incident')
        .map(({ about, count }) => `${about.split('/').at(-1)} ${count}`)
        .sort()
    }
    const acts = async () =>
      (await sqlAuditLog(db).list({ limit: 20 }))
        .map(({ act }) => act)
        .filter((act) => /^(maintenance|incident)/.test(act))
        .reverse()

    it('sums readings, whoever adds them, and however many at once', async () => {
      const startsAt = nowMs - (nowMs % HOUR_MS)
      const one = { component: 'challenges', startsAt, good: 1, poor: 0, bad: 2 } as const
      const next = { ...one, startsAt: startsAt + HOUR_MS, good: 5, bad: 0 }
      await Promise.all(Array.from({ length: 10 }, () => readings.add([next, one])))
      await readings.add([])
      const days = await readings.days(0)
      const sum = (key: 'good' | 'poor' | 'bad' | 'hours') =>
        days.reduce((all, day) => all + day[key], 0)
      assert.deepEqual([sum('good'), sum('poor'), sum('bad'), sum('hours')], [60, 0, 20, 2])
      assert.ok(days.every((day) => day.startsAt % DAY_MS === 0))
      assert.deepEqual(await readings.days(startsAt + 2 * HOUR_MS), [])
    })

    it('announce a window, its event and its notice together', async () => {
      const window = await maintenances.announce(wish(), 'acc_a')
      assert.match(window.id, /^mnt_\w{16}$/)
      assert.deepEqual(await maintenances.byId(window.id), window)
      assert.deepEqual(await told(), ['announced 2'])
      const [event] = await sqlAuditLog(db).list({ limit: 1 })
      assert.equal(event!.detail.leadMs, 3 * DAY_MS)
      assert.ok(!JSON.stringify(event).includes('disks'))
    })

    it('raise a window’s sequence with every change, and tell each', async () => {
      const { id } = await maintenances.announce(wish(), 'acc_a')
      const moved = await maintenances.change(id, { startsAt: nowMs + 2 * DAY_MS }, 'acc_a', 0)
      assert.deepEqual([moved!.sequence, moved!.announcedAt], [1, nowMs])
      nowMs += 1
      const renamed = await maintenances.change(id, { title: 'Disks' }, 'acc_a')
      assert.deepEqual([renamed!.sequence, renamed!.announcedAt], [2, nowMs - 1])
      await assert.rejects(maintenances.change(id, { title: 'x' }, 'acc_a', 1), Outdated)
      assert.equal((await maintenances.cancel(id, 'acc_a'))!.sequence, 3)
      assert.equal(await maintenances.cancel(id, 'acc_a'), null)
      assert.equal(await maintenances.change(id, { title: 'x' }, 'acc_a'), null)
      assert.equal(await maintenances.complete(id, 'acc_a'), null)
      assert.deepEqual(await told(), ['announced 2', 'cancelled 2', 'changed 2', 'changed 2'])
      assert.deepEqual(await acts(), [
        ...['maintenance.announce', 'maintenance.change', 'maintenance.change'],
        'maintenance.cancel',
      ])
    })

    it('let one of many changes to the same window through', async () => {
      const { id } = await maintenances.announce(wish(), 'acc_a')
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => maintenances.change(id, { title: `n${i}` }, 'a', 0)),
      )
      assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.equal((await maintenances.byId(id))!.sequence, 1)
    })

    it('tell what the clock brings at its time, and once, however many nodes try', async () => {
      const { id, startsAt, endsAt } = await maintenances.announce(wish(), 'acc_a')
      const tell = async (event: 'reminder' | 'begun' | 'completed') =>
        (await Promise.all([1, 2, 3].map(() => maintenances.tell(id, event)))).filter(Boolean)
          .length
      nowMs = startsAt - DAY_MS - 1
      assert.equal(await tell('reminder'), 0)
      nowMs += 1
      assert.deepEqual([await tell('reminder'), await tell('reminder')], [1, 0])
      nowMs = startsAt - 1
      assert.equal(await tell('begun'), 0)
      nowMs += 1
      assert.deepEqual([await tell('begun'), await tell('reminder')], [1, 0])
      // Longer than it was meant to be: it has begun all the same.
      await maintenances.change(id, { endsAt: endsAt + HOUR_MS }, 'acc_a')
      assert.equal(await tell('begun'), 0)
      nowMs = endsAt + HOUR_MS - 1
      assert.equal(await tell('completed'), 0)
      nowMs += 1
      assert.deepEqual([await tell('completed'), await tell('begun')], [1, 0])
      assert.deepEqual(await told(), [
        ...['announced 2', 'begun 2', 'changed 2', 'completed 2', 'reminder 2'],
      ])
    })

    it('remind nobody of what was announced within the last day before it', async () => {
      const { id } = await maintenances.announce(
        wish({ startsAt: nowMs + DAY_MS, endsAt: nowMs + DAY_MS + 1, reason: 'why' }),
        'acc_a',
      )
      assert.equal(await maintenances.tell(id, 'reminder'), false)
      assert.equal(await maintenances.tell('mnt_none', 'reminder'), false)
    })

    it('remind again of a window that was moved', async () => {
      const { id, startsAt } = await maintenances.announce(wish(), 'acc_a')
      nowMs = startsAt - DAY_MS
      assert.equal(await maintenances.tell(id, 'reminder'), true)
      const later = startsAt + 5 * DAY_MS
      await maintenances.change(id, { startsAt: later, endsAt: later + HOUR_MS }, 'acc_a')
      nowMs = later - DAY_MS
      assert.equal(await maintenances.tell(id, 'reminder'), true)
    })

    it('complete a window early, and tell that it is over once', async () => {
      const { id, startsAt, endsAt } = await maintenances.announce(wish(), 'acc_a')
      assert.equal(await maintenances.complete(id, 'acc_a'), null)
      nowMs = startsAt + 1
      assert.equal(await maintenances.cancel(id, 'acc_a'), null)
      assert.equal((await maintenances.complete(id, 'acc_a'))!.completedAt, nowMs)
      nowMs = endsAt
      assert.equal(await maintenances.tell(id, 'completed'), false)
      assert.deepEqual(await told(), ['announced 2', 'completed 2'])
    })

    it('list the windows of a time, the last to begin first', async () => {
      const at = (days: number) => ({
        startsAt: nowMs + days * DAY_MS,
        endsAt: nowMs + days * DAY_MS + HOUR_MS,
      })
      const ids: string[] = []
      for (const days of [3, 1, 2]) {
        ids.push((await maintenances.announce(wish(at(days)), 'a')).id)
      }
      const listed = async (query: { from?: number; before?: number; limit: number }) =>
        (await maintenances.list(query)).map(({ id }) => ids.indexOf(id))
      assert.deepEqual(await listed({ limit: 9 }), [0, 2, 1])
      assert.deepEqual(await listed({ limit: 2 }), [0, 2])
      assert.deepEqual(await listed({ from: nowMs + DAY_MS + HOUR_MS, limit: 9 }), [0, 2])
      assert.deepEqual(await listed({ before: nowMs + 3 * DAY_MS, limit: 9 }), [2, 1])
    })

    it('tell every update of an incident, keep them in their order, and end with the last', async () => {
      const first = await incidents.open(
        {
          ...{ title: 'Letters are late', impact: 'minor', cause: 'unknown', startedAt: nowMs },
          ...{ components: ['notices'], state: 'investigating', body: 'We look.' },
        },
        'acc_a',
      )
      const { id } = first
      // In the same millisecond.
      for (const state of ['identified', 'monitoring', 'investigating'] as const) {
        await incidents.update(id, { state, body: state, impact: 'major' }, 'acc_a')
      }
      nowMs += HOUR_MS
      const tries = await Promise.all(
        [1, 2, 3].map(() => incidents.update(id, { state: 'resolved', body: 'Done.' }, 'acc_a')),
      )
      const resolved = tries.filter((one) => one !== null)
      assert.equal(resolved.length, 1)
      assert.deepEqual(
        resolved[0]!.updates.map(({ state }) => state),
        ['resolved', 'investigating', 'monitoring', 'identified', 'investigating'],
      )
      assert.deepEqual([resolved[0]!.resolvedAt, resolved[0]!.impact], [nowMs, 'major'])
      assert.deepEqual(await incidents.byId(id), resolved[0])
      assert.equal(await incidents.update(id, { state: 'identified', body: 'Again.' }, 'a'), null)
      assert.equal((await told()).length, 5)
      assert.deepEqual((await acts()).length, 5)
      assert.deepEqual(await incidents.list({ from: nowMs - 1, limit: 9 }), [resolved[0]])
      assert.deepEqual(await incidents.list({ from: nowMs, limit: 9 }), [])
      assert.equal(await incidents.byId('inc_none'), null)
    })
  })
}
