import { carry } from './halves.ts'

/**
 * An operation on many inputs at once: what it does to register `d`, by register `s` or by a constant. A register is
 * two columns, of low halves and of high halves, with a lane for each input. Both may be the same register.
 */
type Operation = (
  lanes: number,
  d: Int32Array,
  dHigh: Int32Array,
  s: Int32Array,
  sHigh: Int32Array,
  immediate: number,
) => void

/** Every operation on registers, in the order of their numbers in `program.ts`. */
export const OPERATIONS: readonly Operation[] = [
  // UMULH and SMULH
  (lanes, d, dHigh, s, sHigh) => multiplyHigh(lanes, d, dHigh, s, sHigh, 0),
  (lanes, d, dHigh, s, sHigh) => multiplyHigh(lanes, d, dHigh, s, sHigh, 1),

  // MUL
  (lanes, d, dHigh, s, sHigh) => {
    for (let i = 0; i < lanes; i++) {
      const a = d[i]!
      const b = s[i]!
      const low = Math.imul(a, b)
      // As `above`, but rounded in the way that is faster for what is not negative and becomes an integer at once.
      const upper = (((a >>> 0) * (b >>> 0) - (low >>> 0)) / 2 ** 32 + 0.5) | 0
      dHigh[i] = upper + Math.imul(a, sHigh[i]!) + Math.imul(dHigh[i]!, b)
      d[i] = low
    }
  },

  // SUB
  (lanes, d, dHigh, s, sHigh) => {
    for (let i = 0; i < lanes; i++) {
      const a = d[i]!
      const b = s[i]!
      const low = (a - b) | 0
      // As a = (a − b) + b, it borrows where this sum carries.
      dHigh[i]! -= sHigh[i]! + carry(low, b, a)
      d[i] = low
    }
  },

  // XOR
  (lanes, d, dHigh, s, sHigh) => {
    for (let i = 0; i < lanes; i++) {
      d[i]! ^= s[i]!
      dHigh[i]! ^= sHigh[i]!
    }
  },

  // ADD_RS
  (lanes, d, dHigh, s, sHigh, by) => {
    for (let i = 0; i < lanes; i++) {
      const a = d[i]!
      const b = s[i]! << by
      const low = (a + b) | 0
      // In two steps, because a shift by 32 would be one by 0; and a count is taken modulo 32.
      dHigh[i]! += (sHigh[i]! << by) + ((s[i]! >>> 1) >>> ~by) + carry(a, b, low)
      d[i] = low
    }
  },

  // ROR_C
  (lanes, d, dHigh, _s, _sHigh, by) => {
    // By 32 and more, the halves change places.
    const [low, high] = by & 32 ? [dHigh, d] : [d, dHigh]
    for (let i = 0; i < lanes; i++) {
      const a = low[i]!
      const b = high[i]!
      d[i] = (a >>> by) | ((b << 1) << ~by)
      dHigh[i] = (b >>> by) | ((a << 1) << ~by)
    }
  },

  // ADD_C
  (lanes, d, dHigh, _s, _sHigh, constant) => {
    const high = constant >> 31
    for (let i = 0; i < lanes; i++) {
      const a = d[i]!
      const low = (a + constant) | 0
      dHigh[i]! += high + carry(a, constant, low)
      d[i] = low
    }
  },

  // XOR_C
  (lanes, d, dHigh, _s, _sHigh, constant) => {
    const high = constant >> 31
    for (let i = 0; i < lanes; i++) {
      d[i]! ^= constant
      dHigh[i]! ^= high
    }
  },
]

function multiplyHigh(
  lanes: number,
  d: Int32Array,
  dHigh: Int32Array,
  s: Int32Array,
  sHigh: Int32Array,
  signed: number,
): void {
  for (let i = 0; i < lanes; i++) {
    const a = d[i]!
    const A = dHigh[i]!
    const b = s[i]!
    const B = sHigh[i]!
    const x = a >>> 0
    const X = signed ? A : A >>> 0
    const y = b >>> 0
    const Y = signed ? B : B >>> 0
    const first = above(x * y, Math.imul(a, b))
    const second = above(x * Y + X * y + first, Math.imul(a, B) + Math.imul(A, b) + first)
    const low = Math.imul(A, B) + second
    dHigh[i] = above(X * Y + second, low)
    d[i] = low
  }
}

/**
 * What is above the low 32 bits of a whole number, exactly. Doubles have 53 bits of a product and `Math.imul` the lowest
 * 32: together they have them all, in fewer steps than four products of 16-bit pieces.
 *
 * @param nearly the number, off by less than 2³¹
 * @param low its low 32 bits, or a whole number that ends in them
 */
const above = (nearly: number, low: number) =>
  (nearly - (low >>> 0) + ROUNDING - ROUNDING) / 2 ** 32

/** Added and subtracted again, it rounds to a multiple of 2³²: a double's last bit is worth that much there. */
const ROUNDING = 1.5 * 2 ** 84
