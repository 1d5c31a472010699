// 64-bit words as two 32-bit halves, which is what JavaScript is fast at. In an Int32Array the low half comes first: every
// browser's memory has the bytes of a little-endian word in that order.

/** The carry out of `sum`, which is a + b. Without a comparison, that might become a branch guessed wrong half of the time. */
export const carry = (a: number, b: number, sum: number): number =>
  ((a & b) | ((a | b) & ~sum)) >>> 31

/** Adds to the word whose low half is at `at`. */
export function add(words: Int32Array, at: number, low: number, high: number): void {
  const before = words[at]!
  words[at] = before + low
  words[at + 1]! += high + carry(before, low, words[at]!)
}

/** SipHash's rounds on four words: a, b, c, d. */
export function sipRounds(words: Int32Array, rounds: number): void {
  // In variables, which stay in the processor's registers: a hash takes twelve rounds. Capitals are high halves.
  let a = words[0]!
  let A = words[1]!
  let b = words[2]!
  let B = words[3]!
  let c = words[4]!
  let C = words[5]!
  let d = words[6]!
  let D = words[7]!
  let low: number
  let high: number
  let turned: number
  for (let round = 0; round < rounds; round++) {
    low = (a + b) | 0
    high = (A + B + carry(a, b, low)) | 0
    turned = (b << 13) | (B >>> 19)
    B = ((B << 13) | (b >>> 19)) ^ high
    b = turned ^ low
    // A turn by 32 bits.
    a = high
    A = low

    low = (c + d) | 0
    C = (C + D + carry(c, d, low)) | 0
    c = low
    turned = (d << 16) | (D >>> 16)
    D = ((D << 16) | (d >>> 16)) ^ C
    d = turned ^ c

    low = (a + d) | 0
    A = (A + D + carry(a, d, low)) | 0
    a = low
    turned = (d << 21) | (D >>> 11)
    D = ((D << 21) | (d >>> 11)) ^ A
    d = turned ^ a

    low = (c + b) | 0
    high = (C + B + carry(c, b, low)) | 0
    turned = (b << 17) | (B >>> 15)
    B = ((B << 17) | (b >>> 15)) ^ high
    b = turned ^ low
    c = high
    C = low
  }
  words[0] = a
  words[1] = A
  words[2] = b
  words[3] = B
  words[4] = c
  words[5] = C
  words[6] = d
  words[7] = D
}
