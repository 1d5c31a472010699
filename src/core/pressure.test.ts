import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Relief } from './challenge.ts'
import { DEFAULT_POLICY } from './policy.ts'
import {
  CHALLENGE,
  effortUnder,
  isRefused,
  networkPressure,
  reserveUnder,
  sitePressure,
  siteWeight,
  stepFrom,
} from './pressure.ts'

const effort = (network: number, site = 0) => effortUnder({ network, site }, DEFAULT_POLICY)

describe('the pressure', () => {
  it('of a network that asks for the calm number in ten minutes, on and on, is 1', () => {
    // Three minutes' fading time of 200 in ten minutes.
    assert.equal(networkPressure(60, 200), 1)
    assert.equal(networkPressure(0, 200), 0)
    assert.equal(networkPressure(600, 200), 10)
  })

  it('of a site is 1 with fifty such networks', () => {
    assert.equal(sitePressure(50 * 60, 200), 1)
  })

  it('on a site grows by one calm network at most, however busy a network is', () => {
    for (const network of [1, 2, 8, 60]) {
      // At a pressure of p, p times as many are counted, each for 1 ÷ p.
      assert.equal(network * siteWeight(network), 1)
    }
    assert.equal(siteWeight(0.2), 1)
  })

  it('refuses a challenge above 60 times the calm number, and not before', () => {
    const refused = [0, 1, 60, 60.001].map((network) => isRefused(network))
    assert.deepEqual(refused, [false, false, false, true])
  })
})

describe('the effort', () => {
  it('is the floor on a calm day', () => {
    assert.equal(effort(0), 8)
    assert.equal(effort(1, 1), 8)
  })

  it('grows with the pressure of the network, and with the root of the site’s, fourfold at most', () => {
    assert.equal(effort(2), 16)
    assert.equal(effort(3.1), 25)
    assert.equal(effort(1, 4), 16)
    assert.equal(effort(1, 16), 32)
    assert.equal(effort(1, 1_000_000), 32)
    assert.equal(effort(1.5, 9), 36)
  })

  it('is never above the ceiling', () => {
    assert.equal(effort(8), 64)
    assert.equal(effort(1e9, 1e9), 64)
    const level = { ...DEFAULT_POLICY, effortFloor: 64 }
    assert.equal(effortUnder({ network: 5, site: 5 }, level), 64)
  })

  it('never falls while the pressure rises, and makes no jump but that of rounding', () => {
    const pressure = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(pressure, pressure, (network, site) => {
        const before = effort(network, site)
        for (const more of [effort(network + 1e-3, site), effort(network, site + 1e-3)]) {
          assert.ok(more === before || more === before + 1, `${before} → ${more}`)
        }
      }),
    )
  })
})

describe('a step to lighter work', () => {
  it('counts for what it spares at first, then for far more, and there is no third', () => {
    assert.equal(stepFrom(0)!.weight + CHALLENGE.weight, 8)
    assert.ok(stepFrom(1)!.weight > 5 * stepFrom(0)!.weight)
    assert.equal(stepFrom(2), undefined)
  })

  it('is refused before challenges are, if it is the second', () => {
    const refused = (from: Relief) => [8, 9, 60, 61].map((p) => isRefused(p, stepFrom(from)))
    assert.deepEqual(refused(0), [false, false, false, true])
    assert.deepEqual(refused(1), [false, true, true, true])
  })
})

describe('the reserve of pictures', () => {
  it('is next to none for a quiet network, and all but nothing for the busiest', () => {
    assert.equal(reserveUnder(0), 0)
    assert.equal(reserveUnder(1), 0.5)
    assert.ok(reserveUnder(60) > 0.98 && reserveUnder(60) < 1)
  })
})
