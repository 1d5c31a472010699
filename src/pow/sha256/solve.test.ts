import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pace } from '../pace.ts'
import type { Engine } from './engine.ts'
import { bestEngine, ENGINES } from './engines.ts'
import { plainEngine } from './plain.ts'
import { sha256Solver } from './solve.ts'
import { TABLE_WORDS } from './table.ts'
import { sha256Verifier } from './verify.ts'

const pace: Pace = { sliceMs: 50, rest: () => Promise.resolve() }
const { signal } = new AbortController()
const seed = new Uint8Array(createHash('sha256').update('a sealed challenge').digest())
const ignore = () => {}

describe.each(ENGINES.map((open) => [open().name, open] as const))('the %s engine', (_, open) => {
  const solver = sha256Solver(open(), pace)

  it('finds proofs that hold, on any seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 16 }),
        async (seed, effort, count) => {
          const proof = await solver.solve({ seed, effort, count }, ignore, signal)
          expect(sha256Verifier.verify({ seed, effort, count }, proof)).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('finds the first nonce there is, from 0 on', async () => {
    const proof = await solver.solve({ seed, effort: 700, count: 4 }, ignore, signal)
    const message = Buffer.concat([seed, Buffer.alloc(8)])
    for (let s = 0; s < 4; s++) {
      message.writeUInt32BE(s, 32)
      let nonce = -1
      do message.writeUInt32BE(++nonce, 36)
      while (createHash('sha256').update(message).digest().readUInt32BE() * 700 > 0xffff_ffff)
      expect(Buffer.from(proof).readUInt32BE(4 * s)).toBe(nonce)
    }
  })

  it('takes nonce 0 where any will do', async () => {
    const proof = await solver.solve({ seed, effort: 1, count: 16 }, ignore, signal)
    expect(proof).toEqual(new Uint8Array(64))
  })

  it('finds the very last nonces', () => {
    const engine = open()
    const plain = plainEngine()
    plain.table.set(TABLE)
    engine.table.set(TABLE)
    const start = 2 ** 32 - 1024
    // Hard enough that it is not the first, easy enough that it is among these.
    const nonce = plain.search(start, 1024, 2 ** 32 / 200)
    expect(nonce).toBeGreaterThan(start)
    expect(engine.search(start, 1024, 2 ** 32 / 200)).toBe(nonce)
    expect(engine.search(start, 1024, 0)).toBe(-1)
    expect(engine.search(start, 1024, 2 ** 32 - 1)).toBe(start)
  })
})

/** Any table will do to compare engines. */
const TABLE = Int32Array.from({ length: TABLE_WORDS }, (_, i) => Math.imul(i + 1, 0x9e3779b1))

/** An engine that takes no time and finds what it is told to. */
function engineThatFinds(find: Engine['search']): Engine {
  return { name: 'plain', table: new Int32Array(TABLE_WORDS), search: find }
}

describe('the solver', () => {
  it('uses SIMD where there is', () => {
    expect(bestEngine().name).toBe('simd')
  })

  it('works on a seed in the middle of other bytes', async () => {
    const inside = new Uint8Array(50)
    inside.set(seed, 7)
    const work = { seed: inside.subarray(7, 39), effort: 100, count: 2 }
    const proof = await sha256Solver(plainEngine(), pace).solve(work, ignore, signal)
    expect(sha256Verifier.verify({ ...work, seed }, proof)).toBe(true)
  })

  it('gives up with an error when all nonces are tried, and has tried each once', async () => {
    let tried = 0
    const engine = engineThatFinds((start, tries) => {
      expect(start).toBe(tried)
      tried += tries
      return -1
    })
    const solving = sha256Solver(engine, pace).solve({ seed, effort: 9, count: 1 }, ignore, signal)
    await expect(solving).rejects.toThrow('no solution')
    expect(tried).toBe(2 ** 32)
  })

  it('reports progress that only grows, and is whole at the end only', async () => {
    const shares: number[] = []
    const work = { seed, effort: 20_000, count: 8 }
    const eager = { sliceMs: 0, rest: () => Promise.resolve() }
    await sha256Solver(plainEngine(), eager).solve(work, (share) => shares.push(share), signal)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.length).toBeGreaterThan(8)
    expect(shares.indexOf(1)).toBe(shares.length - 1)
  })

  it('stops when told to, with the reason', async () => {
    const stop = new AbortController()
    const engine = engineThatFinds(() => -1)
    const report = () => stop.abort(new Error('enough'))
    const eager = { sliceMs: 0, rest: () => Promise.resolve() }
    const solving = sha256Solver(engine, eager).solve(
      { seed, effort: 9, count: 1 },
      report,
      stop.signal,
    )
    await expect(solving).rejects.toThrow('enough')
  })
})
