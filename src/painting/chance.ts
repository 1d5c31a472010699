import type { Random } from '../core/random.ts'

const DRAWN_BYTES = 4096

/** Chance in the forms that painting needs. Every draw is the source's own, so no picture foretells another. */
export interface Chance {
  /** 0 ≤ n < 1. */
  part(): number
  between(from: number, to: number): number
  /** A whole number, `from` ≤ n < `to`. */
  integer(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  /** True this often. */
  happens(probability: number): boolean
}

/** Draws from `random` in bulk: a picture needs some thousand numbers. */
export function chanceFrom(random: Random): Chance {
  let drawn: DataView = new DataView(new ArrayBuffer(0))
  let at = 0

  function part() {
    if (at + 4 > drawn.byteLength) {
      const bytes = random.bytes(DRAWN_BYTES)
      drawn = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      at = 0
    }
    at += 4
    return drawn.getUint32(at - 4) / 2 ** 32
  }
  const integer = (from: number, to: number) => from + Math.floor(part() * (to - from))

  return {
    part,
    integer,
    between: (from, to) => from + part() * (to - from),
    pick: (items) => items[integer(0, items.length)]!,
    happens: (probability) => part() < probability,
  }
}
