import { BadRequest } from '../core/bad-request.ts'
import { assertChoice, assertWhole, readText } from '../manage/read.ts'
import { type BreachFacts, RISKS } from './breach.ts'

const TITLE_MAX = 120
export const TEXT_MAX = 8_000
const COUNT_MAX = 10_000_000_000
/** A clock that is a little ahead is no mistake; a day that has not come is. */
const AHEAD_MS = 60_000

/** What is known of a breach, read field by field: nothing else of what was sent goes any further. */
export function readFacts(wish: BreachFacts, nowMs: number): BreachFacts {
  assertChoice(wish.risk, 'risk', RISKS)
  const noticedAt = readMoment(wish.noticedAt, 'noticedAt', nowMs)
  const happenedAt =
    wish.happenedAt === null ? null : readMoment(wish.happenedAt, 'happenedAt', nowMs)
  if (happenedAt !== null && happenedAt > noticedAt)
    throw wrong('happenedAt', 'must not be after it was noticed')
  return {
    title: readLine(wish.title, 'title'),
    nature: readText(wish.nature, 'nature', TEXT_MAX, true),
    happenedAt,
    noticedAt,
    data: readText(wish.data, 'data', TEXT_MAX, true),
    people: readText(wish.people, 'people', TEXT_MAX, true),
    peopleCount: readCount(wish.peopleCount, 'peopleCount'),
    recordsCount: readCount(wish.recordsCount, 'recordsCount'),
    consequences: readText(wish.consequences, 'consequences', TEXT_MAX, true),
    measures: readText(wish.measures, 'measures', TEXT_MAX, true),
    advice: readText(wish.advice, 'advice', TEXT_MAX, true),
    contact: readText(wish.contact, 'contact', 500, true),
    risk: wish.risk,
    reason: readText(wish.reason, 'reason', TEXT_MAX, true),
    lateReason: readText(wish.lateReason, 'lateReason', TEXT_MAX, true),
  }
}

/** A line that must say something. Throws `field-invalid`. */
export function readLine(input: string, field: string): string {
  const line = readText(input, field, TITLE_MAX)
  if (line.includes('\n')) throw wrong(field, `must be 1 to ${TITLE_MAX} characters in one line`)
  return line
}

/** A moment that has been. */
export function readMoment(at: number, field: string, nowMs: number): number {
  if (Number.isSafeInteger(at) && at >= 0 && at <= nowMs + AHEAD_MS) return Math.min(at, nowMs)
  throw wrong(field, 'must be a moment in UTC that has been, such as 2026-01-31 14:30')
}

function readCount(count: number | null, field: string): number | null {
  if (count !== null) assertWhole(count, field, 0, COUNT_MAX)
  return count
}

/** A mistake in a field: `must` goes on where the name of the field has begun the sentence. */
export function wrong(field: string, must: string): BadRequest {
  return new BadRequest('field-invalid', `${field} ${must}.`, field)
}
