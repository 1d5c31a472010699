import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeHashx, solveEquix, verifyEquix } from './index.ts'
import vectors from './vectors.json' with { type: 'json' }

/** Random challenges on which solver and verifier must agree; more on demand, as each takes some 15 ms. */
const RUNS = Number(process.env.EQUIX_RUNS ?? 500)

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const solutionOf = (indices: readonly number[]) => new Uint8Array(Uint16Array.from(indices).buffer)
const challenges = fc.uint8Array({ maxLength: 128 })

describe('HashX', () => {
  it.each(vectors.hashx)('gives the public values for seed "$seed"', ({ seed, hashes }) => {
    const hashx = makeHashx(bytes(seed))!
    for (const [input, hash] of Object.entries(hashes))
      expect(hashx(BigInt(input)).toString(16).padStart(16, '0')).toBe(hash)
  })

  it.each(vectors.hashxInvalidSeeds)('has no function for seed %s', (seed) => {
    expect(makeHashx(bytes(seed))).toBe(null)
  })

  it('keeps functions apart, whichever was used last', () => {
    const [one, other] = [makeHashx(bytes('01'))!, makeHashx(bytes('02'))!]
    const first = one(7n)
    expect(other(7n)).not.toBe(first)
    expect(one(7n)).toBe(first)
  })

  it('keeps to its seed when that changes afterwards', () => {
    const seed = bytes('0102')
    const hashx = makeHashx(seed)!
    const before = hashx(1n)
    seed.fill(9)
    makeHashx(seed)
    expect(hashx(1n)).toBe(before)
  })

  it('takes seeds of any length', () => {
    for (const length of [127, 128, 129, 255, 256, 257, 10_000])
      expect(makeHashx(new Uint8Array(length).fill(7))?.(0n)).toBeTypeOf('bigint')
  })
})

describe('Equi-X', () => {
  it.each(vectors.equix)('finds and accepts the public solutions of $challenge', (vector) => {
    const challenge = bytes(vector.challenge)
    const found = solveEquix(challenge).map((solution) => Buffer.from(solution).toString('hex'))
    for (const indices of vector.solutions) {
      expect(verifyEquix(challenge, solutionOf(indices))).toBe('ok')
      expect(found).toContain(Buffer.from(solutionOf(indices)).toString('hex'))
    }
    expect(found).toHaveLength(vector.solutions.length)
  })

  it.each(vectors.equix)('says what is wrong with those that are not, of $challenge', (vector) => {
    for (const { indices, why } of vector.rejected)
      expect(verifyEquix(bytes(vector.challenge), solutionOf(indices))).toBe(why)
  })

  it('accepts whatever it finds, on any challenge, and finds about two', () => {
    let found = 0
    fc.assert(
      fc.property(challenges, (challenge) => {
        for (const solution of solveEquix(challenge)) {
          expect(verifyEquix(challenge, solution)).toBe('ok')
          found++
        }
      }),
      { numRuns: RUNS },
    )
    expect(found / RUNS).toBeGreaterThan(1.6)
    expect(found / RUNS).toBeLessThan(2.4)
  }, 600_000)

  it('refuses every altered solution', () => {
    const challenge = new Uint8Array(randomBytes(40))
    const solutions = solveEquix(challenge)
    const known = new Set(solutions.map(String))
    for (const solution of solutions) {
      for (let bit = 0; bit < 128; bit++) {
        const altered = solution.slice()
        altered[bit >> 3]! ^= 1 << (bit & 7)
        expect(verifyEquix(challenge, altered)).not.toBe('ok')
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (garbage) => {
        if (!known.has(String(garbage))) expect(verifyEquix(challenge, garbage)).not.toBe('ok')
      }),
    )
  })

  it('refuses a solution of another challenge, and of another length', () => {
    const [vector, other] = vectors.equix
    const solution = solutionOf(vector!.solutions[0]!)
    expect(verifyEquix(bytes(other!.challenge), solution)).toBe('partial-sum')
    for (const length of [0, 15]) {
      expect(verifyEquix(bytes(vector!.challenge), solution.subarray(0, length))).toBe('order')
    }
    expect(verifyEquix(bytes(vector!.challenge), new Uint8Array([...solution, 0]))).toBe('order')
  })

  it('tells a wrong sum of all eight from wrong sums of four', () => {
    // Of two solutions of one challenge, a half each: both halves are right, and their sum is not.
    const challenge = challengeWithSeveral()
    const [one, other] = solveEquix(challenge)
    const halves = [one!.subarray(0, 8), other!.subarray(8)].sort((a, b) =>
      Buffer.compare(Buffer.from(a).reverse(), Buffer.from(b).reverse()),
    )
    const mixed = new Uint8Array([...halves[0]!, ...halves[1]!])
    expect(verifyEquix(challenge, mixed)).toBe('final-sum')
  })

  it('finds nothing, and accepts nothing, where the program is not valid', () => {
    for (const seed of vectors.hashxInvalidSeeds) {
      expect(solveEquix(bytes(seed))).toEqual([])
      expect(verifyEquix(bytes(seed), new Uint8Array(16))).toBe('challenge')
    }
  })

  it('says how long a challenge may be', () => {
    expect(() => solveEquix(new Uint8Array(129))).toThrow('128 bytes')
  })
})

function challengeWithSeveral(): Uint8Array {
  for (let i = 0; ; i++) {
    const challenge = new Uint8Array([i])
    if (solveEquix(challenge).length > 1) return challenge
  }
}
