import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadRequest } from '../../core/bad-request.ts'
import { VERIFIERS } from '../../pow/index.ts'
import { plainEngine } from '../../pow/sha256/plain.ts'
import { sha256Solver } from '../../pow/sha256/solve.ts'
import { systemRandom } from '../../random.ts'
import { pow } from './pow.ts'

const kind = pow(VERIFIERS)
const order = { random: systemRandom(), algorithm: 'sha256', effort: 200, reserve: 0 }
const evidence = {
  seed: new Uint8Array(createHash('sha256').update('sealed').digest()),
  trace: null,
}

function solve(seed: Uint8Array, effort: number): Promise<Uint8Array> {
  const solver = sha256Solver(plainEngine(), { sliceMs: 100, rest: () => Promise.resolve() })
  const { signal } = new AbortController()
  return solver.solve({ seed, effort, count: 8 }, () => {}, signal)
}

function reply(proof: Uint8Array) {
  return { proof: Buffer.from(proof).toString('base64url') }
}

describe('the kind pow', () => {
  it.each(['equix', 'sha256'])(
    'asks for eight sub-puzzles by %s, as ordered, and seals the same',
    (algorithm) => {
      const task = kind.create({ ...order, algorithm })!
      expect(task.prompt).toEqual({ algorithm, effort: 200, count: 8 })
      expect(task.answer).toEqual(task.prompt)
    },
  )

  it('passes whoever did the work', async () => {
    const { answer } = kind.create(order)!
    const read = kind.read(reply(await solve(evidence.seed, 200)))
    expect(kind.judge(answer, read, evidence)).toEqual({ passed: true })
  })

  it('does not pass work that was done for another challenge', async () => {
    const { answer } = kind.create(order)!
    const other = new Uint8Array(createHash('sha256').update('another').digest())
    const read = kind.read(reply(await solve(other, 200)))
    expect(kind.judge(answer, read, evidence)).toEqual({ passed: false, reason: 'work-wrong' })
  })

  it('does not pass lighter work than was asked', async () => {
    const { answer } = kind.create({ ...order, effort: 100_000 })!
    const read = kind.read(reply(await solve(evidence.seed, 200)))
    expect(kind.judge(answer, read, evidence)).toEqual({ passed: false, reason: 'work-wrong' })
  })

  it('does not pass work by an algorithm that it does not know', () => {
    const read = kind.read({ proof: 'AAAA' })
    const answer = { algorithm: 'md5', effort: 1, count: 8 }
    expect(kind.judge(answer, read, evidence)).toEqual({ passed: false, reason: 'work-wrong' })
  })

  it('does not pass right work by another algorithm than was asked for', async () => {
    const { answer } = kind.create({ ...order, algorithm: 'equix', effort: 1 })!
    const read = kind.read(reply(await solve(evidence.seed, 1)))
    expect(kind.judge(answer, read, evidence)).toEqual({ passed: false, reason: 'work-wrong' })
  })

  it('does not pass a proof that is too short or too long, whatever it begins with', async () => {
    const { answer } = kind.create(order)!
    const proof = await solve(evidence.seed, 200)
    for (const other of [proof.subarray(4), new Uint8Array([...proof, 0, 0, 0, 0])]) {
      const judgement = kind.judge(answer, kind.read(reply(other)), evidence)
      expect(judgement).toEqual({ passed: false, reason: 'work-wrong' })
    }
  })

  it('reads a proof of up to 400 characters', () => {
    expect(kind.read({ proof: 'A'.repeat(400) }).proof).toHaveLength(300)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'AAAA'],
    ['an empty object', {}],
    ['an empty proof', { proof: '' }],
    ['a number', { proof: 4 }],
    ['a list', { proof: ['AAAA'] }],
    ['401 characters or more', { proof: 'A'.repeat(404) }],
    ['padding', { proof: 'AAA=' }],
    ['base64 that is not base64url', { proof: 'A+/A' }],
    ['spare bits that are set', { proof: 'AB' }],
    ['blanks', { proof: 'AA AA' }],
  ])('does not read %s as a reply', (_, input) => {
    expect(() => kind.read(input)).toThrow(BadRequest)
  })

  it('reads exactly what is canonical base64url, whatever a stranger sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.anything()), (proof) => {
        let read: Uint8Array | null = null
        try {
          read = kind.read({ proof }).proof
        } catch (error) {
          expect(error).toMatchObject({ code: 'reply-invalid', field: 'proof' })
        }
        if (read) expect(Buffer.from(read).toString('base64url')).toBe(proof)
      }),
    )
  })

  it('makes no work by an algorithm that nobody could check', () => {
    expect(() => kind.create({ ...order, algorithm: 'md5' })).toThrow('There is no algorithm md5.')
  })
})
