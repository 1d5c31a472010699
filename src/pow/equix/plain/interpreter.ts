import { add, sipRounds } from './halves.ts'
import { OPERATIONS } from './operations.ts'
import { BRANCH, type Program, SMULH, TARGET } from './program.ts'

/**
 * Inputs that are hashed at once. Each instruction is looked up once for all of them and then runs in a loop of its own,
 * which is about twice as fast as one input after the other. They fit into a processor's nearest cache.
 */
export const LANES = 256

export interface Interpreter {
  /**
   * Hashes consecutive inputs, into `low` and `high`.
   *
   * @param lanes how many, at most `LANES`
   * @param firstHigh the high half of all inputs: zero in Equi-X, but HashX is defined on 64 bits
   */
  hash(
    program: Program,
    lanes: number,
    low: Int32Array,
    high: Int32Array,
    first: number,
    firstHigh?: number,
  ): void
}

/** The registers of many inputs: of each, a column of low halves and a column of high halves. */
interface Registers {
  low: Int32Array[]
  high: Int32Array[]
}

/** Runs programs. Its memory is its own, and is used again for each call. */
export function interpreter(): Interpreter {
  const all = registers()
  const aside = registers()
  /** The low half of the last wide product: every program has one before its first branch. */
  const result = new Int32Array(LANES)
  /** 1 where a branch was taken. */
  const branched = new Int32Array(LANES)
  const going = new Int32Array(LANES)
  const words = new Int32Array(8)

  return {
    hash(program, lanes, low, high, first, firstHigh = 0) {
      const key = program.registerKey
      for (let i = 0; i < lanes; i++) fill(i, key, first + i, firstHigh)
      branched.fill(0)
      run(program, lanes)
      for (let i = 0; i < lanes; i++) {
        finish(i, key)
        low[i] = words[0]!
        high[i] = words[1]!
      }
    },
  }

  /** The registers that a lane starts with. */
  function fill(lane: number, key: Int32Array, input: number, inputHigh: number): void {
    words.set(key)
    words[2]! ^= 0xee
    words[6]! ^= input
    words[7]! ^= inputHigh
    sipRounds(words, 2)
    words[0]! ^= input
    words[1]! ^= inputHigh
    words[4]! ^= 0xee
    sipRounds(words, 4)
    write(lane, 0)
    words[2]! ^= 0xdd
    sipRounds(words, 4)
    write(lane, 4)
  }

  /** Leaves the hash of a lane in the first of the words. */
  function finish(lane: number, key: Int32Array): void {
    read(lane, 0)
    add(words, 0, key[0]!, key[1]!)
    add(words, 2, key[2]!, key[3]!)
    sipRounds(words, 1)
    const low = words[0]!
    const high = words[1]!
    read(lane, 4)
    add(words, 4, key[4]!, key[5]!)
    add(words, 6, key[6]!, key[7]!)
    sipRounds(words, 1)
    words[0]! ^= low
    words[1]! ^= high
  }

  /** Copies the words to four registers of a lane, from register `from` on. */
  function write(lane: number, from: number): void {
    for (let i = 0; i < 4; i++) {
      all.low[from + i]![lane] = words[2 * i]!
      all.high[from + i]![lane] = words[2 * i + 1]!
    }
  }

  /** Copies four registers of a lane to the words. */
  function read(lane: number, from: number): void {
    for (let i = 0; i < 4; i++) {
      words[2 * i] = all.low[from + i]![lane]!
      words[2 * i + 1] = all.high[from + i]![lane]!
    }
  }

  function run(program: Program, lanes: number): void {
    const { operations, destinations } = program
    let target = 0
    for (let at = 0; at < operations.length; at++) {
      const operation = operations[at]!
      if (operation === TARGET) target = at
      else if (operation === BRANCH) branch(program, target, at, lanes)
      else {
        step(program, at, all, lanes)
        if (operation <= SMULH) result.set(all.low[destinations[at]!]!)
      }
    }
  }

  /**
   * Takes aside the lanes that go back to the target, and runs them from there to the branch, where they meet the others
   * again: a second branch, no lane takes.
   */
  function branch(program: Program, target: number, at: number, lanes: number): void {
    const mask = program.immediates[at]!
    let count = 0
    for (let i = 0; i < lanes; i++) {
      if ((result[i]! & mask) | branched[i]!) continue
      branched[i] = 1
      going[count++] = i
    }
    for (let r = 0; r < 8; r++) {
      gather(all.low[r]!, aside.low[r]!, count)
      gather(all.high[r]!, aside.high[r]!, count)
    }
    for (let back = target + 1; back < at; back++) {
      if (program.operations[back]! < TARGET) step(program, back, aside, count)
    }
    for (let r = 0; r < 8; r++) {
      scatter(aside.low[r]!, all.low[r]!, count)
      scatter(aside.high[r]!, all.high[r]!, count)
    }
  }

  function gather(from: Int32Array, to: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) to[i] = from[going[i]!]!
  }

  function scatter(from: Int32Array, to: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) to[going[i]!] = from[i]!
  }
}

/** Does one instruction on registers. */
function step(program: Program, at: number, { low, high }: Registers, lanes: number): void {
  const d = program.destinations[at]!
  const s = program.sources[at]!
  const operation = OPERATIONS[program.operations[at]!]!
  operation(lanes, low[d]!, high[d]!, low[s]!, high[s]!, program.immediates[at]!)
}

function registers(): Registers {
  const columns = () => Array.from({ length: 8 }, () => new Int32Array(LANES))
  return { low: columns(), high: columns() }
}
