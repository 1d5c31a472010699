// Verifies Equi-X: makes the program of a challenge, and hashes few inputs with it.

import * as blake2b from './equix/blake2b'
import { generate } from './equix/generator'
import { beginKeys, fillRegisters, hashOf, keepKeys, keysOf } from './equix/hashx'
import { interpret } from './equix/interpreter'
import { BATCH, HASH } from './equix/memory'

/** Begins the digest of a seed, for `program`; or one of 32 bytes, for `first32`. Blocks follow in `INPUT`. */
export function begin(seed: bool): void {
  if (seed) beginKeys()
  else blake2b.begin(32, 0)
}

/** Takes in the next block: 128 bytes, or the last of them, with zeros behind; `total` are taken with it. */
export function take(total: u32, last: bool): void {
  blake2b.take(total, last)
}

/** Makes the program of the seed that was digested. False if that is not valid. */
export function program(): bool {
  keepKeys(0)
  return generate()
}

/** HashX of the last program. */
export function hash(input: u64): u64 {
  fillRegisters(BATCH, keysOf(0), input)
  interpret(BATCH)
  return hashOf(BATCH, keysOf(0))
}

/** The first 32 bits of the digest. */
export function first32(): u32 {
  return bswap(load<u32>(HASH))
}
