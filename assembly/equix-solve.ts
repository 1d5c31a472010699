// Solves Equi-X: makes the program of a challenge as a module to be run, and finds the solutions among its hashes.

import * as blake2b from './equix/blake2b'
import { emit } from './equix/emit'
import { generate } from './equix/generator'
import { beginKeys, fillRegisters, hashOf, keepKeys, keysOf } from './equix/hashx'
import { BATCH, HASH, INPUT } from './equix/memory'
import { findSolutions, hashesOf } from './equix/stages'

/** The length of the module at `CODE` for the seed in `INPUT`, of at most 128 bytes; 0 if its program is not valid. */
export function prepare(slot: usize, bytes: u32): usize {
  beginKeys()
  blake2b.take(bytes, true)
  keepKeys(slot)
  return generate() ? emit() : 0
}

/** Fills the batch with the registers of the inputs from `first` on. */
export function fill(slot: usize, first: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) fillRegisters(BATCH + i * 64, keysOf(slot), first + i)
}

/** Keeps the hashes that the batch's registers come to. */
export function keep(slot: usize, first: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++)
    store<u64>(hashesOf(slot) + (first + i) * 8, hashOf(BATCH + i * 64, keysOf(slot)))
}

/** Writes the solutions to `SOLUTIONS`. Returns how many there are. */
export function solve(slot: usize): i32 {
  return findSolutions(slot)
}

/** The first 32 bits of BLAKE2b-256 of what is in `INPUT`. */
export function weigh(bytes: u32): u32 {
  blake2b.begin(32, 0)
  blake2b.take(bytes, true)
  return bswap(load<u32>(HASH))
}
