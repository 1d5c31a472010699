import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Engine } from './engine.ts'
import { type Hand, openHand, type Try } from './hand.ts'
import { plainEngine } from './plain/engine.ts'
import { challengeOf, equixSolver } from './solve.ts'
import { equixVerifier } from './verify.ts'
import { wasmEngine } from './wasm.ts'

const pace = { sliceMs: 20, rest: () => new Promise((resolve) => setImmediate(resolve)) }
const seed = new Uint8Array(createHash('sha256').update('a sealed challenge').digest())
const ignore = () => {}
const { signal } = new AbortController()
const engine = wasmEngine()

describe('the engines', () => {
  it('find the same solutions, and weigh them alike', () => {
    const plain = plainEngine()
    for (let n = 0; n < 3; n++) {
      const challenge = challengeOf(seed, 0, n)
      const found = [engine, plain].map((one) => {
        const attempt = one.begin(challenge)!
        while (!attempt.hash(4_096));
        return attempt.solutions().map((solution) => ({
          solution: String(solution),
          weight: one.weigh(challenge, solution),
        }))
      })
      const sorted = found.map((some) => some.sort((a, b) => (a.solution < b.solution ? -1 : 1)))
      expect(sorted[0]).toEqual(sorted[1])
    }
  })
})

describe('the solver', () => {
  it('finds proofs that hold, on any seed', async () => {
    const solver = equixSolver([openHand(engine, pace)])
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 8 }),
        async (seed, effort, count) => {
          const proof = await solver.solve({ seed, effort, count }, ignore, signal)
          expect(equixVerifier.verify({ seed, effort, count }, proof)).toBe(true)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('has several hands at work, each at attempts of its own', async () => {
    const seen = new Set<string>()
    let twice = 0
    const hands = Array.from({ length: 4 }, () =>
      spiedOn(openHand(wasmEngine(), pace), ({ challenge }) => {
        if (seen.has(String(challenge))) twice++
        seen.add(String(challenge))
      }),
    )
    const work = { seed, effort: 4, count: 8 }
    const proof = await equixSolver(hands).solve(work, ignore, signal)
    expect(equixVerifier.verify(work, proof)).toBe(true)
    expect(twice).toBe(0)
  })

  it('does without a hand that never answers', async () => {
    const lost: Hand = { postMessage: ignore, onmessage: null }
    const work = { seed, effort: 2, count: 3 }
    const proof = await equixSolver([lost, openHand(engine, pace)]).solve(work, ignore, signal)
    expect(equixVerifier.verify(work, proof)).toBe(true)
  })

  it('passes over attempts whose program is not valid', async () => {
    let begun = 0
    const patchy: Engine = {
      ...engine,
      begin: (challenge) => (++begun % 3 ? null : engine.begin(challenge)),
    }
    const work = { seed, effort: 2, count: 4 }
    const proof = await equixSolver([openHand(patchy, pace)]).solve(work, ignore, signal)
    expect(equixVerifier.verify(work, proof)).toBe(true)
    expect(begun).toBeGreaterThan(4)
  })

  it('gives up with an error when all attempts at a sub-puzzle are made', async () => {
    const hopeless: Engine = { ...engine, begin: () => null }
    const quick = { sliceMs: 20, rest: async () => {} }
    const solving = equixSolver([openHand(hopeless, quick)]).solve(
      { seed, effort: 9, count: 1 },
      ignore,
      signal,
    )
    await expect(solving).rejects.toThrow('no solution')
  })

  it('reports progress that only grows and is whole at the end only, and an expectation that is sound', async () => {
    const shares: number[] = []
    let expectedMs = 0
    const startedAt = performance.now()
    const report = (share: number, restMs: number) => {
      shares.push(share)
      expectedMs ||= restMs && restMs + performance.now() - startedAt
    }
    await equixSolver([openHand(engine, pace)]).solve(
      { seed, effort: 12, count: 8 },
      report,
      signal,
    )
    const tookMs = performance.now() - startedAt
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.length).toBeGreaterThan(20)
    expect(shares.indexOf(1)).toBe(shares.length - 1)
    // Chance alone makes a factor of two.
    expect(expectedMs).toBeGreaterThan(tookMs / 4)
    expect(expectedMs).toBeLessThan(tookMs * 4)
  })

  it('does nothing when it was told to stop before it began', async () => {
    let orders = 0
    const hand: Hand = { postMessage: (order) => void (order && orders++), onmessage: null }
    const stopped = AbortSignal.abort(new Error('too late'))
    const solving = equixSolver([hand]).solve({ seed, effort: 1, count: 1 }, ignore, stopped)
    await expect(solving).rejects.toThrow('too late')
    expect(orders).toBe(0)
  })

  it('stops when told to, with the reason, and is ready for other work', async () => {
    const stop = new AbortController()
    const solver = equixSolver([openHand(engine, pace)])
    const report = () => stop.abort(new Error('enough'))
    const solving = solver.solve({ seed, effort: 4_000, count: 8 }, report, stop.signal)
    await expect(solving).rejects.toThrow('enough')
    const work = { seed, effort: 1, count: 2 }
    const proof = await solver.solve(work, ignore, signal)
    expect(equixVerifier.verify(work, proof)).toBe(true)
  })
})

function spiedOn(hand: Hand, look: (order: Try) => void): Hand {
  return {
    postMessage(order) {
      if (order) look(order)
      hand.postMessage(order)
    },
    get onmessage() {
      return hand.onmessage
    },
    set onmessage(listener) {
      hand.onmessage = listener
    },
  }
}
