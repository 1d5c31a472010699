import { carry } from './halves.ts'

/** Sums that a stage keeps: about as many as there are hashes, and never so many by chance. */
const SUMS_MAX = 81_920
/** Solutions that an attempt keeps: it has two on average. */
const SOLUTIONS_MAX = 64

/** Each stage finds sums that end in this many zero bits. */
const KEY_BITS = 15
const KEYS = 1 << KEY_BITS

/** 64-bit numbers, as halves. */
export interface Numbers {
  count: number
  low: Int32Array
  high: Int32Array
}

/** Sums without the zeros that they end in, and of which two numbers they are. */
interface Sums extends Numbers {
  left: Int32Array
  right: Int32Array
}

/** Finds the solutions among an attempt's hashes. Its memory is its own, and is used again for each call. */
export function stages(): (hashes: Numbers) => Uint8Array[] {
  const pairs = sums(SUMS_MAX)
  const quads = sums(SUMS_MAX)
  const eights = sums(SOLUTIONS_MAX)
  const order = new Int32Array(SUMS_MAX)
  const ends = new Int32Array(KEYS + 1)

  return (hashes) => {
    match(hashes, pairs, 0)
    match(pairs, quads, 0)
    // The fourth 15 bits must be zero as well.
    match(quads, eights, KEYS - 1)
    const solutions: Uint8Array[] = []
    for (let i = 0; i < eights.count; i++) {
      const indices = new Uint16Array(8)
      list(indices, 0, [pairs, quads, eights], i)
      solutions.push(new Uint8Array(indices.buffer))
    }
    return solutions
  }

  /** Finds the sums that end in zeros, and in whose remaining bits those of `mask` are zero too. */
  function match(from: Numbers, to: Sums, mask: number): void {
    sort(from)
    to.count = 0
    // The keys of such a sum are each other's negatives: half of all keys is the first of them.
    for (let key = 0; key <= KEYS / 2; key++) {
      const other = -key & (KEYS - 1)
      const end = ends[other + 1]!
      for (let i = ends[key]!; i < ends[key + 1]!; i++) {
        // With themselves, each two once; a number twice is allowed.
        let j = key === other ? i : ends[other]!
        for (; j < end && to.count < to.low.length; j++) join(from, order[i]!, order[j]!, to, mask)
      }
    }
  }

  /** Orders numbers by their last bits: those of a key are from `ends[key]` to `ends[key + 1]`. */
  function sort({ low, count }: Numbers): void {
    ends.fill(0)
    for (let i = 0; i < count; i++) ends[low[i]! & (KEYS - 1)]!++
    for (let key = 1; key <= KEYS; key++) ends[key]! += ends[key - 1]!
    for (let i = count; i--; ) order[--ends[low[i]! & (KEYS - 1)]!] = i
  }
}

function join({ low, high }: Numbers, left: number, right: number, to: Sums, mask: number): void {
  const a = low[left]!
  const b = low[right]!
  const sum = (a + b) | 0
  const sumHigh = high[left]! + high[right]! + carry(a, b, sum)
  const rest = (sum >>> KEY_BITS) | (sumHigh << (32 - KEY_BITS))
  if (rest & mask) return
  to.low[to.count] = rest
  to.high[to.count] = sumHigh >>> KEY_BITS
  to.left[to.count] = left
  to.right[to.count++] = right
}

/** Writes the indices that a sum is of, in the only order that is valid: the greater half last, in every part. */
function list(indices: Uint16Array, at: number, stages: Sums[], sum: number): void {
  const half = 2 ** (stages.length - 1)
  const { left, right } = stages.at(-1)!
  const below = stages.slice(0, -1)
  for (const [from, item] of [
    [at, left[sum]!],
    [at + half, right[sum]!],
  ] as const) {
    if (below.length) list(indices, from, below, item)
    else indices[from] = item
  }
  // Compared as little-endian numbers: from the last index on.
  let last = half - 1
  while (last > 0 && indices[at + last] === indices[at + half + last]) last--
  if (indices[at + last]! > indices[at + half + last]!) {
    const greater = indices.slice(at, at + half)
    indices.copyWithin(at, at + half, at + 2 * half)
    indices.set(greater, at + half)
  }
}

function sums(length: number): Sums {
  const column = () => new Int32Array(length)
  return { count: 0, low: column(), high: column(), left: column(), right: column() }
}
