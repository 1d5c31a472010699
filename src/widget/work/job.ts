/** What the page asks for. */
export interface Job {
  /** The sealed challenge: its characters are what the work is bound to. */
  challenge: string
  algorithm: string
  effort: number
  count: number
}

/** What the page says through the port: a job; whether to pause; or, with null, that nothing is wanted any more. */
export type Order = Job | boolean | null

/**
 * What comes back: now and then the share that is done, 0 to 1, and the milliseconds that the rest is expected to take; in
 * the end the proof, as base64url, or null if it could not be done there.
 */
export type Reply = [share: number, restMs: number] | string | null

/** What `solver.ts` exports, for those who load it only when they need it. */
export type SolverModule = typeof import('./solver.ts')
