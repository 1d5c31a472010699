// Turns a program into a WebAssembly module of one function, which runs it on registers in memory.

import { ADD_C, ADD_RS, BRANCH, INSTRUCTIONS, ROR_C, SMULH, TARGET, XOR_C } from './generator'
import { CODE, PROGRAM } from './memory'

// Locals: the address and where it ends, then the registers, three for high products, and two for branches.
const REGISTER: u8 = 2
const LOW: u8 = 10
const LOW_OTHER: u8 = 11
const HIGH: u8 = 12
const RESULT: u8 = 13
const TAKEN: u8 = 14

// Stand for what differs from place to place in the templates below.
const DESTINATION: u8 = 0xf0
const SOURCE: u8 = 0xf1
const SHIFT: u8 = 0xf2
/** Ends a template. */
const DONE: u8 = 0xff

const SHR_S: u8 = 0x87
const SHR_U: u8 = 0x88

// prettier-ignore
const HEADER = memory.data<u8>([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 2, 0x7f, 0x7f, 0, // (address, end) → ()
  2, 6, 1, 0, 0, 2, 0, 0, // the memory, under empty names
  3, 2, 1, 0,
  7, 4, 1, 0, 0, 0, // the function, likewise
  10, DONE,
])

// Two lengths, in three bytes each, come before this.
// prettier-ignore
const BEGIN = memory.data<u8>([
  2, 11, 0x7e, 2, 0x7f, // eleven locals of 64 bits and two of 32
  3, 0x40, // the loop over the batch
  2, 0x40, 0x20, 0, 0x41, 0, 0x48, 0x0d, 0, // below address 0 there is nothing to do
  0x41, 0, 0x22, RESULT, 0x21, TAKEN, DONE,
])

// prettier-ignore
const END = memory.data<u8>([
  0x0b, 0x20, 0, 0x41, 0xc0, 0, 0x6a, 0x22, 0, 0x20, 1, 0x48, 0x0d, 0, // 64 bytes further, unless that is the end
  0x0b, 0x0b, DONE,
])

/**
 * The high half of a product of 64 bits, from four products of 32 (Warren, Hacker's Delight, 8-2). With signed shifts
 * it is the signed one.
 */
// prettier-ignore
const WIDE = memory.data<u8>([
  0x20, DESTINATION, 0xa7, 0xad, 0x22, LOW,
  0x20, SOURCE, 0xa7, 0xad, 0x22, LOW_OTHER, 0x7e, 0x42, 32, SHR_U,
  0x20, DESTINATION, 0x42, 32, SHIFT, 0x22, HIGH, 0x20, LOW_OTHER, 0x7e, 0x7c, 0x22, LOW_OTHER, 0xa7, 0xad,
  0x20, LOW, 0x20, SOURCE, 0x42, 32, SHIFT, 0x22, LOW, 0x7e, 0x7c, 0x42, 32, SHIFT,
  0x20, HIGH, 0x20, LOW, 0x7e, 0x7c,
  0x20, LOW_OTHER, 0x42, 32, SHIFT, 0x7c,
  0x22, DESTINATION, 0xa7, 0x21, RESULT, DONE,
])

/** `result & mask | taken`, and if that is zero: taken = −1, and back to the target. */
// prettier-ignore
const BRANCH_FIRST = memory.data<u8>([0x20, RESULT, 0x41, DONE])
// prettier-ignore
const BRANCH_REST = memory.data<u8>([
  0x71, 0x20, TAKEN, 0x72, 0x45, 4, 0x40, 0x41, 0x7f, 0x21, TAKEN, 0x0c, 1, 0x0b, DONE,
])

/** Of the instructions from UMULH to XOR_C; the first two have a template of their own. */
const OPERATOR = memory.data<u8>([0, 0, 0x7e, 0x7d, 0x85, 0x7c, 0x8a, 0x7c, 0x85])

let at: usize = 0

function put(byte: i32): void {
  store<u8>(at++, byte)
}

function putAll(template: usize, destination: u8 = 0, source: u8 = 0, shift: u8 = 0): void {
  for (;;) {
    let byte = load<u8>(template++)
    if (byte == DONE) return
    if (byte == DESTINATION) byte = destination
    if (byte == SOURCE) byte = source
    if (byte == SHIFT) byte = shift
    put(byte)
  }
}

/** A signed number in LEB128. */
function putNumber(value: i32): void {
  while (value < -64 || value > 63) {
    put((value & 127) | 128)
    value >>= 7
  }
  put(value & 127)
}

/** A length of three bytes in LEB128, of what goes from here to the end. */
function putLength(from: usize): void {
  const bytes = at - from - 3
  store<u16>(from, (bytes & 127) | ((bytes & 0x3f80) << 1) | 0x8080)
  store<u8>(from, bytes >> 14, 2)
}

function putMemory(operator: i32, registerFirst: bool): void {
  for (let i = 0; i < 8; i++) {
    put(0x20)
    put(0)
    if (registerFirst) {
      put(0x20)
      put(REGISTER + i)
    }
    put(operator)
    put(3)
    put(i * 8)
    if (!registerFirst) {
      put(0x21)
      put(REGISTER + i)
    }
  }
}

/** True if a branch comes back to the target before this place: no other target stands between. */
function branchAhead(instruction: usize): bool {
  while ((instruction += 8) < PROGRAM + INSTRUCTIONS * 8) {
    const op = load<u8>(instruction)
    if (op >= TARGET) return op == BRANCH
  }
  return false
}

function putInstruction(instruction: usize): void {
  const op = load<u8>(instruction)
  const destination = REGISTER + load<u8>(instruction, 1)
  const source = REGISTER + load<u8>(instruction, 2)
  const immediate = load<i32>(instruction, 4)
  if (op <= SMULH) putAll(WIDE, destination, source, op ? SHR_S : SHR_U)
  else if (op <= XOR_C) {
    put(0x20)
    put(destination)
    if (op <= ADD_RS) {
      put(0x20)
      put(source)
    }
    if (op >= ADD_RS) {
      put(0x42)
      putNumber(immediate)
    }
    if (op == ADD_RS) put(0x86)
    put(load<u8>(OPERATOR + op))
    put(0x21)
    put(destination)
  } else if (op == BRANCH) {
    putAll(BRANCH_FIRST)
    putNumber(immediate)
    putAll(BRANCH_REST)
  }
}

/** Writes the module to `CODE`. Returns how many bytes it has. */
export function emit(): usize {
  at = CODE
  putAll(HEADER)
  const section = at
  at += 3
  put(1)
  const body = at
  at += 3
  putAll(BEGIN)
  putMemory(0x29, false)
  let open = false
  for (let i: usize = PROGRAM; i < PROGRAM + INSTRUCTIONS * 8; i += 8) {
    const ahead = branchAhead(i)
    if (load<u8>(i) == TARGET && ahead) {
      // A loop is where one can go back to.
      put(0x03)
      put(0x40)
      open = true
    }
    putInstruction(i)
    if (load<u8>(i) == BRANCH && !ahead) {
      put(0x0b)
      open = false
    }
  }
  putMemory(0x37, true)
  putAll(END)
  putLength(body)
  putLength(section)
  return at - CODE
}
