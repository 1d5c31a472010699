import { expect, it } from 'vitest'
import vectors from '../vectors.json' with { type: 'json' }
import { blake2b } from './blake2b.ts'
import { generate } from './generator.ts'
import { interpreter, LANES } from './interpreter.ts'
import type { Program } from './program.ts'

const { hash } = interpreter()
const programOf = (seed: string) =>
  generate(new Int32Array(blake2b(Buffer.from(seed, 'hex'), 64, 'HashX v1').buffer))!

/** The hashes of consecutive inputs, as 16 digits each. */
function hashesOf(program: Program, lanes: number, first: number, firstHigh = 0): string[] {
  const low = new Int32Array(lanes)
  const high = new Int32Array(lanes)
  hash(program, lanes, low, high, first, firstHigh)
  return Array.from(low, (_, i) => digits(high[i]!) + digits(low[i]!))
}

const digits = (half: number) => (half >>> 0).toString(16).padStart(8, '0')

it.each(vectors.hashx)("has HashX's values for the seed $seed", ({ seed, hashes }) => {
  for (const [input, expected] of Object.entries(hashes)) {
    const [low, high] = [BigInt(input), BigInt(input) >> 32n].map((half) =>
      Number(BigInt.asIntN(32, half)),
    )
    expect(hashesOf(programOf(seed), 1, low!, high)).toEqual([expected])
  }
})

// Together, some inputs take a branch and others do not, and each at one branch only.
it('gives each input the hash that it has alone', () => {
  for (const { seed } of vectors.hashx.slice(0, 6)) {
    const program = programOf(seed)
    const together = hashesOf(program, LANES, 60_000)
    const alone = together.map((_, i) => hashesOf(program, 1, 60_000 + i)[0])
    expect(together).toEqual(alone)
  }
})

it('forgets the run before', () => {
  const first = programOf(vectors.hashx[0]!.seed)
  const second = programOf(vectors.hashx[1]!.seed)
  const expected = hashesOf(first, 100, 0)
  hashesOf(second, LANES, 0)
  expect(hashesOf(first, 100, 0)).toEqual(expected)
})
