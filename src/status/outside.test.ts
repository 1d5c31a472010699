import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import type { Incident, Maintenance } from '../store/store.ts'
import { feedOf } from './atom.ts'
import { calendarOf } from './calendar.ts'
import { COMPONENT_IDS } from './components.ts'
import { recordsOf } from './days.ts'
import type { Look } from './look.ts'
import { snapshotOf } from './snapshot.ts'
import { asStatuspage } from './statuspage.ts'
import { lastingWords, momentWords, spanWords } from './words.ts'

const NOW = Date.UTC(2028, 1, 20, 12)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ORIGIN = 'https://captcha.example.org'

const look = (health: 'good' | 'bad' = 'good'): Look => ({
  at: NOW,
  found: Object.fromEntries(
    COMPONENT_IDS.map((id) => [id, { health, why: [] }]),
  ) as unknown as Look['found'],
})

const window = (id: string, changes: Partial<Maintenance> = {}): Maintenance => ({
  ...{ id, title: 'New disks', body: '', components: ['challenges'], effect: 'paused' },
  ...{ startsAt: NOW + DAY_MS, endsAt: NOW + DAY_MS + HOUR_MS, sequence: 0, reason: '' },
  ...{ createdAt: NOW - 5, announcedAt: NOW - 5, changedAt: NOW - 4 },
  ...{ cancelledAt: null, completedAt: null, ...changes },
})

const incident = (id: string, changes: Partial<Incident> = {}): Incident => ({
  ...{ id, title: 'Late', impact: 'minor', cause: 'unknown', components: ['notices'] },
  ...{ startedAt: NOW - HOUR_MS, resolvedAt: null, createdAt: NOW - HOUR_MS },
  updates: [{ id: 'upd_1', state: 'investigating', body: 'We look.', at: NOW - HOUR_MS }],
  ...changes,
})

const snapshot = (
  maintenances: Maintenance[] = [],
  incidents: Incident[] = [],
  health: 'good' | 'bad' = 'good',
) =>
  snapshotOf({
    ...{ now: NOW, awaySince: null, board: { maintenances, incidents }, look: look(health) },
    ...{ records: recordsOf([], NOW), examined: null },
  })

describe('the calendar', () => {
  const events = (maintenances: Maintenance[]) => {
    const text = calendarOf(snapshot(maintenances), ORIGIN)
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    const component = new ICAL.Component(ICAL.parse(text))
    return component.getAllSubcomponents('vevent').map((event) => ({
      event: new ICAL.Event(event),
      status: event.getFirstPropertyValue('status'),
      modified: (event.getFirstPropertyValue('last-modified') as ICAL.Time).toJSDate().getTime(),
    }))
  }

  it('names the same moments to another’s reader, on a leap day and when clocks change', () => {
    const moments = [
      [Date.UTC(2028, 1, 29, 0), Date.UTC(2028, 1, 29, 23, 59)],
      // Europe, and then America, puts its clocks forward.
      [Date.UTC(2028, 2, 26, 0, 30), Date.UTC(2028, 2, 26, 1, 30)],
      [Date.UTC(2028, 2, 12, 6, 30), Date.UTC(2028, 2, 12, 10, 30)],
      [Date.UTC(2028, 11, 31, 23), Date.UTC(2029, 0, 1, 1)],
    ] as const
    for (const [startsAt, endsAt] of moments) {
      const [{ event }] = events([window('mnt_1', { startsAt, endsAt })]) as [
        ReturnType<typeof events>[0],
      ]
      expect(event.startDate.zone).toBe(ICAL.Timezone.utcTimezone)
      expect(event.startDate.toJSDate().getTime()).toBe(startsAt)
      expect(event.endDate.toJSDate().getTime()).toBe(endsAt)
    }
  })

  it('keeps a window’s UID, counts its changes, and shows it as cancelled', () => {
    const [before] = events([window('mnt_1')])
    const [after] = events([
      window('mnt_1', { sequence: 3, changedAt: NOW - 1_000, cancelledAt: NOW - 1_000 }),
    ])
    expect([before!.event.uid, after!.event.uid]).toEqual(['mnt_1@one-captcha', before!.event.uid])
    expect([before!.event.sequence, after!.event.sequence]).toEqual([0, 3])
    expect([before!.status, after!.status]).toEqual(['CONFIRMED', 'CANCELLED'])
    expect(after!.modified).toBe(NOW - 1_000)
  })

  it('ends when the window was over', () => {
    const past = { startsAt: NOW - HOUR_MS, endsAt: NOW + HOUR_MS, completedAt: NOW - 60_000 }
    const [{ event }] = events([window('mnt_1', past)]) as [ReturnType<typeof events>[0]]
    expect(event.endDate.toJSDate().getTime()).toBe(NOW - 60_000)
  })

  it('lets no text out of its place', () => {
    const title = 'a;b,c\\d "e" BEGIN:VEVENT 磁盘'.repeat(3)
    const body = 'One.\n\nEND:VEVENT\nBEGIN:VALARM\r\nACTION:AUDIO'
    const [{ event }] = events([window('mnt_1', { title, body })]) as [ReturnType<typeof events>[0]]
    expect(event.summary).toBe(`One Captcha: ${title}`)
    expect(event.description).toContain('END:VEVENT\nBEGIN:VALARM')
    expect(event.component.getAllSubcomponents()).toEqual([])
  })
})

describe('the feed', () => {
  it('has an entry for each, changed when somebody or the clock changed it, under an id that stays', () => {
    const begun = window('mnt_2', { startsAt: NOW - 60_000, endsAt: NOW + HOUR_MS })
    const text = feedOf(snapshot([window('mnt_1'), begun], [incident('inc_1')]), ORIGIN)
    const entries = text.split('<entry>').slice(1)
    const of = (id: string) => entries.find((entry) => entry.includes(`<id>urn:one-captcha:${id}<`))
    expect(of('mnt_1')).toContain(`<updated>${new Date(NOW - 4).toISOString()}`)
    expect(of('mnt_2')).toContain('in progress')
    expect(of('inc_1')).toContain('Investigating')
    expect(text).toContain('rel="self"')
  })

  it('lets no text out of its place', () => {
    const title = ']]></title><script>alert(1)</script>&amp;'
    const text = feedOf(snapshot([window('mnt_1', { title, body: title })]), ORIGIN)
    expect(text).not.toContain('<script>')
    expect(text).not.toContain(']]></title><')
  })
})

describe('what is said of the whole', () => {
  it('is the worst of its parts, with maintenance in place of trouble that was announced', () => {
    expect(snapshot().state).toBe('good')
    expect(snapshot([], [], 'bad').sentence).toBe('The service does not work just now.')
    expect(snapshot([], [incident('a')]).state).toBe('poor')
    expect(snapshot([], [incident('a', { impact: 'none' })]).state).toBe('good')
    const major = snapshot([], [incident('a', { impact: 'major' })])
    expect([major.state, major.sentence]).toEqual([
      'bad',
      'A part of the service does not work just now.',
    ])
    const running = { startsAt: NOW, endsAt: NOW + 1 }
    expect(
      snapshot([window('m', { ...running, components: [...COMPONENT_IDS] })], [], 'bad').state,
    ).toBe('maintenance')
    expect(snapshot([window('m', running)], [], 'bad').state).toBe('bad')
  })

  it('has the words and shapes that readers of status pages know', () => {
    const over = window('mnt_3', { startsAt: NOW - DAY_MS, endsAt: NOW - HOUR_MS })
    const resolved = incident('inc_2', {
      resolvedAt: NOW - 5,
      updates: [
        { id: 'u2', state: 'resolved', body: 'Done.', at: NOW - 5 },
        { id: 'u1', state: 'monitoring', body: 'Better.', at: NOW - 9 },
      ],
    })
    const running = window('mnt_2', { startsAt: NOW, endsAt: NOW + 1 })
    const all = asStatuspage(
      snapshot([window('mnt_1'), running, over], [incident('inc_1'), resolved]),
      ORIGIN,
    )
    expect(all.status.indicator).toBe('minor')
    expect(all.components.map(({ status }) => status)).toEqual([
      ...['under_maintenance', 'operational', 'operational', 'degraded_performance'],
    ])
    expect(all.incidents.map(({ id, status }) => [id, status])).toEqual([
      ['inc_1', 'investigating'],
      ['inc_2', 'resolved'],
    ])
    expect(all.incidents[1]).toMatchObject({
      monitoring_at: new Date(NOW - 9).toISOString(),
      resolved_at: new Date(NOW - 5).toISOString(),
      shortlink: `${ORIGIN}/status#inc_2`,
    })
    expect(all.maintenances.map(({ id, status }) => [id, status])).toEqual([
      ['mnt_1', 'scheduled'],
      ['mnt_2', 'in_progress'],
      ['mnt_3', 'completed'],
    ])
    expect(all.upcoming[0]).toMatchObject({
      ...{ impact: 'maintenance', scheduled_for: new Date(NOW + DAY_MS).toISOString() },
      scheduled_until: new Date(NOW + DAY_MS + HOUR_MS).toISOString(),
    })
  })
})

describe('words for moments', () => {
  it('name the weekday, the day and UTC', () => {
    expect(momentWords(Date.UTC(2028, 1, 29, 9, 5))).toBe('Tuesday 29 February 2028, 09:05 UTC')
    expect(spanWords(Date.UTC(2028, 1, 29, 22), Date.UTC(2028, 1, 29, 23))).toBe(
      'Tuesday 29 February 2028, 22:00 to 23:00 UTC',
    )
    expect(spanWords(Date.UTC(2028, 1, 29, 22), Date.UTC(2028, 2, 1))).toBe(
      'Tuesday 29 February 2028, 22:00 UTC, to Wednesday 1 March 2028, 00:00 UTC',
    )
  })

  it('count what something took', () => {
    expect(lastingWords(29_999)).toBe('less than a minute')
    expect(lastingWords(60_000)).toBe('1 minute')
    expect(lastingWords(90 * 60_000)).toBe('1 hour 30 minutes')
    expect(lastingWords(2 * DAY_MS + 5 * 60_000)).toBe('2 days 5 minutes')
  })
})
