import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openHand } from './hand.ts'
import { equixSolver } from './solve.ts'
import { equixVerifier } from './verify.ts'
import { wasmEngine } from './wasm.ts'

const PART = 18
const seed = new Uint8Array(createHash('sha256').update('a sealed challenge').digest())
const work = { seed, effort: 3, count: 8 }
const solver = equixSolver([openHand(wasmEngine(), { sliceMs: 20, rest: async () => {} })])
const solve = (some: Partial<typeof work> = {}) =>
  solver.solve({ ...work, ...some }, () => {}, new AbortController().signal)
const holds = (proof: Uint8Array, some: Partial<typeof work> = {}) =>
  equixVerifier.verify({ ...work, ...some }, proof)

let proof: Uint8Array
beforeAll(async () => {
  proof = await solve()
})

const partOf = (proof: Uint8Array, s: number) => proof.subarray(PART * s, PART * (s + 1))
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

describe('Equi-X work, checked', () => {
  it('holds for a proof of it, which is short', () => {
    expect(holds(proof)).toBe(true)
    expect(proof).toHaveLength(144)
  })

  it('does not hold with any bit flipped', () => {
    for (let bit = 0; bit < proof.length * 8; bit++) {
      const altered = proof.slice()
      altered[bit >> 3]! ^= 1 << (bit & 7)
      expect(holds(altered), `bit ${bit}`).toBe(false)
    }
  })

  it('does not hold for another seed, not even one that differs in a bit', () => {
    for (let bit = 0; bit < 256; bit += 5) {
      const other = seed.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(holds(proof, { seed: other })).toBe(false)
    }
  })

  it('asks of each solution what the effort says', () => {
    // Some of eight solutions that count for 3 count for 6, but hardly all of them for a thousand.
    expect(holds(proof, { effort: 1 })).toBe(true)
    expect(holds(proof, { effort: 1_000 })).toBe(false)
  })

  it('does not take a sub-puzzle’s part in the place of another, nor twice', () => {
    const parts = Array.from({ length: 8 }, (_, s) => partOf(proof, s))
    expect(holds(joined(parts[1]!, parts[0]!, ...parts.slice(2)))).toBe(false)
    expect(holds(joined(...parts.slice(0, 7), parts[0]!))).toBe(false)
    expect(holds(joined(...Array.from({ length: 8 }, () => parts[3]!)))).toBe(false)
  })

  it('does not take parts of two proofs together', async () => {
    const other = await solve({ seed: new Uint8Array(randomBytes(32)) })
    for (let s = 0; s < 8; s++) {
      const spliced = proof.slice()
      spliced.set(partOf(other, s), PART * s)
      expect(holds(spliced)).toBe(false)
    }
  })

  it('refuses a proof of any other length', () => {
    for (let length = 0; length <= 2 * proof.length; length++) {
      if (length === proof.length) continue
      expect(holds(joined(proof, proof).subarray(0, length))).toBe(false)
    }
    expect(holds(proof, { count: 7 })).toBe(false)
    expect(holds(proof.subarray(0, PART * 7), { count: 7 })).toBe(true)
  })

  it('answers for any bytes and any work, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.oneof(fc.integer(), fc.double()),
        fc.oneof(fc.integer({ min: -1, max: 20 }), fc.double()),
        fc.uint8Array({ maxLength: 300 }),
        (seed, effort, count, proof) => {
          expect(equixVerifier.verify({ seed, effort, count }, proof)).toBe(false)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['effort', { effort: 0 }],
    ['effort', { effort: -5 }],
    ['effort', { effort: 1.5 }],
    ['effort', { effort: Number.NaN }],
    ['effort', { effort: 4_097 }],
    ['count', { count: 0 }],
    ['count', { count: 17 }],
    ['seed', { seed: new Uint8Array(31) }],
  ])('refuses work whose %s cannot be ours: %o', (_, part) => {
    const some = { ...work, effort: 1, ...part }
    expect(equixVerifier.verify(some, proof.subarray(0, Math.max(0, PART * some.count)))).toBe(
      false,
    )
  })
})
