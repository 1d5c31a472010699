import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stages } from './stages.ts'

const solve = stages()
// Without the small numbers that are otherwise preferred: among many of them, nearly all sums fit.
const word = fc.noBias(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const words = (length: number) => fc.array(word, { minLength: length, maxLength: length })

it('finds eight numbers with the right sums, wherever they are', () => {
  const places = fc.shuffledSubarray([...Array(60).keys()], { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(words(60), words(8), places, (numbers, parts, places) => {
      const planted = eightOf(parts)
      places.forEach((place, i) => {
        numbers[place] = planted[i]!
      })
      const solutions = solutionsAmong(numbers)
      expect(solutions).toContainEqual(inOrder(places))
      for (const solution of solutions) {
        expect(solution).toEqual(inOrder(solution))
        expect(zerosOf(solution.map((i) => numbers[i]!))).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

it('finds none where a single bit is wrong', () => {
  fc.assert(
    fc.property(words(8), fc.nat(7), fc.nat(59), (parts, which, bit) => {
      const numbers = eightOf(parts)
      // Two words whose sum is right by chance as well could take the place of others.
      fc.pre(solutionsAmong(numbers).length === 1)
      numbers[which]! ^= 1n << BigInt(bit)
      expect(solutionsAmong(numbers)).toEqual([])
    }),
  )
})

it('finds two numbers that end in the same bits', () => {
  fc.assert(
    fc.property(words(8), ([first, ...parts]) => {
      const numbers = eightOf([(first! << 15n) | (1n << 14n), ...parts])
      expect(solutionsAmong(numbers)).toContainEqual(inOrder([0, 1, 2, 3, 4, 5, 6, 7]))
    }),
  )
})

it('orders two pairs that have one number in common', () => {
  fc.assert(
    fc.property(words(8), (parts) => {
      const eight = eightOf(parts)
      // In the place of the fourth, the second again: the third makes up for it.
      eight[2] = BigInt.asUintN(64, (parts[2]! << 30n) - eight[0]! - 2n * eight[1]!)
      eight[7] = BigInt.asUintN(
        64,
        (parts[7]! << 60n) - eight[1]! - sum(eight.toSpliced(3, 1).slice(0, 6)),
      )
      const numbers = [eight[0]!, eight[2]!, ...eight.slice(4), eight[1]!]
      expect(solutionsAmong(numbers)).toContainEqual(inOrder([0, 6, 1, 6, 2, 3, 4, 5]))
    }),
  )
})

it('may take a number twice, as the order allows it', () => {
  expect(solutionsAmong([2n ** 57n])).toEqual([[0, 0, 0, 0, 0, 0, 0, 0]])
  expect(solutionsAmong([2n ** 56n])).toEqual([])
})

it('does not look at the last four bits of a sum', () => {
  expect(solutionsAmong([2n ** 63n])).toEqual([[0, 0, 0, 0, 0, 0, 0, 0]])
})

it('finds nothing among nothing', () => {
  expect(solutionsAmong([])).toEqual([])
})

it('ends, and keeps some, where far more sums fit than ever do by chance', () => {
  const solutions = solutionsAmong(Array(2000).fill(0n))
  expect(solutions).toHaveLength(64)
  for (const solution of solutions) expect(solution).toEqual(inOrder(solution))
})

it('forgets what it was asked before', () => {
  const numbers = eightOf([3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n].map((prime) => prime ** 15n))
  const solutions = solutionsAmong(numbers)
  expect(solutions).toHaveLength(1)
  solutionsAmong(Array(100).fill(0n))
  expect(solutionsAmong(numbers)).toEqual(solutions)
})

function solutionsAmong(numbers: bigint[]): number[][] {
  const halves = new Int32Array(BigUint64Array.from(numbers).buffer)
  const low = halves.filter((_, i) => i % 2 === 0)
  const high = halves.filter((_, i) => i % 2 === 1)
  return solve({ count: numbers.length, low, high }).map((bytes) => [
    ...new Uint16Array(bytes.slice().buffer),
  ])
}

/** Eight numbers whose sums are a solution's: every other one completes a sum of two, of four or of eight. */
function eightOf(parts: bigint[]): bigint[] {
  const numbers: bigint[] = []
  for (const [i, terms, zeros] of [
    [0, 1, 0n],
    [1, 2, 15n],
    [2, 1, 0n],
    [3, 4, 30n],
    [4, 1, 0n],
    [5, 2, 15n],
    [6, 1, 0n],
    [7, 8, 60n],
  ] as const) {
    const before = sum(numbers.slice(i + 1 - terms))
    numbers.push(BigInt.asUintN(64, (parts[i]! << zeros) - before))
  }
  return numbers
}

/** Whether the sums of two, of four and of all eight end in the zeros they must end in. */
function zerosOf(eight: bigint[]): boolean {
  return (
    [
      [2, 15],
      [4, 30],
      [8, 60],
    ] as const
  ).every(([terms, zeros]) =>
    eight.every((_, i) => i % terms || !BigInt.asUintN(zeros, sum(eight.slice(i, i + terms)))),
  )
}

const sum = (numbers: bigint[]) => numbers.reduce((a, b) => a + b, 0n)

/** The halves of every part in order, compared as little-endian numbers. */
function inOrder(indices: number[]): number[] {
  if (indices.length === 1) return indices
  const half = indices.length / 2
  const parts = [inOrder(indices.slice(0, half)), inOrder(indices.slice(half))]
  return parts.sort((a, b) => (asNumber(a) < asNumber(b) ? -1 : 1)).flat()
}

const asNumber = (indices: number[]) =>
  indices.reduceRight((value, index) => (value << 16n) | BigInt(index), 0n)
