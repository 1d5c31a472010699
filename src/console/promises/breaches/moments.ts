/** Moments as they are typed: in UTC, to the minute. */

/** NaN for what is no moment. */
export function momentOf(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(text.replace(/ ?(UTC|Z)$/, ''))
  if (!match) return Number.NaN
  const at = Date.parse(`${match[1]}T${match[2]}:00Z`)
  // There is no 31st of February, though some take it for a day in March.
  return typed(at) === `${match[1]} ${match[2]}` ? at : Number.NaN
}

/** '' for none. */
export function typed(at: number | null): string {
  if (at === null || Number.isNaN(at)) return ''
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** How many hours and minutes, in words: a clock of 72 hours does not count in days. */
export function hours(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60]
  return whole === 0 ? `${rest} min` : rest === 0 ? `${whole} h` : `${whole} h ${rest} min`
}
