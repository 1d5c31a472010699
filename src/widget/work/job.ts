/** What the page asks for. */
export interface Job {
  /** The sealed challenge: its characters are what the work is bound to. */
  challenge: string
  algorithm: string
  effort: number
  count: number
}

/**
 * What comes back through the port: now and then the share that is done, 0 to 1; in the end the proof, as base64url,
 * or null if it could not be done there.
 */
export type Reply = number | string | null

/** Where the parts of the work are, on the service's origin. */
export interface WorkUrls {
  frame: string
  worker: string
  solver: string
}

/** What `solver.ts` exports, for those who load it only when they need it. */
export type SolverModule = typeof import('./solver.ts')
