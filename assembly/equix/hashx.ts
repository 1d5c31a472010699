// HashX without its program: the keys from the seed, the registers before, and the hash after.

import * as blake2b from './blake2b'
import { HASH, KEYS } from './memory'

/** The ASCII bytes `HashX v1`. */
const SALT: u64 = 0x3176205868736148

/** The generator's key is the first half of the seed's digest. */
export const GENERATOR_KEY: usize = HASH

/** Begins the digest of a seed. */
export function beginKeys(): void {
  blake2b.begin(64, SALT)
}

/** Keeps the register key of the seed that was digested last in a slot. */
export function keepKeys(slot: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(keysOf(slot) + i, load<u64>(HASH + 32 + i))
}

@inline export function keysOf(slot: usize): usize {
  return KEYS + slot * 32
}

/**
 * SipHash's rounds (Aumasson and Bernstein, 2012) on four words, as HashX takes in a number: before the rounds, and again
 * when some of them are done.
 *
 * @param number with `flipB`, flipped into the words at first
 * @param then after so many rounds it is flipped in again, with `flipC`
 */
export function sip(
  from: usize,
  to: usize,
  rounds: i32,
  number: u64,
  flipB: u64,
  then: i32,
  flipC: u64,
): void {
  let a = load<u64>(from)
  let b = load<u64>(from, 8) ^ flipB
  let c = load<u64>(from, 16)
  let d = load<u64>(from, 24) ^ number
  for (let round = 0; round < rounds; round++) {
    if (round == then) {
      a ^= number
      c ^= flipC
    }
    a += b
    c += d
    b = rotl(b, 13) ^ a
    d = rotl(d, 16) ^ c
    a = rotl(a, 32)
    c += b
    a += d
    b = rotl(b, 17) ^ c
    d = rotl(d, 21) ^ a
    c = rotl(c, 32)
  }
  store<u64>(to, a)
  store<u64>(to, b, 8)
  store<u64>(to, c, 16)
  store<u64>(to, d, 24)
}

/** Fills the registers at this address for an input. */
export function fillRegisters(at: usize, keys: usize, input: u64): void {
  sip(keys, at, 6, input, 0xee, 2, 0xee)
  sip(at, at + 32, 4, 0, 0xdd, 0, 0)
}

@inline function raise(at: usize, key: usize): void {
  store<u64>(at, load<u64>(at) + load<u64>(key))
}

/** The hash that the registers come to when the program has run. */
export function hashOf(at: usize, keys: usize): u64 {
  raise(at, keys)
  raise(at + 8, keys + 8)
  raise(at + 48, keys + 16)
  raise(at + 56, keys + 24)
  sip(at, at, 1, 0, 0, 0, 0)
  sip(at + 32, at + 32, 1, 0, 0, 0, 0)
  return load<u64>(at) ^ load<u64>(at, 32)
}
