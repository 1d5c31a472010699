import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, DAYS, percent, recordsOf } from './days.ts'

const TODAY = Date.UTC(2026, 10, 26)
const NOW = TODAY + 10.5 * 3_600_000

const sum = (day: number, good: number, poor: number, bad: number, hours = 24) => ({
  ...{ component: 'console' as const, startsAt: TODAY - day * DAY_MS, good, poor, bad, hours },
  firstAt: TODAY - day * DAY_MS,
})

describe('the last 90 days', () => {
  it('end with today, and say nothing of days on which nobody looked', () => {
    const { days, uptime, hoursSeen, hoursUnseen } = recordsOf([], NOW).console
    expect(days).toHaveLength(DAYS)
    expect(days.at(-1)!.startsAt).toBe(TODAY)
    expect(days.every(({ state }) => state === 'none')).toBe(true)
    expect([uptime, hoursSeen, hoursUnseen]).toEqual([null, 0, 0])
  })

  it('are bad from one look in twenty on, and never good with a bad one', () => {
    const of = (good: number, poor: number, bad: number) =>
      recordsOf([sum(0, good, poor, bad)], NOW).console.days.at(-1)!.state
    expect(of(1_000, 0, 0)).toBe('good')
    expect(of(999, 0, 1)).toBe('poor')
    expect(of(95, 0, 5)).toBe('bad')
    expect(of(96, 0, 4)).toBe('poor')
    expect(of(96, 4, 0)).toBe('good')
    expect(of(95, 5, 0)).toBe('poor')
  })

  it('count as up only what was seen, and name the hours that were not', () => {
    const record = recordsOf([sum(2, 1_440, 0, 0, 24), sum(1, 540, 0, 60, 10)], NOW).console
    expect(record.uptime).toBeCloseTo(1_980 / 2_040)
    expect([record.hoursSeen, record.hoursUnseen]).toEqual([34, 2 * 24 + 11 - 34])
    // Before the very first look there was no service.
    const begun = { ...sum(0, 30, 0, 0, 1), firstAt: TODAY + 10 * 3_600_000 }
    expect(recordsOf([begun], NOW).console.hoursUnseen).toBe(0)
    // Another part, of which nothing was seen, was there no longer.
    expect(recordsOf([sum(0, 1, 0, 0, 1)], NOW).siteverify.hoursUnseen).toBe(11)
  })

  it('have a share that is never rounded up', () => {
    expect(percent(1)).toBe('100 %')
    expect(percent(0.999_999)).toBe('99.99 %')
    expect(percent(0.29)).toBe('29.00 %')
    expect(percent(0)).toBe('0.00 %')
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        expect(Number.parseFloat(percent(share))).toBeLessThanOrEqual(share * 100 + 1e-6)
      }),
    )
  })
})
