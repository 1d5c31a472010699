import type { FailedReason } from '../core/outcome.ts'
import type { Random } from '../core/random.ts'

/** What a kind may use to make one task. */
export interface Order {
  random: Random
  /** What work is done by (`pow/index.ts`). Puzzles may ignore it, and the effort. */
  algorithm: string
  /** How heavy the work should be: expected tries per sub-puzzle. */
  effort: number
  /** The share of what is kept ready that must be left for others, 0 to 1. Work may ignore it. */
  reserve: number
}

/** What a kind may know beside the reply when it judges. */
export interface Evidence {
  /** SHA-256 of the sealed challenge's characters, 32 bytes: what work must have been done on. */
  seed: Uint8Array
  /** How the reply came about, if the page told: `[ms, x, y]` in the picture's CSS pixels. Never required. */
  trace: Trace | null
}

/** Pointer positions over time: `[milliseconds since the first, x, y]`. */
export type Trace = readonly (readonly [number, number, number])[]

/** A kind's own judgement of one reply. */
export type Judgement = { passed: true } | { passed: false; reason: FailedReason }

/**
 * What a challenge may ask: one folder per kind, with this server half and, for a puzzle, a browser half (`view.ts`).
 * `Answer` is sealed into the challenge as JSON and never leaves the server unsealed.
 */
export interface Kind<Answer = unknown, Reply = unknown> {
  readonly name: string
  /** True if a person solves it; false if the visitor's machine does. */
  readonly puzzle: boolean
  /** Makes one task: what to show and what to keep. Null if none can be made just now (no picture is ready). */
  create(order: Order): { prompt: object; answer: Answer } | null
  /** Reads what a stranger sent as the reply. Throws `BadRequest('reply-invalid')` if it is not one. */
  read(input: unknown): Reply
  judge(answer: Answer, reply: Reply, evidence: Evidence): Judgement
}
