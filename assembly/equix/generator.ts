// HashX's generator: a random program for a pretend processor with three ports, such that it keeps a real one busy.

import { GENERATOR_KEY, sip } from './hashx'
import { MIX, PORTS, PROGRAM, REGISTERS } from './memory'

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
const MULTIPLICATIONS = 192
const CYCLES = 192
/** The port table is a little longer, for what still runs when the last instruction is placed. */
const PORT_CYCLES = 196
const LONGEST = 194
const NO_PARAMETER = -1
const NO_SOURCE = 8

// In the order in which a free port is looked for: P5 is bit 0, P0 bit 1, P1 bit 2.
const FIRST_PORTS = memory.data<u8>([4, 4, 4, 7, 7, 6, 3, 7, 7, 7, 7])
/** For instructions of two steps; 0 for those of one. */
const SECOND_PORTS = memory.data<u8>([1, 1, 0, 0, 0, 0, 0, 0, 0, 7, 7])
const LATENCY = memory.data<u8>([4, 4, 3, 1, 1, 1, 1, 1, 1, 1, 1])
/** Subtracting counts as adding where repetitions are avoided. */
const GROUP = memory.data<u8>([0, 1, 2, 5, 4, 5, 6, 7, 8, 9, 10])

/** What each of 36 slots in turn asks for: an instruction, `WIDE`, or `ANY`. */
const WIDE: u8 = 11
const ANY: u8 = 12
// prettier-ignore
const LAYOUT = memory.data<u8>([
  MUL, TARGET, ANY, MUL, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY,
  WIDE, ANY, ANY, MUL, ANY, ANY, MUL, BRANCH, ANY, MUL, ANY, ANY,
  WIDE, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY, MUL, ANY, ANY,
])
const CHOICES = memory.data<u8>([ROR_C, XOR_C, ADD_C, ADD_C, SUB, XOR, XOR_C, ADD_RS])

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
  return (bytes as i32) & 255
}

function random32(): i32 {
  halfLeft = !halfLeft
  if (halfLeft) halves = random64()
  halves = rotl(halves, 32)
  return halves as i32
}

// What is being placed, and when at the earliest.
let op: u8 = 0
let immediate: i32 = 0
let parameter: i32 = 0
let source: i32 = 0
let attempt: i32 = 0

/** The first cycle from `cycle` on in which one of these ports is free; `PORT_CYCLES` if there is none. */
function freeCycle(ports: i32, cycle: i32): i32 {
  while (cycle < PORT_CYCLES && !(ports & ~load<u8>(PORTS + cycle))) cycle++
  return cycle
}

/** The first cycle from `cycle` on in which both steps can be done, each by itself; `PORT_CYCLES` if there is none. */
function placeFor(cycle: i32): i32 {
  const second = load<u8>(SECOND_PORTS + op)
  for (; cycle < PORT_CYCLES; cycle++) {
    const one = freeCycle(load<u8>(FIRST_PORTS + op), cycle)
    if (!second || one == freeCycle(second, cycle)) return one
  }
  return cycle
}

function reserve(ports: i32, cycle: i32): void {
  const at = PORTS + freeCycle(ports, cycle)
  const free = ports & ~load<u8>(at)
  store<u8>(at, load<u8>(at) | (free & -free))
}

@inline function register(i: i32): usize {
  return REGISTERS + i * 16
}

/** A register that can be had by then; −1 if there is none. */
function choose(cycle: i32, destination: bool): i32 {
  let found = 0
  let count = 0
  for (let i = 0; i < 8; i++) {
    const at = register(i)
    if (load<i32>(at) > cycle) continue
    if (destination) {
      const group = load<u8>(GROUP + op)
      const last = load<i32>(at, 4)
      if (op > SMULH && i == source) continue
      if (op == MUL && !attempt && last == MUL) continue
      if (last == group && load<i32>(at, 8) == parameter) continue
      if (op == ADD_RS && i == 5) continue
    }
    found |= i << (3 * count++)
  }
  if (!count) return -1
  // Register 5 cannot be added to, so it is the one to be added.
  if (!destination && count == 2 && op == ADD_RS && ((found & 7) == 5 || found >> 3 == 5)) return 5
  return count == 1 ? found : (found >> (3 * ((random32() as u32) % (count as u32)))) & 7
}

function draw(slot: i32, lastGroup: i32): void {
  op = load<u8>(LAYOUT + slot)
  if (op == WIDE) op = random8() & 1 ? UMULH : SMULH
  else if (op == ANY)
    do op = load<u8>(CHOICES + (random8() & (attempt ? 3 : 7)))
    while (load<u8>(GROUP + op) == lastGroup)

  parameter = NO_PARAMETER
  if (op == BRANCH) {
    immediate = 0
    while (popcnt(immediate) < 4) immediate |= 1 << (random8() & 31)
  } else if (op == ADD_RS) immediate = random32() & 3
  else if (op >= ROR_C && op <= XOR_C)
    do immediate = random32() & (op == ROR_C ? 63 : -1)
    while (!immediate)
  else if (op <= SMULH) parameter = random32()
}

/** Writes the program of the key at `GENERATOR_KEY`. False if it is not valid: then there is no such hash function. */
export function generate(): bool {
  memory.fill(PORTS, 0, PORT_CYCLES)
  memory.fill(REGISTERS, 255, 128)
  for (let i = 0; i < 8; i++) store<i32>(register(i), 0)
  counter = 0
  bytesLeft = 0
  halfLeft = false
  attempt = 0
  let sub = 0
  let lastGroup = -1
  let longest = 0
  let multiplications = 0
  let to = PROGRAM

  while (to < PROGRAM + INSTRUCTIONS * 8) {
    draw(sub % 36, lastGroup)
    lastGroup = load<u8>(GROUP + op)
    const cycle = placeFor(sub / 3)
    if (cycle == PORT_CYCLES) return false

    let target = 0
    source = NO_SOURCE
    if (op <= ADD_RS) {
      source = choose(cycle, false)
      if (op >= MUL) parameter = source
    }
    if (source >= 0 && op < TARGET) target = choose(cycle, true)
    if (source < 0 || target < 0) {
      if (attempt) sub += 3
      attempt ^= 1
      continue
    }
    attempt = 0
    reserve(load<u8>(FIRST_PORTS + op), cycle)
    const second = load<u8>(SECOND_PORTS + op)
    if (second) reserve(second, cycle)
    if (cycle >= CYCLES) return false

    if (op < TARGET) {
      const ready = cycle + load<u8>(LATENCY + op)
      const at = register(target)
      store<i32>(at, ready)
      store<i32>(at, load<u8>(GROUP + op), 4)
      store<i32>(at, parameter, 8)
      longest = max(longest, ready)
    }
    store<u8>(to, op)
    store<u8>(to, target, 1)
    store<u8>(to, source, 2)
    store<i32>(to, immediate, 4)
    to += 8
    if (op <= MUL) multiplications++
    sub += second ? 2 : 1
  }
  return multiplications == MULTIPLICATIONS && longest == LONGEST
}
