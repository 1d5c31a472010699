import type { Solver } from '../algorithm.ts'
import type { Pace } from '../pace.ts'
import type { Engine } from './engine.ts'
import { fillTable } from './table.ts'

const NONCES = 2 ** 32
/** Tried at once before the engine's speed is known: some milliseconds on the slowest phone. */
const TRIES_MIN = 256
/** Tried at once at most, as some browsers' clocks are too coarse to measure with. */
const TRIES_MAX = 65_536

/** Solves SHA-256 work with the given engine. */
export function sha256Solver(engine: Engine, pace: Pace): Solver {
  return {
    name: 'sha256',

    async solve({ seed, effort, count }, onProgress, signal) {
      const words = readWords(seed)
      const threshold = Math.floor((NONCES - 1) / effort)
      const proof = new DataView(new ArrayBuffer(4 * count))
      let tries = TRIES_MIN
      let tried = 0
      const begunAt = performance.now()
      let restedAt = performance.now()

      for (let s = 0; s < count; s++) {
        fillTable(engine.table, words, s)
        let nonce = -1
        for (let next = 0; nonce < 0; ) {
          if (signal.aborted) throw signal.reason
          // One seed in e^(2³² ÷ effort) has no solution: better to say so than to search for ever.
          if (next >= NONCES) throw new Error('This work has no solution: no nonce fits.')
          const startedAt = performance.now()
          nonce = engine.search(next, tries, threshold)
          const now = performance.now()
          next += tries
          tried += tries

          // Both are powers of two, and so `next` comes to 2³² exactly.
          if (now - startedAt > pace.sliceMs / 2) tries = Math.max(tries / 2, TRIES_MIN)
          else if (now - startedAt < pace.sliceMs / 8 && next % (2 * tries) === 0)
            tries = Math.min(tries * 2, TRIES_MAX)

          if (now - restedAt > pace.sliceMs / 2) {
            // Within a sub-puzzle: how likely it was to be done by now. This grows, and never gets to the end.
            tell(s + 1 - Math.exp(-next / effort), count - s)
            await pace.rest()
            restedAt = performance.now()
          }
        }
        proof.setUint32(4 * s, nonce)
        tell(s + 1, count - s - 1)
      }

      function tell(done: number, left: number) {
        onProgress(done / count, ((performance.now() - begunAt) / tried) * effort * left)
      }
      return new Uint8Array(proof.buffer)
    },
  }
}

function readWords(seed: Uint8Array): Int32Array {
  const view = new DataView(seed.buffer, seed.byteOffset, 32)
  return Int32Array.from({ length: 8 }, (_, i) => view.getInt32(4 * i))
}
