import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { sqlCounts } from './counts.ts'
import type { Schema } from './schema.ts'
import type { CountRow, Counts } from './store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** The beginning of a day. */
const START = 20_000 * DAY_MS

/** What counts promise. Each driver's test calls this with a way to open a database that has the tables. */
export function countsContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`counts in ${name}`, () => {
    let store: ReturnType<typeof underTest>
    let counts: Counts
    let site: string

    beforeEach(async () => {
      store = underTest(await open())
      store.setNow(START + HOUR_MS)
      counts = store.counts
      site = await store.addSite()
    })

    const row = (more: Partial<CountRow> = {}): CountRow => ({
      ...{ sitekey: site, span: 'minute', startsAt: START, name: 'passed', label: '', count: 1 },
      ...more,
    })
    const read = (more: Partial<Parameters<Counts['read']>[0]> = {}) =>
      counts.read({
        ...{ sitekeys: [site], span: 'minute', from: START, to: START + DAY_MS },
        ...{ stepMs: MINUTE_MS },
        ...more,
      })

    it('adds to what is there, fractions too', async () => {
      await counts.add([row(), row({ label: 'work', count: 2.5 })], 'a')
      await counts.add([row({ label: 'work', count: 0.25 })], 'b')
      assert.deepEqual(await read(), [row(), row({ label: 'work', count: 2.75 })])
    })

    it('adds rows with the same key in one batch together', async () => {
      await counts.add([row(), row({ count: 4 })], 'a')
      assert.deepEqual(await read(), [row({ count: 5 })])
    })

    it('does nothing for nothing', async () => {
      await counts.add([], 'a')
      assert.equal(await store.rows(''), 0)
    })

    it('adds a batch once, however often and by however many it is sent', async () => {
      await counts.add([row({ count: 7 })], 'a')
      await counts.add([row({ count: 7 })], 'a')
      await Promise.all(Array.from({ length: 5 }, () => counts.add([row({ count: 7 })], 'b')))
      assert.deepEqual(await read(), [row({ count: 14 })])
    })

    it('takes more rows than one statement can', async () => {
      const many = Array.from({ length: 8_000 }, (_, i) => row({ label: `label-${i}`, count: i }))
      await counts.add(many, 'a')
      await counts.add(many, 'b')
      const found = await read()
      assert.equal(found.length, 8_000)
      assert.equal(
        found.reduce((sum, { count }) => sum + count, 0),
        8_000 * 7_999,
      )
    })

    it('loses and doubles nothing when many add at once, in whatever order', async () => {
      const other = await store.addSite()
      const all = Array.from({ length: 40 }, (_, i) =>
        row({ sitekey: i % 2 ? site : other, label: `l${i}` }),
      )
      await Promise.all(
        Array.from({ length: 24 }, (_, i) =>
          counts.add(i % 2 ? all : all.toReversed(), `batch ${i}`),
        ),
      )
      const found = await read({ sitekeys: [site, other] })
      assert.equal(found.length, 40)
      assert.ok(found.every(({ count }) => count === 24))
    })

    it('reads from a moment on, before another, of the named sites and span alone', async () => {
      const other = await store.addSite()
      await counts.add(
        [
          row({ startsAt: START - MINUTE_MS }),
          row({ startsAt: START + DAY_MS }),
          row({ span: 'hour' }),
          row({ sitekey: other }),
          row({ count: 9 }),
        ],
        'a',
      )
      assert.deepEqual(await read(), [row({ count: 9 })])
      assert.deepEqual(await read({ sitekeys: [] }), [])
      assert.equal((await read({ sitekeys: [site, other] })).length, 2)
    })

    it('sums up by step', async () => {
      const startsAt = START + 10 * MINUTE_MS
      await counts.add(
        Array.from({ length: 25 }, (_, i) => row({ startsAt: startsAt + i * MINUTE_MS })),
        'a',
      )
      const found = await read({ stepMs: 10 * MINUTE_MS })
      assert.deepEqual(
        found.map(({ startsAt, count }) => [startsAt - START, count]),
        [
          [10 * MINUTE_MS, 10],
          [20 * MINUTE_MS, 10],
          [30 * MINUTE_MS, 5],
        ],
      )
    })

    it('keeps minutes for 48 hours and hours for 400 days', async () => {
      await counts.add([row(), row({ span: 'hour' })], 'a')
      store.setNow(START + 48 * HOUR_MS)
      await counts.sweep()
      assert.equal(await store.rows(site), 2)
      assert.equal(await store.rows(''), 1)

      store.setNow(START + 48 * HOUR_MS + 1)
      await counts.sweep()
      assert.deepEqual(await read(), [])
      assert.equal(await store.rows(site), 1)
      assert.equal(await store.rows(''), 0)

      store.setNow(START + 400 * DAY_MS + 1)
      await counts.sweep()
      assert.equal(await store.rows(site), 0)
    })

    it('keeps nothing of a site that is gone', async () => {
      const other = await store.addSite()
      await counts.add([row(), row({ sitekey: other })], 'a')
      await store.removeSite(site)
      await counts.sweep()
      assert.equal(await store.rows(site), 0)
      assert.equal(await store.rows(other), 1)
      assert.equal(await store.rows(''), 1)
    })
  })
}

let sites = 0

/** The counts, with what a test must do around them. */
function underTest(db: Kysely<Schema>) {
  let now = 0
  return {
    counts: sqlCounts(db, { now: () => now }),
    setNow(moment: number) {
      now = moment
    },
    async addSite() {
      const sitekey = `ock_${++sites}`
      await db
        .insertInto('sites')
        .values({ sitekey, mode: 'checkbox', created_at: 0 } as never)
        .execute()
      return sitekey
    },
    async removeSite(sitekey: string) {
      await db.deleteFrom('sites').where('sitekey', '=', sitekey).execute()
    },
    async rows(sitekey: string) {
      const rows = await db
        .selectFrom('site_counts')
        .selectAll()
        .where('sitekey', '=', sitekey)
        .execute()
      return rows.length
    },
  }
}
