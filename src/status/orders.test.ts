import { describe, expect, it } from 'vitest'
import { BadRequest } from '../core/bad-request.ts'
import type { Maintenance, MaintenanceWish } from '../store/store.ts'
import { readChanges, readFacts, readIncident, readUpdate, readWish } from './orders.ts'
import type { IncidentOrder } from './status.ts'

const NOW = Date.UTC(2026, 1, 27, 12)
const HOUR_MS = 3_600_000
const NOTICE_MS = 48 * HOUR_MS

const wish = (changes: Partial<MaintenanceWish> = {}): MaintenanceWish => ({
  ...{ title: 'New disks', body: '', components: ['console'], effect: 'none', reason: '' },
  ...{ startsAt: NOW + NOTICE_MS, endsAt: NOW + NOTICE_MS + HOUR_MS, ...changes },
})
const read = (changes: Partial<MaintenanceWish> = {}) => readWish(wish(changes), NOW, NOTICE_MS)

/** Which field is at fault; null if none. */
function fault(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (!(error instanceof BadRequest) || error.code !== 'field-invalid') throw error
    return error.field ?? ''
  }
}

describe('a window that is announced', () => {
  it('needs no reason if it is announced in time, to the millisecond, and keeps none then', () => {
    expect(read({ reason: 'not needed' }).reason).toBe('')
    const startsAt = NOW + NOTICE_MS - 1
    expect(fault(() => read({ startsAt }))).toBe('reason')
    expect(read({ startsAt, reason: 'It breaks.' }).reason).toBe('It breaks.')
    expect(fault(() => read({ startsAt, reason: ' ' }))).toBe('reason')
  })

  it('begins now at the earliest, and ends after it begins, within two weeks', () => {
    const reason = 'why'
    expect(fault(() => read({ reason, startsAt: NOW - 300_001 }))).toBe('startsAt')
    expect(fault(() => read({ reason, startsAt: NOW - 300_000 }))).toBe(null)
    const startsAt = NOW + NOTICE_MS
    expect(fault(() => read({ endsAt: startsAt }))).toBe('endsAt')
    expect(fault(() => read({ endsAt: startsAt + 14 * 24 * HOUR_MS }))).toBe(null)
    expect(fault(() => read({ endsAt: startsAt + 14 * 24 * HOUR_MS + 1 }))).toBe('endsAt')
    expect(fault(() => read({ startsAt: NOW + 400 * 24 * HOUR_MS }))).toBe('startsAt')
    for (const odd of [Number.NaN, Infinity, 0.5, -1, '1' as unknown as number]) {
      expect(fault(() => read({ startsAt: odd }))).toBe('startsAt')
      expect(fault(() => read({ endsAt: odd }))).toBe('endsAt')
    }
  })

  it('is about the challenges too where it pauses them', () => {
    expect(read({ effect: 'paused' }).components).toEqual(['challenges', 'console'])
    expect(read({ components: ['notices', 'console', 'notices'] }).components).toEqual([
      'console',
      'notices',
    ])
  })

  it('has words that can be seen, and parts that there are', () => {
    for (const title of ['', ' ', 'a'.repeat(121), 'a\u202eb', 'a\0b', 7 as unknown as string]) {
      expect(
        fault(() => read({ title })),
        JSON.stringify(title),
      ).toBe('title')
    }
    expect(read({ title: ' One\nline ', body: 'Two\r\n\r\nlines' })).toMatchObject({
      ...{ title: 'One line', body: 'Two\n\nlines' },
    })
    expect(fault(() => read({ body: 'a'.repeat(2_001) }))).toBe('body')
    for (const components of [[], ['nothing'], ['__proto__'], 'console']) {
      expect(fault(() => read({ components: components as never }))).toBe('components')
    }
    expect(fault(() => read({ effect: 'all' as never }))).toBe('effect')
  })
})

describe('a window that is changed', () => {
  const window: Maintenance = {
    ...{ id: 'mnt_1', ...wish(), sequence: 0, createdAt: NOW, announcedAt: NOW, changedAt: NOW },
    ...{ cancelledAt: null, completedAt: null },
  }
  const change = (changes: Partial<MaintenanceWish>, now: number) =>
    readChanges(window, changes, now, NOTICE_MS)

  it('needs a reason to come sooner than promised, or to do more, and none for other words', () => {
    const now = window.startsAt - HOUR_MS
    expect(fault(() => change({ title: 'Other disks' }, now))).toBe(null)
    expect(fault(() => change({ endsAt: window.endsAt + HOUR_MS }, now))).toBe(null)
    expect(fault(() => change({ startsAt: window.startsAt + 60_000 }, now))).toBe('reason')
    expect(fault(() => change({ effect: 'paused' }, now))).toBe('reason')
    expect(fault(() => change({ effect: 'paused', reason: 'why' }, now))).toBe(null)
  })

  it('can still be longer or shorter when it has begun, but begins no other time', () => {
    const now = window.startsAt + 10
    expect(fault(() => change({ startsAt: now + HOUR_MS, reason: 'why' }, now))).toBe('startsAt')
    expect(change({ endsAt: now + 60_000 }, now).endsAt).toBe(now + 60_000)
    expect(fault(() => change({ endsAt: now }, now))).toBe('endsAt')
  })
})

describe('an incident', () => {
  const order: IncidentOrder = {
    ...{ title: 'Late', body: 'We look.', state: 'investigating', impact: 'minor' },
    ...{ cause: 'unknown', components: ['notices'] },
  }

  it('began now, or up to 90 days ago', () => {
    const began = (startedAt?: number) => readIncident({ ...order, startedAt }, NOW)
    expect(began().startedAt).toBe(NOW)
    expect(fault(() => began(NOW + 1))).toBe('startedAt')
    expect(fault(() => began(NOW - 90 * 24 * HOUR_MS - 1))).toBe('startedAt')
    expect(began(NOW - 90 * 24 * HOUR_MS).startedAt).toBe(NOW - 90 * 24 * HOUR_MS)
  })

  it('is told of with words and a state that there is', () => {
    expect(fault(() => readUpdate({ state: 'over' as never, body: 'x' }))).toBe('state')
    expect(fault(() => readUpdate({ state: 'resolved', body: '' }))).toBe('body')
    expect(readFacts({})).toEqual({})
    expect(fault(() => readFacts({ impact: 'huge' as never }))).toBe('impact')
    expect(fault(() => readFacts({ cause: 'fate' as never }))).toBe('cause')
    expect(fault(() => readFacts({ components: [] }))).toBe('components')
  })
})
