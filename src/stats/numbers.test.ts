import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { CountRow } from '../store/store.ts'
import { LINES, numbersOf, RANGES, type Range, windowOf } from './numbers.ts'
import { readStats } from './stats.ts'
import type { Counted } from './tally.ts'
import { medianOf, waitingLabel } from './waiting.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const NOW = 20_000 * DAY_MS + 15 * HOUR_MS + 17 * MINUTE_MS + 5_432

const LENGTHS: Record<Range, [stepMs: number, steps: number]> = {
  day: [10 * MINUTE_MS, 144],
  week: [HOUR_MS, 168],
  month: [6 * HOUR_MS, 120],
  year: [DAY_MS, 365],
}

function row(name: Counted, ageMs: number, count = 1, label = ''): CountRow {
  return { sitekey: 'ock_a', span: 'minute', startsAt: NOW - ageMs, name, label, count }
}

const total = (series: (number | null)[]) => series.reduce<number>((sum, n) => sum + (n ?? 0), 0)

describe('a window', () => {
  it('is of whole steps, and its last step is on now', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RANGES),
        fc.integer({ min: 1e12, max: 4e12 }),
        (range, now) => {
          const { from, to, stepMs } = windowOf(range, now)
          assert.deepEqual([stepMs, (to - from) / stepMs], LENGTHS[range])
          assert.equal(from % stepMs, 0)
          assert.ok(to - stepMs <= now && now < to)
        },
      ),
    )
  })

  it('is within what is kept', () => {
    for (const range of RANGES) {
      const { from, span } = windowOf(range, NOW)
      assert.ok(NOW - from < (span === 'minute' ? 48 * HOUR_MS : 400 * DAY_MS), range)
    }
  })
})

describe('numbers', () => {
  it('lose and add nothing', () => {
    const rows = fc.array(
      fc.record({
        name: fc.constantFrom(...LINES),
        ageMs: fc.nat(20 * HOUR_MS),
        count: fc.nat(1_000),
        label: fc.constantFrom('', 'a', 'b', '*'),
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...RANGES), rows, (range, some) => {
        const all = some.map(({ name, ageMs, count, label }) => row(name, ageMs, count, label))
        const numbers = numbersOf(all, windowOf(range, NOW))
        assert.equal(numbers.at.length, LENGTHS[range][1])
        for (const name of LINES) {
          const expected = total(all.filter((one) => one.name === name).map((one) => one.count))
          assert.equal(total(numbers.lines[name]), expected)
          assert.equal(numbers.totals[name], expected)
          assert.equal(numbers.lines[name].length, numbers.at.length)
        }
        assert.equal(total(numbers.failedBy.map(({ count }) => count)), numbers.totals.failed)
        assert.equal(total(numbers.actions.map((one) => one.redeemed)), numbers.totals.redeemed)
        assert.equal(total(numbers.actions.map((one) => one.challenges)), numbers.totals.challenges)
      }),
    )
  })

  it('stand at their time', () => {
    const numbers = numbersOf([row('passed', 45 * MINUTE_MS, 3)], windowOf('day', NOW))
    const i = numbers.lines.passed.indexOf(3)
    assert.ok(numbers.at[i]! <= NOW - 45 * MINUTE_MS)
    assert.ok(NOW - 45 * MINUTE_MS < numbers.at[i]! + numbers.stepMs)
  })

  it('leave out what is before or after', () => {
    const numbers = numbersOf(
      [row('passed', 25 * HOUR_MS), row('passed', -HOUR_MS)],
      windowOf('day', NOW),
    )
    assert.equal(numbers.totals.passed, 0)
  })

  it('are nothing before the site was there, and nought when nobody came', () => {
    const { lines, at } = numbersOf([], windowOf('day', NOW), NOW - 2 * HOUR_MS)
    const first = lines.challenges.findIndex((value) => value !== null)
    assert.ok(at[first]! <= NOW - 2 * HOUR_MS && NOW - 2 * HOUR_MS < at[first + 1]!)
    assert.ok(lines.challenges.slice(0, first).every((value) => value === null))
    assert.ok(lines.challenges.slice(first).every((value) => value === 0))
  })

  it('have means and a median only where there were visitors', () => {
    const numbers = numbersOf(
      [
        row('challenges', 0, 4),
        row('effort', 0, 40),
        row('pressure', 0, 2, 'site'),
        row('pressure', 0, 6, 'network'),
        row('waited', 0, 5, waitingLabel(1_000)),
      ],
      windowOf('day', NOW),
    )
    assert.equal(numbers.effort.at(-1), 10)
    assert.equal(numbers.pressure.site.at(-1), 0.5)
    assert.equal(numbers.pressure.network.at(-1), 1.5)
    assert.ok(numbers.waitingMs.at(-1)! > 700 && numbers.waitingMs.at(-1)! < 1_140)
    for (const series of [numbers.effort, numbers.pressure.site, numbers.waitingMs])
      assert.ok(series.slice(0, -1).every((value) => value === null))
  })

  it('tell ways, reasons, actions and kinds, the greatest first', () => {
    const numbers = numbersOf(
      [
        row('failed', 0, 2, 'work-wrong'),
        row('failed', 0, 5, 'off-target'),
        row('passed', 0, 3, 'work'),
        row('passed', 0, 4, 'slider'),
        row('puzzles', 0, 9, 'slider'),
        row('challenges', 0, 8, 'sign-up'),
        row('challenges', 0, 9, '*'),
        row('redeemed', 0, 2, 'sign-up'),
        row('solutions', 0, 7),
        row('solutions', 0, 1, 'another'),
      ],
      windowOf('day', NOW),
    )
    assert.deepEqual(numbers.failedBy, [
      { label: 'off-target', count: 5 },
      { label: 'work-wrong', count: 2 },
    ])
    assert.deepEqual(numbers.kinds, [{ kind: 'slider', shown: 9, passed: 4 }])
    assert.deepEqual(numbers.actions, [
      { action: '*', challenges: 9, redeemed: 0 },
      { action: 'sign-up', challenges: 8, redeemed: 2 },
    ])
    assert.deepEqual(numbers.insteadBy, [{ label: 'another', count: 1 }])
  })
})

describe('waiting', () => {
  it('is counted in a bucket that holds it, one of a few', () => {
    const labels = new Set<string>()
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 10_000_000 }), (ms) => {
        const label = waitingLabel(ms)
        labels.add(label)
        const end = Number(label)
        assert.ok(ms <= end + 1 || label === waitingLabel(1e12))
        assert.ok(ms > end / Math.SQRT2 - 1 || end === 100)
      }),
    )
    assert.ok(labels.size <= 31)
  })

  it('has a median in the true one’s bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 600_000 }), { minLength: 1 }), (times) => {
        const buckets = new Map<string, number>()
        for (const ms of times)
          buckets.set(waitingLabel(ms), (buckets.get(waitingLabel(ms)) ?? 0) + 1)
        const sorted = times.toSorted((a, b) => a - b)
        // With an even number of them, any value between the two in the middle is a median.
        const low = sorted[Math.ceil(times.length / 2) - 1]!
        const high = sorted[Math.floor(times.length / 2)]!
        const median = medianOf(buckets)!
        assert.ok(median >= low / 1.42 && median <= high * 1.42, `${median} of ${sorted}`)
      }),
    )
  })

  it('of nobody has no median', () => {
    assert.equal(medianOf(new Map()), null)
    assert.equal(medianOf(new Map([['100', 0]])), null)
  })
})

describe('reading numbers', () => {
  const counts = (read: () => CountRow[]) => {
    let reads = 0
    return {
      reads: () => reads,
      add: async () => {},
      sweep: async () => {},
      read: async () => {
        reads++
        return read()
      },
    }
  }

  it('is done once for all who ask within some seconds', async () => {
    let now = NOW
    const store = counts(() => [row('passed', MINUTE_MS)])
    const stats = readStats(store, () => now)
    const all = Array.from({ length: 10 }, () => stats.of(['ock_a'], 'day'))
    for (const numbers of await Promise.all(all)) assert.equal(numbers.totals.passed, 1)
    assert.equal(store.reads(), 1)
    now += 6_000
    await stats.of(['ock_a'], 'day')
    assert.equal(store.reads(), 2)
    await stats.of(['ock_b'], 'day')
    assert.equal(store.reads(), 3)
  })

  it('tries again after it failed', async () => {
    let away = true
    const stats = readStats(
      counts(() => {
        if (away) throw new Error('The store is away.')
        return []
      }),
      () => NOW,
    )
    await assert.rejects(stats.of(['ock_a'], 'day'))
    away = false
    assert.equal((await stats.of(['ock_a'], 'day')).totals.passed, 0)
  })

  it('tells of each site what came about within a day, also if nothing did', async () => {
    const stats = readStats(
      counts(() => [row('passed', 0, 2), row('passed', HOUR_MS, 3), row('waited', 0, 5, '100')]),
      () => NOW,
    )
    assert.deepEqual(
      [...(await stats.lastDay(['ock_a', 'ock_b']))],
      [
        ['ock_a', { challenges: 0, passed: 5, failed: 0, redeemed: 0 }],
        ['ock_b', { challenges: 0, passed: 0, failed: 0, redeemed: 0 }],
      ],
    )
  })
})
