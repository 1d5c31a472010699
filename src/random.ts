import { randomFillSync, randomInt } from 'node:crypto'
import type { Random } from './core/random.ts'

const POOL_BYTES = 16_384

/** Chance from the system's cryptographic source, drawn in bulk because each draw costs a system call. */
export function systemRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  return {
    bytes(count) {
      if (count > POOL_BYTES) throw new RangeError(`At most ${POOL_BYTES} bytes at once.`)
      if (used + count > POOL_BYTES) {
        randomFillSync(pool)
        used = 0
      }
      // A copy, because the pool is written again.
      const bytes = Buffer.from(pool.subarray(used, used + count))
      pool.fill(0, used, used + count)
      used += count
      return bytes
    },
    integer: (from, to) => randomInt(from, to),
  }
}
