import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { chanceFrom } from '../../painting/chance.ts'
import { seededRandom } from '../../painting/seeded.ts'
import type { Trace } from '../kind.ts'
import { isMachineLike } from './trace.ts'

describe('a trace', () => {
  it('may be absent', () => {
    assert.equal(isMachineLike(null), false)
    assert.equal(isMachineLike([]), false)
  })

  it('of taps, keys or steps says nothing', () => {
    assert.equal(isMachineLike([0, 1, 2, 3].map((i) => [i, i * 40, 0] as const)), false)
  })

  it('of keys held down stays where it is and says nothing', () => {
    assert.equal(isMachineLike(line(30, (i) => [i * 30, 5, 5])), false)
  })

  it('of a hand passes: uneven, with a pause, an overshoot and repeated time stamps', () => {
    assert.equal(isMachineLike(HAND), false)
  })

  it('of a hand passes at any time of day', () => {
    assert.equal(isMachineLike(HAND.map(([ms, x, y]) => [ms + 5000, x, y] as const)), false)
  })

  it('of a hundred trembling hands passes', () => {
    const chance = chanceFrom(seededRandom(7))
    for (let i = 0; i < 100; i++) {
      const trembling = HAND.map(
        ([ms, x, y]) => [ms, x + chance.between(-2, 2), y + chance.between(-1, 1)] as const,
      )
      assert.equal(isMachineLike(trembling), false)
    }
  })

  it('at constant speed is a machine’s', () => {
    assert.equal(isMachineLike(line(30, (i) => [i * 16, i * 5.3, 80])), true)
  })

  it('at constant speed is a machine’s in whole pixels too', () => {
    assert.equal(isMachineLike(line(30, (i) => [i * 16, Math.round(i * 5.3), 80])), true)
  })

  it('that eases in and out by a formula is a machine’s, with a bow in y as without', () => {
    const eased = line(40, (i) => {
      const t = i / 39
      return [i * 16, Math.round(180 * t * t * (3 - 2 * t)), 80 + Math.round(9 * Math.sin(3 * t))]
    })
    assert.equal(isMachineLike(eased), true)
  })

  it('that jumps is a machine’s', () => {
    assert.equal(isMachineLike(line(30, (i) => [i * 16, i < 15 ? 3 : 170, 80])), true)
  })

  it('that takes no time is a machine’s', () => {
    assert.equal(isMachineLike(line(30, (i) => [0, i * 5, 80])), true)
  })

  it('that goes back in time is a machine’s', () => {
    assert.equal(isMachineLike([...HAND.slice(0, 9), [5, 90, 80], ...HAND.slice(9)]), true)
  })
})

function line(count: number, point: (i: number) => readonly [number, number, number]): Trace {
  return Array.from({ length: count }, (_, i) => point(i))
}

/** Drawn up for this test after how hands move; nobody's own drag. */
const HAND: Trace = [
  [0, 20, 90],
  [84, 21, 90],
  [99, 25, 91],
  [116, 38, 92],
  [133, 55, 92],
  [133, 61, 93],
  [150, 84, 94],
  [166, 101, 94],
  [199, 122, 95],
  [216, 131, 95],
  [249, 140, 94],
  [283, 147, 94],
  [349, 151, 94],
  [512, 152, 93],
  [530, 158, 93],
  [563, 163, 93],
  [596, 166, 93],
  [713, 165, 93],
  [780, 162, 93],
  [1020, 162, 93],
]
