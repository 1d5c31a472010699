import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { send, verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import {
  ask,
  gapOf,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  ORIGIN,
  type Page,
  post,
  promptOf,
  quickToken,
  work,
} from '../support/visitor.ts'

let service: TestService
let page: Page
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService()
  page = { service: service.url }
  site = await service.addSite([HOST, 'xn--bcher-kva.example', '*.wild.test', '[::1]'], 'checkbox')
})
afterAll(() => service.stop())

const seal = () => service.context.tools.seal
const from = (origin: string) => ask({ service: service.url, origin }, { sitekey: site.sitekey })

describe('a stolen sitekey', () => {
  it('works on the hosts that the site lists, on any port', async () => {
    for (const origin of [
      'https://example.test',
      'http://example.test:8080',
      'https://xn--bcher-kva.example',
      'https://a.wild.test',
      'https://a.b.wild.test',
      'http://[::1]:3000',
    ]) {
      assert.equal((await from(origin)).status, 200, origin)
    }
  })

  it('works on no other origin, however alike it looks', async () => {
    for (const origin of [
      'null',
      'https://evil.test',
      'https://evil-example.test',
      'https://example.test.evil.test',
      'https://www.example.test',
      'https://example.test.',
      'https://EXAMPLE.test',
      'https://example.test@evil.test',
      'https://example.test/',
      'https://example.test, https://evil.test',
      'https://bücher.example'.normalize('NFC').replace('ü', '%C3%BC'),
      'https://xn--bcher-kvb.example',
      'https://wild.test',
      'https://evilwild.test',
      'file://example.test',
      'chrome-extension://example.test',
      'https://example.test:99999999',
      '*',
    ]) {
      const { status, body } = await from(origin)
      assert.deepEqual([status, body.error?.code], [403, 'host-not-allowed'], origin)
    }
    const without = await fetch(`${service.url}/v1/challenges`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ sitekey: site.sitekey }),
    })
    assert.equal(without.status, 403)
    await without.arrayBuffer()
  })

  it('lets no page hand in what another page was given', async () => {
    const challenge = lightChallenge(seal(), { sitekey: site.sitekey })
    const thief = { service: service.url, origin: 'https://a.wild.test' }
    const { status, body } = await handIn(thief, { challenge, replies: LIGHT_REPLIES })
    assert.deepEqual([status, body.error!.code], [403, 'host-not-allowed'])
    assert.ok((await handIn(page, { challenge, replies: LIGHT_REPLIES })).body.token)
  })
})

describe('a program that forges its Origin', () => {
  it('pays the same work as a browser, and its token names the host it claimed', async () => {
    const { body } = await ask(
      { ...page, headers: { 'user-agent': 'curl/8' } },
      site && { sitekey: site.sitekey },
    )
    assert.deepEqual(promptOf(body), { algorithm: 'equix', effort: 1, count: 8 })
    const lazy = await handIn(page, {
      challenge: body.challenge,
      replies: [{ proof: Buffer.alloc(32).toString('base64url') }],
    })
    assert.equal(lazy.body.reason, 'work-wrong')
    const response = await quickToken(page, seal(), { sitekey: site.sitekey })
    const { finding } = await verify(service.url, { secret: site.secret, response })
    assert.equal(finding.hostname, HOST)
  })
})

describe('guessing at a puzzle', () => {
  it('has one try per challenge, however many positions are sent at once', async () => {
    await until(() => service.context.painter.ready() > 2, 'there are pictures to show')
    const first = await ask(page, { sitekey: 'oc-test-block' })
    const { body: puzzle } = await handIn(page, {
      challenge: first.body.challenge,
      replies: [await work(first.body)],
    })
    const done = await work(puzzle)
    const heard = await Promise.all(
      Array.from({ length: 300 }, (_, x) =>
        handIn(page, { challenge: puzzle.challenge, replies: [{ x }, done] }),
      ),
    )
    assert.equal(heard.filter(({ status }) => status === 409).length, 299)
    const judged = heard.filter(({ status }) => status === 200)
    assert.equal(judged.length, 1)
    // The next picture is another one, and dearer.
    assert.notEqual(judged[0]!.body.challenge, puzzle.challenge)
    assert.equal(promptOf(judged[0]!.body).effort, 2)
  })

  it('learns nothing from an answer but right or wrong: neither the gap nor how far off it was', async () => {
    await until(() => service.context.painter.ready() > 2, 'there are pictures to show')
    const first = await ask(page, { sitekey: 'oc-test-interactive' })
    const { body: puzzle } = await handIn(page, {
      challenge: first.body.challenge,
      replies: [await work(first.body)],
    })
    const shown = Object.keys(puzzle.tasks[0]!.prompt).sort()
    assert.deepEqual(shown, ['height', 'piece', 'pieceHeight', 'pieceWidth', 'scene', 'width', 'y'])
    const gap = gapOf(seal(), puzzle.challenge)
    assert.ok(gap > 0 && gap < puzzle.tasks[0]!.prompt.width)
    // What cannot be a reply at all is refused before it is judged, and costs nothing.
    for (const x of [-1, 321, '12', null, true, [1], { a: 1 }]) {
      const { body } = await handIn(page, {
        challenge: puzzle.challenge,
        replies: [{ x }, { proof: 'AAAA' }],
      })
      assert.equal(body.error!.code, 'reply-invalid', String(x))
    }
  })
})

describe('a forged X-Forwarded-For', () => {
  /** With a calm number of 1, each challenge of a network makes the next dearer by 10. */
  const STEEP = { effortFloor: 3, effortCeiling: 512 }
  const still = Date.now()
  const world = { now: () => still }
  const efforts = async (
    service: TestService,
    sitekey: string,
    headers: Record<string, string>[],
  ) => {
    const seen: number[] = []
    for (const one of headers) {
      const { body } = await ask({ service: service.url, headers: one }, { sitekey })
      seen.push(promptOf(body).effort)
    }
    return seen
  }

  it('buys no fresh counter where no proxy is trusted', async () => {
    const strict = await startService({ ONE_CAPTCHA_CALM: '1', ONE_CAPTCHA_DEMO: 'off' }, world)
    try {
      const { sitekey } = await strict.addSite([HOST], 'checkbox', STEEP)
      const spoofs = ['198.51.100.1', '203.0.113.9, 10.0.0.1', 'fe80::1%eth0', 'junk', '::1'].map(
        (hop) => ({ 'x-forwarded-for': hop, forwarded: `for="[2001:db8::1]"`, 'x-real-ip': hop }),
      )
      assert.deepEqual(await efforts(strict, sitekey, spoofs), [10, 20, 30, 40, 50])
    } finally {
      await strict.stop()
    }
  })

  it('buys none from a client behind a trusted proxy either: only what the proxy wrote counts', async () => {
    const proxied = await startService(
      {
        ONE_CAPTCHA_CALM: '1',
        ONE_CAPTCHA_DEMO: 'off',
        ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
      },
      world,
    )
    try {
      const { sitekey } = await proxied.addSite([HOST], 'checkbox', STEEP)
      const hops = ['198.51.100.1', '1.1.1.1, 198.51.100.2', '2.2.2.2, junk, 198.51.100.3']
      const same = hops.map((hop) => ({ 'x-forwarded-for': hop }))
      assert.deepEqual(await efforts(proxied, sitekey, same), [10, 20, 30])
      const other = [{ 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }]
      assert.deepEqual(await efforts(proxied, sitekey, other), [10])
    } finally {
      await proxied.stop()
    }
  })
})

describe('prototype pollution and mass assignment', () => {
  it('gets nothing past the reader, by JSON, form or query string', async () => {
    const { sitekey } = site
    for (const text of [
      `{"sitekey":"${sitekey}","__proto__":{"polluted":1}}`,
      `{"sitekey":"${sitekey}","constructor":{"prototype":{"polluted":1}}}`,
      `{"sitekey":"${sitekey}","sitekey":"oc-test-pass"}`,
    ]) {
      assert.equal((await post(page, '/v1/challenges', text)).body.error!.code, 'body-invalid')
    }
    for (const extra of [
      'test',
      'effort',
      'relief',
      'waitMs',
      'mode',
      'hosts',
      'attempt',
      'way',
      'id',
      'toString',
    ]) {
      const { body } = await ask(page, { sitekey, [extra]: 'pass' })
      assert.deepEqual([body.error!.code, body.error!.field], ['field-invalid', extra])
    }
    for (const query of ['__proto__[polluted]=1', 'a[__proto__][polluted]=1', '__proto__=1']) {
      await send(`${service.url}/v1/siteverify?${query}`, {
        method: 'POST',
        body: new URLSearchParams(query),
      })
    }
    assert.equal(({} as { polluted?: number }).polluted, undefined)
  })
})

describe('what another origin may read', () => {
  it('is never with credentials, never an echo of its origin, and never by JSONP', async () => {
    const asked = await from(ORIGIN)
    const preflight = await fetch(`${service.url}/v1/solutions`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    })
    for (const headers of [asked.headers, preflight.headers]) {
      assert.equal(headers.get('access-control-allow-origin'), '*')
      assert.equal(headers.get('access-control-allow-credentials'), null)
      assert.equal(headers.get('set-cookie'), null)
    }
    const { headers } = await send(`${service.url}/v1/siteverify?callback=alert`, {
      headers: { origin: 'https://evil.test' },
    })
    assert.equal(headers.get('access-control-allow-origin'), null)
    assert.match(headers.get('content-type')!, /^application\/json/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.match(headers.get('content-security-policy')!, /default-src 'none'/)
  })
})

describe('ids and sealed strings', () => {
  it('never repeat, and look like noise', async () => {
    const { tools } = service.context
    const ids = new Set<string>()
    const ones = new Array(128).fill(0)
    const runs = 20_000
    for (let i = 0; i < runs; i++) {
      const bytes = tools.random.bytes(16)
      ids.add(Buffer.from(bytes).toString('hex'))
      for (let bit = 0; bit < 128; bit++) ones[bit] += (bytes[bit >> 3]! >> (bit & 7)) & 1
    }
    assert.equal(ids.size, runs)
    // Six standard deviations of a fair coin: a false alarm once in some million runs.
    for (const count of ones) assert.ok(Math.abs(count - runs / 2) < 3 * Math.sqrt(runs))
    const sealed = Array.from({ length: 1_000 }, () => tools.seal.close('token', 'same'))
    assert.equal(new Set(sealed).size, 1_000)
  })
})
