import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { CODES } from '../../src/core/bad-request.ts'
import { FILES } from '../../src/docs/files.ts'
import { type OpenApi, operationsIn } from '../../src/docs/openapi.ts'
import { NAMES, pathOf } from '../../src/docs/shelf.ts'
import { TOPICS } from '../../src/docs/topics.ts'
import { type Program, removeFolder, startProgram, temporaryFolder } from '../support/program.ts'
import { sendRaw, statusOf } from '../support/raw.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'

const TOPIC_PAGES = TOPICS.map(({ tag }) => `/docs/api/${tag}`)
const PAGES = ['/docs', '/docs/search', '/docs/api', ...TOPIC_PAGES, ...NAMES.map(pathOf)]
/** Of a page as it travels, without its pictures. */
const BYTES_MAX = 30_000

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service?.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(service.url + path, { headers, redirect: 'manual' })

/** The bytes that are still held outside of JavaScript's own heap, when all that is garbage is gone. */
function held(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}

/** A reply as it travels, packed as it may be. */
async function travelled(path: string, encoding: string) {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'accept-encoding': encoding }
    request(service.url + path, { headers }, resolve)
      .on('error', reject)
      .end()
  })
  return { headers: reply.headers, body: await buffer(reply) }
}

describe('the documentation', () => {
  it.each(PAGES)('is a page under the policy of all pages: %s', async (path) => {
    const reply = await get(path)
    assert.equal(reply.status, 200)
    assert.equal(reply.headers.get('content-type'), 'text/html; charset=utf-8')
    const policy = reply.headers.get('content-security-policy')!
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*|https?:/)
    const html = await reply.text()
    assert.doesNotMatch(html, / style=| on[a-z]+="|<script(?! src="\/pages\/)/)
    const current = html.match(/<a href="[^"]*" aria-current="page"/g) ?? []
    const expected = path.startsWith('/docs/api/') ? '/docs/api' : path
    assert.deepEqual(
      new Set(current),
      new Set(path === '/docs/search' ? [] : [`<a href="${expected}" aria-current="page"`]),
    )
  })

  it('is kept once, in however many ways its address is written', async () => {
    const spelled = (i: number) => [
      `http://name-${i}.test/docs/economics`,
      `/docs/${encodeURIComponent('economics').replace('e', '%65')}?${i}`,
    ]
    const ask = async (path: string) => {
      const heard = await sendRaw(
        service.url,
        `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      )
      assert.equal(statusOf(heard), 200, path)
      return /etag: (\S+)/i.exec(heard)![1]
    }
    const etag = await ask('/docs/economics')
    const before = held()
    for (let i = 0; i < 60; i++) for (const path of spelled(i)) assert.equal(await ask(path), etag)
    // What is garbage is swept up some time later.
    await until(() => held() - before < 2_000_000, 'no more is held than before')
  })

  it('has no link into nowhere', async () => {
    const linked = new Map<string, string>()
    for (const path of PAGES) {
      const html = await (await get(path)).text()
      for (const [, href] of html.matchAll(/ (?:href|src|srcset)="(\/[^"#]*)/g)) {
        linked.set(href!.replaceAll('&amp;', '&'), path)
      }
    }
    for (const [href, from] of linked)
      assert.equal((await get(href)).status, 200, `${href} (${from})`)
  })

  it.each(PAGES.filter((path) => path !== '/docs/search'))(
    'travels packed, and once: %s',
    async (path) => {
      for (const [encoding, unpack] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const { headers, body } = await travelled(path, encoding)
        assert.equal(headers['content-encoding'], encoding)
        assert.ok(body.length < BYTES_MAX, `${body.length} bytes`)
        assert.match(unpack(body).toString(), /^<!doctype html>/)
      }
      const etag = (await get(path)).headers.get('etag')!
      const again = await get(path, { 'if-none-match': etag })
      assert.equal(again.status, 304)
      assert.equal(await again.text(), '')
    },
  )

  it('has its pictures and files, and nothing else of this machine', async () => {
    for (const [path, { type }] of FILES) {
      const reply = await get(`/docs/${path}`)
      assert.equal(reply.status, 200, path)
      assert.equal(reply.headers.get('content-type'), type)
      assert.ok((await reply.arrayBuffer()).byteLength > 0)
      const etag = reply.headers.get('etag')!
      assert.equal((await get(`/docs/${path}`, { 'if-none-match': etag })).status, 304)
    }
    for (const path of [
      ...[
        '/docs/..%2fpackage.json',
        '/docs/%2e%2e%2fpackage.json',
        '/docs/images/..%2fsettings.md',
      ],
      ...['/docs/images/%2e%2e%2f%2e%2e%2fpackage.json', '/docs/images', '/docs/constructor'],
      ...['/docs/__proto__', '/docs/gone', '/docs/gone.md', '/docs/images/gone.png', '/docs/%00'],
    ]) {
      assert.equal((await get(path)).status, 404, path)
    }
    const gone = await get('/docs/gone')
    assert.match(await gone.text(), /There is no such page/)
  })

  it('knows the names that the files have', async () => {
    const reply = await get('/docs/settings.md')
    assert.equal(reply.status, 301)
    assert.equal(reply.headers.get('location'), '/docs/settings')
  })
})

describe('a page that a browser has already', () => {
  it.each(['/docs', '/docs/images/box-light.png', '/terms', '/licenses', '/promises'])(
    'keeps the policy that it came with: %s',
    async (path) => {
      const etag = (await get(path)).headers.get('etag')!
      const again = await get(path, { 'if-none-match': etag })
      assert.equal(again.status, 304)
      assert.equal(again.headers.get('content-security-policy'), null)
    },
  )
})

describe('the pages of the API', () => {
  let document: OpenApi
  beforeAll(async () => {
    document = (await (await get('/openapi.json')).json()) as OpenApi
  })

  it('have every operation of the OpenAPI document, once, and lead to it', async () => {
    const operations = operationsIn(document)
    assert.ok(operations.length > 60)
    const pages = new Map<string, string>()
    for (const path of ['/docs/api', ...TOPIC_PAGES])
      pages.set(path, await (await get(path)).text())
    for (const { method, path, tag, id } of operations) {
      const html = pages.get(`/docs/api/${tag}`)
      assert.ok(html, `${tag} is a topic (src/docs/topics.ts)`)
      const named = `<strong>${method}</strong> ${path}</code>`
      assert.equal(html.split(` id="${id}"`).length, 2, `${method} ${path}`)
      assert.ok(html.includes(named), named)
      const list = pages.get('/docs/api')!
      assert.equal(list.split(named).length, 2, named)
      assert.ok(list.includes(`href="/docs/api/${tag}#${id}"`))
    }
    for (const [path, html] of pages) {
      const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
      assert.equal(new Set(ids).size, ids.length, path)
    }
  })

  it('offer no way to put a secret into an address', async () => {
    const html = await (await get('/docs/api/backend')).text()
    assert.ok(html.includes('data-method="POST" data-path="/v1/siteverify"'))
    assert.ok(!html.includes('data-method="GET"'))
    for (const path of TOPIC_PAGES)
      assert.doesNotMatch(await (await get(path)).text(), /<form class="try-call"[^>]* action=/)
  })

  it('name every code that a call can be refused with', () => {
    const named = new Set(TOPICS.flatMap(({ codes }) => codes))
    // Of the console alone.
    assert.deepEqual(
      [...CODES].filter((code) => !named.has(code)),
      ['proof-needed'],
    )
  })

  it('are found by the search', async () => {
    const html = await (await get('/docs/search?q=rotate+the+secret+of+a+site')).text()
    assert.match(html, /href="\/docs\/api\/sites#post-v1-manage-sites-sitekey-secrets"/)
  })
})

describe('the search of the documentation', () => {
  const found = async (question: string) => {
    const reply = await get(`/docs/search?q=${encodeURIComponent(question)}`)
    assert.equal(reply.status, 200)
    return reply.text()
  }

  it('finds settings, codes, and what was mistyped, and leads to the part itself', async () => {
    assert.match(await found('ONE_CAPTCHA_PAINTERS'), /<a href="\/docs\/settings">/)
    assert.match(await found('revision-outdated'), /<a href="\/docs\/management#[a-z-]+">/)
    assert.match(await found('siteverfy'), /<a href="\/docs\/protocol#post-v1siteverify">/)
    assert.match(await found('siteverify'), /<mark>siteverify<\/mark>/)
  })

  it('says so when nothing was asked, or found', async () => {
    assert.match(
      await (await get('/docs/search')).text(),
      /This service writes down nowhere what is asked/,
    )
    assert.match(await found('zyxwvutsrq'), /Nothing was found/)
  })

  it('shows a question as it was asked, and nothing else of it', async () => {
    const attack = '"><script>alert(1)</script>'
    const html = await found(attack)
    assert.ok(!html.includes('<script>alert'))
    assert.ok(html.includes('value="&quot;>&lt;script>alert(1)&lt;/script>"'))
    assert.doesNotMatch(await found('x'.repeat(5_000)), /x{101}/)
    assert.equal((await get('/docs/search?q=a&q=b')).status, 200)
    assert.equal((await get('/docs/search?q=%ff%00')).status, 200)
  })

  it('keeps answers to itself: no cache may have them', async () => {
    const { headers } = await get('/docs/search?q=secret')
    assert.equal(headers.get('cache-control'), 'private, no-cache')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
  })
})

describe('what is asked of the documentation', () => {
  let program: Program
  const data = temporaryFolder()
  beforeAll(async () => {
    program = await startProgram(data, { ONE_CAPTCHA_LOG_LEVEL: 'trace' })
  })
  afterAll(async () => {
    await program?.stop()
    removeFolder(data)
  })

  it('is in no log and no metric, on the most talkative level', async () => {
    for (const question of ['marked-question', 'marked-question'.repeat(1_000)])
      await fetch(`${program.url}/docs/search?q=${question}`)
    const metrics = await (await fetch(`${program.url}/metrics`)).text()
    assert.match(metrics, /\/docs\/search/)
    assert.ok(!metrics.includes('marked-question'))
    assert.ok(!program.output().includes('marked-question'))
  })
})
