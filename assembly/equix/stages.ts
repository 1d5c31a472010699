// Finds sums that vanish (Wagner's generalised birthday): hashes are paired so that 15 bits of each sum are zero, the sums are
// paired again, and a third time; the last pairing tests 30 bits.

import { SOLUTIONS, SOLUTIONS_MAX } from './memory'

const BUCKETS: usize = 256
/** Room in a bucket: 256 are expected, and so many are there once in some hundred thousand buckets. What is over is left out. */
const ROOM: usize = 336
const ITEMS: usize = BUCKETS * ROOM

/** The hashes of two attempts, eight bytes each. */
const HASHES: usize = 65536
export const HASH_COUNT: usize = 65536
/** How many items each bucket has, for each stage. */
const COUNTS: usize = HASHES + 2 * HASH_COUNT * 8
/** By the next seven bits: the last item that has them, and for each item the one before that. */
const LAST: usize = COUNTS + 3 * BUCKETS * 4
const BEFORE: usize = LAST + 128 * 2
/** What each item came from: an input, or a bucket and an item in it and in its partner. */
const ORIGINS: usize = BEFORE + 1024
/** What is left of each sum. The third stage takes the room of the first. */
const SUMS: usize = ORIGINS + (3 * ITEMS + 2) * 4
// In all 3.5 MB: 54 pages.

let found: i32 = 0

@inline export function hashesOf(slot: usize): usize {
  return HASHES + slot * (HASH_COUNT * 8)
}

@inline function countsOf(stage: usize): usize {
  return COUNTS + stage * (BUCKETS * 4)
}

@inline function sumsOf(stage: usize): usize {
  return SUMS + (stage & 1) * (ITEMS * 8)
}

@inline function originsOf(stage: usize): usize {
  return ORIGINS + stage * (ITEMS * 4)
}

/** Puts an item into the bucket of its low eight bits. */
@inline function put(stage: usize, sum: u64, origin: u32): void {
  const bucket = (sum as usize) & 255
  const count: usize = load<u32>(countsOf(stage) + bucket * 4)
  if (count >= ROOM) return
  store<u32>(countsOf(stage) + bucket * 4, count + 1)
  const item = bucket * ROOM + count
  store<u64>(sumsOf(stage) + item * 8, sum >> 8)
  store<u32>(originsOf(stage) + item * 4, origin)
}

/** Pairs a stage's items. Their sums, less the 15 bits that are zero, are the next stage's items. */
function pair(stage: usize): void {
  const sums = sumsOf(stage)
  for (let bucket: usize = 0; bucket <= BUCKETS / 2; bucket++) {
    const partner = (BUCKETS - bucket) & 255
    const others = sums + partner * (ROOM * 8)
    memory.fill(LAST, 0, 128 * 2)
    const count: usize = load<u32>(countsOf(stage) + partner * 4)
    for (let i: usize = 0; i < count; i++) {
      const last = LAST + ((load<u64>(others + i * 8) as usize) & 127) * 2
      store<u16>(BEFORE + i * 2, load<u16>(last))
      store<u16>(last, i + 1)
    }
    // The low eight bits of a pair add up to zero, and carry one; those of bucket 0 carry nothing.
    const carry: u64 = bucket ? 1 : 0
    const first = sums + bucket * (ROOM * 8)
    const firstCount: usize = load<u32>(countsOf(stage) + bucket * 4)
    for (let i: usize = 0; i < firstCount; i++) {
      const one = load<u64>(first + i * 8) + carry
      let j: usize = load<u16>(LAST + ((-one as usize) & 127) * 2)
      for (; j; j = load<u16>(BEFORE + j * 2)) {
        j--
        // A bucket that is its own partner: each pair once.
        if (bucket == partner && j >= i) continue
        const sum = (one + load<u64>(others + j * 8)) >> 7
        const origin = (bucket << 18) | (i << 9) | j
        if (stage < 2) put(stage + 1, sum, origin as u32)
        else if (!(sum & 0x7fff) && found < SOLUTIONS_MAX) {
          store<u32>(ORIGINS + 3 * ITEMS * 4, origin)
          writeLeaves(3, 0, SOLUTIONS + found++ * 16)
        }
      }
    }
  }
}

/** Writes the inputs that an item came from, in the order that a solution has. */
function writeLeaves(stage: usize, item: usize, to: usize): void {
  const origin = load<u32>(originsOf(stage) + item * 4) as usize
  if (!stage) return store<u16>(to, origin)
  const bucket = origin >> 18
  const half = (1 as usize) << stage
  writeLeaves(stage - 1, bucket * ROOM + ((origin >> 9) & 511), to)
  writeLeaves(stage - 1, ((BUCKETS - bucket) & 255) * ROOM + (origin & 511), to + half)
  const first = loadHalf(half, to)
  const second = loadHalf(half, to + half)
  if (first <= second) return
  storeHalf(half, to, second)
  storeHalf(half, to + half, first)
}

function loadHalf(bytes: usize, at: usize): u64 {
  return bytes == 2 ? load<u16>(at) : bytes == 4 ? load<u32>(at) : load<u64>(at)
}

function storeHalf(bytes: usize, at: usize, value: u64): void {
  if (bytes == 2) store<u16>(at, value as u16)
  else if (bytes == 4) store<u32>(at, value as u32)
  else store<u64>(at, value)
}

/** Writes the solutions of a slot's hashes to `SOLUTIONS`. Returns how many there are. */
export function findSolutions(slot: usize): i32 {
  found = 0
  memory.fill(COUNTS, 0, 3 * BUCKETS * 4)
  for (let i: usize = 0; i < HASH_COUNT; i++) put(0, load<u64>(hashesOf(slot) + i * 8), i as u32)
  for (let stage: usize = 0; stage < 3; stage++) pair(stage)
  return found
}
