import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  type BackendsStage,
  type Call,
  openBackendsStage,
  type Told,
} from '../support/backends-stage.ts'
import { freePort } from '../support/free-port.ts'
import { HOST } from '../support/visitor.ts'

let stage: BackendsStage
beforeAll(async () => {
  stage = await openBackendsStage()
})
afterAll(() => stage?.close())

/** What a client tells of each way in which a token is not good; nothing is told by who says yes or no alone. */
type Words = Record<'spent' | 'foreign' | 'garbage' | 'missing' | 'secret', object>

/** Those of a client that hands on the codes that it hears, in a shape of its own. */
const words = (shape: (code: string) => object): Words => ({
  spent: shape('timeout-or-duplicate'),
  foreign: shape('invalid-input-response'),
  garbage: shape('invalid-input-response'),
  missing: shape('missing-input-response'),
  secret: shape('invalid-input-secret'),
})

interface Client {
  file: string
  /** What each call needs besides. */
  more?: object
  /** What it tells of a good token of the action `login`. */
  good: object
  words: Words
  /** Its vendor's public test secrets, and whether it says yes under each to a token that is made up. */
  test: Record<string, boolean>
}

const scored = { hostname: HOST, score: 0.9, action: 'login' }
const TEST = '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe'
const recaptcha = { good: scored, test: { [TEST]: true } }
const express = {
  ...recaptcha,
  file: 'express-recaptcha.js',
  // Where there is no token, it asks about one that is called `null`.
  words: { ...words((error) => ({ error })), missing: { error: 'invalid-input-response' } },
}
const malformed = { status: 400, message: 'The response parameter is invalid or malformed.' }
const nest = {
  ...recaptcha,
  file: 'nestlab-google-recaptcha.js',
  words: {
    spent: {
      status: 400,
      message: 'The response is no longer valid: either is too old or has been used previously.',
    },
    foreign: malformed,
    garbage: malformed,
    missing: { status: 400, message: 'The response parameter is missing.' },
    secret: {
      status: 500,
      message: 'Invalid module configuration. Please check public-secret keys.',
    },
  },
}
const php = {
  ...recaptcha,
  file: 'google-recaptcha.php',
  words: words((code) => ({ codes: [code] })),
}

const CLIENTS: Record<string, Client> = {
  'express-recaptcha, version 2': { ...express, more: { version: '2' }, good: { hostname: HOST } },
  'express-recaptcha, version 3': { ...express, more: { version: '3' } },
  '@nestlab/google-recaptcha, version 2': { ...nest, more: { version: '2' } },
  // This one wants an action, which no token has that is made up.
  '@nestlab/google-recaptcha, version 3': {
    ...nest,
    more: { version: '3' },
    test: { [TEST]: false },
  },
  'google/recaptcha of PHP, by its streams': { ...php, more: { method: 'post' } },
  'google/recaptcha of PHP, by curl': { ...php, more: { method: 'curl' } },
  'recaptcha of Ruby': { ...recaptcha, file: 'recaptcha.rb', good: {}, words: words(() => ({})) },
  hcaptcha: {
    file: 'hcaptcha.js',
    good: { success: true, hostname: HOST, credit: false },
    words: {
      ...words((code) => ({ 'error-codes': [code] })),
      spent: { 'error-codes': ['already-seen-response'], hostname: HOST },
    },
    test: { '0x0000000000000000000000000000000000000000': true },
  },
  'turnstile-verify': {
    file: 'turnstile-verify.js',
    good: { messages: ['success'] },
    words: words((code) => ({ messages: [code] })),
    test: {
      '1x0000000000000000000000000000000AA': true,
      '2x0000000000000000000000000000000AA': false,
      '3x0000000000000000000000000000000AA': false,
    },
  },
}

describe.each(Object.entries(CLIENTS))('%s', (_, { file, more, good, words, test }) => {
  const asks = (calls: Call[], elsewhere = {}) =>
    stage.ask(
      file,
      calls.map((call) => ({ ...call, ...more })),
      elsewhere,
    )

  it('says yes to a good token once and why not to any other, and knows its vendor’s test secrets', async () => {
    const { secret } = stage.site
    const first = await stage.token({ action: 'login' })
    const dummy = 'XXXX.DUMMY.TOKEN.XXXX'
    const [yes, spent, foreign, garbage, missing, wrong, right, ...tests] = await asks([
      { secret, token: first },
      { secret, token: first },
      { secret, token: await stage.token({}, stage.other) },
      { secret, token: 'garbage' },
      { secret, token: '' },
      { secret: `${secret}x`, token: first },
      { secret, token: await stage.token({ action: 'login' }) },
      ...Object.keys(test).map((one) => ({ secret: one, token: dummy })),
    ])
    for (const told of [yes, right]) tells(told, true, good)
    for (const [why, told] of Object.entries({ spent, foreign, garbage, missing, secret: wrong }))
      tells(told, false, words[why as keyof Words])
    for (const [nth, passes] of Object.values(test).entries()) tells(tests[nth], passes)
  })

  it('never says yes while the service is at fault, nor while nobody answers', async () => {
    const calls = [{ secret: stage.site.secret, token: await stage.token({ action: 'login' }) }]
    const away = String(await freePort())
    tells(
      (await asks(calls, { VENDORS_PORT: away, SERVICE: `http://127.0.0.1:${away}` }))[0],
      false,
    )
    const unlock = stage.lockLedger()
    try {
      tells((await asks(calls))[0], false)
    } finally {
      unlock()
    }
    tells((await asks(calls))[0], true)
  })
})

describe('a token without an action', () => {
  it('has a score for version 3, and does not get past those who want an action', async () => {
    const { secret } = stage.site
    const wanting = [
      ['nestlab-google-recaptcha.js', { version: '3' }],
      ['google-recaptcha.php', { method: 'curl', action: 'login' }],
    ] as const
    for (const [file, more] of wanting)
      tells((await stage.ask(file, [{ secret, token: await stage.token(), ...more }]))[0], false)
    const scored = { method: 'curl', threshold: 0.5 }
    const [told] = await stage.ask('google-recaptcha.php', [
      { secret, token: await stage.token(), ...scored },
    ])
    tells(told, true, { score: 0.9 })
  })
})

describe('express-recaptcha, which hands on unescaped what it is sent,', () => {
  it('cannot be talked into another secret or token, and its token stays unspent', async () => {
    const { secret } = stage.site
    const good = await stage.token()
    const others = await stage.token({}, stage.other)
    const foreign = `&secret=${stage.other.secret}`
    const version = '2'
    const [first, ...rest] = await stage.ask('express-recaptcha.js', [
      { secret, version, token: `${others}${foreign}` },
      { secret, version, token: 'x&secret=1x0000000000000000000000000000000AA' },
      { secret, version, token: 'x', from: `203.0.113.7&response=${good}` },
      { secret, version, token: others, from: `203.0.113.7${foreign}` },
      { secret, version, token: good, from: '203.0.113.7, 198.51.100.1' },
    ])
    const last = rest.pop()
    for (const told of [first, ...rest]) tells(told, false, { error: 'bad-request' })
    tells(last, true)
  })
})

describe('google/recaptcha of PHP', () => {
  it('holds a token to what it is told to expect', async () => {
    const { secret } = stage.site
    const expect = async (more: object) => ({
      ...{ secret, method: 'post', token: await stage.token({ action: 'login' }) },
      ...more,
    })
    const [host, action, score, all] = await stage.ask('google-recaptcha.php', [
      await expect({ hostname: 'other.test' }),
      await expect({ action: 'join' }),
      await expect({ threshold: 0.95 }),
      await expect({ hostname: HOST, action: 'login', threshold: 0.9 }),
    ])
    tells(host, false, { codes: ['hostname-mismatch'] })
    tells(action, false, { codes: ['action-mismatch'] })
    tells(score, false, { codes: ['score-threshold-not-met'] })
    tells(all, true)
  })

  // HTTP/1.1 is the right answer to HTTP/1.0 (RFC 9110, 6.2), and this way of asking takes none but HTTP/1.0.
  it('says no to all by its `SocketPost`, as docs/moving.md warns', async () => {
    const call = { secret: stage.site.secret, token: await stage.token(), method: 'socket' }
    const told = await stage.ask('google-recaptcha.php', [call])
    tells(told[0], false, { codes: ['bad-response'] })
  })
})

describe('turnstile-verify', () => {
  it('hears the same again for the same idempotency key, and for no other', async () => {
    const call = { secret: stage.site.secret, token: await stage.token(), key: crypto.randomUUID() }
    const another = { ...call, key: crypto.randomUUID() }
    const told = await stage.ask('turnstile-verify.js', [call, call, another])
    assert.deepEqual(
      told.map(({ passed }) => passed),
      [true, true, false],
    )
  })
})

describe('hcaptcha', () => {
  it('finds the secret of another site by its sitekey', async () => {
    const call = { secret: stage.site.secret, token: await stage.token() }
    const [mixed, right] = await stage.ask('hcaptcha.js', [
      { ...call, sitekey: stage.other.sitekey },
      { ...call, sitekey: stage.site.sitekey },
    ])
    tells(mixed, false, { 'error-codes': ['sitekey-secret-mismatch'] })
    tells(right, true)
  })
})

describe('the name of a vendor', () => {
  it.each([
    ['express-recaptcha.js', 'www.google.com'],
    ['nestlab-google-recaptcha.js', 'www.google.com'],
    ['hcaptcha.js', 'hcaptcha.com'],
    ['turnstile-verify.js', 'challenges.cloudflare.com'],
  ])('is called by %s, which believes nobody without its certificate', async (file, name) => {
    const call = { secret: stage.site.secret, token: await stage.token(), version: '2' }
    tells((await stage.ask(file, [call], { NODE_EXTRA_CA_CERTS: '' }))[0], false)
    stage.names.clear()
    tells((await stage.ask(file, [call]))[0], true)
    assert.deepEqual([...stage.names], [name])
  })
})

function tells(told: Told | undefined, passed: boolean, more: object = {}) {
  assert.partialDeepStrictEqual(told, { passed, ...more })
}
