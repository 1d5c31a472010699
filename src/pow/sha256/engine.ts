/**
 * What tries nonces: SIMD wasm, scalar wasm, or plain JavaScript. All three read the same table (`table.ts`)
 * and must give the same answers.
 */
export interface Engine {
  readonly name: 'simd' | 'scalar' | 'plain'
  /** Written by `fillTable` before each sub-puzzle. */
  readonly table: Int32Array
  /**
   * Tries `tries` nonces, from `start` on.
   *
   * @param start 0 to 2³² − 4, a multiple of `tries`
   * @param tries a multiple of 4; `start + tries` is at most 2³²
   * @param threshold the hash's first 32 bits may be this at most
   * @returns the first nonce that fits, or −1
   */
  search(start: number, tries: number, threshold: number): number
}
