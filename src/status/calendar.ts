import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Maintenance } from '../store/store.ts'
import type { Snapshot } from './snapshot.ts'
import { endOf } from './standing.ts'
import { componentWords, EFFECT_WORDS } from './words.ts'

const HOUR_S = 3_600

/**
 * All windows as a calendar (RFC 5545). An event keeps its UID for good, its SEQUENCE grows with every change, and what was
 * cancelled stays in it as cancelled: a calendar that only missed it would go on showing it.
 */
export function calendarOf({ at, running, upcoming, over }: Snapshot, origin: string): string {
  const calendar = ical({
    ...{ name: 'One Captcha: maintenance', method: ICalCalendarMethod.PUBLISH, ttl: HOUR_S },
    ...{ prodId: { company: 'One Captcha', product: 'Status', language: 'EN' } },
    url: `${origin}/status/calendar.ics`,
  })
  for (const window of [...running, ...upcoming, ...over]) calendar.createEvent(event(window))
  return calendar.toString()

  function event(window: Maintenance) {
    const { id, title, body, sequence, startsAt, createdAt, changedAt, cancelledAt } = window
    return {
      ...{ id: `${id}@one-captcha`, sequence, start: new Date(startsAt) },
      end: new Date(endOf(window)),
      ...{ stamp: new Date(at), created: new Date(createdAt), lastModified: new Date(changedAt) },
      summary: `One Captcha: ${title}`,
      description: [
        ...(body ? [body] : []),
        `It is about: ${componentWords(window.components)}.`,
        EFFECT_WORDS[window.effect],
      ].join('\n\n'),
      status: cancelledAt === null ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
      url: `${origin}/status#${id}`,
    }
  }
}
