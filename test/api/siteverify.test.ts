import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { dialects } from '../../src/dialects/index.ts'
import { type Finding, send, type Verified, verify } from '../support/backend.ts'
import { lockLedger } from '../support/locked-ledger.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { HOST, lightChallenge, type Page, quickToken } from '../support/visitor.ts'

let service: TestService
let page: Page
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService()
  page = { service: service.url }
  site = await service.addSite([HOST], 'checkbox')
})
afterAll(() => service.stop())

const token = (facts = {}) =>
  quickToken(page, service.context.tools.seal, { sitekey: site.sitekey, ...facts })

type Call = (path: string, parameters: Record<string, string>) => Promise<Verified>
const at = (path: string) => new URL(path, service.url)
const withQuery = (path: string, parameters: Record<string, string>) => {
  const url = at(path)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
/** Every way in which clients that are in use hand in the parameters. */
const ways: Record<string, Call> = {
  'a form': (path, parameters) => verify(service.url, parameters, path),
  JSON: (path, parameters) =>
    send(at(path).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(parameters),
    }),
  multipart: (path, parameters) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(parameters)) body.set(name, value)
    return send(at(path).href, { method: 'POST', body })
  },
  'a GET query': (path, parameters) => send(withQuery(path, parameters), {}),
  'a POST query': (path, parameters) => send(withQuery(path, parameters), { method: 'POST' }),
  'a POST query and an empty form': (path, parameters) =>
    send(withQuery(path, parameters), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  'a POST query and an empty JSON body': (path, parameters) =>
    send(withQuery(path, parameters), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    }),
}

const paths = dialects.flatMap((dialect) => dialect.paths)
const codes = ({ finding }: Verified) => finding['error-codes']

describe('siteverify', () => {
  for (const path of paths) {
    for (const [way, call] of Object.entries(ways)) {
      it(`at ${path} by ${way}: tells each mistake, leaves the token unspent, and takes it once`, async () => {
        const { secret } = site
        const response = await token()
        const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
        const cases: [Record<string, string>, string][] = [
          [{}, 'missing-input-secret'],
          [{ response }, 'missing-input-secret'],
          [{ secret: '', response }, 'missing-input-secret'],
          [{ secret: wrong, response }, 'invalid-input-secret'],
          [{ secret: 'x', response }, 'invalid-input-secret'],
          [{ secret }, 'missing-input-response'],
          [{ secret, response: '' }, 'missing-input-response'],
          [{ secret, response: 'x' }, 'invalid-input-response'],
          [{ secret, response: `${response}x` }, 'invalid-input-response'],
        ]
        for (const [parameters, code] of cases) {
          const heard = await call(path, parameters)
          assert.equal(heard.status, 200)
          assert.deepEqual(codes(heard), [code])
          assert.equal(heard.finding.success, false)
          assert.equal(heard.finding.challenge_ts, null)
          assert.equal(heard.finding.hostname, null)
        }
        const good = await call(path, { secret, response, remoteip: 'garbage, 1.2.3.4', x: 'y' })
        assert.equal(good.finding.success, true, JSON.stringify(good.finding))
        // Turnstile's clients want the list, reCAPTCHA's take its mere presence for failure.
        assert.deepEqual(codes(good), path.startsWith('/turnstile') ? [] : undefined)
        assert.equal(good.headers.get('cache-control'), 'no-store')
        assert.equal(good.headers.get('access-control-allow-origin'), null)
        const again = await call(path, { secret, response })
        const used = /^\/(hcaptcha|siteverify)/.test(path)
          ? 'already-seen-response'
          : 'timeout-or-duplicate'
        assert.deepEqual(codes(again), [used])
        assert.equal(again.finding.hostname, HOST)
      })
    }
  }

  it('refuses a parameter given twice, in one place or two, and leaves the token unspent', async () => {
    const { secret } = site
    const response = await token()
    const form = (text: string, path = paths[0]!) =>
      send(at(path).href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: text,
      })
    const good = new URLSearchParams({ secret, response })
    for (const path of paths) {
      const json = (text: string) =>
        send(at(path).href, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        })
      const twice = new FormData()
      for (const value of [response, response]) twice.append('response', value)
      twice.append('secret', secret)
      const calls = [
        form(`${good}&response=x`, path),
        form(`${good}&secret=${secret}`, path),
        form(`${good}`, `${path}?response=${response}`),
        form(`${good}`, `${path}?secret=x`),
        send(`${at(path)}?${good}&response=y`, {}),
        send(at(path).href, { method: 'POST', body: twice }),
        json(`{"secret":"${secret}","response":"x","response":"${response}"}`),
        json(`{"secret":"${secret}","response":["${response}"]}`),
        json(`{"secret":"${secret}","response":{"a":"${response}"}}`),
        json(`{"secret":"${secret}","response":7}`),
      ]
      for (const heard of await Promise.all(calls)) {
        assert.equal(heard.status, 400)
        assert.deepEqual(codes(heard), ['bad-request'])
        assert.equal(heard.finding.success, false)
      }
    }
    const { finding } = await verify(service.url, { secret, response })
    assert.equal(finding.success, true)
  })

  it('reads a token to its end, whatever it is made of, as far as backends send it', async () => {
    for (const response of ['x', '%', '漢'].map((one) => one.repeat(8_192))) {
      const { status, finding } = await verify(service.url, { secret: site.secret, response })
      assert.deepEqual([status, finding.reason], [200, 'token-invalid'])
    }
  })

  it('answers a body that cannot be read with 400 and bad-request', async () => {
    const bodies: [string, string][] = [
      ['application/json', '{'],
      ['application/json', '[]'],
      ['application/json', '"x"'],
      ['application/json', '7'],
      ['application/json', '{"a":{"__proto__":{"x":1}}}'],
      ['application/json', '['.repeat(5_000)],
      ['application/x-www-form-urlencoded', 'a='.padEnd(100_000, 'x')],
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=b', 'x'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n',
      ],
      [
        'multipart/form-data; boundary=b',
        '--b\r\ncontent-disposition: form-data; name="response"; filename="f"\r\n\r\nx\r\n--b--\r\n',
      ],
      ['application/xml', '<x/>'],
      ['image/png', '\u0089PNG\u0000'],
    ]
    for (const path of paths) {
      for (const [type, body] of bodies) {
        const heard = await send(at(path).href, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        })
        const what = `${path} ${type} ${body.slice(0, 40)}`
        assert.equal(heard.status, 400, `${what} ${JSON.stringify(heard.finding)}`)
        assert.deepEqual(codes(heard), ['bad-request'], what)
        assert.equal(heard.finding.success, false)
      }
    }
  })

  it('tells our own dialect the reason, and the others nothing that they do not know', async () => {
    const { finding } = await verify(service.url, {})
    assert.equal(finding.reason, 'secret-missing')
    const vendor = await verify(service.url, {}, '/recaptcha/api/siteverify')
    assert.deepEqual(Object.keys(vendor.finding).sort(), [
      'challenge_ts',
      'error-codes',
      'hostname',
      'success',
    ])
  })

  it('speaks of a used, an ended and another site’s token in each dialect’s own words', async () => {
    const other = await service.addSite([HOST], 'checkbox')
    const ended = await token({ tokenLifeMs: 1 })
    const words: Record<string, [ended: string, mismatch: string | null]> = {
      '/v1/siteverify': ['timeout-or-duplicate', 'invalid-input-secret'],
      '/recaptcha/api/siteverify': ['timeout-or-duplicate', null],
      '/siteverify': ['expired-input-response', 'sitekey-secret-mismatch'],
      '/hcaptcha/siteverify': ['expired-input-response', 'sitekey-secret-mismatch'],
      '/turnstile/v0/siteverify': ['timeout-or-duplicate', null],
    }
    assert.deepEqual(Object.keys(words).sort(), [...paths].sort())
    for (const [path, [late, mismatch]] of Object.entries(words)) {
      const ask = async (more: Record<string, string>) =>
        codes(await verify(service.url, { secret: site.secret, ...more }, path))?.[0]
      assert.equal(await ask({ response: ended }), late, path)
      const response = await token()
      if (mismatch) assert.equal(await ask({ response, sitekey: other.sitekey }), mismatch, path)
      // Who does not ask for the site by its key is not held to it.
      const sitekey = mismatch ? site.sitekey : other.sitekey
      assert.equal(await ask({ response, sitekey }), undefined, path)
    }
  })

  it('gives the clients of reCAPTCHA 3 a score and the action, those of Turnstile what was bound in', async () => {
    const { secret } = site
    const ask = async (path: string, facts: object) =>
      (await verify(service.url, { secret, response: await token(facts) }, path)).finding
    const third = await ask('/recaptcha/api/siteverify', { action: 'login' })
    assert.deepEqual([third.score, third.action], [0.9, 'login'])
    // Also where the page gave no action: who misses either takes the token for version 2's, and asks for none.
    const plain = await ask('/recaptcha/api/siteverify', {})
    assert.deepEqual([plain.score, plain.action], [0.9, ''])
    const turnstile = await ask('/turnstile/v0/siteverify', { action: 'a', cdata: 'order 7' })
    assert.deepEqual([turnstile.action, turnstile.cdata], ['a', 'order 7'])
    assert.equal((await ask('/hcaptcha/siteverify', {})).credit, false)
  })

  for (const path of ['/v1/siteverify', '/turnstile/v0/siteverify']) {
    it(`at ${path}: repeats its answer to the same idempotency key, and to no other`, async () => {
      const { secret } = site
      const response = await token({ action: 'pay' })
      const key = crypto.randomUUID()
      const ask = async (idempotency_key?: string) => {
        const parameters = { secret, response, ...(idempotency_key && { idempotency_key }) }
        return (await verify(service.url, parameters, path)).finding
      }
      const first = await Promise.all([ask(key), ask(key), ask(key)])
      assert.ok(first.every(({ success }) => success))
      assert.deepEqual(await ask(key), first[0])
      for (const another of [crypto.randomUUID(), undefined, 'x'.repeat(101), key.toUpperCase()]) {
        assert.equal((await ask(another)).success, false)
        // Nor is who was refused taken for the first one later.
        assert.equal((await ask(another)).success, false)
      }
      assert.equal((await ask(key)).success, true)
      // Who begins without a key, or with one that is too long, is told once.
      const other = await token()
      const once = { secret, response: other, idempotency_key: 'x'.repeat(101) }
      assert.equal((await verify(service.url, once, path)).finding.success, true)
      assert.equal((await verify(service.url, once, path)).finding.success, false)
    })
  }

  it('holds a token to the hostname and action that the backend expects, without spending it', async () => {
    const response = await token({ action: 'signup' })
    const ask = async (more: Record<string, string>): Promise<Finding> =>
      (await verify(service.url, { secret: site.secret, response, ...more })).finding
    assert.equal((await ask({ hostname: 'other.test' })).reason, 'hostname-mismatch')
    assert.equal((await ask({ action: 'login' })).reason, 'action-mismatch')
    assert.equal((await ask({ hostname: 'EXAMPLE.test', action: 'signup' })).success, true)
  })

  it('refuses network guessing after 300 wrong secrets in a minute, and still serves who knows one', async () => {
    const now = Date.now()
    const guarded = await startService({}, { now: () => now })
    try {
      const { sitekey, secret } = await guarded.addSite([HOST], 'checkbox')
      const guess = (spoofed: string) =>
        send(`${guarded.url}/v1/siteverify`, {
          method: 'POST',
          headers: { 'x-forwarded-for': spoofed },
          body: new URLSearchParams({ secret: 'ocs_live_wrong', response: 'x' }),
        })
      for (let i = 0; i < 300; i++) assert.equal((await guess(`10.0.${i % 256}.1`)).status, 200)
      const refused = await guess('192.0.2.99')
      assert.equal(refused.status, 429)
      assert.equal(refused.headers.get('retry-after'), '60')
      assert.equal(refused.finding.success, false)
      const response = await quickToken({ service: guarded.url }, guarded.context.tools.seal, {
        sitekey,
      })
      const good = await verify(guarded.url, { secret, response })
      assert.deepEqual([good.status, good.finding.success], [200, true])
    } finally {
      await guarded.stop()
    }
  })

  it('passes nobody while the ledger is out of order, and takes the token once it works again', async () => {
    const response = await token()
    const challenge = lightChallenge(service.context.tools.seal, { sitekey: site.sitekey })
    const ready = async () => (await fetch(`${service.url}/readyz`)).status
    const unlock = lockLedger(service.data)
    try {
      for (const path of paths) {
        const heard = await verify(service.url, { secret: site.secret, response }, path)
        assert.equal(heard.status, 503)
        assert.equal(heard.finding.success, false)
        assert.deepEqual(codes(heard), ['internal-error'])
        assert.ok(heard.headers.get('retry-after'))
      }
      const solution = await fetch(`${service.url}/v1/solutions`, {
        method: 'POST',
        headers: { origin: `https://${HOST}`, 'content-type': 'text/plain' },
        body: JSON.stringify({ challenge, replies: [{ proof: 'AAAAAA' }] }),
      })
      assert.equal(solution.status, 503)
      assert.ok(solution.headers.get('retry-after'))
      assert.equal(
        ((await solution.json()) as { error: { code: string } }).error.code,
        'ledger-unavailable',
      )
      await until(async () => (await ready()) === 503, 'it says that it is not ready')
      assert.equal((await fetch(`${service.url}/healthz`)).status, 200)
    } finally {
      unlock()
    }
    assert.equal(
      (await verify(service.url, { secret: site.secret, response })).finding.success,
      true,
    )
    await until(async () => (await ready()) === 200, 'it says that it is ready')
  })
})
