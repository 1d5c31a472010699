import { minuteOf } from '../../moments.ts'

/** A moment as a field shows it: in UTC, to the minute; '' for none. */
export function typed(at: number | null): string {
  return at === null || Number.isNaN(at) ? '' : minuteOf(at)
}

/** How many hours and minutes, in words: a clock of 72 hours does not count in days. */
export function hours(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60]
  return whole === 0 ? `${rest} min` : rest === 0 ? `${whole} h` : `${whole} h ${rest} min`
}
