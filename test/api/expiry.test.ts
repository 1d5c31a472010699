import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { ask, HOST, handIn, type Page, quickToken, work } from '../support/visitor.ts'

let now = Date.UTC(2026, 10, 23, 18, 0, 0)
let service: TestService
let page: Page
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService({}, { now: () => now })
  page = { service: service.url }
  site = await service.addSite([HOST], 'checkbox')
})
afterAll(() => service.stop())

const facts = () => ({ sitekey: site.sitekey, issuedAt: now, expiresAt: now + 600_000 })
const redeem = async (response: string) =>
  (await verify(service.url, { secret: site.secret, response })).finding

describe('time', () => {
  it('ends a challenge after its ten minutes, to the millisecond', async () => {
    const answerAfter = async (ms: number) => {
      const { body } = await ask(page, { sitekey: site.sitekey })
      assert.equal(body.expiresInMs, 600_000)
      const replies = [await work(body)]
      now += ms
      return handIn(page, { challenge: body.challenge, replies })
    }
    assert.ok((await answerAfter(599_999)).body.token)
    const late = await answerAfter(600_000)
    assert.equal(late.status, 410)
    assert.equal(late.body.error!.code, 'challenge-expired')
  })

  it('ends a token after its life, to the millisecond, and says so', async () => {
    const passedAt = now
    const [inTime, late] = [
      await quickToken(page, service.context.tools.seal, facts()),
      await quickToken(page, service.context.tools.seal, facts()),
    ]
    now = passedAt + 119_999
    const finding = await redeem(inTime)
    assert.equal(finding.success, true)
    assert.equal(finding.challenge_ts, `${new Date(passedAt).toISOString().slice(0, 19)}Z`)
    now = passedAt + 120_000
    const expired = await redeem(late)
    assert.deepEqual([expired.success, expired.reason], [false, 'token-expired'])
    assert.deepEqual(expired['error-codes'], ['timeout-or-duplicate'])
  })

  it('knows a token for expired, not for forged, the day after; and for spent no more', async () => {
    const token = await quickToken(page, service.context.tools.seal, facts())
    assert.equal((await redeem(token)).success, true)
    assert.equal((await redeem(token)).reason, 'token-spent')
    now += 23 * 3_600_000
    assert.equal((await redeem(token)).reason, 'token-expired')
    now += 48 * 3_600_000
    assert.equal((await redeem(token)).reason, 'token-invalid')
  })

  it('ends an old secret when its overlap ends', async () => {
    const { sitekey, secret: old } = await service.addSite([HOST], 'checkbox')
    const { secret: fresh } = (await service.context.store.sites.rotate(sitekey, 3_600_000))!
    const known = async (secret: string) =>
      (await verify(service.url, { secret, response: 'x' })).finding.reason === 'token-invalid'
    assert.deepEqual([await known(old), await known(fresh)], [true, true])
    now += 3_599_999
    assert.equal(await known(old), true)
    now += 1
    assert.deepEqual([await known(old), await known(fresh)], [false, true])
  })

  it('lets what a network asked for fade, minute by minute, also while its key is replaced', async () => {
    const busy = await startService({ ONE_CAPTCHA_CALM: '10' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', {
        effortFloor: 50,
        effortCeiling: 512,
      })
      const here = { service: busy.url }
      const effort = async () => (await ask(here, { sitekey })).body.tasks[0]!.prompt.effort
      const seen: number[] = []
      // Nine minutes after the start, a key is a minute from its end.
      now += 9 * 60_000
      for (let i = 0; i < 30; i++) seen.push(await effort())
      assert.deepEqual([seen[0], seen[2], seen[29]], [50, 50, 500])
      for (let minute = 1; minute <= 9; minute++) {
        now += 60_000
        seen.push(await effort())
        const share = seen.at(-1)! / seen.at(-2)!
        // Without the one that was just asked for, it would be e^(−1 ÷ 3), which is 0.72.
        assert.ok(seen.at(-1) === 50 || (share > 0.71 && share < 0.95), `${seen.slice(29)}`)
      }
      assert.ok(seen.at(-1)! < 200, `${seen.slice(29)}`)
    } finally {
      await busy.stop()
    }
  })
})
