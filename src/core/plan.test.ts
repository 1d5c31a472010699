import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Challenge, Relief } from './challenge.ts'
import { type Plan, planFirst, planNext, priceOf } from './plan.ts'
import { assertPolicy, DEFAULT_POLICY } from './policy.ts'
import type { Mode, Site } from './site.ts'

const site = (mode: Mode, test?: Site['test']): Site => ({
  sitekey: 'ock_x',
  hosts: [],
  mode,
  name: '',
  state: 'active',
  revision: 1,
  test,
  ...DEFAULT_POLICY,
})
const calm = { network: 0.1, site: 0 }
const plain = { action: 'signup', withoutPuzzle: false }
const FIRST: Plan = { way: 'plan', puzzle: '', follows: '', effort: 8, attempt: 0, relief: 0 }
const price = (plan: Partial<Plan>) => priceOf({ ...FIRST, ...plan }, DEFAULT_POLICY)
const equix = (effort: number) => ({ algorithm: 'equix', effort })
const sha256 = (effort: number) => ({ algorithm: 'sha256', effort })

describe('plan', () => {
  it('asks for work alone first, whatever the mode: it pays for the picture', () => {
    for (const mode of ['invisible', 'checkbox', 'puzzle'] as const) {
      const plan = planFirst(site(mode), { network: 50, site: 50 }, plain, 'slider')
      assert.deepEqual([plan.puzzle, plan.relief], ['', 0])
    }
  })

  it('follows with a puzzle where the mode or the pressure wants one', () => {
    const followsAt = (mode: Mode, network: number) =>
      planFirst(site(mode), { network, site: 0 }, plain, 'slider').follows
    assert.equal(followsAt('puzzle', 0), 'slider')
    assert.equal(followsAt('checkbox', 1.9), '')
    assert.equal(followsAt('checkbox', 2), 'slider')
    assert.equal(followsAt('invisible', 7.9), '')
    assert.equal(followsAt('invisible', 8), 'slider')
    const crowded = planFirst(site('checkbox'), { network: 0, site: 2 }, plain, 'slider')
    assert.equal(crowded.follows, 'slider')
  })

  it('needs no puzzle to log in, nor from whoever asks for none: longer work is asked instead', () => {
    for (const wish of [
      { action: 'login', withoutPuzzle: false },
      { action: '', withoutPuzzle: true },
    ]) {
      const plan = planFirst(site('puzzle'), calm, wish, 'slider')
      assert.deepEqual([plan.way, plan.puzzle, plan.follows], ['patience', '', ''])
      assert.deepEqual(price(plan), equix(64))
    }
  })

  it('shows no picture for work that was wrong', () => {
    const plan = planNext(challenge({ follows: 'slider' }), 'slider', 'work-wrong')
    assert.deepEqual([plan.puzzle, plan.follows, plan.attempt], ['', 'slider', 1])
  })

  it('keeps a patient visitor on the way without puzzles', () => {
    const plan = planNext(challenge({ way: 'patience' }), 'slider', 'work-wrong')
    assert.deepEqual([plan.way, plan.puzzle, plan.follows], ['patience', '', ''])
  })

  it('asks for less work where it is too much, and for a puzzle then: also of the patient', () => {
    for (const way of ['plan', 'patience'] as const) {
      const once = planNext(challenge({ way }), 'slider', 'lighter-wanted')
      assert.deepEqual(once, { ...FIRST, follows: 'slider', relief: 1 })
      const twice = planNext(challenge({ ...once, way }), 'slider', 'lighter-wanted')
      assert.deepEqual(twice, { ...FIRST, follows: 'slider', relief: 2 })
    }
  })

  it('keeps the relief to the end of the way', () => {
    for (const relief of [0, 1, 2] as const) {
      for (const reason of ['puzzle-wanted', 'off-target', 'another-wanted', 'work-wrong'] as const)
        assert.equal(planNext(challenge({ relief }), 'slider', reason).relief, relief)
    }
  })

  it('asks for longer work where no picture is ready, but of a slow machine for dearer work once more', () => {
    const busy = (relief: Relief) => planNext(challenge({ relief }), 'slider', 'pictures-busy')
    assert.deepEqual(busy(0), { ...FIRST, way: 'patience' })
    for (const relief of [1, 2] as const) {
      assert.deepEqual(busy(relief), { ...FIRST, follows: 'slider', attempt: 1, relief })
    }
  })

  it('asks the tests of a site for next to nothing, whatever the pressure', () => {
    for (const test of ['pass', 'block', 'interactive'] as const) {
      const plan = planFirst(site('checkbox', test), { network: 50, site: 50 }, plain, 'slider')
      assert.deepEqual(price(plan), equix(1))
      assert.equal(plan.follows, test === 'pass' ? '' : 'slider')
    }
  })
})

describe('the price', () => {
  it('doubles with every try before, up to the ceiling', () => {
    const prices = [0, 1, 2, 3, 4, 60].map((attempt) => price({ attempt }))
    assert.deepEqual(prices, [8, 16, 32, 64, 64, 64].map(equix))
  })

  it('of patience is that of eight tries: guessing one of four gaps costs as much', () => {
    const patience = (effort: number) => price({ way: 'patience', effort })
    assert.deepEqual([8, 20, 64].map(patience), [64, 160, 512].map(equix))
    // A try costs its work twice, before the picture and with it.
    assert.equal(price({ way: 'patience' }).effort, 4 * 2 * price({}).effort)
  })

  it('of patience is in full, however often the work was made lighter', () => {
    for (const relief of [0, 1, 2] as const) {
      assert.deepEqual(price({ way: 'patience', relief }), equix(64))
    }
  })

  it('is never more than attempts can be numbered for', () => {
    const heavy = { ...DEFAULT_POLICY, effortFloor: 512, effortCeiling: 512 }
    const plan = { ...FIRST, way: 'patience', effort: 512 } as const
    assertPolicy(heavy)
    assert.deepEqual(priceOf(plan, heavy), equix(4_096))
  })

  it('is an eighth after the first relief, and at least 1', () => {
    const eased = (effort: number) => price({ effort, relief: 1 })
    assert.deepEqual([1, 8, 16, 40, 64].map(eased), [1, 1, 2, 5, 8].map(equix))
  })

  it('after the second relief is a toll in SHA-256, from 2¹² to 2¹⁴ with the pressure', () => {
    const toll = (effort: number, attempt = 0) => price({ effort, attempt, relief: 2 })
    assert.deepEqual(toll(8), sha256(2 ** 12))
    assert.deepEqual(toll(16), sha256(2 ** 13))
    assert.deepEqual(toll(32), sha256(2 ** 14))
    assert.deepEqual(toll(64), sha256(2 ** 14))
    assert.deepEqual(toll(8, 1), sha256(2 ** 13))
    assert.deepEqual(toll(8, 9), sha256(2 ** 14))
  })

  it('follows the site’s ceiling as it is now, not as it was', () => {
    const lowered = { ...DEFAULT_POLICY, effortCeiling: 10 }
    assert.deepEqual(priceOf({ ...FIRST, effort: 64 }, lowered), equix(10))
  })
})

function challenge(some: Partial<Challenge>): Challenge {
  return {
    id: 'x',
    sitekey: 'ock_x',
    host: 'example.test',
    action: '',
    cdata: '',
    tokenLifeMs: 120_000,
    startedAt: 0,
    issuedAt: 0,
    expiresAt: 1,
    mode: 'puzzle',
    attempt: 0,
    way: 'plan',
    follows: '',
    effort: 8,
    relief: 0,
    tasks: [],
    ...some,
  }
}
