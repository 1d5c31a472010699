import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Token, writeToken } from '../../src/core/token.ts'
import { systemRandom } from '../../src/random.ts'
import { makeSeal, type Seal } from '../../src/seal.ts'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { ask, HOST, handIn, LIGHT_REPLIES, lightChallenge, quickToken } from '../support/visitor.ts'

let service: TestService
let seal: Seal
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService()
  seal = service.context.tools.seal
  site = await service.addSite([HOST], 'checkbox')
})
afterAll(() => service.stop())

const tokenOf = (sitekey: string, facts = {}) =>
  quickToken({ service: service.url }, seal, { sitekey, ...facts })
const redeem = async (response: string, secret = site.secret, url = service.url) =>
  (await verify(url, { secret, response })).finding
const made = (facts: Partial<Token>): Token => ({
  id: crypto.randomUUID(),
  sitekey: site.sitekey,
  host: HOST,
  action: '',
  cdata: '',
  passedAt: Date.now(),
  expiresAt: Date.now() + 60_000,
  ...facts,
})

describe('a token', () => {
  it('is taken exactly once of 1,000 verifications at a time, over three services', async () => {
    const nodes = [service]
    for (let i = 0; i < 2; i++) {
      nodes.push(await startService({ ONE_CAPTCHA_DATA: service.data, ONE_CAPTCHA_DEMO: 'off' }))
    }
    try {
      const response = await tokenOf(site.sitekey)
      const findings = await Promise.all(
        Array.from({ length: 1_000 }, (_, i) => redeem(response, site.secret, nodes[i % 3]!.url)),
      )
      assert.equal(findings.filter((finding) => finding.success).length, 1)
      const others = new Set(findings.filter(({ success }) => !success).map(({ reason }) => reason))
      assert.deepEqual([...others], ['token-spent'])
    } finally {
      for (const node of nodes.slice(1)) await node.stop()
    }
  })

  it('comes once from 200 solutions of one challenge at a time', async () => {
    const challenge = lightChallenge(seal, { sitekey: site.sitekey })
    const page = { service: service.url }
    const heard = await Promise.all(
      Array.from({ length: 200 }, () => handIn(page, { challenge, replies: LIGHT_REPLIES })),
    )
    assert.equal(heard.filter(({ body }) => body.token).length, 1)
    assert.equal(heard.filter(({ status }) => status === 409).length, 199)
  })

  it('redeemed on another site is refused in the words for a forged one, and stays good for its own', async () => {
    const other = await service.addSite([HOST], 'checkbox')
    const response = await tokenOf(site.sitekey)
    const stolen = await redeem(response, other.secret)
    assert.deepEqual(stolen, await redeem('forged', other.secret))
    assert.deepEqual(stolen['error-codes'], ['invalid-input-response'])
    assert.equal((await redeem(response)).success, true)
  })

  it('is left unspent by a wrong secret', async () => {
    const response = await tokenOf(site.sitekey)
    for (const secret of ['', 'x', 'ocs_live_']) await redeem(response, secret)
    assert.equal((await redeem(response)).success, true)
  })

  it('is not what a challenge is, nor the other way round', async () => {
    const page = { service: service.url }
    const { body } = await ask(page, { sitekey: site.sitekey })
    assert.equal((await redeem(body.challenge)).reason, 'token-invalid')
    const light = lightChallenge(seal, { sitekey: site.sitekey })
    assert.equal((await redeem(light)).reason, 'token-invalid')
    const challenge = await tokenOf(site.sitekey)
    const heard = await handIn(page, { challenge, replies: LIGHT_REPLIES })
    assert.deepEqual([heard.status, heard.body.error!.code], [400, 'challenge-invalid'])
    assert.equal((await redeem(challenge)).success, true)
  })

  it('with any one character changed, left out or added is refused', async () => {
    const response = await tokenOf(site.sitekey)
    const flip = (c: string) => (c === 'A' ? 'B' : 'A')
    const altered = [...response].flatMap((c, i) => [
      response.slice(0, i) + flip(c) + response.slice(i + 1),
      response.slice(0, i) + response.slice(i + 1),
      `${response.slice(0, i)}\n${response.slice(i)}`,
    ])
    altered.push(`${response}=`, `${response}A`, ` ${response}`, response.repeat(2))
    for (let i = 0; i < altered.length; i += 100) {
      const findings = await Promise.all(altered.slice(i, i + 100).map((one) => redeem(one)))
      for (const { reason } of findings) assert.equal(reason, 'token-invalid')
    }
    assert.equal((await redeem(response)).success, true)
  })

  it('with any one bit changed is refused, as is a challenge', async () => {
    const response = await tokenOf(site.sitekey)
    const bytes = Buffer.from(response, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      const text = altered.toString('base64url')
      // Through the seal alone, as there are a thousand: the service asks nothing else first.
      assert.equal(seal.open('token', text), null)
      if (bit % 37 === 0) assert.equal((await redeem(text)).reason, 'token-invalid')
    }
    assert.equal((await redeem(response)).success, true)
  })

  it('sealed under a key that is not ours is refused, whatever it claims', async () => {
    const theirs = makeSeal([Buffer.alloc(32, 1)], systemRandom(), Date.now)
    const forged = theirs.close('token', writeToken(made({})))
    assert.equal((await redeem(forged)).reason, 'token-invalid')
    // Our key's name on their token: which key it says it is under is no secret.
    const ours = Buffer.from(await tokenOf(site.sitekey), 'base64url')
    const dressed = Buffer.from(forged, 'base64url')
    ours.copy(dressed, 0, 0, 6)
    assert.equal((await redeem(dressed.toString('base64url'))).reason, 'token-invalid')
  })

  it('is refused for a host name that the site no longer lists', async () => {
    const own = await service.addSite(['a.test', 'b.test'], 'checkbox')
    const facts = { sitekey: own.sitekey, host: 'a.test' }
    const token = await quickToken({ service: service.url, origin: 'https://a.test' }, seal, facts)
    const challenge = lightChallenge(seal, facts)
    await service.context.store.sites.set(own.sitekey, { hosts: ['b.test'] })
    assert.equal((await redeem(token, own.secret)).reason, 'hostname-mismatch')
    const page = { service: service.url, origin: 'https://a.test' }
    const late = await handIn(page, { challenge, replies: LIGHT_REPLIES })
    assert.equal(late.body.error!.code, 'host-not-allowed')
    await service.context.store.sites.set(own.sitekey, { hosts: ['a.test'] })
    assert.equal((await redeem(token, own.secret)).success, true)
  })

  it('is good under both secrets while they overlap, and under the new one alone without', async () => {
    const { sites } = service.context.store
    const own = await service.addSite([HOST], 'checkbox')
    const second = (await sites.rotate(own.sitekey, 3_600_000))!.secret
    assert.equal((await redeem(await tokenOf(own.sitekey), own.secret)).success, true)
    assert.equal((await redeem(await tokenOf(own.sitekey), second)).success, true)
    const third = (await sites.rotate(own.sitekey, 0))!.secret
    const token = await tokenOf(own.sitekey)
    assert.equal((await redeem(token, own.secret)).reason, 'secret-unknown')
    assert.equal((await redeem(token, second)).reason, 'secret-unknown')
    assert.equal((await redeem(token, third)).success, true)
  })

  it('of a site that was removed is good for nothing, at once', async () => {
    const own = await service.addSite([HOST], 'checkbox')
    const token = await tokenOf(own.sitekey)
    const challenge = lightChallenge(seal, { sitekey: own.sitekey })
    assert.equal(await service.context.store.sites.remove(own.sitekey), true)
    assert.equal((await redeem(token, own.secret)).reason, 'secret-unknown')
    const page = { service: service.url }
    for (const { body } of [
      await ask(page, { sitekey: own.sitekey }),
      await handIn(page, { challenge, replies: LIGHT_REPLIES }),
    ]) {
      assert.equal(body.error!.code, 'sitekey-unknown')
    }
  })

  it('opens under each root key that is set, and under none that is not', async () => {
    const [old, fresh] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)]
    const both = [fresh, old].map((key) => key.toString('base64url')).join(',')
    const rolled = await startService({ ONE_CAPTCHA_ROOT_KEYS: both })
    try {
      const own = await rolled.addSite([HOST], 'checkbox')
      const under = (key: Buffer) =>
        makeSeal([key], systemRandom(), Date.now).close(
          'token',
          writeToken(made({ sitekey: own.sitekey })),
        )
      assert.equal((await redeem(under(old), own.secret, rolled.url)).success, true)
      assert.equal((await redeem(under(fresh), own.secret, rolled.url)).success, true)
      const stranger = await redeem(under(Buffer.alloc(32, 4)), own.secret, rolled.url)
      assert.equal(stranger.reason, 'token-invalid')
    } finally {
      await rolled.stop()
    }
  })
})
