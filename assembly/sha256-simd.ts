// Searches nonces for SHA-256 work, four at a time.
// The words at address 0 are the table of `src/pow/sha256/table.ts`; words 16 to 63 of four schedules follow it.

const SCHEDULE: usize = 96 * 4 - 16 * 16

@inline function table(t: usize): v128 { return v128.load32_splat(t << 2) }
@inline function word(t: usize): v128 { return v128.load(t << 4, SCHEDULE) }
@inline function setWord(t: usize, x: v128): void { v128.store(t << 4, x, SCHEDULE) }

@inline function add(x: v128, y: v128): v128 { return i32x4.add(x, y) }
@inline function xor(x: v128, y: v128): v128 { return v128.xor(x, y) }
@inline function turn(x: v128, by: i32): v128 { return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by)) }

@inline function sigma0(x: v128): v128 { return xor(xor(turn(x, 7), turn(x, 18)), i32x4.shr_u(x, 3)) }
@inline function sigma1(x: v128): v128 { return xor(xor(turn(x, 17), turn(x, 19)), i32x4.shr_u(x, 10)) }
@inline function sum0(x: v128): v128 { return xor(xor(turn(x, 2), turn(x, 13)), turn(x, 22)) }
@inline function sum1(x: v128): v128 { return xor(xor(turn(x, 6), turn(x, 11)), turn(x, 25)) }

// The schedule's word from the words before it.
@inline function expand(t: usize): void {
  setWord(t, add(add(add(sigma1(word(t - 2)), word(t - 7)), sigma0(word(t - 15))), word(t - 16)))
}

// The schedule's word and the round's constant.
@inline function key(t: usize): v128 { return add(table(t), word(t)) }

// What a round adds to `d`, less the schedule's word and the constant.
@inline function first(e: v128, f: v128, g: v128, h: v128): v128 {
  return add(add(h, sum1(e)), v128.bitselect(f, g, e))
}

// What a round adds to that for the new `a`. A bit of `a` that differs from `b` leaves the choice to `c`.
@inline function second(a: v128, b: v128, c: v128): v128 {
  return add(sum0(a), v128.bitselect(c, b, xor(a, b)))
}

/** The first of `tries` nonces from `start` on that fits, or -1. */
export function search(start: u32, tries: u32, threshold: u32): f64 {
  const limit = i32x4.splat(threshold)
  const end = start + tries
  do {
    const n = add(i32x4.splat(start), i32x4(0, 1, 2, 3))

    setWord(16, add(table(80), n))
    setWord(17, table(81))
    setWord(18, add(sigma1(word(16)), table(82)))
    setWord(19, table(83))
    setWord(20, add(sigma1(word(18)), table(84)))
    setWord(21, table(85))
    setWord(22, add(sigma1(word(20)), table(86)))
    setWord(23, add(word(16), table(87)))
    setWord(24, add(add(sigma1(word(22)), sigma0(n)), table(88)))
    setWord(25, add(add(add(sigma1(word(23)), word(18)), n), table(89)))
    setWord(26, add(sigma1(word(24)), table(90)))
    setWord(27, add(sigma1(word(25)), word(20)))
    setWord(28, add(sigma1(word(26)), table(92)))
    setWord(29, add(sigma1(word(27)), word(22)))
    setWord(30, add(add(sigma1(word(28)), word(23)), table(94)))
    setWord(31, add(add(add(sigma1(word(29)), word(24)), sigma0(word(16))), table(95)))

    let a = add(table(64), n)
    let b = table(65)
    let c = table(66)
    let d = table(67)
    let e = add(table(68), n)
    let f = table(69)
    let g = table(70)
    let h = table(71)
    // Six rounds on words that are the same for every nonce, and thus in the table.
    let x = add(first(e, f, g, h), table(10)); d = add(d, x); h = add(x, second(a, b, c))
    x = add(first(d, e, f, g), table(11)); c = add(c, x); g = add(x, second(h, a, b))
    x = add(first(c, d, e, f), table(12)); b = add(b, x); f = add(x, second(g, h, a))
    x = add(first(b, c, d, e), table(13)); a = add(a, x); e = add(x, second(f, g, h))
    x = add(first(a, b, c, d), table(14)); h = add(h, x); d = add(x, second(e, f, g))
    x = add(first(h, a, b, c), table(15)); g = add(g, x); c = add(x, second(d, e, f))
    // The schedule goes along, sixteen words ahead: the processor does both at once.
    for (let t: usize = 16; t < 48; t += 8) {
      expand(t + 16); x = add(first(g, h, a, b), key(t)); f = add(f, x); b = add(x, second(c, d, e))
      expand(t + 17); x = add(first(f, g, h, a), key(t + 1)); e = add(e, x); a = add(x, second(b, c, d))
      expand(t + 18); x = add(first(e, f, g, h), key(t + 2)); d = add(d, x); h = add(x, second(a, b, c))
      expand(t + 19); x = add(first(d, e, f, g), key(t + 3)); c = add(c, x); g = add(x, second(h, a, b))
      expand(t + 20); x = add(first(c, d, e, f), key(t + 4)); b = add(b, x); f = add(x, second(g, h, a))
      expand(t + 21); x = add(first(b, c, d, e), key(t + 5)); a = add(a, x); e = add(x, second(f, g, h))
      expand(t + 22); x = add(first(a, b, c, d), key(t + 6)); h = add(h, x); d = add(x, second(e, f, g))
      expand(t + 23); x = add(first(h, a, b, c), key(t + 7)); g = add(g, x); c = add(x, second(d, e, f))
    }
    for (let t: usize = 48; t < 64; t += 8) {
      x = add(first(g, h, a, b), key(t)); f = add(f, x); b = add(x, second(c, d, e))
      x = add(first(f, g, h, a), key(t + 1)); e = add(e, x); a = add(x, second(b, c, d))
      x = add(first(e, f, g, h), key(t + 2)); d = add(d, x); h = add(x, second(a, b, c))
      x = add(first(d, e, f, g), key(t + 3)); c = add(c, x); g = add(x, second(h, a, b))
      x = add(first(c, d, e, f), key(t + 4)); b = add(b, x); f = add(x, second(g, h, a))
      x = add(first(b, c, d, e), key(t + 5)); a = add(a, x); e = add(x, second(f, g, h))
      x = add(first(a, b, c, d), key(t + 6)); h = add(h, x); d = add(x, second(e, f, g))
      x = add(first(h, a, b, c), key(t + 7)); g = add(g, x); c = add(x, second(d, e, f))
    }

    // Two rounds past a multiple of eight, the newest word is in `c`.
    const fits = i32x4.bitmask(i32x4.le_u(add(c, i32x4.splat(0x6a09e667)), limit))
    if (fits) return f64(start) + f64(ctz(fits))
    start += 4
  } while (start != end)
  return -1
}
