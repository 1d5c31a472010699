import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../store/store.ts'
import { detailsOf, lasting, mainHost, wordsOf } from './words.ts'

const event = (act: string, detail: Record<string, unknown>) =>
  ({ seq: 1, at: 0, by: 'cli', subject: 'ock_x', hash: '', act, detail }) as AuditEvent

describe('the log', () => {
  it('says what was changed, from what to what, each with its unit', () => {
    const changed = event('site.set', {
      effortFloor: [8, 12],
      waitMs: [4_000, 60_000],
      hosts: [['a.example'], ['a.example', 'b.example']],
      name: ['', 'Library'],
      revision: 7,
    })
    expect(detailsOf(changed, (id) => id)).toEqual([
      'work on a calm day: effort 8 → effort 12',
      'longest work: 4 seconds → 1 minute',
      'host names: a.example → a.example, b.example',
      'name: none → Library',
    ])
  })

  it('names whom and what it knows, and says when something ends', () => {
    const added = event('member.add', { account: 'acc_1', expiresAt: 0, overlapMs: 0, kinds: [] })
    expect(detailsOf(added, (id) => (id === 'acc_1' ? 'ada' : id))).toEqual([
      'account: ada',
      'ends: 1970-01-01 00:00 UTC',
      'old ones end after: at once',
      'kinds: none',
    ])
  })

  it('shows an act that has no words yet as it is', () => {
    expect(wordsOf('site.add')).toBe('Site added')
    expect(wordsOf('kettle.boil')).toBe('kettle.boil')
    expect(detailsOf(event('kettle.boil', { a: { b: 1 } }), (id) => id)).toEqual(['a: {"b":1}'])
  })
})

describe('how long something lasts', () => {
  it.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [90_000, '2 minutes'],
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
    [604_800_000, '7 days'],
  ])('%d ms is %s', (ms, words) => expect(lasting(ms)).toBe(words))
})

describe('a site without a name', () => {
  it('is called by a host name with a page of its own, if it has one', () => {
    expect(mainHost({ hosts: ['*.a.example', 'localhost', 'b.example'] })).toBe('b.example')
    expect(mainHost({ hosts: ['*.a.example'] })).toBe('*.a.example')
  })
})
