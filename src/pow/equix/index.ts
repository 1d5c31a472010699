/**
 * Equi-X and HashX (tevador, 2020) with nothing of One Captcha in them, so that anyone can hold them against another
 * implementation. Runs under plain Node.js 24 and in browsers.
 */
import { type Engine, HASHES } from './engine.ts'
import { hashx, openHashx } from './verify.ts'
import { wasmEngine } from './wasm.ts'

export { type EquixFinding, verifyEquix } from './verify.ts'

let engine: Engine | undefined

/**
 * The HashX function of a seed, from 64 bits to 64 bits.
 *
 * @param seed any number of bytes
 * @returns null if the seed's program is not valid, as that of about one in ten thousand is not
 */
export function makeHashx(seed: Uint8Array): ((input: bigint) => bigint) | null {
  const own = seed.slice()
  if (!openHashx(own)) return null
  return (input) => {
    openHashx(own)
    return hashx(input)
  }
}

/**
 * The Equi-X solutions of a challenge, two on average: eight 16-bit indices each, little-endian, in canonical order. Takes some
 * milliseconds. None if the challenge's program is not valid.
 *
 * @param challenge at most 128 bytes
 * @throws RangeError if it is longer
 */
export function solveEquix(challenge: Uint8Array): Uint8Array[] {
  if (challenge.length > 128) throw new RangeError('challenge must be at most 128 bytes.')
  engine ??= wasmEngine()
  const attempt = engine.begin(challenge)
  if (!attempt) return []
  while (!attempt.hash(HASHES));
  return attempt.solutions()
}
