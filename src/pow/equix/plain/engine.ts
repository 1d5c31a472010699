import { type Engine, HASHES } from '../engine.ts'
import { blake2b } from './blake2b.ts'
import { generate } from './generator.ts'
import { interpreter, LANES } from './interpreter.ts'
import { stages } from './stages.ts'

/** The engine for where WebAssembly is missing or not allowed. Nothing is compiled from text, so any CSP allows it. */
export function plainEngine(): Engine {
  const { hash } = interpreter()
  const solve = stages()

  return {
    name: 'plain',

    begin(challenge) {
      const program = generate(new Int32Array(blake2b(challenge, 64, 'HashX v1').buffer))
      if (!program) return null
      const low = new Int32Array(HASHES)
      const high = new Int32Array(HASHES)
      let done = 0

      return {
        hash(hashes) {
          const end = Math.min(done + hashes, HASHES)
          while (done < end) {
            const lanes = Math.min(LANES, end - done)
            hash(program, lanes, low.subarray(done), high.subarray(done), done)
            done += lanes
          }
          return done === HASHES
        },

        solutions: () => solve({ count: HASHES, low, high }),
      }
    },

    weigh(challenge, solution) {
      const bytes = new Uint8Array(challenge.length + solution.length)
      bytes.set(challenge)
      bytes.set(solution, challenge.length)
      return new DataView(blake2b(bytes, 32).buffer).getUint32(0)
    },
  }
}
