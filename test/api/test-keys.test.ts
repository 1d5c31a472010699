import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { ask, HOST, handIn, type Page, pass, quickToken, work } from '../support/visitor.ts'

let service: TestService
let page: Page

beforeAll(async () => {
  service = await startService()
  page = { service: service.url, origin: 'https://any.where.test' }
  await until(() => service.context.painter.ready() > 6, 'there are pictures to show')
})
afterAll(() => service.stop())

const seal = () => service.context.tools.seal
const redeem = async (secret: string, response: string) =>
  (await verify(service.url, { secret, response })).finding

const PASS = {
  'oc-test-pass': 'oc-test-secret-pass',
  '10000000-ffff-ffff-ffff-000000000001': '0x0000000000000000000000000000000000000000',
  '1x00000000000000000000AA': '1x0000000000000000000000000000000AA',
  '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI': '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe',
}
const BLOCK = {
  'oc-test-block': 'oc-test-secret-block',
  '2x00000000000000000000AB': '2x0000000000000000000000000000000AA',
}
const INTERACTIVE = ['oc-test-interactive', '3x00000000000000000000FF']
const SPENT = ['oc-test-secret-spent', '3x0000000000000000000000000000000AA']

describe('the test keys', () => {
  for (const [sitekey, secret] of Object.entries(PASS)) {
    it(`${sitekey}: always passes, on every host name, with next to no work, as often as it is shown`, async () => {
      const asked = await ask(page, { sitekey })
      assert.equal(asked.body.test, true)
      assert.equal(asked.body.tasks[0]!.prompt.effort, 1)
      const token = await pass(page, seal(), { sitekey, action: 'signup' })
      for (let i = 0; i < 2; i++) {
        const finding = await redeem(secret, token)
        assert.equal(finding.success, true)
        assert.equal(finding.hostname, 'any.where.test')
        assert.equal(finding.action, 'signup')
      }
      // Suites of other services redeem their published dummy tokens, which nobody issued.
      const dummy = await redeem(secret, 'XXXX.DUMMY.TOKEN.XXXX')
      assert.deepEqual([dummy.success, dummy.hostname], [true, 'localhost'])
    })
  }

  for (const [sitekey, secret] of Object.entries(BLOCK)) {
    it(`${sitekey}: gives no token, however right the answer; its secret refuses`, async () => {
      const first = await ask(page, { sitekey })
      assert.equal(first.body.test, true)
      await assert.rejects(pass(page, seal(), { sitekey }), /No token came, but off-target/)
      const good = await pass(page, seal(), { sitekey: 'oc-test-pass' })
      for (const token of ['x', good]) {
        assert.deepEqual((await redeem(secret, token))['error-codes'], ['invalid-input-response'])
      }
    })
  }

  for (const sitekey of INTERACTIVE) {
    it(`${sitekey}: always shows a puzzle, and takes any answer to it`, async () => {
      const first = await ask(page, { sitekey })
      const puzzle = await handIn(page, {
        challenge: first.body.challenge,
        replies: [await work(first.body)],
      })
      assert.equal(puzzle.body.reason, 'puzzle-wanted')
      assert.equal(puzzle.body.test, true)
      const { body } = await handIn(page, {
        challenge: puzzle.body.challenge,
        replies: [{ x: 1 }, await work(puzzle.body)],
      })
      assert.equal((await redeem('oc-test-secret-pass', body.token!)).success, true)
    })
  }

  for (const secret of SPENT) {
    it(`${secret}: says that the token was redeemed before`, async () => {
      const finding = await redeem(secret, 'x')
      assert.deepEqual([finding.success, finding.reason], [false, 'token-spent'])
      assert.deepEqual(finding['error-codes'], ['timeout-or-duplicate'])
    })
  }

  it('never let a test token pass under a real secret, nor a real one under a test secret', async () => {
    const { sitekey, secret } = await service.addSite([HOST], 'checkbox')
    const test = await pass(page, seal(), { sitekey: 'oc-test-pass' })
    const real = await quickToken({ service: service.url }, seal(), { sitekey })
    assert.equal((await redeem(secret, test)).reason, 'token-invalid')
    for (const testSecret of [...Object.values(PASS), ...Object.values(BLOCK), ...SPENT]) {
      assert.equal((await redeem(testSecret, real)).reason, 'token-invalid')
    }
    assert.equal((await redeem(secret, real)).success, true)
  })

  it('are nobody’s keys where the operator switched them off', async () => {
    const test = await pass(page, seal(), { sitekey: 'oc-test-pass' })
    const strict = await startService({ ONE_CAPTCHA_TEST_KEYS: 'off' })
    try {
      for (const sitekey of [...Object.keys(PASS), ...Object.keys(BLOCK), ...INTERACTIVE]) {
        const { body } = await ask({ service: strict.url }, { sitekey })
        assert.equal(body.error!.code, 'sitekey-unknown')
      }
      for (const secret of [...Object.values(PASS), ...Object.values(BLOCK), ...SPENT]) {
        const { finding } = await verify(strict.url, { secret, response: test })
        assert.equal(finding.reason, 'secret-unknown')
      }
    } finally {
      await strict.stop()
    }
  })
})
