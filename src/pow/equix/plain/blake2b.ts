import { add } from './halves.ts'

const BLOCK_BYTES = 128

/** The fractions of the square roots of the first 8 primes, low halves first. */
// biome-ignore format: a half a line is no easier to read
const INITIAL = Int32Array.of(
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
)

/** Which word of the message each half of a mix takes: one hexadecimal digit each, sixteen a round. */
const ORDER =
  '0123456789abcdef' +
  'ea489fd61c02b753' +
  'b8c052fdae367194' +
  '7931dcbe265a40f8' +
  '905724afe1bc683d' +
  '2c6a0b834d75fe19' +
  'c51fed4a0763928b' +
  'db7ec13950f4862a' +
  '6fe9b308c2d714a5' +
  'a2847615fb9e3cd0'

/**
 * BLAKE2b (RFC 7693), unkeyed. Here because HashX salts it, which no browser offers, nor any BLAKE2b at all.
 *
 * @param salt at most 16 ASCII characters
 */
export function blake2b(message: Uint8Array, digestBytes: number, salt = ''): Uint8Array {
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK_BYTES))
  const padded = new Uint8Array(BLOCK_BYTES * blocks)
  padded.set(message)

  const state = INITIAL.slice()
  const bytes = new Uint8Array(state.buffer)
  state[0]! ^= 0x01010000 ^ digestBytes
  for (let i = 0; i < salt.length; i++) bytes[32 + i]! ^= salt.charCodeAt(i)

  for (let block = 1; block <= blocks; block++) {
    const words = new Int32Array(padded.buffer, BLOCK_BYTES * (block - 1), 32)
    const v = new Int32Array(32)
    v.set(state)
    v.set(INITIAL, 16)
    v[24]! ^= Math.min(BLOCK_BYTES * block, message.length)
    if (block === blocks) {
      v[28]! ^= -1
      v[29]! ^= -1
    }
    for (let at = 0; at < 12 * 16; at += 2) mix(v, at, words)
    for (let i = 0; i < 16; i++) state[i]! ^= v[i]! ^ v[16 + i]!
  }
  return bytes.slice(0, digestBytes)
}

/** Mixes two words of the message, those at `at` in the order, into a column or a diagonal of `v`. */
function mix(v: Int32Array, at: number, words: Int32Array): void {
  const column = at >> 1
  const slant = (at >> 3) & 1
  const inRow = (row: number) => 8 * row + 2 * ((column + slant * row) & 3)
  const a = inRow(0)
  const b = inRow(1)
  const c = inRow(2)
  const d = inRow(3)
  addWord(v, a, v, b)
  addWord(v, a, words, wordAt(at))
  turn(v, d, a, 32)
  addWord(v, c, v, d)
  turn(v, b, c, 24)
  addWord(v, a, v, b)
  addWord(v, a, words, wordAt(at + 1))
  turn(v, d, a, 16)
  addWord(v, c, v, d)
  turn(v, b, c, 63)
}

/** Where the low half of that word of the message is. Rounds 11 and 12 are as 1 and 2. */
const wordAt = (at: number) => 2 * Number.parseInt(ORDER[at % ORDER.length]!, 16)

const addWord = (v: Int32Array, at: number, from: Int32Array, other: number) =>
  add(v, at, from[other]!, from[other + 1]!)

/** Takes the exclusive or with another word, and turns it right. */
function turn(v: Int32Array, at: number, other: number, by: number): void {
  let low = v[at]! ^ v[other]!
  let high = v[at + 1]! ^ v[other + 1]!
  // By 32 and more: the halves change places first.
  if (by & 32) [low, high] = [high, low]
  // In two steps, as a shift by 32 would be one by 0. The count is taken modulo 32.
  v[at] = (low >>> by) | ((high << 1) << ~by)
  v[at + 1] = (high >>> by) | ((low << 1) << ~by)
}
