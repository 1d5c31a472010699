// HashX's generator: a random program for a pretend processor with three ports, such that it keeps a real one busy.
//
// The rules, and the order of the draws, are HashX's. Two rules are left out, because with this layout they change nothing.
// Ports of the processor: whatever the three steps of a cycle hold, each finds its ports free in that very cycle. And what
// a whole program must have: once a step is given up, 512 instructions no longer fit into the cycles that there are; and
// where none is, the program has all of it.

import { GENERATOR_KEY, sip } from './hashx'
import { MIX, PROGRAM, REGISTERS } from './memory'

export const UMULH: u8 = 0
export const SMULH: u8 = 1
export const MUL: u8 = 2
export const SUB: u8 = 3
export const XOR: u8 = 4
export const ADD_RS: u8 = 5
export const ROR_C: u8 = 6
export const ADD_C: u8 = 7
export const XOR_C: u8 = 8
export const TARGET: u8 = 9
export const BRANCH: u8 = 10

export const INSTRUCTIONS = 512

/** What each of 36 steps in turn asks for: an instruction, `WIDE`, or `ANY`. Three steps are a cycle. */
const WIDE: u8 = 11
const ANY: u8 = 12
// prettier-ignore
const LAYOUT = memory.data<u8>([
  MUL, TARGET, ANY, MUL, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY,
  WIDE, ANY, ANY, MUL, ANY, ANY, MUL, BRANCH, ANY, MUL, ANY, ANY,
  WIDE, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY,
])
const CHOICES = memory.data<u8>([ROR_C, XOR_C, ADD_C, ADD_C, SUB, XOR, XOR_C, ADD_RS])

const NO_PARAMETER = -1
const NO_SOURCE = 8

// Two buffers of random bits on one counter.
let counter: u64 = 0
let bytes: u64 = 0
let bytesLeft: i32 = 0
let halves: u64 = 0
let halfLeft: bool = false

function random64(): u64 {
  sip(GENERATOR_KEY, MIX, 4, counter++, 0, 1, 0xff)
  return load<u64>(MIX) ^ load<u64>(MIX, 8) ^ load<u64>(MIX, 16) ^ load<u64>(MIX, 24)
}

function random8(): i32 {
  if (!bytesLeft) {
    bytes = random64()
    bytesLeft = 8
  }
  bytesLeft--
  bytes = rotl(bytes, 8)
  return bytes as i32
}

function random32(): i32 {
  halfLeft = !halfLeft
  if (halfLeft) halves = random64()
  halves = rotl(halves, 32)
  return halves as i32
}

// The instruction that registers are looked for.
let op: u8 = 0
let immediate: i32 = 0
let parameter: i32 = 0
let source: i32 = 0
/** It is another one in the place of one that found none. */
let again: bool = false

/** Subtracting counts as adding where repetitions are avoided. */
@inline function group(): u8 {
  return op == SUB ? ADD_RS : op
}

function draw(step: i32, lastGroup: u8): void {
  op = load<u8>(LAYOUT + (step % 36))
  if (op == WIDE) op = random8() & 1 ? UMULH : SMULH
  else if (op == ANY)
    do op = load<u8>(CHOICES + (random8() & (again ? 3 : 7)))
    while (group() == lastGroup)

  parameter = NO_PARAMETER
  if (op == BRANCH) {
    immediate = 0
    while (popcnt(immediate) < 4) immediate |= 1 << random8()
  } else if (op == ADD_RS) immediate = random32() & 3
  else if (op > ADD_RS && op < TARGET)
    do immediate = random32() & (op == ROR_C ? 63 : -1)
    while (!immediate)
  else if (op <= SMULH) parameter = random32()
}

/** What is known of a register: when it is ready, the group of the last instruction that wrote to it, and its parameter. */
@inline function register(i: i32): usize {
  return REGISTERS + i * 16
}

/** A register that is ready in this cycle and may be read, or written to; −1 if there is none. */
function choose(cycle: i32, written: bool): i32 {
  let found = 0
  let count = 0
  for (let i = 0; i < 8; i++) {
    const at = register(i)
    if (load<i32>(at) > cycle) continue
    if (written) {
      const last = load<i32>(at, 4)
      if (op > SMULH && i == source) continue
      if (op == MUL && !again && last == MUL) continue
      if (last == group() && load<i32>(at, 8) == parameter) continue
      if (op == ADD_RS && i == 5) continue
    }
    found |= i << (3 * count++)
  }
  if (!count) return -1
  // Register 5 cannot be added to, so it is the one to be added.
  if (!written && count == 2 && op == ADD_RS && ((found & 7) == 5 || found >> 3 == 5)) return 5
  return count == 1 ? found : (found >> (3 * ((random32() as u32) % (count as u32)))) & 7
}

/** Writes the program of the key at `GENERATOR_KEY`. False if it is not valid: then there is no such hash function. */
export function generate(): bool {
  for (let i = 0; i < 8; i++) {
    store<i32>(register(i), 0)
    store<i32>(register(i), -1, 4)
  }
  counter = 0
  bytesLeft = 0
  halfLeft = false
  again = false
  let step = 0
  let lastGroup: u8 = 255
  let to = PROGRAM

  do {
    draw(step, lastGroup)
    lastGroup = group()
    const cycle = step / 3
    let destination = 0
    source = NO_SOURCE
    if (op <= ADD_RS) {
      source = choose(cycle, false)
      if (op >= MUL) parameter = source
    }
    if (source >= 0 && op < TARGET) destination = choose(cycle, true)
    if (source < 0 || destination < 0) {
      // Another instruction may find registers that fit. If not, this step would be given up.
      if (again) return false
      again = true
      continue
    }
    again = false

    if (op < TARGET) {
      const at = register(destination)
      store<i32>(at, cycle + (op <= SMULH ? 4 : op == MUL ? 3 : 1))
      store<i32>(at, lastGroup, 4)
      store<i32>(at, parameter, 8)
    }
    store<u8>(to, op)
    store<u8>(to, destination, 1)
    store<u8>(to, source, 2)
    store<i32>(to, immediate, 4)
    to += 8
    step += op <= SMULH || op >= TARGET ? 2 : 1
  } while (to < PROGRAM + INSTRUCTIONS * 8)
  return true
}
