import { VERIFIERS } from '../../pow/index.ts'
import { bestEngine } from '../../pow/sha256/engines.ts'
import { sha256Solver } from '../../pow/sha256/solve.ts'
import { systemRandom } from '../../random.ts'
import { kindContract } from '../kind.contract.ts'
import { pow } from './pow.ts'

const random = systemRandom()
const toReply = (proof: Uint8Array) => ({ proof: Buffer.from(proof).toString('base64url') })

kindContract({
  name: 'pow',
  open: async () => pow(VERIFIERS),
  effort: 2 ** 8,
  async truth({ effort, count }, seed) {
    const solver = sha256Solver(bestEngine(), { sliceMs: 100, rest: () => Promise.resolve() })
    const { signal } = new AbortController()
    return toReply(await solver.solve({ seed, effort, count }, () => {}, signal))
  },
  guess: () => toReply(random.bytes(32)),
  // One in 2⁶⁴.
  guessesPassMost: 0,
})
