import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'vitest'
import type { Ledger } from './ledger.ts'
import { memoryLedger } from './memory.ts'
import { roomIn, within } from './within.ts'

const HOUR_MS = 3_600_000

let now: number
let ledger: Ledger

beforeEach(() => {
  now = 1_700_000_000_000
  ledger = memoryLedger(() => now)
})

const count = (add: number) => ledger.count('key', HOUR_MS, add)
const call = (max: number) => within(max, HOUR_MS, count)

describe('a bound', () => {
  it.each([1, 2, 3, 60])('lets %i through at once, and no more', async (max) => {
    for (let i = 0; i < max; i++) assert.equal(await call(max), 0)
    for (let i = 0; i < 3; i++) assert.ok((await call(max)) > 0)
  })

  it.each([1, 2, 3, 60])('lets %i through in an hour, on and on', async (max) => {
    let through = 0
    for (let second = 0; second < 10 * 3_600; second += 10) {
      now += 10_000
      if ((await call(max)) === 0) through++
    }
    // And what comes through at once, in the beginning.
    assert.ok(through >= 9.5 * max && through <= 11.5 * max, String(through))
  })

  it.each([1, 2, 3, 60])('of %i says exactly when there is room again', async (max) => {
    for (let i = 0; i < max; i++) await call(max)
    const seconds = await call(max)
    now += (seconds - 1) * 1_000
    assert.ok((await call(max)) > 0)
    now += 1_000
    assert.equal(roomIn(max, HOUR_MS, await count(0)), 0)
    assert.equal(await call(max), 0)
  })

  it('lets no more through of many who come at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => call(5)))
    assert.equal(all.filter((seconds) => seconds === 0).length, 5)
  })
})
