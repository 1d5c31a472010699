import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import vectors from '../vectors.json' with { type: 'json' }
import { blake2b } from './blake2b.ts'
import { generate } from './generator.ts'
import { ADD_RS, BRANCH, MUL, type Program, ROR_C, SMULH, TARGET } from './program.ts'

const programOf = (seed: Uint8Array) =>
  generate(new Int32Array(blake2b(seed, 64, 'HashX v1').buffer))
const hexProgramOf = (seed: string) => programOf(Buffer.from(seed, 'hex'))

it('makes a program of every valid seed', () => {
  for (const { seed } of vectors.hashx) expect(hexProgramOf(seed)).not.toBeNull()
})

it('makes none of an invalid seed', () => {
  expect(vectors.hashxInvalidSeeds.map(hexProgramOf)).toEqual([null, null, null])
})

it('makes programs whose instructions are all as they may be', () => {
  for (let n = 0; n < 300; n++) {
    const program = programOf(createHash('sha256').update(`seed ${n}`).digest())!
    expect(program.operations.filter((operation) => operation <= MUL)).toHaveLength(192)
    const wrong = [...program.operations.keys()].filter((at) => !isSound(program, at))
    expect(wrong).toEqual([])
  }
})

function isSound(program: Program, at: number): boolean {
  const operation = program.operations[at]!
  const destination = program.destinations[at]!
  const source = program.sources[at]!
  const immediate = program.immediates[at]!
  if (destination > 7 || source > 7) return false
  if (operation > SMULH && operation < ADD_RS) return destination !== source && immediate === 0
  if (operation === ADD_RS)
    return destination !== source && destination !== 5 && (immediate & ~3) === 0
  if (operation === ROR_C) return immediate > 0 && immediate < 64
  if (operation === BRANCH) return (immediate >>> 0).toString(2).replaceAll('0', '').length === 4
  return operation <= SMULH || operation === TARGET || immediate !== 0
}
