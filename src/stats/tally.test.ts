import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterEach, beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlCounts } from '../store/counts.ts'
import { migrations } from '../store/migrations/index.ts'
import type { Schema } from '../store/schema.ts'
import type { CountRow, Counts } from '../store/store.ts'
import { type Counted, startTally, type Tally } from './tally.ts'

const MINUTE_MS = 60_000
const START = 20_000 * 24 * 3_600_000
const SITE = 'ock_one'

let now: number
let db: Kysely<Schema>
let counts: Counts
let tallies: Tally[]

beforeEach(async () => {
  now = START
  tallies = []
  db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  const provider = { getMigrations: async () => migrations }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
  counts = sqlCounts(db, { now: () => now })
})
afterEach(async () => {
  for (const tally of tallies) await tally.close()
  await db.destroy()
})

/** Writes when told to, unless a test says how often. */
function tallyOn(store: Counts, more: Partial<Parameters<typeof startTally>[1]> = {}): Tally {
  const random = systemRandom()
  const tally = startTally(store, { now: () => now, random, flushMs: 1_000_000, ...more })
  tallies.push(tally)
  return tally
}

async function rows(span: string, sitekey = SITE): Promise<CountRow[]> {
  const all = db.selectFrom('site_counts').selectAll().where('span', '=', span)
  const found = await all.where('sitekey', '=', sitekey).orderBy('starts_at').execute()
  return found.map(({ starts_at, ...row }) => ({ ...row, startsAt: starts_at }) as never)
}

async function sums(span = 'minute', sitekey = SITE): Promise<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const { name, label, count } of await rows(span, sitekey)) {
    const key = label === '' ? name : `${name} ${label}`
    all[key] = (all[key] ?? 0) + count
  }
  return all
}

describe('a tally', () => {
  it('writes sums per minute and per hour', async () => {
    const tally = tallyOn(counts)
    tally.count(SITE, 'passed', 'work')
    tally.count(SITE, 'passed', 'work')
    now += MINUTE_MS
    tally.count(SITE, 'passed', 'work')
    tally.count(SITE, 'effort', '', 7.5)
    await tally.flush()

    const minutes = await rows('minute')
    assert.deepEqual(
      minutes.map(({ name, startsAt, count }) => [name, startsAt - START, count]).sort(),
      [
        ['effort', MINUTE_MS, 7.5],
        ['passed', 0, 2],
        ['passed', MINUTE_MS, 1],
      ],
    )
    assert.deepEqual(await sums('hour'), { effort: 7.5, 'passed work': 3 })
  })

  it('adds up to what was counted, however it is written', async () => {
    const names: Counted[] = ['passed', 'failed', 'puzzles', 'replayed']
    const event = fc.record({
      site: fc.constantFrom('ock_a', 'ock_b'),
      name: fc.constantFrom(...names),
      waitMs: fc.nat(90_000),
      flush: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        await db.deleteFrom('site_counts').execute()
        const tally = tallyOn(counts)
        for (const { site, name, waitMs, flush } of events) {
          now += waitMs
          tally.count(site, name)
          if (flush) await tally.flush()
        }
        await tally.close()
        for (const site of ['ock_a', 'ock_b']) {
          const expected: Record<string, number> = {}
          for (const { name } of events.filter((one) => one.site === site))
            expected[name] = (expected[name] ?? 0) + 1
          assert.deepEqual(await sums('minute', site), await sums('hour', site))
          assert.deepEqual(
            Object.entries(await sums('hour', site)).sort(),
            Object.entries(expected).sort(),
          )
        }
      }),
      { numRuns: 25 },
    )
  })

  it('writes by itself, and sweeps', async () => {
    let swept = 0
    const sweep = async () => {
      swept++
    }
    const tally = tallyOn({ ...counts, sweep }, { flushMs: 20 })
    tally.count(SITE, 'replayed')
    now += 20 * MINUTE_MS
    for (let i = 0; i < 200 && swept === 0; i++) await new Promise((done) => setTimeout(done, 10))
    assert.deepEqual(await sums(), { replayed: 1 })
    assert.equal(swept, 1)
  })

  it('writes what is left when it is closed', async () => {
    const tally = tallyOn(counts)
    tally.count(SITE, 'replayed')
    await tally.close()
    assert.deepEqual(await sums(), { replayed: 1 })
  })

  it('loses nothing that was written when its process ends', async () => {
    const former = tallyOn(counts)
    former.count(SITE, 'replayed')
    await former.flush()
    // Not closed, as if it had been killed: what follows is lost, and all before is there.
    former.count(SITE, 'replayed')
    const next = tallyOn(counts)
    next.count(SITE, 'replayed')
    await next.flush()
    assert.deepEqual(await sums(), { replayed: 2 })
    assert.deepEqual(await sums('hour'), { replayed: 2 })
  })

  it('adds up with those of other nodes', async () => {
    const nodes = Array.from({ length: 3 }, () => tallyOn(counts))
    for (const [i, node] of nodes.entries())
      for (let n = 0; n <= i; n++) node.count(SITE, 'passed', 'work')
    await Promise.all(nodes.map((node) => node.flush()))
    assert.deepEqual(await sums(), { 'passed work': 6 })
  })

  it('keeps what the store would not take, and writes it once', async () => {
    let away = true
    const add: Counts['add'] = (batch, name) =>
      away ? Promise.reject(new Error('The store is away.')) : counts.add(batch, name)
    const tally = tallyOn({ ...counts, add })
    tally.count(SITE, 'replayed')
    await assert.rejects(tally.flush())
    tally.count(SITE, 'replayed')
    await assert.rejects(tally.flush())
    assert.deepEqual(await sums(), {})

    away = false
    tally.count(SITE, 'replayed')
    await tally.flush()
    await tally.flush()
    assert.deepEqual(await sums(), { replayed: 3 })
  })

  it('counts nothing twice where the store wrote it and its answer was lost', async () => {
    let lost = 2
    const add: Counts['add'] = async (batch, name) => {
      await counts.add(batch, name)
      if (lost-- > 0) throw new Error('The connection ended.')
    }
    const tally = tallyOn({ ...counts, add })
    tally.count(SITE, 'replayed')
    await assert.rejects(tally.flush())
    tally.count(SITE, 'replayed')
    await assert.rejects(tally.flush())
    tally.count(SITE, 'replayed')
    await tally.flush()
    assert.deepEqual(await sums(), { replayed: 3 })
  })

  it('does not wait for a store that never answers', async () => {
    const tally = tallyOn({ ...counts, add: () => new Promise<void>(() => {}) })
    tally.count(SITE, 'replayed')
    const startedAt = performance.now()
    await tally.close()
    assert.ok(performance.now() - startedAt < 5_000)
  })

  it('has room for so much and no more while the store is away', async () => {
    const errors: unknown[] = []
    let away = true
    const add: Counts['add'] = async () => {
      if (away) throw new Error('The store is away.')
    }
    const onError = (error: unknown) => errors.push(error)
    const tally = tallyOn({ ...counts, add }, { flushMs: 40, onError })
    for (let i = 0; i < 150_000; i++) tally.count(`ock_${i}`, 'replayed')
    away = false
    for (let i = 0; i < 100 && !/no room/.test(String(errors)); i++)
      await new Promise((done) => setTimeout(done, 20))
    assert.match(String(errors), /no room for 50000 counts/)
  })

  it('counts nothing for test keys, and tells of what is no site’s to metrics alone', async () => {
    const observed: string[] = []
    const tally = tallyOn(counts, { observe: (name, label) => observed.push(`${name} ${label}`) })
    tally.count('oc-test-pass', 'challenges')
    tally.count('1x00000000000000000000AA', 'passed', 'work')
    tally.count('', 'refused', 'secret-unknown')
    await tally.flush()
    assert.deepEqual(observed, ['refused secret-unknown'])
    assert.equal(await db.selectFrom('site_counts').selectAll().executeTakeFirst(), undefined)
  })

  it('takes no number that is none: nothing else would ever be written after it', async () => {
    const tally = tallyOn(counts)
    tally.count(SITE, 'effort', '', Number.NaN)
    tally.count(SITE, 'effort', '', Number.POSITIVE_INFINITY)
    tally.count(SITE, 'replayed')
    await tally.flush()
    assert.deepEqual(await sums(), { replayed: 1 })
  })
})

describe('actions in a tally', () => {
  it('have their names once their tokens were redeemed a few times', async () => {
    const tally = tallyOn(counts)
    for (let i = 0; i < 5; i++) {
      tally.count(SITE, 'challenges', 'sign-up')
      tally.count(SITE, 'redeemed', 'sign-up')
    }
    tally.count(SITE, 'challenges')
    await tally.flush()
    assert.deepEqual(await sums(), {
      ...{ challenges: 1, 'challenges *': 3, 'challenges sign-up': 2 },
      ...{ 'redeemed *': 2, 'redeemed sign-up': 3 },
    })
  })

  it('that strangers make up leave one row, and no word of theirs', async () => {
    const tally = tallyOn(counts)
    for (let i = 0; i < 20_000; i++) tally.count(SITE, 'challenges', `stranger-${i}`)
    await tally.flush()
    assert.deepEqual(await sums(), { 'challenges *': 20_000 })
  })

  it('are few, even where a site’s own pages make them up and its backend redeems each of them', async () => {
    const tally = tallyOn(counts)
    for (let i = 0; i < 5_000; i++) {
      // One visitor's name may be redeemed a time or two.
      tally.count(SITE, 'redeemed', `visitor-${i}`)
      tally.count(SITE, 'redeemed', `visitor-${i}`)
    }
    await tally.flush()
    assert.deepEqual(await sums(), { 'redeemed *': 10_000 })

    for (let i = 0; i < 500; i++)
      for (let n = 0; n < 4; n++) tally.count(SITE, 'redeemed', `page-${i}`)
    await tally.flush()
    assert.equal(Object.keys(await sums()).length, 51)
  })

  it('that are used keep their names when others come, and lose them to others after a day', async () => {
    const tally = tallyOn(counts)
    const redeem = (action: string) => {
      for (let n = 0; n < 3; n++) tally.count(SITE, 'redeemed', action)
    }
    for (let i = 0; i < 50; i++) redeem(`old-${i}`)
    redeem('new')
    tally.count(SITE, 'challenges', 'old-0')
    tally.count(SITE, 'challenges', 'new')
    await tally.flush()
    const before = await sums()
    assert.equal(before['challenges old-0'], 1)
    assert.equal(before['challenges *'], 1)

    now += 25 * 60 * MINUTE_MS
    redeem('new')
    tally.count(SITE, 'challenges', 'new')
    await tally.flush()
    assert.equal((await sums())['challenges new'], 1)
  })
})
