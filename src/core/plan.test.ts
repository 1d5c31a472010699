import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Challenge } from './challenge.ts'
import { EFFORT_CALM, type Plan, planFirst, planNext, priceOf } from './plan.ts'
import type { Mode, Site } from './site.ts'

const site = (mode: Mode, test?: Site['test']): Site => ({
  sitekey: 'ock_x',
  hosts: [],
  mode,
  test,
})
const calm = { network: 0.1, site: 0 }
const plain = { action: 'signup', withoutPuzzle: false }

describe('plan', () => {
  it('asks for work alone first, whatever the mode: it pays for the picture', () => {
    for (const mode of ['invisible', 'checkbox', 'puzzle'] as const) {
      assert.equal(planFirst(site(mode), { network: 50, site: 50 }, plain, 'slider').puzzle, '')
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
  })

  it('needs no puzzle to log in, nor from whoever asks for none: longer work is asked instead', () => {
    for (const wish of [
      { action: 'login', withoutPuzzle: false },
      { action: '', withoutPuzzle: true },
    ]) {
      const plan = planFirst(site('puzzle'), calm, wish, 'slider')
      assert.deepEqual([plan.way, plan.puzzle, plan.follows], ['patience', '', ''])
      assert.equal(priceOf(plan), 16 * EFFORT_CALM)
    }
  })

  it('raises the price with the pressure, and never past its bound', () => {
    const price = (network: number) =>
      priceOf(planFirst(site('checkbox'), { network, site: 0 }, plain, ''))
    assert.equal(price(0), EFFORT_CALM)
    assert.equal(price(1), EFFORT_CALM)
    assert.equal(price(3), 3 * EFFORT_CALM)
    assert.equal(price(1_000_000), 2 ** 22)
  })

  it('makes every further try dearer', () => {
    const prices = [0, 1, 2, 3].map((attempt) =>
      priceOf(planNext(challenge({ attempt }), 'slider', 'off-target')),
    )
    assert.deepEqual(
      prices,
      [2, 4, 8, 16].map((n) => n * EFFORT_CALM),
    )
  })

  it('shows no picture for work that was wrong', () => {
    const plan = planNext(challenge({ follows: 'slider' }), 'slider', 'work-wrong')
    assert.deepEqual([plan.puzzle, plan.follows, plan.attempt], ['', 'slider', 1])
  })

  it('keeps a patient visitor on the way without puzzles', () => {
    const plan = planNext(challenge({ way: 'patience' }), '', 'work-wrong')
    assert.deepEqual([plan.way, plan.puzzle, plan.follows], ['patience', '', ''])
  })

  it('asks the tests of a site for next to nothing', () => {
    const plan: Plan = planFirst(
      site('checkbox', 'pass'),
      { network: 50, site: 50 },
      plain,
      'slider',
    )
    assert.deepEqual([priceOf(plan), plan.follows], [1, ''])
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
    issuedAt: 0,
    expiresAt: 1,
    mode: 'puzzle',
    attempt: 0,
    way: 'plan',
    follows: '',
    effort: EFFORT_CALM,
    tasks: [],
    ...some,
  }
}
