/** Moments as people type and read them, in UTC. */

/** To the minute: `2026-01-31 14:30`. */
export function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** To the second, as RFC 3339 writes it: `2026-01-31T14:30:05Z`. */
export function secondOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '')
}

/** The moment of `2026-01-31 14:30`, with a `T` or a `UTC` or without; NaN for what is none. */
export function readMinute(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(text.replace(/ ?(UTC|Z)$/, ''))
  if (!match) return Number.NaN
  const at = Date.parse(`${match[1]}T${match[2]}:00Z`)
  // There is no 31st of February, though some take it for a day in March.
  return Number.isNaN(at) || minuteOf(at) !== `${match[1]} ${match[2]}` ? Number.NaN : at
}

/** The midnight with which `2026-01-31` begins; NaN for what is no day. */
export function readDay(text: string): number {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? readMinute(`${text} 00:00`) : Number.NaN
}
