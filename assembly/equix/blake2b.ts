// BLAKE2b (RFC 7693), small rather than fast: it runs twice per attempt, and an attempt takes milliseconds.

import { HASH, INPUT, MIX } from './memory'

// prettier-ignore
const IV = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
])

// Which word of the message is mixed in when.
// prettier-ignore
const ORDER = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
])

/** Begins a digest of `bytes` bytes with this salt (the first 8 of its 16 bytes; the others are zero). */
export function begin(bytes: u32, salt: u64): void {
  copy(HASH, IV)
  // Parameter block: digest length, no key, fanout and depth of one; the salt is its fifth word.
  flip(HASH, (0x01010000 | bytes) as u64)
  flip(HASH + 32, salt)
}

/** Takes in the next block from `INPUT`: 128 bytes, or the last of them, with zeros behind; `total` are taken with it. */
export function take(total: u32, last: bool): void {
  copy(MIX, HASH)
  copy(MIX + 64, IV)
  flip(MIX + 96, total as u64)
  if (last) flip(MIX + 112, -1)
  for (let round: usize = 0; round < 12; round++) {
    const order = ORDER + (round >= 10 ? round - 10 : round) * 16
    for (let i: usize = 0; i < 8; i++) {
      // The first four mix columns, the others diagonals.
      const turn = i >> 2
      const a = MIX + (i & 3) * 8
      const b = MIX + 32 + ((i + turn) & 3) * 8
      const c = MIX + 64 + ((i + 2 * turn) & 3) * 8
      const d = MIX + 96 + ((i + 3 * turn) & 3) * 8
      half(a, b, c, d, word(order + 2 * i), 32, 24)
      half(a, b, c, d, word(order + 2 * i + 1), 16, 63)
    }
  }
  for (let i: usize = 0; i < 64; i += 8) flip(HASH + i, load<u64>(MIX + i) ^ load<u64>(MIX + 64 + i))
}

function flip(at: usize, by: u64): void {
  store<u64>(at, load<u64>(at) ^ by)
}

/** Eight words. Browsers take longer to call what WebAssembly has for it. */
function copy(to: usize, from: usize): void {
  for (let i: usize = 0; i < 64; i += 8) store<u64>(to + i, load<u64>(from + i))
}

@inline function word(order: usize): u64 {
  return load<u64>(INPUT + ((load<u8>(order) as usize) << 3))
}

function half(a: usize, b: usize, c: usize, d: usize, m: u64, first: u64, second: u64): void {
  const x = load<u64>(a) + load<u64>(b) + m
  const w = rotr(load<u64>(d) ^ x, first)
  const z = load<u64>(c) + w
  store<u64>(a, x)
  store<u64>(d, w)
  store<u64>(c, z)
  store<u64>(b, rotr(load<u64>(b) ^ z, second))
}
