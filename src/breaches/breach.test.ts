import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import {
  type BreachFacts,
  clockOf,
  missingForAuthority,
  missingForPeople,
  reminderOf,
  unfinished,
} from './breach.ts'

const HOUR_MS = 3_600_000
const AT = 1_800_000_000_000
const breach = (risk: BreachFacts['risk'] = 'risk', authorityToldAt: number | null = null) => ({
  ...{ facts: { noticedAt: AT, risk }, authorityToldAt, closedAt: null },
})
const FACTS: BreachFacts = {
  ...{ title: 't', nature: 'n', happenedAt: null, noticedAt: AT, data: 'd', people: 'p' },
  ...{ peopleCount: 1, recordsCount: 0, consequences: 'c', measures: 'm', advice: '' },
  ...{ contact: 'g', risk: 'high', reason: '', lateReason: '' },
}

describe('the clock of a breach (GDPR Article 33(1))', () => {
  it('runs for 72 hours from the moment it was noticed, the last one included', () => {
    assert.deepEqual(clockOf(breach(), AT), { state: 'running', leftMs: 72 * HOUR_MS })
    assert.deepEqual(clockOf(breach(), AT + 72 * HOUR_MS), { state: 'running', leftMs: 0 })
    assert.deepEqual(clockOf(breach(), AT + 72 * HOUR_MS + 1), { state: 'overdue', overMs: 1 })
  })

  it('says whether the authority was told in time, whenever it is looked at', () => {
    const inTime = breach('risk', AT + 72 * HOUR_MS)
    const late = breach('risk', AT + 72 * HOUR_MS + 1)
    for (const now of [AT, AT + 9e9]) {
      assert.deepEqual(clockOf(inTime, now), { state: 'told', lateMs: 0 })
      assert.deepEqual(clockOf(late, now), { state: 'told', lateMs: 1 })
    }
  })

  it('runs also while nobody has judged the risk, and not where there is none', () => {
    assert.equal(clockOf(breach('open'), AT + 1).state, 'running')
    assert.equal(clockOf(breach('none'), AT + 100 * HOUR_MS).state, 'none')
  })

  it('reminds of nothing that is told, closed or no risk, and never of an hour that has not come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 * HOUR_MS }), (age) => {
        const hours = reminderOf(breach(), AT + age)
        assert.equal(hours === null, age < 48 * HOUR_MS)
        if (hours !== null) assert.ok(age >= hours * HOUR_MS)
        assert.equal(reminderOf(breach('none'), AT + age), null)
        assert.equal(reminderOf(breach('high', AT), AT + age), null)
        assert.equal(reminderOf({ ...breach(), closedAt: AT }, AT + age), null)
      }),
    )
  })
})

describe('what must be known', () => {
  it('is asked of each fact that Article 33(3) and 34(2) name', () => {
    assert.deepEqual(missingForAuthority(FACTS), [])
    assert.deepEqual(missingForPeople(FACTS), [])
    for (const name of ['nature', 'data', 'consequences', 'measures', 'contact'] as const) {
      assert.deepEqual(missingForPeople({ ...FACTS, [name]: '' }), [name])
      assert.deepEqual(missingForAuthority({ ...FACTS, [name]: '' }), [name])
    }
    for (const name of ['peopleCount', 'recordsCount'] as const)
      assert.deepEqual(missingForAuthority({ ...FACTS, [name]: null }), [name])
    assert.deepEqual(missingForPeople({ ...FACTS, people: '', peopleCount: null }), [])
  })

  it('and done before a breach is closed, as its risk asks', () => {
    const left = (
      risk: BreachFacts['risk'],
      reason = '',
      authorityToldAt: number | null = null,
      peopleToldAt: number | null = null,
    ) => unfinished({ facts: { ...FACTS, risk, reason }, authorityToldAt, peopleToldAt })
    assert.match(left('open', 'why', 1, 1)!, /risk/)
    assert.match(left('none')!, /why nobody/)
    assert.equal(left('none', 'it was empty'), null)
    assert.match(left('risk', 'why')!, /authority/)
    assert.equal(left('risk', '', 1), null)
    assert.match(left('high', '', 1)!, /concerned/)
    assert.equal(left('high', 'all was encrypted', 1), null)
    assert.equal(left('high', '', 1, 1), null)
  })
})
