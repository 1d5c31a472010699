/**
 * Words of the table that every engine reads: all of a sub-puzzle that does not depend on the nonce.
 *
 * | words | hold |
 * | --- | --- |
 * | 10 to 15 | round constants plus the message's words, which are the same for every nonce |
 * | 16 to 63 | round constants |
 * | 64 to 71 | the state after ten rounds, as if the nonce were 0; the nonce itself is to be added to the words for `a` and `e` |
 * | 80 to 95 | of the schedule's words 16 to 31, the part that is the same for every nonce |
 */
export const TABLE_WORDS = 96

/** SHA-256's round constants: the fractions of the cube roots of the first 64 primes. */
const ROUND = new Int32Array(64)
/** SHA-256's first state: the fractions of the square roots of the first 8 primes. */
export const INITIAL = new Int32Array(8)

// Computed, because digits do not compress: 32 bits of fraction are well within a double.
for (let prime = 2, found = 0; found < 64; prime++) {
  let divisor = 2
  while (prime % divisor) divisor++
  if (divisor < prime) continue
  if (found < 8) INITIAL[found] = (prime ** 0.5 % 1) * 2 ** 32
  ROUND[found++] = (prime ** (1 / 3) % 1) * 2 ** 32
}

/** The message is seed, sub-puzzle, nonce, and padding: 40 bytes are 320 bits. */
const NONCE_AT = 9
const MESSAGE_BITS = 320

/** Fills an engine's table for sub-puzzle `s`. */
export function fillTable(table: Int32Array, seed: Int32Array, s: number): void {
  const w = new Int32Array(32)
  w.set(seed)
  w[8] = s
  w[10] = 1 << 31
  w[15] = MESSAGE_BITS
  // What depends on the nonce counts as 0 here: both σ(0) = 0 and adding 0 leave the constant part.
  for (let t = 16; t < 32; t++) {
    const part = expand(w, t)
    table[64 + t] = part
    if (t === 17 || t === 19 || t === 21) w[t] = part
  }
  const state = INITIAL.slice()
  rounds(state, w, 0, NONCE_AT + 1)
  table.set(ROUND)
  for (let t = 10; t < 16; t++) table[t]! += w[t]!
  table.set(state, 64)
}

/** Word `t` of the schedule, from the words before it. */
export function expand(w: Int32Array, t: number): number {
  const x = w[t - 15]!
  const y = w[t - 2]!
  const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
  const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
  return (s1 + w[t - 7]! + s0 + w[t - 16]!) | 0
}

/** Runs the rounds `from` to `to`, without the latter. */
export function rounds(state: Int32Array, w: Int32Array, from: number, to: number): void {
  for (let t = from; t < to; t++) {
    const [a, b, c, , e, f, g, h] = state as unknown as Eight
    const sum1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const sum0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const t1 = h + sum1 + (g ^ (e & (f ^ g))) + ROUND[t]! + w[t]!
    // a becomes b, and so on to g; then what was d, and now is e, takes its share.
    state.copyWithin(1, 0, 7)
    state[4]! += t1
    state[0] = t1 + sum0 + ((a & b) | (c & (a | b)))
  }
}

type Eight = [number, number, number, number, number, number, number, number]

const turn = (x: number, by: number) => (x >>> by) | (x << (32 - by))
