/** One piece of work: `count` sub-puzzles of `effort` expected tries each, all on one seed. */
export interface Work {
  /** 32 bytes, from the sealed challenge. */
  seed: Uint8Array
  /** Expected tries per sub-puzzle, 1 to 2³² − 1. */
  effort: number
  /** Sub-puzzles, 1 to 16: several small ones make the waiting time even. */
  count: number
}

/** The browser half of an algorithm. Runs in a worker where there is one. */
export interface Solver {
  readonly name: string
  /**
   * Finds the proof.
   *
   * @param onProgress called now and then
   * @param signal ends the work early; the promise then rejects with the signal's reason
   */
  solve(work: Work, onProgress: OnProgress, signal: AbortSignal): Promise<Uint8Array>
}

/**
 * Hears how far work has come.
 *
 * @param share of the work that is done, 0 to 1
 * @param restMs how long the rest is expected to take at the pace so far, in milliseconds; 0 while that is not known
 */
export type OnProgress = (share: number, restMs: number) => void

/** The server half of an algorithm. */
export interface Verifier {
  readonly name: string
  /** True if the proof is exactly right for this work. Never throws, whatever the bytes. */
  verify(work: Work, proof: Uint8Array): boolean
}
