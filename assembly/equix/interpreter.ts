// Runs a program as it stands, for those who need few hashes of it.

import { ADD_C, ADD_RS, BRANCH, INSTRUCTIONS, MUL, ROR_C, SMULH, SUB, TARGET, XOR, XOR_C } from './generator'
import { PROGRAM } from './memory'

/** Runs the program on the registers at this address. */
export function interpret(registers: usize): void {
  let result: i32 = 0
  let target: usize = PROGRAM
  let taken = false
  for (let i: usize = PROGRAM; i < PROGRAM + INSTRUCTIONS * 8; i += 8) {
    const op = load<u8>(i)
    const to = registers + ((load<u8>(i, 1) as usize) << 3)
    const immediate = load<i32>(i, 4)
    if (op >= TARGET) {
      if (op == TARGET) target = i
      else if (!taken && !(result & immediate)) {
        taken = true
        i = target
      }
      continue
    }
    const a = load<u64>(to)
    const b = load<u64>(registers + ((load<u8>(i, 2) as usize) << 3))
    const c = immediate as i64 as u64
    let value: u64
    switch (op) {
      case MUL: value = a * b; break
      case SUB: value = a - b; break
      case XOR: value = a ^ b; break
      case ADD_RS: value = a + (b << c); break
      case ROR_C: value = rotr(a, c); break
      case ADD_C: value = a + c; break
      case XOR_C: value = a ^ c; break
      default: {
        value = highProduct(a, b)
        // As a signed product: what the two's complements stand for more.
        if (op == SMULH) value -= ((a as i64) < 0 ? b : 0) + ((b as i64) < 0 ? a : 0)
        result = value as i32
      }
    }
    store<u64>(to, value)
  }
}

/** The high half of a product, from four products of halves (Warren, Hacker's Delight, 8-2). */
function highProduct(a: u64, b: u64): u64 {
  const low = a & 0xffffffff
  const lowOther = b & 0xffffffff
  const high = a >> 32
  const highOther = b >> 32
  const middle = high * lowOther + ((low * lowOther) >> 32)
  return high * highOther + (middle >> 32) + ((low * highOther + (middle & 0xffffffff)) >> 32)
}
