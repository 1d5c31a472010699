// Searches nonces for SHA-256 work, one at a time: for where there is no SIMD.
// The words at address 0 are the table of `src/pow/sha256/table.ts`; words 16 to 63 of the schedule follow it.

const SCHEDULE: usize = 96 * 4 - 16 * 4

@inline function table(t: usize): i32 { return load<i32>(t << 2) }
@inline function word(t: usize): i32 { return load<i32>(t << 2, SCHEDULE) }
@inline function setWord(t: usize, x: i32): void { store<i32>(t << 2, x, SCHEDULE) }

@inline function sigma0(x: i32): i32 { return rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3) }
@inline function sigma1(x: i32): i32 { return rotr(x, 17) ^ rotr(x, 19) ^ (x >>> 10) }
@inline function sum0(x: i32): i32 { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22) }
@inline function sum1(x: i32): i32 { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25) }

// The schedule's word from the words before it.
@inline function expand(t: usize): void {
  setWord(t, sigma1(word(t - 2)) + word(t - 7) + sigma0(word(t - 15)) + word(t - 16))
}

// The schedule's word and the round's constant.
@inline function key(t: usize): i32 { return table(t) + word(t) }

// What a round adds to `d`, less the schedule's word and the constant.
@inline function first(e: i32, f: i32, g: i32, h: i32): i32 { return h + sum1(e) + (g ^ (e & (f ^ g))) }

// What a round adds to that for the new `a`.
@inline function second(a: i32, b: i32, c: i32): i32 { return sum0(a) + ((a & b) | (c & (a | b))) }

/** The first of `tries` nonces from `start` on that fits, or -1. */
export function search(start: u32, tries: u32, threshold: u32): f64 {
  const end = start + tries
  do {
    const n = <i32>start

    setWord(16, table(80) + n)
    setWord(17, table(81))
    setWord(18, sigma1(word(16)) + table(82))
    setWord(19, table(83))
    setWord(20, sigma1(word(18)) + table(84))
    setWord(21, table(85))
    setWord(22, sigma1(word(20)) + table(86))
    setWord(23, word(16) + table(87))
    setWord(24, sigma1(word(22)) + sigma0(n) + table(88))
    setWord(25, sigma1(word(23)) + word(18) + n + table(89))
    setWord(26, sigma1(word(24)) + table(90))
    setWord(27, sigma1(word(25)) + word(20))
    setWord(28, sigma1(word(26)) + table(92))
    setWord(29, sigma1(word(27)) + word(22))
    setWord(30, sigma1(word(28)) + word(23) + table(94))
    setWord(31, sigma1(word(29)) + word(24) + sigma0(word(16)) + table(95))
    for (let t: usize = 32; t < 64; t++) expand(t)

    let a = table(64) + n
    let b = table(65)
    let c = table(66)
    let d = table(67)
    let e = table(68) + n
    let f = table(69)
    let g = table(70)
    let h = table(71)
    // Six rounds on words that are the same for every nonce, and thus in the table.
    let x = first(e, f, g, h) + table(10); d += x; h = x + second(a, b, c)
    x = first(d, e, f, g) + table(11); c += x; g = x + second(h, a, b)
    x = first(c, d, e, f) + table(12); b += x; f = x + second(g, h, a)
    x = first(b, c, d, e) + table(13); a += x; e = x + second(f, g, h)
    x = first(a, b, c, d) + table(14); h += x; d = x + second(e, f, g)
    x = first(h, a, b, c) + table(15); g += x; c = x + second(d, e, f)
    for (let t: usize = 16; t < 64; t += 8) {
      x = first(g, h, a, b) + key(t); f += x; b = x + second(c, d, e)
      x = first(f, g, h, a) + key(t + 1); e += x; a = x + second(b, c, d)
      x = first(e, f, g, h) + key(t + 2); d += x; h = x + second(a, b, c)
      x = first(d, e, f, g) + key(t + 3); c += x; g = x + second(h, a, b)
      x = first(c, d, e, f) + key(t + 4); b += x; f = x + second(g, h, a)
      x = first(b, c, d, e) + key(t + 5); a += x; e = x + second(f, g, h)
      x = first(a, b, c, d) + key(t + 6); h += x; d = x + second(e, f, g)
      x = first(h, a, b, c) + key(t + 7); g += x; c = x + second(d, e, f)
    }

    // Two rounds past a multiple of eight, the newest word is in `c`.
    if (<u32>(c + 0x6a09e667) <= threshold) return f64(start)
  } while (++start != end)
  return -1
}
