import type { Random } from '../core/random.ts'

/** Chance that repeats itself, for tests and the lab. Never for the service: who knows its state knows what follows. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9
  let b = seed | 0
  let c = 0x243f6a88
  let d = 1
  // sfc32, by Chris Doty-Humphrey.
  function next(): number {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()

  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
    integer: (from, to) => from + Math.floor((next() / 2 ** 32) * (to - from)),
  }
}
