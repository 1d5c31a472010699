import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlAccounts } from '../store/accounts.ts'
import { sqlDeliveries } from '../store/deliveries.ts'
import { migrate } from '../store/migrate.ts'
import { makeNotify } from '../store/notices.ts'
import type { Schema } from '../store/schema.ts'
import type { DeliveryRows, Held } from '../store/store.ts'
import { type Carry, type Ending, type Outcome, pauseAfter, startCourier } from './courier.ts'

const DAY_MS = 86_400_000
const random = systemRandom()
const rootKeys = [random.bytes(32)]

let nowMs: number
let deliveries: DeliveryRows
let endings: Ending[]
let failed: string[]

beforeEach(async () => {
  nowMs = 20_000 * DAY_MS
  endings = []
  failed = []
  const database = new Database(':memory:')
  database.pragma('foreign_keys = ON')
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
  await migrate(db)
  const notify = makeNotify({ rootKeys, random })
  const tools = { rootKeys, random, now: () => nowMs, announce: async () => {}, notify }
  deliveries = sqlDeliveries(db, tools)
  const accounts = sqlAccounts(db, tools)
  for (let i = 0; i < 6; i++) {
    const { id } = await accounts.add({ login: `user-${i}`, role: 'developer', password: null })
    await accounts.setEmail(id, `user-${i}@example.test`)
  }
  const facts = { event: 'announced', number: 1, summary: '', effectiveAt: 1, acceptance: 'use' }
  await db
    .transaction()
    .execute((tx) =>
      notify(tx, nowMs, { kind: 'terms', about: 'terms/1', facts, to: 'everybody' } as never),
    )
})

function courier(carry: Carry, holder = 'node-a') {
  return startCourier({
    ...{ channel: 'mail', deliveries, carry, now: () => nowMs, holder, atOnce: 2 },
    onEnding: (ending) => endings.push(ending),
    onFailed: async ({ recipient }) => failed.push(recipient),
    onError: (error) => {
      throw error
    },
  })
}

const always =
  (outcome: Outcome): Carry =>
  async () =>
    outcome
const counts = async () => (await deliveries.notices(10)).at(-1)!.counts.mail

describe('a courier', () => {
  it('sends all that is due, a few at a time, each once', async () => {
    const sent: string[] = []
    let under = 0
    let most = 0
    const one = courier(async ({ recipient }) => {
      most = Math.max(most, ++under)
      await new Promise((next) => setImmediate(next))
      under--
      sent.push(recipient)
      return { is: 'sent' }
    })
    await one.round()
    await one.round()
    assert.deepEqual([new Set(sent).size, sent.length, most], [6, 6, 2])
    assert.deepEqual(await counts(), { waiting: 0, sent: 6, failed: 0, dropped: 0 })
  })

  it('shares them with another, and neither sends what the other does', async () => {
    const sent: string[] = []
    const carry: Carry = async ({ recipient }) => {
      await new Promise((next) => setImmediate(next))
      sent.push(recipient)
      return { is: 'sent' }
    }
    await Promise.all([courier(carry, 'node-a').round(), courier(carry, 'node-b').round()])
    assert.deepEqual([new Set(sent).size, sent.length], [6, 6])
  })

  it('tries again after a minute, then twice as long each time, and gives up after three days', async () => {
    const pauses = Array.from({ length: 60 }, (_, i) => pauseAfter(i + 1))
    assert.deepEqual(
      pauses.slice(0, 9),
      [1, 2, 4, 8, 16, 32, 64, 120, 120].map((m) => m * 60_000),
    )
    const last = pauses.indexOf(null)
    const total = pauses.slice(0, last).reduce<number>((sum, one) => sum + one!, 0)
    assert.ok(total > 3 * DAY_MS - 2 * 3_600_000 && total <= 3 * DAY_MS)

    let tries = 0
    const one = courier(async () => {
      tries++
      return { is: 'later', why: 'Busy.' }
    })
    for (; (await counts()).failed < 6; nowMs += 3_600_000) await one.round()
    assert.equal(tries, 6 * (last + 1))
    assert.equal(failed.length, 6)
  })

  it('gives up after three refusals, or at once where it is sure', async () => {
    const one = courier(always({ is: 'refused', why: 'No.' }))
    for (let i = 0; i < 2; i++, nowMs += 3_600_000) await one.round()
    assert.equal((await counts()).failed, 0)
    await one.round()
    assert.equal((await counts()).failed, 6)
    const [dead] = await deliveries.failed(1)
    await deliveries.retry(dead!.noticeId, null, 'acc_o')
    await courier(always({ is: 'refused', why: 'Gone.', sure: true })).round()
    assert.equal((await counts()).failed, 6)
  })

  it('holds still for half a minute where nothing goes at all, and says since when', async () => {
    let tries = 0
    let outcome: Outcome = { is: 'away', why: 'Nobody is there.' }
    const one = courier(async () => {
      tries++
      return outcome
    })
    await one.round()
    assert.ok(tries <= 2)
    const since = one.awaySince()
    assert.equal(since, nowMs)
    nowMs += 29_999
    await one.round()
    assert.ok(tries <= 2)
    outcome = { is: 'sent' }
    nowMs += 1
    await one.round()
    assert.equal(one.awaySince(), null)
    nowMs += 60_000
    await one.round()
    assert.deepEqual(await counts(), { waiting: 0, sent: 6, failed: 0, dropped: 0 })
  })

  it('waits for what is under way when it is closed, and begins nothing more', async () => {
    const letGo: (() => void)[] = []
    const one = courier(
      () => new Promise<Outcome>((resolve) => letGo.push(() => resolve({ is: 'sent' }))),
    )
    const round = one.round()
    while (letGo.length < 2) await new Promise((next) => setImmediate(next))
    let closed = false
    const closing = one.close().then(() => {
      closed = true
    })
    await new Promise((next) => setImmediate(next))
    assert.equal(closed, false)
    for (const go of letGo) go()
    await Promise.all([closing, round])
    assert.deepEqual(await counts(), { waiting: 4, sent: 2, failed: 0, dropped: 0 })
  })

  it('hands out a signal that ends before anybody else may take the same', async () => {
    let signal: AbortSignal | undefined
    let held: Held | undefined
    await courier(async (one, given) => {
      ;[held, signal] = [one, given]
      return { is: 'sent' }
    }).round()
    assert.ok(signal instanceof AbortSignal)
    assert.equal(held!.heldUntil - nowMs, 30_000)
  })
})
