import { BadRequest } from '../../core/bad-request.ts'
import type { Verifier } from '../../pow/algorithm.ts'
import type { Kind } from '../kind.ts'

/** What the work is. The page is told, and it is sealed: the page cannot make it lighter. */
type Answer = { algorithm: string; effort: number; count: number }
type Reply = { proof: Uint8Array }

/** Eight small sub-puzzles in place of one: the waiting time varies by a third instead of by all of itself. */
const COUNT = 8

/**
 * Longer than any algorithm's proof. Whether the length is exactly right is for the verifier to say, which looks at it
 * first: reading knows nothing of what is sealed, so that nothing can be learnt of it without spending the challenge.
 */
const PROOF_CHARS_MAX = 400

/** Work for the visitor's machine, by whichever of these algorithms is ordered. */
export function pow(verifiers: readonly Verifier[]): Kind<Answer, Reply> {
  const byName = new Map(verifiers.map((verifier) => [verifier.name, verifier]))

  return {
    name: 'pow',
    puzzle: false,

    create({ algorithm, effort }) {
      if (!byName.has(algorithm)) throw new Error(`There is no algorithm ${algorithm}.`)
      const work = { algorithm, effort, count: COUNT }
      return { prompt: work, answer: work }
    },

    read: readProof,

    judge({ algorithm, effort, count }, { proof }, { seed }) {
      const right = byName.get(algorithm)?.verify({ seed, effort, count }, proof) ?? false
      return right ? { passed: true } : { passed: false, reason: 'work-wrong' }
    },
  }
}

function readProof(input: unknown): Reply {
  const text = isRecord(input) ? input.proof : undefined
  if (typeof text === 'string' && text.length > 0 && text.length <= PROOF_CHARS_MAX) {
    const proof = Buffer.from(text, 'base64url')
    // Node skips what is not base64url and drops spare bits: a proof has one spelling only.
    if (proof.toString('base64url') === text) return { proof }
  }
  throw new BadRequest(
    'reply-invalid',
    `proof must be the work's proof as base64url, at most ${PROOF_CHARS_MAX} characters.`,
    'proof',
  )
}

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null
}
