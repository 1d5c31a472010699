import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add, sipRounds } from './halves.ts'

/** Any half, and often those at which something is carried. */
const half = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0x7fff_ffff, -0x8000_0000))
const halves = (words: number) => fc.array(half, { minLength: 2 * words, maxLength: 2 * words })

it('adds words as 64-bit integers are added', () => {
  fc.assert(
    fc.property(halves(2), ([low, high, otherLow, otherHigh]) => {
      const words = Int32Array.of(7, low!, high!, 9)
      add(words, 1, otherLow!, otherHigh!)
      const sum =
        wordsOf(Int32Array.of(low!, high!))[0]! + wordsOf(Int32Array.of(otherLow!, otherHigh!))[0]!
      expect(wordsOf(words.slice(1, 3))).toEqual([wrap(sum)])
      expect([words[0], words[3]]).toEqual([7, 9])
    }),
    { numRuns: 1000 },
  )
})

it("does SipHash's rounds", () => {
  fc.assert(
    fc.property(halves(4), fc.integer({ min: 0, max: 5 }), (state, rounds) => {
      const words = Int32Array.from(state)
      sipRounds(words, rounds)
      expect(wordsOf(words)).toEqual(sipRoundsOf(wordsOf(Int32Array.from(state)), rounds))
    }),
  )
})

/** As its authors write it. */
function sipRoundsOf(words: bigint[], rounds: number): bigint[] {
  let [a, b, c, d] = words as [bigint, bigint, bigint, bigint]
  for (let round = 0; round < rounds; round++) {
    a = wrap(a + b)
    b = turn(b, 13n) ^ a
    a = turn(a, 32n)
    c = wrap(c + d)
    d = turn(d, 16n) ^ c
    a = wrap(a + d)
    d = turn(d, 21n) ^ a
    c = wrap(c + b)
    b = turn(b, 17n) ^ c
    c = turn(c, 32n)
  }
  return [a, b, c, d]
}

const wordsOf = (halves: Int32Array) => [...new BigUint64Array(halves.buffer)]
const wrap = (x: bigint) => BigInt.asUintN(64, x)
const turn = (x: bigint, by: bigint) => wrap(x << by) | (x >> (64n - by))
