import {
  ADD_C,
  ADD_RS,
  BRANCH,
  LENGTH,
  MUL,
  type Program,
  ROR_C,
  SMULH,
  SUB,
  TARGET,
  UMULH,
  XOR,
  XOR_C,
} from './program.ts'
import { randomness } from './randomness.ts'

/**
 * What comes when, again and again: MUL, TARGET and BRANCH by their first letters, a wide multiplication, or any of those
 * below. All but MUL and those take two steps, and so the letter after them is passed over. Three steps are a cycle.
 */
const LAYOUT = 'MTaMaaMaaMaaWaaMaaMBaMaaWaaMaaMaaMaa'
const ANYTHING = [ROR_C, XOR_C, ADD_C, ADD_C, SUB, XOR, XOR_C, ADD_RS]

const REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7]
/** No group, no parameter, no register that fits. */
const NONE = -1

interface Operands {
  source: number
  destination: number
  /** What tells an operation on the destination from another of its group: the source, or chance. */
  parameter: number
}

/**
 * Makes the program of a key: eight 64-bit words, as halves. Null where it is not valid.
 *
 * The rules, and the order of the draws, are HashX's. Two rules are left out, because with this layout they change nothing.
 * Ports of the processor: whatever the three steps of a cycle hold, each finds its ports free in that very cycle. And what
 * a whole program must have: once a step is given up, 512 instructions no longer fit into the cycles that there are; and
 * where none is, the program has all of it.
 */
export function generate(key: Int32Array): Program | null {
  const draws = randomness(key.subarray(0, 8))
  const draw8 = draws(8)
  const draw32 = draws(32)
  const program: Program = {
    operations: new Uint8Array(LENGTH),
    destinations: new Uint8Array(LENGTH),
    sources: new Uint8Array(LENGTH),
    immediates: new Int32Array(LENGTH),
    registerKey: key.slice(8),
  }

  const readyAt = new Uint8Array(8)
  const lastGroup = new Int8Array(8).fill(NONE)
  const lastParameter = new Int32Array(8).fill(NONE)
  let group = NONE
  let step = 0
  let again = false

  for (let at = 0; at < LENGTH; ) {
    const cycle = Math.floor(step / 3)
    const operation = chooseOperation()
    group = groupOf(operation)
    const immediate = drawImmediate(operation)
    const operands = chooseOperands(operation, cycle)
    if (!operands) {
      // Another operation may find registers that fit. If not, this step would be given up.
      if (again) return null
      again = true
      continue
    }
    again = false

    const { source, destination, parameter } = operands
    if (operation < TARGET) {
      readyAt[destination] = cycle + (operation <= SMULH ? 4 : operation === MUL ? 3 : 1)
      lastGroup[destination] = group
      lastParameter[destination] = parameter
    }
    program.operations[at] = operation
    program.destinations[at] = destination
    program.sources[at] = source
    program.immediates[at++] = immediate
    step += operation <= SMULH || operation >= TARGET ? 2 : 1
  }
  return program

  function chooseOperation(): number {
    const slot = LAYOUT[step % LAYOUT.length]
    if (slot === 'M') return MUL
    if (slot === 'T') return TARGET
    if (slot === 'B') return BRANCH
    if (slot === 'W') return draw8() & 1 ? UMULH : SMULH
    let operation: number
    do operation = ANYTHING[draw8() & (again ? 3 : 7)]!
    while (groupOf(operation) === group)
    return operation
  }

  function drawImmediate(operation: number): number {
    let immediate = 0
    if (operation === ADD_RS) immediate = draw32() & 3
    else if (operation === BRANCH) {
      for (let bits = 0; bits < 4; ) {
        const bit = 1 << draw8()
        if (!(immediate & bit)) bits++
        immediate |= bit
      }
    } else if (operation > ADD_RS && operation < TARGET) {
      const mask = operation === ROR_C ? 63 : -1
      do immediate = draw32() & mask
      while (!immediate)
    }
    return immediate
  }

  /** Null where there is no register that fits. */
  function chooseOperands(operation: number, cycle: number): Operands | null {
    if (operation >= TARGET) return { source: 0, destination: 0, parameter: NONE }
    const isWide = operation <= SMULH
    let parameter = isWide ? draw32() : NONE
    const ready = REGISTERS.filter((register) => readyAt[register]! <= cycle)
    let source = NONE
    if (operation <= ADD_RS) {
      // Register 5 cannot be the destination of ADD_RS, and so it is the source where there is but one other.
      const five = operation === ADD_RS && ready.length === 2 && ready.includes(5)
      source = five ? 5 : drawOne(ready)
      if (source === NONE) return null
      if (!isWide) parameter = source
    }
    const destination = drawOne(
      ready.filter(
        (register) =>
          (isWide || register !== source) &&
          (operation !== MUL || again || lastGroup[register] !== MUL) &&
          (lastGroup[register] !== group || lastParameter[register] !== parameter) &&
          (operation !== ADD_RS || register !== 5),
      ),
    )
    if (destination === NONE) return null
    return { source: Math.max(source, 0), destination, parameter }
  }

  function drawOne(registers: number[]): number {
    if (registers.length > 1) return registers[(draw32() >>> 0) % registers.length]!
    return registers[0] ?? NONE
  }
}

/** Those of a group never come one after the other. */
const groupOf = (operation: number) => (operation === SUB ? ADD_RS : operation)
