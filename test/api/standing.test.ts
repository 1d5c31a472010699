import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { LedgerUnavailable } from '../../src/ledger/ledger.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import {
  ask,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  look,
  quickToken,
} from '../support/visitor.ts'

let service: TestService
let page: { service: string }

beforeAll(async () => {
  service = await startService()
  page = { service: service.url }
})
afterAll(() => service.stop())

const seal = () => service.context.tools.seal

describe('a site that is suspended', () => {
  it('gets no challenge, has no solution judged and no token redeemed; reinstated, all is as before', async () => {
    const { sites } = service.context.store
    const { sitekey, secret } = await service.addSite([HOST], 'checkbox')
    const token = await quickToken(page, seal(), { sitekey })
    const challenge = lightChallenge(seal(), { sitekey })
    await sites.setState(sitekey, 'suspended')

    const asked = await ask(page, { sitekey })
    assert.equal(asked.status, 403)
    assert.equal(asked.body.error?.code, 'site-suspended')
    const handed = await handIn(page, { challenge, replies: LIGHT_REPLIES })
    assert.equal(handed.status, 403)
    assert.equal(handed.body.error?.code, 'site-suspended')
    const { finding } = await verify(service.url, { secret, response: token })
    assert.partialDeepStrictEqual(finding, { success: false, reason: 'site-suspended' })
    const body = new URLSearchParams({ secret, response: token })
    const recaptcha = await fetch(`${service.url}/recaptcha/api/siteverify`, {
      method: 'POST',
      body,
    })
    assert.partialDeepStrictEqual(await recaptcha.json(), {
      success: false,
      'error-codes': ['invalid-input-secret'],
    })

    await sites.setState(sitekey, 'active')
    assert.equal((await ask(page, { sitekey })).status, 200)
    assert.ok((await handIn(page, { challenge, replies: LIGHT_REPLIES })).body.token)
    assert.equal((await verify(service.url, { secret, response: token })).finding.success, true)
  })
})

describe('a page', () => {
  it('gets no longer life for its tokens than its site allows, and a shorter one if it asks', async () => {
    const { sitekey } = await service.addSite([HOST], 'checkbox', { tokenLifeMs: 60_000 })
    const lifeFor = async (order: object) =>
      look(seal(), (await ask(page, { sitekey, ...order })).body.challenge).tokenLifeMs
    assert.equal(await lifeFor({ tokenLifeMs: 600_000 }), 60_000)
    assert.equal(await lifeFor({}), 60_000)
    assert.equal(await lifeFor({ tokenLifeMs: 15_000 }), 15_000)
  })
})

describe('a site that has changed since it was read', () => {
  it('is read again, and what it says then counts', async () => {
    const { ledger, store } = service.context
    const { sitekey, secret } = await service.addSite([HOST], 'checkbox')
    const token = await quickToken(page, seal(), { sitekey })
    // As if another node had changed it, and this one had not heard.
    const { bySecret } = store.sites
    const stale = (await bySecret(secret))!
    await store.sites.setState(sitekey, 'suspended')
    let reads = 0
    store.sites.bySecret = async (given) => (reads++ === 0 ? stale : bySecret(given))
    const { finding } = await verify(service.url, { secret, response: token })
    assert.equal(finding.reason, 'site-suspended')
    assert.equal(reads, 2)

    // And where it goes on changing, nobody is let through.
    store.sites.bySecret = async () => stale
    const refused = await verify(service.url, { secret, response: token })
    assert.equal(refused.status, 503)
    assert.equal(refused.finding.success, false)
    store.sites.bySecret = bySecret
    await store.sites.setState(sitekey, 'active')
    assert.equal((await verify(service.url, { secret, response: token })).finding.success, true)
    assert.equal(await ledger.spend({ id: 'x', issuedAt: 0, expiresAt: 1 }), 'forgotten')
  })
})

describe('what was given out before the memory of the ledger begins', () => {
  it('is refused: a token as expired, a challenge too', async () => {
    const { sitekey, secret } = await service.addSite([HOST], 'checkbox')
    const long = Date.now() - 60_000
    const old = seal().close(
      'token',
      JSON.stringify(['old', sitekey, HOST, '', '', long, long + 600_000]),
    )
    const { finding } = await verify(service.url, { secret, response: old })
    assert.equal(finding.reason, 'token-expired')
    const challenge = lightChallenge(seal(), { sitekey, issuedAt: long })
    const handed = await handIn(page, { challenge, replies: LIGHT_REPLIES })
    assert.equal(handed.status, 410)
    assert.equal(handed.body.error?.code, 'challenge-expired')
  })
})

describe('a store or a ledger that is away', () => {
  it('is told apart, to be tried again soon: nobody is let through', async () => {
    const { ledger, store } = service.context
    const { sitekey } = await service.addSite([HOST], 'checkbox')
    const parts = [
      [store.sites, 'byKey', new StoreUnavailable('away'), 'store'],
      [ledger, 'spend', new LedgerUnavailable('away'), 'ledger'],
    ] as const
    for (const [owner, name, error, part] of parts) {
      const working = (owner as unknown as Record<string, unknown>)[name]
      Object.assign(owner, { [name]: () => Promise.reject(error) })
      try {
        const challenge = lightChallenge(seal(), { sitekey })
        const handed = await handIn(page, { challenge, replies: LIGHT_REPLIES })
        assert.equal(handed.status, 503)
        assert.equal(handed.body.error?.code, `${part}-unavailable`)
        assert.ok(Number(handed.headers.get('retry-after')) > 0)
        await new Promise((resolve) => setTimeout(resolve, 1_100))
        const ready = await fetch(`${service.url}/readyz`)
        assert.equal(ready.status, 503)
        assert.deepEqual(await ready.json(), {
          status: 'failing',
          store: part === 'store' ? 'failing' : 'ok',
          ledger: part === 'ledger' ? 'failing' : 'ok',
        })
        assert.equal((await fetch(`${service.url}/healthz`)).status, 200)
      } finally {
        Object.assign(owner, { [name]: working })
      }
    }
  })
})
