import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { BadRequest } from '../core/bad-request.ts'
import { systemRandom } from '../random.ts'
import type { Kind, Order } from './kind.ts'

/** What the contract must be told about a kind, to try it. */
export interface Example<Answer> {
  name: string
  open(): Promise<Kind<Answer, unknown>>
  close?(): Promise<void>
  /** What work is done by; `equix` if left out. */
  algorithm?: string
  effort: number
  /** A right reply, as a page would send it. */
  truth(answer: Answer, seed: Uint8Array): unknown | Promise<unknown>
  /** The best reply of one who cannot see, or did not work. */
  guess(prompt: object): unknown
  /** The share of such guesses that may pass. */
  guessesPassMost: number
}

const random = systemRandom()
const TASKS = 200

/** What every kind promises. Each kind's test calls this with an example of itself. */
export function kindContract<Answer>(example: Example<Answer>) {
  describe(`the kind ${example.name}${example.algorithm ? ` by ${example.algorithm}` : ''}, as every kind`, () => {
    let kind: Kind<Answer, unknown>
    const tasks: { prompt: object; answer: Answer }[] = []
    const evidence = () => ({ seed: random.bytes(32), trace: null })

    beforeAll(async () => {
      kind = await example.open()
      const { algorithm = 'equix', effort } = example
      const order: Order = { random, algorithm, effort, reserve: 0 }
      while (tasks.length < TASKS) tasks.push(await create(order))
    })
    afterAll(() => example.close?.())

    async function create(order: Order) {
      for (;;) {
        const task = kind.create(order)
        if (task) return task
        await after(10)
      }
    }

    it('has the name of its folder', () => {
      assert.equal(kind.name, example.name)
      assert.match(kind.name, /^[a-z]+$/)
    })

    it('makes answers whose JSON is always as long: a sealed string’s length tells nothing', () => {
      const lengths = new Set(tasks.map(({ answer }) => JSON.stringify(answer).length))
      assert.equal(lengths.size, 1, `lengths: ${[...lengths]}`)
    })

    it('makes answers that survive being sealed, and prompts that survive being sent', () => {
      for (const { prompt, answer } of tasks) {
        assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer)
        assert.deepEqual(JSON.parse(JSON.stringify(prompt)), prompt)
      }
    })

    it('takes the right reply, and takes it again: judging remembers nothing', async () => {
      for (const { answer } of tasks.slice(0, 10)) {
        const known = evidence()
        const reply = kind.read(await example.truth(answer, known.seed))
        for (let i = 0; i < 2; i++) {
          assert.deepEqual(kind.judge(answer, reply, known), { passed: true })
        }
      }
    })

    it('throws reply-invalid for what is no reply, and never anything else', () => {
      const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true })
      const near = fc.dictionary(fc.constantFrom('x', 'proof', 'y'), anything)
      fc.assert(
        fc.property(
          fc.oneof(anything, near, fc.double(), fc.record({ x: fc.double() })),
          (input) => {
            let reply: unknown
            try {
              reply = kind.read(input)
            } catch (error) {
              assert.ok(
                error instanceof BadRequest && error.code === 'reply-invalid',
                String(error),
              )
              return
            }
            // What can be read can be judged.
            assert.equal(typeof kind.judge(tasks[0]!.answer, reply, evidence()).passed, 'boolean')
          },
        ),
        { numRuns: 2_000 },
      )
    })

    it(`lets at most ${example.guessesPassMost * 100} % of blind guesses pass`, () => {
      let passed = 0
      const guesses = 20_000
      for (let i = 0; i < guesses; i++) {
        const { prompt, answer } = tasks[i % tasks.length]!
        const reply = kind.read(example.guess(prompt))
        if (kind.judge(answer, reply, evidence()).passed) passed++
      }
      const share = passed / guesses
      assert.ok(share <= example.guessesPassMost, `${(share * 100).toFixed(2)} % passed`)
    })
  })
}
