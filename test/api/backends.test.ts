import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Certificate, certificateFor } from '../support/certificate.ts'
import { pathOf } from '../support/debian.ts'
import { type Door, openDoor } from '../support/door.ts'
import { freePort } from '../support/free-port.ts'
import { lockLedger } from '../support/locked-ledger.ts'
import { environment } from '../support/program.ts'
import { startService, type TestService } from '../support/service.ts'
import { HOST, quickToken } from '../support/visitor.ts'

/**
 * The published clients that backends ask other CAPTCHAs with, as they are: their vendors' names lead to this service, or
 * its address is set where they let it be set, and nothing else is different.
 */
const PROGRAMS = fileURLToPath(new URL('../clients/backends/', import.meta.url))
const VENDORS = ['www.google.com', 'hcaptcha.com', 'challenges.cloudflare.com']

/** What a client is asked; its program knows what is meant. */
interface Call {
  secret: string
  token: string | null
  [more: string]: unknown
}
/** What it made of the answer: whether the visitor may pass, and what else it tells. */
interface Told {
  passed: boolean
  [more: string]: unknown
}

let folder: string
let certificate: Certificate
let service: TestService
let door: Door
let site: { sitekey: string; secret: string }
let other: { sitekey: string; secret: string }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'one-captcha-backends-'))
  certificate = certificateFor([...VENDORS, '127.0.0.1'], folder)
  service = await startService()
  door = await openDoor(service.url, certificate)
  site = await service.addSite([HOST], 'checkbox')
  other = await service.addSite([HOST], 'checkbox')
})
afterAll(async () => {
  await door?.close()
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const token = (facts = {}, { sitekey } = site) =>
  quickToken({ service: service.url }, service.context.tools.seal, { sitekey, ...facts })

/** Where programs find the service, unless a test leads them elsewhere. */
const ways = () => ({
  SERVICE: service.url,
  VENDORS_PORT: String(door.port),
  NODE_EXTRA_CA_CERTS: certificate.file,
})

const command = (file: string): string[] => {
  const program = PROGRAMS + file
  if (file.endsWith('.rb')) return [pathOf('ruby')!, program]
  if (file.endsWith('.js')) return [process.execPath, '--import', `${PROGRAMS}led.js`, program]
  // Its warnings are of connections that failed, as they are meant to.
  return [
    pathOf('php')!,
    '-d',
    'error_reporting=1',
    '-d',
    `openssl.cafile=${certificate.file}`,
    program,
  ]
}

/** Runs a client's program with some calls, and gives what it told of each. */
async function ask(file: string, calls: Call[], elsewhere = {}): Promise<Told[]> {
  const [program, ...options] = command(file)
  const child = spawn(program!, options, {
    env: environment({ ...ways(), ...elsewhere }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(calls))
  return JSON.parse(await text(child.stdout))
}

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
  /** Its vendor's public test secrets: the one with which all pass, and those with which nobody does. */
  test: { pass: string; fail?: string[] }
}

const scored = { hostname: HOST, score: 0.9, action: 'login' }
const recaptcha = { good: scored, test: { pass: '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe' } }
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
  '@nestlab/google-recaptcha, version 3': { ...nest, more: { version: '3' } },
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
    test: { pass: '0x0000000000000000000000000000000000000000' },
  },
  'turnstile-verify': {
    file: 'turnstile-verify.js',
    good: { messages: ['success'] },
    words: words((code) => ({ messages: [code] })),
    test: {
      pass: '1x0000000000000000000000000000000AA',
      fail: ['2x0000000000000000000000000000000AA', '3x0000000000000000000000000000000AA'],
    },
  },
}

describe.each(Object.entries(CLIENTS))('%s', (_, { file, more, good, words, test }) => {
  const asks = (calls: Call[], elsewhere = {}) =>
    ask(
      file,
      calls.map((call) => ({ ...call, ...more })),
      elsewhere,
    )

  it('says yes to a good token once and why not to any other, and knows its vendor’s test secrets', async () => {
    const { secret } = site
    const first = await token({ action: 'login' })
    const dummy = 'XXXX.DUMMY.TOKEN.XXXX'
    const [yes, spent, foreign, garbage, missing, wrong, right, ...tests] = await asks([
      { secret, token: first },
      { secret, token: first },
      { secret, token: await token({}, other) },
      { secret, token: 'garbage' },
      { secret, token: '' },
      { secret: `${secret}x`, token: first },
      { secret, token: await token({ action: 'login' }) },
      ...[test.pass, ...(test.fail ?? [])].map((one) => ({ secret: one, token: dummy })),
    ])
    for (const told of [yes, right]) tells(told, true, good)
    for (const [why, told] of Object.entries({ spent, foreign, garbage, missing, secret: wrong }))
      tells(told, false, words[why as keyof Words])
    const [passing, ...failing] = tests
    tells(passing, true)
    for (const told of failing) tells(told, false)
  })

  it('never says yes while the service is at fault, nor while nobody answers', async () => {
    const { secret } = site
    const calls = [{ secret, token: await token() }]
    const away = String(await freePort())
    tells(
      (await asks(calls, { VENDORS_PORT: away, SERVICE: `http://127.0.0.1:${away}` }))[0],
      false,
    )
    const unlock = lockLedger(service.data)
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
    const { secret } = site
    const wanting = [
      ['nestlab-google-recaptcha.js', { version: '3' }],
      ['google-recaptcha.php', { method: 'curl', action: 'login' }],
    ] as const
    for (const [file, more] of wanting)
      tells((await ask(file, [{ secret, token: await token(), ...more }]))[0], false)
    const scored = { method: 'curl', threshold: 0.5 }
    const [told] = await ask('google-recaptcha.php', [{ secret, token: await token(), ...scored }])
    tells(told, true, { score: 0.9 })
  })
})

describe('express-recaptcha, which hands on unescaped what it is sent,', () => {
  it('cannot be talked into another secret or token, and its token stays unspent', async () => {
    const { secret } = site
    const good = await token()
    const others = await token({}, other)
    const foreign = `&secret=${other.secret}`
    const version = '2'
    const [first, ...rest] = await ask('express-recaptcha.js', [
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
    const { secret } = site
    const wants = [
      [{ hostname: 'other.test' }, 'hostname-mismatch'],
      [{ action: 'join' }, 'action-mismatch'],
      [{ threshold: 0.95 }, 'score-threshold-not-met'],
    ] as const
    for (const [more, code] of wants) {
      const call = { secret, token: await token({ action: 'login' }), method: 'post', ...more }
      tells((await ask('google-recaptcha.php', [call]))[0], false, { codes: [code] })
    }
    const all = { hostname: HOST, action: 'login', threshold: 0.9 }
    const call = { secret, token: await token({ action: 'login' }), method: 'post', ...all }
    tells((await ask('google-recaptcha.php', [call]))[0], true)
  })

  // HTTP/1.1 is the right answer to HTTP/1.0 (RFC 9110, 6.2), and this way of asking takes none but HTTP/1.0.
  it('says no to all by its `SocketPost`, as docs/moving.md warns', async () => {
    const call = { secret: site.secret, token: await token(), method: 'socket' }
    const told = await ask('google-recaptcha.php', [call])
    tells(told[0], false, { codes: ['bad-response'] })
  })
})

describe('turnstile-verify', () => {
  it('hears the same again for the same idempotency key, and for no other', async () => {
    const call = { secret: site.secret, token: await token(), key: crypto.randomUUID() }
    const another = { ...call, key: crypto.randomUUID() }
    const told = await ask('turnstile-verify.js', [call, call, another])
    assert.deepEqual(
      told.map(({ passed }) => passed),
      [true, true, false],
    )
  })
})

describe('hcaptcha', () => {
  it('finds the secret of another site by its sitekey', async () => {
    const call = { secret: site.secret, token: await token() }
    const [mixed, right] = await ask('hcaptcha.js', [
      { ...call, sitekey: other.sitekey },
      { ...call, sitekey: site.sitekey },
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
    const call = { secret: site.secret, token: await token(), version: '2' }
    tells((await ask(file, [call], { NODE_EXTRA_CA_CERTS: '' }))[0], false)
    door.names.clear()
    tells((await ask(file, [call]))[0], true)
    assert.deepEqual([...door.names], [name])
  })
})

function tells(told: Told | undefined, passed: boolean, more: object = {}) {
  assert.partialDeepStrictEqual(told, { passed, ...more })
}
