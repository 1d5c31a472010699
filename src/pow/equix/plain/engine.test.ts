import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import vectors from '../vectors.json' with { type: 'json' }
import { blake2b } from './blake2b.ts'
import { plainEngine } from './engine.ts'

const engine = plainEngine()
const bytesOf = (hex: string) => Buffer.from(hex, 'hex')
const indicesOf = (solution: Uint8Array) => [...new Uint16Array(solution.slice().buffer)].join()

it.each(vectors.equix)('finds every solution of $challenge', ({ challenge, solutions }) => {
  const attempt = engine.begin(bytesOf(challenge))!
  while (!attempt.hash(4096));
  const found = attempt.solutions()
  expect(found.every((solution) => solution.length === 16)).toBe(true)
  expect(found.map(indicesOf).sort()).toEqual(solutions.map(String).sort())
})

it('begins nothing where the program is not valid', () => {
  for (const seed of vectors.hashxInvalidSeeds) expect(engine.begin(bytesOf(seed))).toBeNull()
})

it('has two attempts open at once, and hashes in parts of any size', () => {
  const chosen = vectors.equix.filter(({ solutions }) => solutions.length).slice(0, 2)
  const attempts = chosen.map(({ challenge }) => engine.begin(bytesOf(challenge))!)
  let hashes = 0
  for (let part = 1; hashes < 65_536; part = (part * 7) % 1009) {
    const done = attempts.map((attempt) => attempt.hash(part))
    hashes += part
    expect(done).toEqual(attempts.map(() => hashes >= 65_536))
  }
  expect(attempts[0]!.hash(1)).toBe(true)
  const found = attempts.map((attempt) => attempt.solutions().map(indicesOf).sort())
  expect(found).toEqual(chosen.map(({ solutions }) => solutions.map(String).sort()))
})

it('takes a challenge in the middle of other bytes', () => {
  const { challenge, solutions } = vectors.equix.find(({ solutions }) => solutions.length)!
  const around = Buffer.concat([Buffer.alloc(5, 1), bytesOf(challenge), Buffer.alloc(3, 2)])
  const attempt = engine.begin(new Uint8Array(around).subarray(5, around.length - 3))!
  attempt.hash(65_536)
  expect(attempt.solutions().map(indicesOf).sort()).toEqual(solutions.map(String).sort())
})

it('weighs a solution by the first 32 bits of both together', () => {
  // BLAKE2b-256('abc') begins with these.
  expect(engine.weigh(Buffer.from('ab'), Buffer.from('c'))).toBe(0xbddd813c)
  const challenge = createHash('sha256').update('a challenge').digest()
  const solution = new Uint8Array(16).fill(7)
  const digest = Buffer.from(blake2b(Buffer.concat([challenge, solution]), 32))
  expect(engine.weigh(challenge, solution)).toBe(digest.readUInt32BE())
})
