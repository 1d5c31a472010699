import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { dialects } from '../../src/dialects/index.ts'
import {
  type Program,
  removeFolder,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { sendRaw } from '../support/raw.ts'
import { lightChallenge } from '../support/visitor.ts'

/** How many strangers' requests each property makes. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400)
const PAGE_ROUTES = ['/v1/challenges', '/v1/solutions', '/v1/feedback', '/v1/feedback/receipt']
const BACKEND_ROUTES = dialects.flatMap((dialect) => dialect.paths)
const PAGES = [
  ...['/', '/demo', '/privacy', '/privacy.md', '/privacy/record.json', '/privacy/record.csv'],
  ...['/breaches', '/breaches.atom', '/breaches.json', '/feedback', '/feedback/receipt'],
  ...['/licenses', '/licenses.json', '/licenses/text/fastify', '/licenses/browser.txt'],
  ...['/sbom.cdx.json', '/promises', '/promises.json', '/confidentiality', '/termination'],
  ...['/status', '/status/history', '/status/feed.atom', '/status/calendar.ics', '/v1/noscript'],
  ...[
    '/docs',
    '/docs/search',
    '/docs/settings',
    '/docs/images/box-light.png',
    '/docs/grafana.json',
  ],
  ...['/api/v2/summary.json', '/api/v2/incidents/unresolved.json'],
]
const OTHERS = ['/healthz', '/readyz', '/openapi.json', '/v1/widget.js', '/0/api.js']
const ROUTES = [...PAGES, ...PAGE_ROUTES, ...BACKEND_ROUTES, ...OTHERS]

let program: Program
const data = temporaryFolder()

beforeAll(async () => {
  const settings = { ONE_CAPTCHA_LOG_LEVEL: 'error', ONE_CAPTCHA_DEMO: 'on' }
  // With little room for garbage, what grows is what is kept.
  const room = ['--max-semi-space-size=1', '--max-old-space-size=160']
  program = await startProgram(data, settings, room)
})
afterAll(async () => {
  await program.stop()
  removeFolder(data)
})

/** A stranger may be told off, but never find a fault of ours; and is told in the shape that was promised. */
async function assertPolite(response: Response, path: string, what: string) {
  const text = await response.text()
  assert.ok(response.status < 500, `${what}: ${response.status} ${text}`)
  if (response.status < 400) return
  // The pages answer people, in HTML.
  if (PAGES.includes(path)) return
  const body = JSON.parse(text)
  if (BACKEND_ROUTES.includes(path) && response.status !== 405) {
    assert.equal(body.success, false, what)
    assert.ok(Array.isArray(body['error-codes']), what)
  } else {
    assert.match(body.error.code, /^[a-z]+(-[a-z]+)+$/, what)
    assert.ok(body.error.message.length > 0 && body.error.message.length < 300, what)
  }
}

/** Names that mean something here, and others. */
const name = fc.oneof(
  fc.constantFrom('sitekey', 'action', 'cdata', 'kind', 'tokenLifeMs', 'challenge', 'replies'),
  fc.constantFrom('trace', 'instead', 'secret', 'response', 'remoteip', 'hostname', 'proof', 'x'),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '', '0'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const value = fc.oneof(
  fc.constantFrom('oc-test-pass', 'oc-test-secret-pass', 'pow', 'another', 'patience', 'lighter'),
  fc.constantFrom('login', 'signup'),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, true, 1e308, -0, 'A'.repeat(5_000), '\u0000', '\ud800', [[[[1]]]]),
  fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 20 }),
  fc.constant(null).map(() => lightChallenge(testSeal(), { sitekey: 'oc-test-pass' })),
)
const record = fc
  .array(fc.tuple(name, value), { maxLength: 6 })
  // Written by hand, so that a name may come twice.
  .map((entries) => `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)}}`)
const solution = fc
  .record({
    challenge: fc.constant(null).map(() => lightChallenge(testSeal(), { sitekey: 'oc-test-pass' })),
    replies: fc.array(fc.oneof(value, fc.record({ proof: value }), fc.record({ x: value })), {
      maxLength: 3,
    }),
    trace: fc.option(fc.array(fc.tuple(fc.integer(), fc.double(), value)), { nil: undefined }),
    instead: fc.option(value, { nil: undefined }),
  })
  .map((one) => JSON.stringify(one))
const body = fc.oneof(
  { weight: 3, arbitrary: record },
  { weight: 3, arbitrary: solution },
  fc.jsonValue({ maxDepth: 8 }).map((one) => JSON.stringify(one)),
  fc.nat(9_000).map((depth) => '[{"a":'.repeat(depth)),
  fc.tuple(record, fc.nat(40)).map(([text, end]) => text.slice(0, end)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.nat(40_000).map((length) => `{"sitekey":"${'k'.repeat(length)}"}`),
)
const contentType = fc.oneof(
  fc.constantFrom('text/plain', 'application/json', 'application/x-www-form-urlencoded'),
  fc.constantFrom('multipart/form-data; boundary=x', 'multipart/form-data', 'application/json;;;'),
  fc.constantFrom('image/png', ';', 'text/plain; charset=utf-16', '/', 'a/b/c', ''),
)
const origin = fc.oneof(
  fc.constantFrom('https://example.test', 'null', 'https://[::1]:1', 'https://[:::::]', '*', ''),
  fc.string({ maxLength: 40 }).map((text) => `https://${encodeURIComponent(text)}`),
)
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc
    .array(fc.tuple(name, fc.string({ maxLength: 10 })), { maxLength: 5 })
    .map((pairs) => `?${pairs.map(([k, v]) => `${encodeSafely(k)}=${encodeSafely(v)}`).join('&')}`),
  fc.constantFrom('?%zz', '?a=%ff%fe', '?&&&===', '?secret=a&secret=b', `?${'a&'.repeat(1_500)}`),
)
const encodeSafely = (text: string) => encodeURIComponent(text.toWellFormed())

describe('a stranger', () => {
  it('finds no fault of ours by any body, content type, origin or query', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PAGE_ROUTES, ...BACKEND_ROUTES),
        body,
        contentType,
        origin,
        query,
        async (path, content, type, from, search) => {
          const headers = { 'content-type': type, origin: from }
          const url = program.url + path + search
          const response = await fetch(url, { method: 'POST', headers, body: content as string })
          await assertPolite(
            response,
            path,
            `${path}${search} ${type} ${String(content).slice(0, 200)}`,
          )
        },
      ),
      { numRuns: 3 * RUNS },
    )
  })

  it('finds no fault of ours by well-formed requests with odd values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PAGE_ROUTES),
        fc.oneof(record, solution),
        async (path, text) => {
          const headers = { 'content-type': 'text/plain', origin: 'https://example.test' }
          const response = await fetch(program.url + path, { method: 'POST', headers, body: text })
          await assertPolite(response, path, `${path} ${text.slice(0, 300)}`)
        },
      ),
      { numRuns: 3 * RUNS },
    )
  })

  it('finds no fault of ours by any method on any route, or any address', async () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
    const address = fc.oneof(
      fc.constantFrom(...ROUTES),
      fc.webPath(),
      fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `/${encodeSafely(text)}`),
      fc.constantFrom(
        '/v1/',
        '/v1/parts/x.js',
        '/%2e%2e/root.key',
        '/v1/challenges/',
        '/V1/challenges',
      ),
    )
    await fc.assert(
      fc.asyncProperty(method, address, query, async (verb, path, search) => {
        const response = await fetch(program.url + path + search, {
          method: verb,
          redirect: 'manual',
        })
        if (verb === 'HEAD') assert.ok(response.status < 500)
        else await assertPolite(response, path, `${verb} ${path}${search}`)
      }),
      { numRuns: RUNS },
    )
  })

  it('gets an answer or a closed connection for any bytes, and the service goes on', async () => {
    const start = fc.constantFrom(
      '',
      'POST /v1/challenges HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n',
      'GET http://evil.test/ HTTP/1.1\r\nHost: y\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: x\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
      'POST /v1/siteverify HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n',
    )
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 120 }), async (head, bytes) => {
        const heard = await sendRaw(program.url, Buffer.concat([Buffer.from(head), bytes]), true)
        assert.doesNotMatch(heard, /HTTP\/1\.1 5/)
      }),
      { numRuns: RUNS },
    )
  })

  it('makes the service take no more than a moment over any text', async () => {
    const long = [
      '"'.padEnd(16_000, '\\'),
      `"${'a'.repeat(16_000)}`,
      '['.repeat(16_000),
      `{${'"a":1,'.repeat(2_600)}"a":1}`,
      `{"action":"${'-'.repeat(16_000)}!"}`,
      `{"cdata":"${' '.repeat(16_000)}\\u0000"}`,
      `{"trace":[${'[1,2,3],'.repeat(1_900)}[1,2,3]],"challenge":"x","replies":[1]}`,
      `{"challenge":"${'A'.repeat(4_096)}","replies":[1]}`,
    ]
    for (const text of long) {
      for (const path of [...PAGE_ROUTES, ...BACKEND_ROUTES]) {
        for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
          const startedAt = performance.now()
          const headers = { 'content-type': type, origin: `https://${'a-'.repeat(3_000)}` }
          const response = await fetch(program.url + path, { method: 'POST', headers, body: text })
          await assertPolite(response, path, text.slice(0, 40))
          assert.ok(performance.now() - startedAt < 500, `${path} ${text.slice(0, 40)}`)
        }
      }
    }
  })

  it('has left nothing behind: the service is the same process, and no bigger for it', async () => {
    const junk = async () => {
      for (let i = 0; i < 3_000; i++) {
        const response = await fetch(`${program.url}/v1/challenges`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain', origin: 'https://example.test' },
          body: `{"sitekey":"${i}${'x'.repeat(60)}"`,
        })
        await response.arrayBuffer()
      }
    }
    await junk()
    const before = program.rss()
    await junk()
    assert.ok(program.rss() - before < 15e6, `${(program.rss() - before) / 1e6} MB more`)
    assert.equal((await fetch(`${program.url}/readyz`)).status, 200)
    assert.doesNotMatch(program.output(), /request failed|siteverify failed|at .*\.ts:/)
  })
})
