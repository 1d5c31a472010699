import { COMPONENTS, type Component } from './components.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const DAY = new Intl.DateTimeFormat('en-GB', {
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
})

/** A day (UTC) with its weekday: `Monday 7 December 2026`. */
export function dayWords(at: number): string {
  return DAY.format(at).replace(',', '')
}

/** A moment: `Monday 7 December 2026, 08:00 UTC`. */
export function momentWords(at: number): string {
  return `${dayWords(at)}, ${clock(at)} UTC`
}

/** From when to when; a day is named once. */
export function spanWords(startsAt: number, endsAt: number): string {
  const sameDay = Math.floor(startsAt / DAY_MS) === Math.floor(endsAt / DAY_MS)
  if (!sameDay) return `${momentWords(startsAt)}, to ${momentWords(endsAt)}`
  return `${dayWords(startsAt)}, ${clock(startsAt)} to ${clock(endsAt)} UTC`
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16)
}

/** A time in words, to the minute: `1 hour 30 minutes`, `2 days`. */
export function lastingWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS)
  if (minutes < 1) return 'less than a minute'
  const parts: [number, string][] = [
    [Math.floor(minutes / 1_440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ')
}

/** Parts of the service by their names, as in a sentence. */
export function componentWords(components: readonly string[]): string {
  const names = components.map((id) => COMPONENTS[id as Component]?.name ?? id)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export const EFFECT_WORDS = {
  none: 'Visitors notice nothing: challenges go on.',
  paused:
    'Visitors get no challenges meanwhile: the widget asks them to come back after it. Tokens that were issued before are still verified.',
} as const

export const STATE_WORDS = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
} as const

export const IMPACT_WORDS = {
  none: 'No impact',
  minor: 'Minor',
  major: 'Major',
  critical: 'Critical',
} as const

export const CAUSE_WORDS = {
  unknown: 'Not known yet',
  ours: 'A mistake or a failure of ours',
  supplier: 'A supplier of ours',
  attack: 'An attack',
  'force-majeure': 'Force majeure',
} as const

export const MAINTENANCE_WORDS = {
  scheduled: 'Scheduled',
  'in-progress': 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
} as const
