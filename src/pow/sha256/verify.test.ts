import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Verifier } from './verify.ts'

const seed = new Uint8Array(createHash('sha256').update('a sealed challenge').digest())

/** The protocol's words, taken literally, with another of Node's implementations and exact integers. */
function fits(seed: Uint8Array, effort: number, s: number, nonce: number): boolean {
  const message = Buffer.alloc(40)
  message.set(seed)
  message.writeUInt32BE(s, 32)
  message.writeUInt32BE(nonce, 36)
  const first32 = createHash('sha256').update(message).digest().readUInt32BE()
  return BigInt(first32) * BigInt(effort) <= 2n ** 32n - 1n
}

function firstThatFits(seed: Uint8Array, effort: number, s: number): number {
  let nonce = 0
  while (!fits(seed, effort, s, nonce)) nonce++
  return nonce
}

function prove(effort: number, count: number): Buffer {
  const proof = Buffer.alloc(4 * count)
  for (let s = 0; s < count; s++) proof.writeUInt32BE(firstThatFits(seed, effort, s), 4 * s)
  return proof
}

describe('SHA-256 work, checked', () => {
  it('holds for the nonces that the protocol asks for', () => {
    expect(sha256Verifier.verify({ seed, effort: 500, count: 8 }, prove(500, 8))).toBe(true)
  })

  it('holds for nonce 0, where that is one', () => {
    let text = 0
    const sum = () => new Uint8Array(createHash('sha256').update(String(text)).digest())
    while (!fits(sum(), 1000, 0, 0)) text++
    expect(sha256Verifier.verify({ seed: sum(), effort: 1000, count: 1 }, Buffer.alloc(4))).toBe(
      true,
    )
  })

  it('judges every altered nonce as the protocol does', () => {
    const effort = 50
    const good = prove(effort, 8)
    fc.assert(
      fc.property(fc.nat(7), fc.nat(0xffff_ffff), (s, nonce) => {
        const altered = Buffer.from(good)
        altered.writeUInt32BE(nonce, 4 * s)
        const right = fits(seed, effort, s, nonce)
        expect(sha256Verifier.verify({ seed, effort, count: 8 }, altered)).toBe(right)
      }),
      { numRuns: 2000 },
    )
  })

  it('judges every flipped bit as the protocol does', () => {
    const effort = 300
    const good = prove(effort, 8)
    for (let bit = 0; bit < 256; bit++) {
      const altered = Buffer.from(good)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      const s = bit >> 5
      const right = fits(seed, effort, s, altered.readUInt32BE(4 * s))
      expect(sha256Verifier.verify({ seed, effort, count: 8 }, altered)).toBe(right)
    }
  })

  it('refuses nonces in the place of others', () => {
    const proof = prove(5000, 2)
    const swapped = Buffer.concat([proof.subarray(4), proof.subarray(0, 4)])
    expect(sha256Verifier.verify({ seed, effort: 5000, count: 2 }, swapped)).toBe(false)
  })

  it('refuses a proof of any other length', () => {
    const long = Buffer.concat([prove(1, 8), prove(1, 8)])
    for (let length = 0; length <= long.length; length++) {
      const right = length === 32
      const work = { seed, effort: 1, count: 8 }
      expect(sha256Verifier.verify(work, long.subarray(0, length))).toBe(right)
    }
  })

  it('answers for any bytes and any work, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.oneof(fc.integer(), fc.double()),
        fc.oneof(fc.integer({ min: -1, max: 20 }), fc.double()),
        fc.uint8Array({ maxLength: 70 }),
        (seed, effort, count, proof) => {
          expect(typeof sha256Verifier.verify({ seed, effort, count }, proof)).toBe('boolean')
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['effort', { effort: 0 }],
    ['effort', { effort: -5 }],
    ['effort', { effort: 1.5 }],
    ['effort', { effort: Number.NaN }],
    ['effort', { effort: 2 ** 32 }],
    ['count', { count: 0 }],
    ['count', { count: 17 }],
    ['seed', { seed: new Uint8Array(31) }],
  ])('refuses work whose %s cannot be ours: %o', (_, part) => {
    const work = { seed, effort: 1, count: 1, ...part }
    expect(sha256Verifier.verify(work, new Uint8Array(4 * work.count))).toBe(false)
  })
})
