import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { StoreUnavailable } from '../../src/store/store.ts'
import { pathOf } from '../support/debian.ts'
import { startService, type TestService } from '../support/service.ts'
import { announceTerms, operatorOf, revised } from '../support/versions.ts'

const DAY_MS = 86_400_000
const SETTINGS = {
  ONE_CAPTCHA_OPERATOR: 'Harbour Library',
  ONE_CAPTCHA_CONTACT: 'legal@harbour.example',
  ONE_CAPTCHA_JURISDICTION: 'Portugal',
  ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.harbour.example',
}
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const EN = '# Terms\n\n## 1 One\n\n### 1.1 First\n\nBe kind.\n'
const DE = '# Bedingungen\n\n## 1 Eins\n\n### 1.1 Erstens\n\nSeien Sie freundlich.\n'

let service: TestService
let nowMs = 0

const texts = (...all: [lang: string, text: string][]) =>
  all.map(([lang, text]) => ({ lang, text }))
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const at = (path: string) => new URL(path, service.url)

async function get(path: string, headers: Record<string, string> = {}) {
  const reply = await fetch(at(path), { headers, redirect: 'manual' })
  return { status: reply.status, headers: reply.headers, body: await reply.text() }
}
async function json(path: string) {
  const { status, headers, body } = await get(path)
  assert.equal(status, 200, path)
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  return JSON.parse(body)
}

/** A service of its own for what must begin with nothing. */
async function alone(settings: Record<string, string> = {}) {
  nowMs = Date.UTC(2026, 2, 1, 9)
  service = await startService(
    { ...SETTINGS, ONE_CAPTCHA_DEMO: 'off', ONE_CAPTCHA_PAINTERS: '1', ...settings },
    { now: () => nowMs },
  )
}

describe('before any version is announced', () => {
  beforeAll(() => alone())
  afterAll(() => service.stop())

  it('the founding text holds, filled with what the operator has set, and says that it is that', async () => {
    const { status, body, headers } = await get('/terms')
    assert.equal(status, 200)
    assert.equal(headers.get('set-cookie'), null)
    assert.match(body, /^<!doctype html><html lang="en">/)
    assert.match(body, /the text that One Captcha comes with; no version was announced/)
    assert.match(body, /run by Harbour Library/)
    assert.match(body, /href="mailto:legal@harbour\.example"/)
    assert.match(body, /The law of Portugal applies/)
    assert.match(body, /<h3 id="10\.3">/)
    assert.doesNotMatch(body, /<script/)
    const { current, upcoming, versions } = await json('/terms.json')
    assert.deepEqual(
      [current.number, current.state, upcoming, versions.length],
      [0, 'founding', null, 1],
    )
  })

  it('it is there in Chinese, for those who ask and for those whose browser would like that', async () => {
    for (const [path, headers] of [
      ['/terms?lang=zh', {}],
      ['/terms', { 'accept-language': 'zh-TW;q=0.9, fr;q=0.8, en;q=0.1' }],
    ] as const) {
      const { body, headers: sent } = await get(path, headers)
      assert.match(body, /^<!doctype html><html lang="zh">/)
      assert.match(body, /<h1 lang="zh">使用条款<\/h1>/)
      assert.match(body, /具有约束力的是英语文本/)
      assert.match(body, /<h3 id="4\.2">/)
      assert.equal(sent.get('vary'), 'accept-language')
    }
    for (const lang of ['xx', '__proto__', 'constructor', '%00', 'zh&lang=en'])
      assert.match((await get(`/terms?lang=${lang}`)).body, /<html lang="en">/, lang)
    assert.match(
      (await get('/terms?lang=en', { 'accept-language': 'zh' })).body,
      /<html lang="en">/,
    )
  })

  it('the feed and the list of versions are there', async () => {
    assert.match((await get('/terms/versions')).body, /Founding text/)
    assert.match((await get('/terms/feed.atom')).body, /<id>https:\/\/captcha\.harbour\.example/)
  })

  it('every reply of the API says under which Terms it is given, and what holds for privacy', async () => {
    for (const [method, path] of [
      ['POST', '/v1/challenges'],
      ['POST', '/v1/solutions'],
      ['POST', '/v1/siteverify'],
      ['GET', '/v1/manage/sites'],
    ] as const) {
      const { headers } = await fetch(at(path), { method })
      assert.equal(
        headers.get('link'),
        '</terms>; rel="terms-of-service", </privacy>; rel="privacy-policy"',
        path,
      )
      assert.equal(headers.get('terms-version'), '0', path)
    }
    assert.equal((await fetch(at('/v1/widget.js'))).headers.get('terms-version'), null)
    assert.equal(
      (await json('/openapi.json')).info.termsOfService,
      'https://captcha.harbour.example/terms',
    )
  })

  it('what was known is shown while the store is away', async () => {
    const { body } = await get('/terms')
    const { terms } = service.context.store
    const away = () => Promise.reject(new StoreUnavailable('away'))
    Object.assign(terms, { list: away, texts: away })
    nowMs += 60_000
    assert.ok((await get('/terms')).body === body, 'the same page')
    assert.equal((await get('/terms/versions')).status, 200)
    assert.equal((await get('/terms/versions/0')).status, 200)
    assert.equal((await get('/terms/diff/0..0')).status, 200)
    assert.equal((await get('/terms/manifest.json')).status, 200)
    assert.equal(
      (await fetch(at('/v1/siteverify'), { method: 'POST' })).headers.get('terms-version'),
      '0',
    )
  })
})

describe('versions of the Terms', () => {
  const first = new Map<string, string>()

  beforeAll(async () => {
    await alone()
    const { texts: founding } = (await service.context.terms.version(0))!
    const copies = founding.map(({ lang, text }) => ({ lang, text }))
    await announceTerms(service, { texts: copies, summary: 'Our first version.' })
    for (const lang of ['en', 'zh'])
      first.set(lang, (await get(`/terms/versions/1.md?lang=${lang}`)).body)
    nowMs += 30 * DAY_MS
    await announceTerms(
      service,
      {
        texts: [{ lang: 'en', text: revised(copies[0]!.text) }, copies[1]!],
        summary: 'It costs nothing.\nA <b>clause</b> is gone ]]> & “so” \u0007on.',
      },
      20 * DAY_MS,
    )
  })
  afterAll(() => service.stop())

  it('say which holds and since when, and announce the next one with its day and what is different', async () => {
    const { body } = await get('/terms')
    assert.match(body, /Version 1/)
    assert.match(body, /In force since <time dateTime="2026-03-01T09:00:00\.000Z">1 March 2026/i)
    assert.match(body, /will be in force from <time dateTime="2026-04-20T09:00:00\.000Z">20 April/i)
    assert.match(body, /href="\/terms\/diff\/1\.\.2"/)
    assert.match(body, /accepts it/)
    assert.match((await get('/terms?lang=zh')).body, /新版本将于以下时间生效/)
  })

  it('are all listed, the newest first, each with its texts', async () => {
    const { body } = await get('/terms/versions')
    const order = [...body.matchAll(/<h2><a href="\/terms\/versions\/(\d)">/g)].map(([, n]) => n)
    assert.deepEqual(order, ['2', '1', '0'])
    assert.match(body, /A &lt;b>clause|A &lt;b&gt;clause/)
    const all = await json('/terms.json')
    assert.deepEqual(
      all.versions.map((one: { number: number; state: string }) => [one.number, one.state]),
      [
        [2, 'announced'],
        [1, 'in-force'],
        [0, 'superseded'],
      ],
    )
    assert.deepEqual(all.upcoming.effectiveAt, nowMs + 20 * DAY_MS)
    const clauses = all.current.texts[0].clauses.map(({ id }: { id: string }) => id)
    assert.ok(clauses.includes('4.2') && clauses.includes('10.3'))
  })

  it('are given byte for byte, with the hash that everything else names', async () => {
    const { current, upcoming } = await json('/terms.json')
    for (const { texts } of [current, upcoming])
      for (const { path, sha256: hash, text, binding, lang } of texts) {
        const reply = await fetch(at(path))
        const bytes = new Uint8Array(await reply.arrayBuffer())
        assert.equal(sha256(bytes), hash)
        assert.equal(new TextDecoder().decode(bytes), text)
        assert.equal(binding, lang === 'en')
        assert.equal(reply.headers.get('content-type'), 'text/markdown; charset=utf-8')
        assert.equal(reply.headers.get('x-content-type-options'), 'nosniff')
        assert.match(reply.headers.get('content-security-policy')!, /default-src 'none'/)
      }
    assert.match((await get('/terms')).body, new RegExp(current.texts[0].sha256))
    assert.deepEqual(await json('/terms/versions/1.json'), current)
  })

  it('are compared clause by clause, with words for those who hear it', async () => {
    const { status, body } = await get('/terms/diff/1..2')
    assert.equal(status, 200)
    assert.match(body, /1 clause is changed, 1 is new, 1 is gone, 1 has another number\./)
    assert.match(body, /<h2 id="4\.2">4\.2 Fees <span class="kind">New/)
    assert.match(body, /4\.3 Interruptions <span class="kind">Changed · Was 4\.2/)
    assert.match(body, /<del><span class="unseen" lang="en">\[removed:\] <\/span>/)
    assert.match(body, /<ins><span class="unseen" lang="en">\[added:\] <\/span>/)
    assert.match(body, /<summary lang="en">Unchanged: Opening, 1, 1\.1/)
    assert.match(body, /It costs nothing/)
    assert.match((await get('/terms/diff/0..2?lang=zh')).body, /两者逐字相同/)
  })

  it('are compared with themselves and backwards too', async () => {
    for (const range of ['0..0', '2..2'])
      assert.match((await get(`/terms/diff/${range}`)).body, /the same, word for word/, range)
    const { status, headers } = await get('/terms/diff/2..1?lang=%0d%0ax:y')
    assert.deepEqual([status, headers.get('location')], [302, '/terms/diff/1..2'])
  })

  it.each([
    ...['x', '1', '1..', '..2', '1..2..3', '1...2', '-1..2', '1..-2', '01..2', '1..2x', ' 1..2'],
    ...['1e1..2', '0..99', '99..100', '999999999..1000000000', '0..__proto__', '%2e%2e..%00'],
    '<script>alert(1)</script>',
  ])('of another name are not there to compare, and the page says so: %s', async (range) => {
    const { status, headers, body } = await get(`/terms/diff/${encodeURIComponent(range)}`)
    assert.equal(status, 404)
    assert.match(headers.get('content-type')!, /^text\/html/)
    assert.match(body, /There is no such version/)
    assert.doesNotMatch(body, /<script/)
  })

  it('have no other name than their number', async () => {
    for (const name of ['3', '01', '1.0', '-1', 'constructor', '1e0', '%31%00', '99999999999']) {
      assert.equal((await get(`/terms/versions/${name}`)).status, 404, name)
      const { status, body } = await get(`/terms/versions/${name}.json`)
      assert.ok(status === 400 || status === 404, name)
      assert.ok(JSON.parse(body).error.code, name)
    }
    assert.equal((await get('/terms/versions/3.md')).status, 404)
  })

  it('cost who asks again nothing but a head', async () => {
    for (const path of [
      ...['/terms', '/terms?lang=zh', '/terms/versions', '/terms/versions/2', '/terms/diff/1..2'],
      ...['/terms.json', '/terms/versions/1.json', '/terms/versions/1.md', '/terms/feed.atom'],
      '/terms/manifest.json',
    ]) {
      const { headers, body } = await get(path)
      const etag = headers.get('etag')!
      assert.ok(etag && body, path)
      assert.equal(headers.get('cache-control'), 'public, no-cache')
      for (const held of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await get(path, { 'if-none-match': held })
        assert.deepEqual([again.status, again.body], [304, ''], path)
      }
      assert.equal((await get(path, { 'if-none-match': '"other"' })).status, 200)
    }
  })

  it('are read from anywhere, without a log-in', async () => {
    for (const path of ['/terms.json', '/terms/versions/1.md', '/terms/feed.atom']) {
      const { headers } = await get(path, { origin: 'https://elsewhere.example' })
      assert.equal(headers.get('access-control-allow-origin'), '*')
      assert.equal(headers.get('set-cookie'), null)
    }
  })

  it('are in a feed that any reader of Atom takes, under names that stay', async () => {
    const { body, headers } = await get('/terms/feed.atom')
    assert.equal(headers.get('content-type'), 'application/atom+xml; charset=utf-8')
    const entries = body.split('<entry>').slice(1)
    assert.equal(entries.length, 2)
    assert.match(entries[0]!, /<title.*Version 2 .* in force from 20 April 2026/)
    assert.match(
      entries[0]!,
      /<link href="https:\/\/captcha\.harbour\.example\/terms\/versions\/2"/,
    )
    assert.match(entries[0]!, /<updated>2026-03-31T09:00:00\.000Z</)
    assert.match(entries[0]!, /A &lt;b&gt;clause&lt;\/b&gt; is gone \]\]&gt; &amp;/)
    assert.doesNotMatch(body, /[^\P{Cc}\n]|<b>/u)
    const ids = entries.map((entry) => /<id>(.*)<\/id>/.exec(entry)![1]!)
    for (const id of ids) assert.match(id, UUID)
    assert.notEqual(ids[0], ids[1])
    first.set('ids', ids.join())
  })

  it('come into force by the clock, and the one before stays as it was', async () => {
    nowMs += 20 * DAY_MS - 1
    assert.equal((await json('/terms.json')).current.number, 1)
    assert.equal(
      (await fetch(at('/v1/challenges'), { method: 'POST' })).headers.get('terms-version'),
      '1',
    )
    nowMs += 1
    assert.equal((await json('/terms.json')).current.number, 2)
    assert.equal(
      (await fetch(at('/v1/challenges'), { method: 'POST' })).headers.get('terms-version'),
      '2',
    )
    assert.match((await get('/terms')).body, /In force since <time dateTime="2026-04-20/i)
    const { body } = await get('/terms/versions/1')
    assert.match(
      body,
      /Was in force from <time[^>]*>1 March 2026[^<]*<\/time> until <time[^>]*>20 April/,
    )
    for (const lang of ['en', 'zh'])
      assert.equal((await get(`/terms/versions/1.md?lang=${lang}`)).body, first.get(lang))
    const feed = (await get('/terms/feed.atom')).body
    for (const id of first.get('ids')!.split(',')) assert.ok(feed.includes(id), 'the name stays')
  })

  it('that are withdrawn are still read, and hold never', async () => {
    await announceTerms(service, { texts: texts(['en', EN]) }, 20 * DAY_MS)
    await service.context.terms.desk.withdraw(await operatorOf(service), 3)
    const { body } = await get('/terms/versions/3')
    assert.match(body, /Withdrawn, before it was in force, on <time/)
    assert.doesNotMatch((await get('/terms')).body, /will be in force/)
    assert.doesNotMatch((await get('/terms/versions')).body, /versions\/3/)
    assert.doesNotMatch((await get('/terms/feed.atom')).body, /Version 3/)
    assert.doesNotMatch((await get('/terms/manifest.json')).body, /"version":3/)
  })

  it('are in whatever languages the operator wrote, and the frame in one that we know', async () => {
    await announceTerms(service, { texts: texts(['de', DE], ['en', EN]) }, 20 * DAY_MS)
    nowMs += 20 * DAY_MS
    const { body } = await get('/terms', { 'accept-language': 'fr' })
    assert.match(body, /<html lang="en">/)
    assert.match(body, /<h1 lang="de">Bedingungen/)
    assert.match(body, /<article class="text clauses" lang="de">/)
    assert.match((await get('/terms?lang=en')).body, /The text that binds is the one in German/)
    assert.match((await get('/terms/diff/2..4?lang=de')).body, /<html lang="en">/)
  })

  it('run nothing of what their operator wrote', async () => {
    const text =
      '# <script>x()</script>\n\n## 1 <img src=x onerror=x()>\n\n[a](javascript:x()) ![a](https://e.example/p)\n\n|a|\n|:-:|\n|b|\n'
    await announceTerms(
      service,
      { texts: texts(['en', text]), summary: '<script>x()</script>' },
      20 * DAY_MS,
    )
    for (const path of ['/terms/versions/5', '/terms/diff/4..5', '/terms/versions', '/terms'])
      assert.doesNotMatch((await get(path)).body, /<script|<img|javascript:x\(\)"|style=/, path)
  })
})

describe('the list of all documents', () => {
  beforeAll(async () => {
    const keys = [Buffer.alloc(32, 2), Buffer.alloc(32, 1)].map((key) => key.toString('base64'))
    await alone({ ONE_CAPTCHA_ROOT_KEYS: keys.join(',') })
  })
  afterAll(() => service.stop())

  /** JSON with names in order, written another time: ours is not asked whether it is right. */
  const inOrder = (value: unknown): unknown =>
    value === null || typeof value !== 'object'
      ? value
      : Array.isArray(value)
        ? value.map(inOrder)
        : Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((name) => [name, inOrder((value as Record<string, unknown>)[name])]),
          )

  it('names every text in force by the hash of what is served', async () => {
    const { manifest } = await json('/terms/manifest.json')
    assert.equal(manifest.service, 'https://captcha.harbour.example')
    assert.equal(manifest.operator, 'Harbour Library')
    assert.deepEqual(
      manifest.inForce.map(({ document }: { document: string }) => document),
      ['terms', 'privacy'],
    )
    for (const { texts } of manifest.inForce)
      for (const { path, sha256: hash } of texts) assert.equal(sha256((await get(path)).body), hash)
  })

  it('is signed under every root key, so that who knows an old one can follow', async () => {
    const { manifest, signatures } = await json('/terms/manifest.json')
    const text = JSON.stringify(inOrder(manifest))
    assert.equal(signatures.length, 2)
    for (const { algorithm, publicKey, signature } of signatures) {
      assert.equal(algorithm, 'Ed25519')
      const bytes = Buffer.from(signature, 'base64')
      assert.ok(verify(null, Buffer.from(text), createPublicKey(publicKey), bytes))
      assert.ok(!verify(null, Buffer.from(`${text} `), createPublicKey(publicKey), bytes))
    }
    assert.notEqual(signatures[0].publicKey, signatures[1].publicKey)
    // A key that signs here opens nothing elsewhere, and tells nothing of the root key.
    assert.doesNotMatch(JSON.stringify(signatures), /AgICAgIC|AQEBAQEB/)
  })

  it('is verified by OpenSSL', async () => {
    const { manifest, signatures } = await json('/terms/manifest.json')
    const folder = mkdtempSync(join(tmpdir(), 'one-captcha-manifest-'))
    const file = (name: string, bytes: string | Buffer) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const key = file('key.pem', signatures[0].publicKey)
    const signature = file('signature', Buffer.from(signatures[0].signature, 'base64'))
    const check = (text: string) =>
      execFileSync(
        pathOf('openssl'),
        [
          ...['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin'],
          ...['-in', file('manifest.json', text), '-sigfile', signature],
        ],
        { stdio: 'pipe' },
      ).toString()
    const text = JSON.stringify(inOrder(manifest))
    assert.match(check(text), /Verified Successfully/)
    assert.throws(() => check(text.replace('Harbour', 'Harbor')))
    rmSync(folder, { recursive: true })
  })

  it('follows what is announced and what comes into force', async () => {
    const versions = async () => {
      const { manifest } = await json('/terms/manifest.json')
      return ['inForce', 'announced', 'superseded'].map((when) =>
        manifest[when].map((one: { version?: number }) => one.version).join(),
      )
    }
    assert.deepEqual(await versions(), ['0,', '', ''])
    await announceTerms(service, { texts: texts(['en', EN]) }, 15 * DAY_MS)
    assert.deepEqual(await versions(), ['0,', '1', ''])
    nowMs += 15 * DAY_MS
    assert.deepEqual(await versions(), ['1,', '', '0'])
  })
})
