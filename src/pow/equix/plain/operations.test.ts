import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from './operations.ts'
import * as operation from './program.ts'

/** Any half, and often those at which something is carried. */
const half = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0x7fff_ffff, -0x8000_0000))
const word = fc.tuple(half, half).map((halves) => wordOf(...halves))
const wordOf = (low: number, high: number) =>
  BigInt.asUintN(64, (BigInt(high) << 32n) + BigInt(low >>> 0))

const signed = (x: bigint) => BigInt.asIntN(64, x)
const none = fc.constant(0)

/** What each operation is, in integers that cannot overflow. */
const MEANINGS: [
  string,
  number,
  fc.Arbitrary<number>,
  (d: bigint, s: bigint, i: bigint) => bigint,
][] = [
  ['UMULH', operation.UMULH, none, (d, s) => (d * s) >> 64n],
  ['SMULH', operation.SMULH, none, (d, s) => (signed(d) * signed(s)) >> 64n],
  ['MUL', operation.MUL, none, (d, s) => d * s],
  ['SUB', operation.SUB, none, (d, s) => d - s],
  ['XOR', operation.XOR, none, (d, s) => d ^ s],
  ['ADD_RS', operation.ADD_RS, fc.integer({ min: 0, max: 3 }), (d, s, i) => d + (s << i)],
  [
    'ROR_C',
    operation.ROR_C,
    fc.integer({ min: 1, max: 63 }),
    (d, _, i) => (d >> i) | (d << (64n - i)),
  ],
  ['ADD_C', operation.ADD_C, half, (d, _, i) => d + i],
  ['XOR_C', operation.XOR_C, half, (d, _, i) => d ^ i],
]

describe.each(MEANINGS)('%s', (_, number, immediates, meaning) => {
  const run = OPERATIONS[number]!

  it('is exact on 64 bits, in every lane', () => {
    const lanes = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(lanes, immediates, (lanes, immediate) => {
        const d = columnsOf(lanes.map(([d]) => d))
        const s = columnsOf(lanes.map(([, s]) => s))
        run(lanes.length, ...d, ...s, immediate)
        const expected = lanes.map(([d, s]) => BigInt.asUintN(64, meaning(d, s, BigInt(immediate))))
        expect(d).toEqual(columnsOf(expected))
        expect(s).toEqual(columnsOf(lanes.map(([, s]) => s)))
      }),
      { numRuns: 300 },
    )
  })

  it('leaves the lanes beyond alone', () => {
    const d = columnsOf([3n ** 40n, 5n ** 27n, 7n ** 22n])
    const s = columnsOf([11n ** 18n, 13n ** 17n, 17n ** 15n])
    run(2, ...d, ...s, 1)
    expect(wordOf(d[0][2]!, d[1][2]!)).toBe(7n ** 22n)
  })

  // Wide multiplications alone may have a register twice, but it costs nothing that all of them can.
  it('takes a register by itself', () => {
    fc.assert(
      fc.property(word, immediates, (word, immediate) => {
        const d = columnsOf([word])
        run(1, ...d, ...d, immediate)
        const expected = BigInt.asUintN(64, meaning(word, word, BigInt(immediate)))
        expect(d).toEqual(columnsOf([expected]))
      }),
    )
  })
})

function columnsOf(words: bigint[]): [low: Int32Array, high: Int32Array] {
  return [
    Int32Array.from(words, (word) => Number(BigInt.asIntN(32, word))),
    Int32Array.from(words, (word) => Number(BigInt.asIntN(32, word >> 32n))),
  ]
}
