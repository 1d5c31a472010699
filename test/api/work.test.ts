import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startService, type TestService } from '../support/service.ts'
import {
  ask,
  type Body,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  type Page,
  promptOf,
  proofFor,
  work,
} from '../support/visitor.ts'

let service: TestService
let page: Page
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService()
  page = { service: service.url }
  // A little heavier than the lightest, so that work of effort 1 is too light for it.
  site = await service.addSite([HOST], 'checkbox', { effortFloor: 3 })
})
afterAll(() => service.stop())

const issue = async (sitekey = site.sitekey) => (await ask(page, { sitekey })).body
const submit = (issued: Body, proof: string) =>
  handIn(page, { challenge: issued.challenge, replies: [{ proof }] })
const bytesOf = (proof: string) => Buffer.from(proof, 'base64url')

describe('work', () => {
  it('done for one challenge is worth nothing for another, nor for another site', async () => {
    const first = await issue()
    const other = await service.addSite([HOST], 'checkbox', { effortFloor: 3 })
    const { proof } = await work(first)
    for (const second of [await issue(), await issue(other.sitekey)]) {
      assert.equal((await submit(second, proof)).body.reason, 'work-wrong')
    }
    assert.ok((await submit(first, proof)).body.token)
    const replayed = await submit(first, proof)
    assert.deepEqual([replayed.status, replayed.body.error!.code], [409, 'challenge-spent'])
  })

  it('cannot be put together from the work for two challenges, nor from its own in another order', async () => {
    const [first, second] = [await issue(), await issue()]
    const [a, b] = [bytesOf((await work(first)).proof), bytesOf((await work(second)).proof)]
    const spliced = Buffer.concat([a.subarray(0, a.length / 2), b.subarray(b.length / 2)])
    assert.equal((await submit(first, spliced.toString('base64url'))).body.reason, 'work-wrong')
    const swapped = Buffer.concat([b.subarray(18, 36), b.subarray(0, 18), b.subarray(36)])
    assert.equal((await submit(second, swapped.toString('base64url'))).body.reason, 'work-wrong')
  })

  it('cannot be done ahead, for a challenge that was never issued', async () => {
    const made = 'A'.repeat(400)
    const proof = await proofFor(made, { algorithm: 'equix', effort: 3, count: 8 })
    const { status, body } = await handIn(page, { challenge: made, replies: [{ proof }] })
    assert.deepEqual([status, body.error!.code], [400, 'challenge-invalid'])
    assert.equal((await submit(await issue(), proof)).body.reason, 'work-wrong')
  })

  it('is as heavy as the challenge says, whatever the page would like', async () => {
    const issued = await issue()
    for (const wish of [
      { effort: 1 },
      { relief: 2 },
      { waitMs: 1 },
      { tasks: [] },
      { seed: 'AAAA' },
      { expiresAt: 9e15 },
      { algorithm: 'sha256' },
    ]) {
      const solution = { challenge: issued.challenge, replies: LIGHT_REPLIES, ...wish }
      const { body } = await handIn(page, solution)
      assert.equal(body.error!.code, 'field-invalid', JSON.stringify(wish))
    }
    // Once in 3⁸ times, such work would by chance be enough.
    const proof = await proofFor(issued.challenge, { ...promptOf(issued), effort: 1 })
    const replies = [{ proof, effort: 1, algorithm: 'none' }]
    const answer = await handIn(page, { challenge: issued.challenge, replies })
    assert.equal(answer.body.reason, 'work-wrong')
  })

  it('is sealed: no byte of a challenge can be another', async () => {
    const issued = await issue()
    const { proof } = await work(issued)
    const sealed = bytesOf(issued.challenge)
    const codes = new Set<string>()
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed)
      altered[at]! ^= 1 << (at % 8)
      const challenge = altered.toString('base64url')
      for (const instead of at % 16 === 0 ? [undefined, 'lighter'] : [undefined]) {
        const { status, body } = await handIn(page, { challenge, replies: [{ proof }], instead })
        codes.add(`${status} ${body.error?.code}`)
      }
    }
    assert.deepEqual([...codes], ['400 challenge-invalid'])
    assert.ok((await submit(issued, proof)).body.token)
  })

  it('of fewer or more sub-puzzles than asked for is wrong', async () => {
    for (const count of [1, 7, 9]) {
      const issued = await issue()
      const proof = await proofFor(issued.challenge, { algorithm: 'equix', effort: 1, count })
      assert.equal((await submit(issued, proof)).body.reason, 'work-wrong')
    }
  })

  it('by another algorithm than asked for is wrong, either way', async () => {
    const issued = await issue()
    const hashes = await proofFor(issued.challenge, { algorithm: 'sha256', effort: 64, count: 8 })
    assert.equal((await submit(issued, hashes)).body.reason, 'work-wrong')

    const { seal } = service.context.tools
    const answer = { algorithm: 'sha256', effort: 64, count: 8 }
    const tasks = [{ kind: 'pow', answer }]
    const challenge = lightChallenge(seal, { sitekey: site.sitekey, tasks })
    const proof = await proofFor(challenge, { algorithm: 'equix', effort: 1, count: 8 })
    const { body } = await handIn(page, { challenge, replies: [{ proof }] })
    assert.equal(body.reason, 'work-wrong')
  })

  it('is judged only once its challenge is spent, and not at all when it has ended', async () => {
    const { seal } = service.context.tools
    const ended = lightChallenge(seal, { sitekey: site.sitekey, expiresAt: Date.now() - 1 })
    const { status } = await handIn(page, { challenge: ended, replies: LIGHT_REPLIES })
    assert.equal(status, 410)
    const issued = await issue()
    const garbage = Buffer.alloc(144).toString('base64url')
    assert.equal((await submit(issued, garbage)).body.reason, 'work-wrong')
    // One look, one try: the right proof comes too late.
    assert.equal((await submit(issued, (await work(issued)).proof)).status, 409)
  })
})
