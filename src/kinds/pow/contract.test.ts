import { openHand } from '../../pow/equix/hand.ts'
import { equixSolver } from '../../pow/equix/solve.ts'
import { wasmEngine } from '../../pow/equix/wasm.ts'
import { VERIFIERS } from '../../pow/index.ts'
import type { Pace } from '../../pow/pace.ts'
import { bestEngine } from '../../pow/sha256/engines.ts'
import { sha256Solver } from '../../pow/sha256/solve.ts'
import { systemRandom } from '../../random.ts'
import { kindContract } from '../kind.contract.ts'
import { pow } from './pow.ts'

const random = systemRandom()
const pace: Pace = { sliceMs: 100, rest: () => Promise.resolve() }
const toReply = (proof: Uint8Array) => ({ proof: Buffer.from(proof).toString('base64url') })

for (const { algorithm, effort, solver, proofBytes } of [
  {
    algorithm: 'equix',
    effort: 2,
    solver: () => equixSolver([openHand(wasmEngine(), pace)]),
    proofBytes: 8 * 18,
  },
  {
    algorithm: 'sha256',
    effort: 2 ** 8,
    solver: () => sha256Solver(bestEngine(), pace),
    proofBytes: 8 * 4,
  },
]) {
  kindContract({
    name: 'pow',
    open: async () => pow(VERIFIERS),
    algorithm,
    effort,
    async truth(answer, seed) {
      const { signal } = new AbortController()
      return toReply(await solver().solve({ ...answer, seed }, () => {}, signal))
    },
    guess: () => toReply(random.bytes(proofBytes)),
    // One in 2⁶⁴, and less.
    guessesPassMost: 0,
  })
}
