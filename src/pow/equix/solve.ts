import type { Solver } from '../algorithm.ts'
import { SOLUTION_BYTES } from './engine.ts'
import type { Hand } from './hand.ts'

export const SEED_BYTES = 32
export const CHALLENGE_BYTES = SEED_BYTES + 8
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
  new Uint32Array(challenge.buffer, SEED_BYTES).set([s, n])
  return challenge
}

/** Solves Equi-X work: hands out attempts, always at the sub-puzzle that has the fewest under way. */
export function equixSolver(hands: readonly Hand[]): Solver {
  let orders = 0

  return {
    name: 'equix',
    solve: ({ seed, effort, count }, onProgress, signal) =>
      new Promise<Uint8Array>((resolve, reject) => {
        // Whoever gave up before it began is told by no event any more.
        if (signal.aborted) return reject(signal.reason)
        const proof = new Uint8Array(PART_BYTES * count)
        const open = Array.from({ length: count }, (_, s) => ({ s, tries: 0, over: 0 }))
        type Puzzle = (typeof open)[number]
        /** What is under way, and how far it is. */
        const given = new Map<number, { puzzle: Puzzle; n: number; done: number }>()
        /** How likely an attempt is to bring a solution that counts. */
        const chance = 1 - Math.exp(-SOLUTIONS_MEAN / effort)
        const startedAt = performance.now()
        let over = 0

        function give(hand: Hand) {
          const underWay = ({ tries, over }: Puzzle) => tries - over
          const [puzzle] = open.sort((a, b) => underWay(a) - underWay(b))
          if (!puzzle) return
          const n = puzzle.tries++
          if (n >= TRIES_MAX) return reject(new Error('This work has no solution.'))
          given.set(++orders, { puzzle, n, done: 0 })
          hand.postMessage({ id: orders, challenge: challengeOf(seed, puzzle.s, n), effort })
        }

        function tell() {
          // Within a sub-puzzle: how likely it was to be done by now. This grows, and never gets to the end.
          let left = 0
          for (const puzzle of open) left += (1 - chance) ** puzzle.over
          let made = over
          for (const { done } of given.values()) made += done
          const ms = performance.now() - startedAt
          const restMs = ms < PACE_MS ? 0 : ((ms / made) * open.length) / chance
          onProgress(1 - left / count, restMs)
          if (!open.length) resolve(proof)
        }

        for (const hand of hands) {
          hand.onmessage = ({ data: { id, done } }) => {
            const order = given.get(id)
            // Of another work, or given up.
            if (!order || signal.aborted) return
            if (typeof done === 'number') order.done = done
            else {
              const { puzzle, n } = order
              given.delete(id)
              over++
              puzzle.over++
              const at = open.indexOf(puzzle)
              if (done && at >= 0) {
                open.splice(at, 1)
                proof.set([n, n >> 8, ...done], PART_BYTES * puzzle.s)
              }
              give(hand)
            }
            tell()
          }
          for (let i = 0; i < AHEAD; i++) give(hand)
        }

        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      }).finally(() => {
        for (const hand of hands) hand.postMessage(null)
      }),
  }
}
