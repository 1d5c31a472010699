import { setImmediate } from 'node:timers/promises'
import type { CountRow, Counts } from '../store/store.ts'
import { type Numbers, numbersOf, type Range, windowOf } from './numbers.ts'

/** Reads what was counted. */
export interface Stats {
  /**
   * The numbers of these sites together. What was read a short while ago serves all who ask, so that a chart may be
   * drawn anew every few seconds.
   *
   * @param since when the first of them was made
   */
  of(sitekeys: readonly string[], range: Range, since?: number): Promise<Numbers>
  /** What came about on each of these sites within 24 hours. */
  lastDay(sitekeys: readonly string[]): Promise<Map<string, LastDay>>
}

export interface LastDay {
  challenges: number
  passed: number
  failed: number
  redeemed: number
}

/** For how long what was read is good: the longer the range, the less a moment adds to it. */
const RECALLED_MS: Record<Range, number> = {
  day: 5_000,
  week: 60_000,
  month: 5 * 60_000,
  year: 30 * 60_000,
}
const RECALLED_MAX = 200
const HOUR_MS = 3_600_000
const SITES_AT_ONCE = 500
/** A year is read in pieces: while an embedded store reads, nobody else is served. */
const PIECE_MS = 30 * 24 * HOUR_MS

/** Reads numbers from the store, and recalls them for a short while. */
export function readStats(counts: Counts, now: () => number): Stats {
  const recalled = new Map<string, { until: number; value: Promise<unknown> }>()

  function recall<T>(key: string, lifeMs: number, read: () => Promise<T>): Promise<T> {
    const known = recalled.get(key)
    if (known && now() < known.until) return known.value as Promise<T>
    const value = read()
    recalled.delete(key)
    recalled.set(key, { until: now() + lifeMs, value })
    if (recalled.size > RECALLED_MAX) recalled.delete(recalled.keys().next().value!)
    value.catch(() => recalled.delete(key))
    return value
  }

  return {
    of(sitekeys, range, since = 0) {
      const key = JSON.stringify([range, since, ...sitekeys.toSorted()])
      return recall(key, RECALLED_MS[range], async () => {
        const window = windowOf(range, now())
        const rows: CountRow[] = []
        for (let { from } = window; from < window.to; from += PIECE_MS) {
          const to = Math.min(from + PIECE_MS, window.to)
          rows.push(...(await counts.read({ ...window, sitekeys, from, to })))
          await setImmediate()
        }
        return numbersOf(rows, window, since)
      })
    },

    lastDay(sitekeys) {
      return recall(JSON.stringify(['last', ...sitekeys.toSorted()]), RECALLED_MS.day, async () => {
        const to = (Math.floor(now() / HOUR_MS) + 1) * HOUR_MS
        const days = new Map<string, LastDay>()
        for (const sitekey of sitekeys) {
          days.set(sitekey, { challenges: 0, passed: 0, failed: 0, redeemed: 0 })
        }
        for (let i = 0; i < sitekeys.length; i += SITES_AT_ONCE) {
          const rows = await counts.read({
            sitekeys: sitekeys.slice(i, i + SITES_AT_ONCE),
            ...{ span: 'hour', from: to - 24 * HOUR_MS, to, stepMs: HOUR_MS },
          })
          for (const { sitekey, name, count } of rows) {
            const day = days.get(sitekey)!
            if (Object.hasOwn(day, name)) day[name as keyof LastDay] += count
          }
        }
        return days
      })
    },
  }
}
