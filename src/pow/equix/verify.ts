import type { Verifier } from '../algorithm.ts'
import { instantiate } from '../wasm.ts'
import { SOLUTION_BYTES } from './engine.ts'
import { CHALLENGE_BYTES, challengeOf, PART_BYTES, SEED_BYTES } from './solve.ts'
import { WASM } from './verify.wasm.ts'

/** Of `assembly/equix-verify.ts`. */
interface Exports {
  memory: WebAssembly.Memory
  begin(seed: boolean): void
  take(total: number, last: boolean): void
  program(): number
  hash(input: bigint): bigint
  first32(): number
}

/**
 * What is wrong with an Equi-X solution: its indices are out of order, the challenge's program is not valid, or a sum of two
 * or four hashes does not end in 15 or 30 zero bits, or that of all eight not in 60.
 */
export type EquixFinding = 'ok' | 'challenge' | 'order' | 'partial-sum' | 'final-sum'

/** Where the input is in the module's memory (`assembly/equix/memory.ts`), and how much of it at a time. */
const INPUT = 2048
const BLOCK_BYTES = 128

const COUNT_MAX = 16
const EFFORT_MAX = 4_096
const WORD_MAX = 0xffff_ffff

const wasm = instantiate<Exports>(WASM)
const memory = new Uint8Array(wasm.memory.buffer)

/** BLAKE2b of these bytes: as HashX's seed, or to see what a solution weighs. */
function digest(bytes: Uint8Array, seed: boolean): void {
  wasm.begin(seed)
  let at = 0
  do {
    const end = Math.min(at + BLOCK_BYTES, bytes.length)
    memory.fill(0, INPUT, INPUT + BLOCK_BYTES)
    memory.set(bytes.subarray(at, end), INPUT)
    at = end
    wasm.take(at, at === bytes.length)
  } while (at < bytes.length)
}

/** The seed whose program the module holds. There is room for one. */
let opened: Uint8Array | null = null
let valid = false

/**
 * Gets HashX of a seed ready: `hashx` is it, until another one is. False if the seed's program is not valid. Costs nothing if
 * it is ready; so these bytes must stay as they are.
 */
export function openHashx(seed: Uint8Array): boolean {
  if (opened !== seed) {
    digest(seed, true)
    valid = wasm.program() !== 0
    opened = seed
  }
  return valid
}

/** HashX of the seed that was opened last: an unsigned number of 64 bits. */
export function hashx(input: bigint): bigint {
  return BigInt.asUintN(64, wasm.hash(input))
}

/**
 * Judges an Equi-X solution of a challenge. What costs least comes first: its order, then the program, then the sums.
 *
 * @param challenge any number of bytes
 * @param solution eight 16-bit indices, little-endian: 16 bytes; any other number of them is out of order
 */
export function verifyEquix(challenge: Uint8Array, solution: Uint8Array): EquixFinding {
  if (!inOrder(solution)) return 'order'
  if (!openHashx(challenge.slice())) return 'challenge'
  const view = new DataView(solution.buffer, solution.byteOffset, SOLUTION_BYTES)
  const sums = new BigUint64Array(7)
  // As a tree: four pairs, their two sums, and the sum of those. Each pair is looked at before the next is hashed.
  for (let pair = 0; pair < 4; pair++) {
    sums[pair] =
      wasm.hash(BigInt(view.getUint16(4 * pair, true))) +
      wasm.hash(BigInt(view.getUint16(4 * pair + 2, true)))
    if (sums[pair]! & 0x7fffn) return 'partial-sum'
  }
  for (const half of [4, 5]) {
    sums[half] = sums[2 * half - 8]! + sums[2 * half - 7]!
    if (sums[half]! & 0x3fff_ffffn) return 'partial-sum'
  }
  return (sums[4]! + sums[5]!) & 0xfff_ffff_ffff_ffffn ? 'final-sum' : 'ok'
}

/** True if a solution's indices are in the one order that they may have: of each two halves, the lesser number comes first. */
function inOrder(solution: Uint8Array): boolean {
  if (solution.length !== SOLUTION_BYTES) return false
  for (const half of [2, 4, 8]) {
    for (let at = 0; at < SOLUTION_BYTES; at += 2 * half) {
      // Little-endian: what comes last weighs most.
      let i = half - 1
      while (i > 0 && solution[at + i] === solution[at + half + i]) i--
      if (solution[at + i]! > solution[at + half + i]!) return false
    }
  }
  return true
}

/**
 * Checks Equi-X work. What garbage fails at costs microseconds and comes first, for all sub-puzzles: the order of each solution,
 * then whether it counts at all under this effort. Only then are programs made.
 */
export const equixVerifier: Verifier = {
  name: 'equix',
  verify({ seed, effort, count }, proof) {
    if (!Number.isInteger(effort) || effort < 1 || effort > EFFORT_MAX) return false
    if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) return false
    if (seed.length !== SEED_BYTES || proof.length !== PART_BYTES * count) return false

    const parts = Array.from({ length: count }, (_, s) =>
      proof.subarray(PART_BYTES * s, PART_BYTES * (s + 1)),
    )
    return (
      parts.every((part) => inOrder(part.subarray(2))) &&
      parts.every((part, s) => counts(challengeFor(seed, s, part), part.subarray(2), effort)) &&
      parts.every((part, s) => verifyEquix(challengeFor(seed, s, part), part.subarray(2)) === 'ok')
    )
  },
}

function challengeFor(seed: Uint8Array, s: number, part: Uint8Array): Uint8Array {
  return challengeOf(seed, s, part[0]! | (part[1]! << 8))
}

/** True if a solution counts: the first 32 bits of BLAKE2b-256(challenge ‖ solution) are few enough. */
function counts(challenge: Uint8Array, solution: Uint8Array, effort: number): boolean {
  const message = new Uint8Array(CHALLENGE_BYTES + SOLUTION_BYTES)
  message.set(challenge)
  message.set(solution, CHALLENGE_BYTES)
  digest(message, false)
  return (wasm.first32() >>> 0) * effort <= WORD_MAX
}
