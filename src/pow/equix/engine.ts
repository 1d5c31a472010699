/** The inputs that an attempt hashes: all of 16 bits. */
export const HASHES = 65_536
/** Eight indices of 16 bits. */
export const SOLUTION_BYTES = 16

/** What finds Equi-X solutions: WebAssembly, or plain JavaScript. Both give the same answers. */
export interface Engine {
  readonly name: 'wasm' | 'plain'
  /**
   * Begins an attempt at challenge bytes. Null where their program is not valid (about one in ten thousand).
   * Two attempts may be open at once.
   */
  begin(challenge: Uint8Array): Attempt | null
  /** The first 32 bits, big-endian, of BLAKE2b-256(challenge bytes ‖ solution). */
  weigh(challenge: Uint8Array, solution: Uint8Array): number
}

/** One attempt: 65,536 hashes, then three stages of sums. */
export interface Attempt {
  /** Does `hashes` more hashes (at most what is left). True when all 65,536 are done. */
  hash(hashes: number): boolean
  /** The solutions, 16 bytes each, once all hashes are done. */
  solutions(): Uint8Array[]
}
