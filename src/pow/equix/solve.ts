import type { Solver } from '../algorithm.ts'
import type { Hand } from './hand.ts'

const SEED_BYTES = 32
export const CHALLENGE_BYTES = SEED_BYTES + 8
export const SOLUTION_BYTES = 16
/** In a proof: the attempt's number, and its solution. */
export const PART_BYTES = 2 + SOLUTION_BYTES
/** Attempts at a sub-puzzle are numbered with 16 bits. That no attempt brings a solution that counts is out of the question. */
const TRIES_MAX = 65_536
/** Solutions that an attempt brings on average. */
const SOLUTIONS_MEAN = 2
/** A pace is worth something after so long: at first the engine warms up. */
const PACE_MS = 500
/** Attempts that a hand is given ahead: while it makes one, it prepares the next. */
const AHEAD = 2

/** The bytes that an attempt is made at: seed, sub-puzzle and attempt, the numbers as 32 bits, little-endian. */
export function challengeOf(seed: Uint8Array, s: number, n: number): Uint8Array {
  const challenge = new Uint8Array(CHALLENGE_BYTES)
  challenge.set(seed)
  const view = new DataView(challenge.buffer)
  view.setUint32(SEED_BYTES, s, true)
  view.setUint32(SEED_BYTES + 4, n, true)
  return challenge
}

/** Solves Equi-X work: hands out attempts, always at the sub-puzzle that has the fewest under way. */
export function equixSolver(hands: readonly Hand[]): Solver {
  let orders = 0

  return {
    name: 'equix',
    solve: ({ seed, effort, count }, onProgress, signal) =>
      new Promise((resolve, reject) => {
        const proof = new Uint8Array(PART_BYTES * count)
        const open = Array.from({ length: count }, (_, s) => ({
          s,
          tries: 0,
          over: 0,
          underWay: 0,
        }))
        /** How likely an attempt is to bring a solution that counts. */
        const chance = 1 - Math.exp(-SOLUTIONS_MEAN / effort)
        const startedAt = performance.now()
        const partly = hands.map(() => 0)
        let over = 0

        for (const [h, hand] of hands.entries()) {
          const given = new Map<number, { puzzle: (typeof open)[number]; n: number }>()
          const give = () => {
            const [puzzle] = open.toSorted((a, b) => a.underWay - b.underWay)
            if (!puzzle) return
            if (puzzle.tries === TRIES_MAX) return reject(new Error('This work has no solution.'))
            const n = puzzle.tries++
            puzzle.underWay++
            given.set(++orders, { puzzle, n })
            hand.postMessage({ id: orders, challenge: challengeOf(seed, puzzle.s, n), effort })
          }

          hand.onmessage = ({ data: { id, done } }) => {
            const order = given.get(id)
            // Of another work, or given up.
            if (!order || signal.aborted) return
            const { puzzle, n } = order
            if (typeof done === 'number') partly[h] = done
            else {
              partly[h] = 0
              over++
              puzzle.over++
              puzzle.underWay--
              given.delete(id)
              const at = open.indexOf(puzzle)
              if (done && at >= 0) {
                open.splice(at, 1)
                proof.set([n & 255, n >> 8], PART_BYTES * puzzle.s)
                proof.set(done, PART_BYTES * puzzle.s + 2)
              }
              give()
            }
            tell()
          }
          for (let i = 0; i < AHEAD; i++) give()
        }

        function tell() {
          // Within a sub-puzzle: how likely it was to be done by now. This grows, and never gets to the end.
          const left = open.reduce((sum, { over }) => sum + (1 - chance) ** over, 0)
          const ms = performance.now() - startedAt
          const paceMs = ms < PACE_MS ? 0 : ms / (over + partly.reduce((a, b) => a + b))
          onProgress(1 - left / count, (paceMs * open.length) / chance)
          if (!open.length) resolve(proof)
        }

        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
}
