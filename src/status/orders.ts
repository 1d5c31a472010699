import { BadRequest } from '../core/bad-request.ts'
import { assertChoice, assertWhole, readText } from '../manage/read.ts'
import { minuteOf } from '../moments.ts'
import type { Incident, IncidentWish, Maintenance, MaintenanceWish } from '../store/store.ts'
import { COMPONENT_IDS, type Component } from './components.ts'
import { CAUSES, EFFECTS, IMPACTS, STATES, stateOf } from './standing.ts'
import type { IncidentOrder } from './status.ts'

const TITLE_MAX = 120
const BODY_MAX = 2_000
const REASON_MAX = 300

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Who types that it begins now has needed a moment for it. */
const LATE_MS = 5 * MINUTE_MS
const AHEAD_MAX_MS = 366 * DAY_MS
const LENGTH_MAX_MS = 14 * DAY_MS
/** An incident may be written down this long after it began. */
const PAST_MAX_MS = 90 * DAY_MS

/**
 * What is to be announced, read field by field.
 *
 * @param noticeMs how long before its beginning it should be
 */
export function readWish(wish: MaintenanceWish, now: number, noticeMs: number): MaintenanceWish {
  const read = { ...readWords(wish), ...readMoments(wish, now) }
  return withNotice(withChallenges(read), now, noticeMs, true)
}

/** How a window is to be, once these fields are changed. */
export function readChanges(
  before: Maintenance,
  changes: Partial<MaintenanceWish>,
  now: number,
  noticeMs: number,
): MaintenanceWish {
  const { title, body, components, effect, startsAt, endsAt, reason } = before
  const old = { title, body, components, effect, startsAt, endsAt, reason }
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const wish: MaintenanceWish = { ...old, ...Object.fromEntries(given) }
  const begun = stateOf(before, now) === 'in-progress'
  const moved = wish.startsAt !== startsAt
  if (begun && moved) {
    throw new BadRequest('field-invalid', 'The beginning is past: it has begun.', 'startsAt')
  }
  const moments = begun ? readEnd(wish, now) : readMoments(wish, now)
  const read = { ...readWords(wish), ...moments }
  // What was promised is promised of the beginning, and of whether visitors can go on.
  const worse = moved || (read.effect === 'paused' && effect === 'none')
  return withNotice(withChallenges(read), now, noticeMs, worse)
}

function readWords({ title, body, components, effect, reason }: MaintenanceWish) {
  assertChoice(effect, 'effect', EFFECTS)
  return {
    title: readLine(title),
    body: readText(body, 'body', BODY_MAX, true),
    components: readComponents(components),
    effect,
    reason: readText(reason, 'reason', REASON_MAX, true),
  }
}

function readLine(title: string): string {
  return readText(title, 'title', TITLE_MAX).replace(/\s+/g, ' ')
}

function readMoments({ startsAt, endsAt }: MaintenanceWish, now: number) {
  assertMoment(startsAt, 'startsAt', now - LATE_MS, now + AHEAD_MAX_MS)
  return readEnd({ startsAt, endsAt }, now)
}

function readEnd({ startsAt, endsAt }: Pick<MaintenanceWish, 'startsAt' | 'endsAt'>, now: number) {
  const from = Math.max(startsAt, now) + MINUTE_MS
  assertMoment(endsAt, 'endsAt', from, startsAt + LENGTH_MAX_MS)
  return { startsAt, endsAt }
}

const MOMENTS: Record<string, string> = { startsAt: 'The beginning', endsAt: 'The end' }

function assertMoment(value: number, field: string, from: number, to: number): void {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return
  const name = MOMENTS[field]
  if (![from, to].every(Number.isSafeInteger)) {
    throw new BadRequest('field-invalid', `${name} depends on the other moment.`, field)
  }
  const [early, late] = [from, to].map(minuteOf)
  throw new BadRequest('field-invalid', `${name} must be between ${early} and ${late} UTC.`, field)
}

/** Whoever pauses the challenges looks after the challenges. */
function withChallenges<Wish extends Pick<MaintenanceWish, 'effect' | 'components'>>(
  wish: Wish,
): Wish {
  if (wish.effect === 'none' || wish.components.includes('challenges')) return wish
  return { ...wish, components: ['challenges', ...wish.components] }
}

/** Throws unless it is announced in time, or says why it is not. What is in time needs no reason. */
function withNotice(
  wish: MaintenanceWish,
  now: number,
  noticeMs: number,
  announces: boolean,
): MaintenanceWish {
  if (!announces) return wish
  if (wish.startsAt - now >= noticeMs) return { ...wish, reason: '' }
  if (wish.reason) return wish
  throw new BadRequest(
    'field-invalid',
    `This begins in less than ${noticeMs / HOUR_MS} hours: give the reason, which everybody will read.`,
    'reason',
  )
}

/** An incident to open, read field by field. */
export function readIncident(
  order: IncidentOrder,
  now: number,
): Omit<IncidentOrder, 'startedAt'> & { startedAt: number } {
  const { startedAt = now } = order
  if (startedAt < now - PAST_MAX_MS || startedAt > now || !Number.isSafeInteger(startedAt)) {
    assertWhole(startedAt, 'startedAt', now - PAST_MAX_MS, now)
  }
  const { impact = 'minor', cause = 'unknown', components = [] } = order
  return {
    ...{ title: readLine(order.title), ...readFacts({ impact, cause, components }) },
    ...readUpdate(order),
    startedAt,
  } as ReturnType<typeof readIncident>
}

/** What is said of an incident. Throws `field-invalid`. */
export function readUpdate({ state, body }: IncidentWish): IncidentWish {
  assertChoice(state, 'state', STATES)
  return { state, body: readText(body, 'body', BODY_MAX) }
}

/** Those that are given. */
export function readFacts({
  impact,
  cause,
  components,
}: Partial<Pick<Incident, 'impact' | 'cause' | 'components'>>) {
  if (impact !== undefined) assertChoice(impact, 'impact', IMPACTS)
  if (cause !== undefined) assertChoice(cause, 'cause', CAUSES)
  return {
    ...(impact !== undefined && { impact }),
    ...(cause !== undefined && { cause }),
    ...(components !== undefined && { components: readComponents(components) }),
  }
}

/** At least one, each once, in our order. */
function readComponents(components: readonly Component[]): Component[] {
  const known =
    Array.isArray(components) &&
    components.length > 0 &&
    components.every((one) => COMPONENT_IDS.includes(one))
  if (known) return COMPONENT_IDS.filter((one) => components.includes(one))
  throw new BadRequest(
    'field-invalid',
    `components must be some of ${COMPONENT_IDS.join(', ')}.`,
    'components',
  )
}
