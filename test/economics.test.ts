import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import {
  type Chain,
  costOf,
  costPerToken,
  costPerTokenForesighted,
  triesWithin,
} from '../bench/costs.ts'
import { patience, pictures, picturesFromOneNetwork, workAlone } from '../bench/ways.ts'
import type { Relief } from '../src/core/challenge.ts'
import { DEFAULT_POLICY, EFFORT_MAX } from '../src/core/policy.ts'

const GUESSED = 1 / 4
const effortOf = ({ effort }: { effort: number }) => effort

describe('costs', () => {
  it('come from tries, speeds and rents', () => {
    const speeds = { visitor: 100, core: 400, gpu: 40_000 }
    const cost = costOf(200, speeds, { core: 0.036, gpu: 0.36 }, { times: 1_000 })
    assert.equal(cost.visitorMs, 2_000)
    assert.equal(cost.coreSeconds, 500)
    near(cost.coreDollars, 0.005)
    near(cost.gpuDollars!, 0.0005)
    assert.equal(triesWithin(500, speeds), 50)
  })

  it('are unknown on a card that nobody measured, and less for who need not try all', () => {
    const speeds = { visitor: 100, core: 400, gpu: null }
    const cost = costOf(300, speeds, { core: 1, gpu: 1 }, { share: 1 / 3, times: 4 })
    assert.equal(cost.gpuDollars, null)
    assert.equal(cost.coreSeconds, 1)
    assert.equal(cost.visitorMs, 3_000)
  })
})

describe('the cost of a token', () => {
  it('is two works a try where every miss doubles the price: giving up after a miss is as good as going on', () => {
    const doubling = chain(1, [1, 2, 4, 8, 16])
    near(costPerToken(doubling, GUESSED), 8)
    near(costPerToken(doubling, 1), 2)
    near(costPerToken(doubling, 0.734), 2 / 0.734)
  })

  it('is less where the price has no more room to grow: then nobody begins anew', () => {
    near(costPerToken(chain(1, Array(100).fill(1)), GUESSED), 1 + 4)
  })

  it('is what playing comes to, for the best moment to give up', () => {
    const { first, pictures } = chain(3, [3, 5, 6, 20])
    const played = [1, 2, 3, 4].map((k) => play({ first, pictures }, GUESSED, k))
    const least = Math.min(...played)
    assert.ok(Math.abs(costPerToken({ first, pictures }, GUESSED) / least - 1) < 0.03, `${least}`)
  })

  it('is never less than for who knows beforehand which pictures he gets right', () => {
    for (const hits of [0.1, 0.25, 0.6, 0.734, 0.95]) {
      for (const pictures of [
        [1, 1, 1],
        [1, 2, 4],
        [1, 2, 2],
      ]) {
        const c = chain(1, pictures)
        assert.ok(costPerTokenForesighted(c, hits) <= costPerToken(c, hits) + 1e-9)
      }
    }
  })
})

describe('patience', () => {
  it('costs a robot no less than guessing, under any pressure and policy', () => {
    for (const effortFloor of [1, 2, 8, 64]) {
      for (const effortCeiling of [effortFloor, 3 * effortFloor, EFFORT_MAX]) {
        for (const network of [0, 1, 1.5, 3, 8, 50]) {
          for (const site of [0, 4, 100]) {
            const policy = { ...DEFAULT_POLICY, effortFloor, effortCeiling }
            const meeting = { policy, pressure: { network, site } }
            const guessed = costPerToken(pictures(meeting, 0, effortOf), GUESSED)
            const waited = patience(meeting, effortOf)
            assert.ok(
              waited >= guessed - 1e-9,
              `${JSON.stringify(meeting)}: ${waited} < ${guessed}`,
            )
          }
        }
      }
    }
  })

  it('is as dear as guessing on a calm day, not dearer: a visitor pays no more than must be', () => {
    const meeting = { policy: DEFAULT_POLICY, pressure: { network: 0, site: 0 } }
    near(patience(meeting, effortOf), costPerToken(pictures(meeting, 0, effortOf), GUESSED))
    assert.equal(patience(meeting, effortOf), 8 * workAlone(meeting, 'checkbox', effortOf)!)
  })
})

describe('a flood through one network', () => {
  const cost = (tokens: number, relief: Relief, hits: number) =>
    picturesFromOneNetwork(tokens, DEFAULT_POLICY, { relief, hits }, effortOf)

  it('costs what the pressure asks that it brings about itself', () => {
    const calm = { policy: DEFAULT_POLICY, pressure: { network: 1, site: 0 } }
    near(cost(1, 0, GUESSED)!, costPerToken(pictures(calm, 0, effortOf), GUESSED))
    near(cost(400, 0, 1)!, 2 * cost(200, 0, 1)!)
  })

  it('is refused where it goes on and on', () => {
    assert.equal(cost(100_000, 0, GUESSED), null)
    assert.equal(cost(10_000, 2, 1), null)
  })
})

function chain(first: number, pictures: number[]): Chain {
  return { first, pictures }
}

function near(a: number, b: number) {
  assert.ok(Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b)), `${a} is not ${b}`)
}

/** Plays until 20,000 tokens are won, giving a chain up after `k` misses. */
function play({ first, pictures }: Chain, hits: number, k: number): number {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x80000000
  }
  let paid = 0
  let won = 0
  while (won < 20_000) {
    paid += first
    for (const price of pictures.slice(0, k)) {
      paid += price
      if (random() < hits) {
        won++
        break
      }
    }
  }
  return paid / won
}
