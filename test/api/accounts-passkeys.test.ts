import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { LoggedIn } from '../../src/accounts/accounts.ts'
import type { BadRequestCode } from '../../src/core/bad-request.ts'
import { type Authenticator, newAuthenticator } from '../support/authenticator.ts'
import { enter, newCaller, signUp } from '../support/people.ts'
import { startService, type TestService } from '../support/service.ts'

const MINUTE_MS = 60_000
const ORIGIN = 'https://captcha.example.org'
const RP = 'captcha.example.org'

let service: TestService
let nowMs = 1_800_000_000_000
let who: LoggedIn
const accounts = () => service.context.accounts
const refusal = (code: BadRequestCode) => (error: { code?: string }) => error.code === code

beforeAll(async () => {
  service = await startService(
    { ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_PUBLIC_URL: ORIGIN },
    { now: () => nowMs },
  )
  who = await enter(service, await signUp(service, 'ada'))
})
afterAll(() => service.stop())

/** Adds a passkey, as somebody who has just proved who they are. */
async function add(key: Authenticator, somebody = who, name = 'my phone') {
  const elevated = { ...somebody, elevated: true }
  const { options, pending } = await accounts().beginPasskey(elevated)
  return accounts().addPasskey(elevated, pending, name, key.create(options))
}

async function logIn(key: Authenticator) {
  const { options, pending } = await accounts().passkeyOptions()
  return accounts().logInByPasskey(newCaller(), pending, key.get(options))
}

describe('a passkey', () => {
  it('logs in without a name, a password or a code, and must check who uses it [ASVS 6.3.3]', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    assert.partialDeepStrictEqual((await accounts().beginPasskey(who)).options, {
      ...{ rp: { id: RP }, user: { name: 'ada' }, attestation: 'none' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    assert.equal(await add(key), true)
    const [kept] = await accounts().passkeys(who)
    assert.deepEqual([kept!.name, kept!.id, kept!.transports], ['my phone', key.id, ['internal']])

    key.says.counter = 2
    assert.partialDeepStrictEqual((await accounts().passkeyOptions()).options, {
      ...{ allowCredentials: [], userVerification: 'required' },
    })
    const { session, account } = await enter(service, (await logIn(key))!)
    assert.deepEqual([session.way, account.login], ['passkey', 'ada'])
    assert.equal((await accounts().passkeys(who))[0]!.lastUsedDay, Math.floor(nowMs / 86_400_000))
  })

  it('is refused for another page, another service, without its owner, or by another key', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    await add(key)
    const good = { ...key.says }
    for (const [what, says] of Object.entries({
      'another page': { origin: 'https://captcha.example.org.evil.example' },
      'another port': { origin: `${ORIGIN}:8443` },
      'plain http': { origin: 'http://captcha.example.org' },
      'another service': { rpId: 'evil.example' },
      'nobody checked who': { verified: false },
      'somebody else’s': { owner: Buffer.from('acc_other').toString('base64url') },
    })) {
      Object.assign(key.says, { ...good, counter: key.says.counter + 1, ...says })
      assert.equal(await logIn(key), null, what)
    }
    Object.assign(key.says, { ...good, counter: key.says.counter + 1 })
    const impostor = newAuthenticator(ORIGIN, RP)
    const { options, pending } = await accounts().passkeyOptions()
    const forged = { ...impostor.get(options), id: key.id, rawId: key.id }
    assert.equal(await accounts().logInByPasskey(newCaller(), pending, forged), null)
    assert.ok(await logIn(key))
  })

  it('answers a challenge once, in time, and for what it was made [ASVS 6.5.1, 6.7.2]', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    await add(key)
    key.says.counter = 0
    const { store } = service.context
    await store.passkeys.remove(who.account.id, key.id)
    assert.equal(await add(key), true, 'one that does not count')

    const { options, pending } = await accounts().passkeyOptions()
    const answer = key.get(options)
    const all = await Promise.all(
      Array.from({ length: 5 }, () => accounts().logInByPasskey(newCaller(), pending, answer)),
    )
    assert.equal(all.filter(Boolean).length, 1)

    const other = await accounts().passkeyOptions()
    assert.equal(await accounts().logInByPasskey(newCaller(), other.pending, answer), null)
    const prove = await accounts().passkeyOptions(who)
    const proof = key.get(prove.options)
    assert.equal(await accounts().logInByPasskey(newCaller(), prove.pending, proof), null)
    const late = await accounts().passkeyOptions()
    nowMs += 5 * MINUTE_MS
    assert.equal(
      await accounts().logInByPasskey(newCaller(), late.pending, key.get(late.options)),
      null,
    )
  })

  it('is refused when its count goes back: a copy of it is about', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    await add(key)
    key.says.counter = 10
    assert.ok(await logIn(key))
    for (const counter of [10, 9, 0]) {
      key.says.counter = counter
      assert.equal(await logIn(key), null, String(counter))
    }
    key.says.counter = 11
    // Two copies at once.
    const both = await Promise.all([logIn(key), logIn(key)])
    assert.equal(both.filter(Boolean).length, 1)
  })

  it('proves again who it is, for its own account alone', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    await add(key)
    key.says.counter = 2
    nowMs += 10 * MINUTE_MS
    const other = await enter(service, await signUp(service, 'bob'))
    const mine = await enter(service, (await logIn(key))!)
    nowMs += 10 * MINUTE_MS
    const proofOf = async (somebody: LoggedIn) => {
      key.says.counter += 1
      const { options, pending } = await accounts().passkeyOptions(somebody)
      return { pending, answer: key.get(options) }
    }
    const theirs = await proofOf(other)
    assert.equal(await accounts().elevate(newCaller(), other, { passkey: theirs }), null)
    assert.equal(await accounts().elevate(newCaller(), mine, { passkey: theirs }), null)
    key.says.counter += 1
    const anyone = await accounts().passkeyOptions()
    const forLogIn = { pending: anyone.pending, answer: key.get(anyone.options) }
    assert.equal(await accounts().elevate(newCaller(), mine, { passkey: forLogIn }), null)
    const raised = await accounts().elevate(newCaller(), mine, { passkey: await proofOf(mine) })
    assert.equal((await enter(service, raised!)).elevated, true)
  })

  it('is added once, to one account, by its owner, with a name', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    const other = { ...(await enter(service, await signUp(service, 'cyd'))), elevated: true }
    const elevated = { ...who, elevated: true }
    const { options, pending } = await accounts().beginPasskey(elevated)
    const answer = key.create(options)
    assert.equal(await accounts().addPasskey(other, pending, 'stolen', answer), false)
    await assert.rejects(
      accounts().addPasskey(elevated, pending, ' ', answer),
      refusal('field-invalid'),
    )
    const both = await Promise.all(
      [1, 2].map(() => accounts().addPasskey(elevated, pending, 'key', answer)),
    )
    assert.equal(both.filter(Boolean).length, 1)
    assert.equal(await add(key, other), false, 'it is somebody’s already')
    const careless = newAuthenticator(ORIGIN, RP)
    careless.says.verified = false
    assert.equal(await add(careless), false)
  })

  it('is nothing that is not an answer', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    await add(key)
    const { options, pending } = await accounts().passkeyOptions()
    const answer = key.get(options) as { response: object }
    for (const none of [
      ...[null, undefined, 0, '', 'x', [], {}, { id: key.id }, { ...answer, response: null }],
      ...[
        { ...answer, type: 'password' },
        { ...answer, rawId: 'other' },
      ],
      { ...answer, response: { ...answer.response, signature: { toString: 1 } } },
      { ...answer, response: { ...answer.response, clientDataJSON: 'AAAA' } },
      { ...answer, response: { ...answer.response, authenticatorData: 'A'.repeat(9_000) } },
      { ...answer, response: { ...answer.response, authenticatorData: '' } },
      { ...answer, id: '__proto__', rawId: '__proto__' },
    ])
      assert.equal(await accounts().logInByPasskey(newCaller(), pending, none), null)
    const elevated = { ...who, elevated: true }
    const begun = await accounts().beginPasskey(elevated)
    for (const none of [null, {}, answer])
      assert.equal(await accounts().addPasskey(elevated, begun.pending, 'x', none), false)
  })

  it('logs in to nothing once it is removed, or its account is suspended', async () => {
    const key = newAuthenticator(ORIGIN, RP)
    const opened = await signUp(service, 'dan')
    const dan = await enter(service, opened)
    await add(key, dan)
    key.says.counter += 1
    assert.ok(await logIn(key))
    await service.context.store.accounts.setState(dan.account.id, 'suspended')
    key.says.counter += 1
    await assert.rejects(logIn(key), refusal('account-suspended'))
    await service.context.store.accounts.setState(dan.account.id, 'active')
    assert.equal(await accounts().removePasskey(who, key.id), false, 'not by somebody else')
    assert.equal(await accounts().removePasskey({ ...dan, elevated: true }, key.id), true)
    key.says.counter += 1
    assert.equal(await logIn(key), null)
  })
})
