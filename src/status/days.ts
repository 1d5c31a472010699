import type { DayReading } from '../store/readings.ts'
import { COMPONENT_IDS, type Component, type Health } from './components.ts'

export const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** So many days are shown, today among them. */
export const DAYS = 90

/** One day (UTC) of a part of the service. */
export interface Day {
  startsAt: number
  /** `none` where nobody looked. */
  state: Health | 'none'
  good: number
  poor: number
  bad: number
  /** Hours that were looked at. */
  hours: number
}

/** What was seen of a part of the service. */
export interface Record90 {
  days: Day[]
  /** How much of what was looked at found it working, 0 to 1; null where nobody looked. */
  uptime: number | null
  hoursSeen: number
  /** Hours since the first look, of these days, in which nobody looked. */
  hoursUnseen: number
}

/** From this share of a day's looks on, the day was poor, or bad. */
const SHARE = 0.05

/** How each part was on each of the last `DAYS` days, today last. */
export function recordsOf(sums: readonly DayReading[], now: number): Record<Component, Record90> {
  const today = now - (now % DAY_MS)
  const first = Math.min(now, ...sums.map((sum) => sum.firstAt))
  const records = COMPONENT_IDS.map((id): [Component, Record90] => {
    const own = new Map(
      sums.filter((sum) => sum.component === id).map((sum) => [sum.startsAt, sum]),
    )
    const days = Array.from({ length: DAYS }, (_, i) => {
      const startsAt = today - (DAYS - 1 - i) * DAY_MS
      return dayOf(startsAt, own.get(startsAt))
    })
    const sum = (of: (day: Day) => number) => days.reduce((total, day) => total + of(day), 0)
    const bad = sum((day) => day.bad)
    const looks = sum((day) => day.good + day.poor) + bad
    const hoursSeen = sum((day) => day.hours)
    const begun = Math.max(first, days[0]!.startsAt)
    const hoursPast = Math.ceil((now - begun) / HOUR_MS)
    return [
      id,
      {
        ...{ days, hoursSeen },
        uptime: looks === 0 ? null : 1 - bad / looks,
        hoursUnseen: sums.length === 0 ? 0 : Math.max(0, hoursPast - hoursSeen),
      },
    ]
  })
  return Object.fromEntries(records) as Record<Component, Record90>
}

function dayOf(startsAt: number, sum: DayReading | undefined): Day {
  const { good = 0, poor = 0, bad = 0, hours = 0 } = sum ?? {}
  const looks = good + poor + bad
  const state =
    looks === 0
      ? 'none'
      : bad / looks >= SHARE
        ? 'bad'
        : bad > 0 || poor / looks >= SHARE
          ? 'poor'
          : 'good'
  return { startsAt, state, good, poor, bad, hours }
}

/** A share in per cent. Rounded down: what was not always there is not said to have been. */
export function percent(share: number): string {
  return `${(Math.floor(share * 10_000 + 1e-9) / 100).toFixed(share === 1 ? 0 : 2)} %`
}
