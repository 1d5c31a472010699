import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { sendRaw, statusOf } from '../support/raw.ts'
import { startService, type TestService } from '../support/service.ts'
import { HOST, ORIGIN } from '../support/visitor.ts'

let service: TestService
let sitekey: string
let slow: Promise<{ heard: string; ms: number }>[]

beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_DEMO: 'off' })
  sitekey = (await service.addSite([HOST], 'checkbox')).sitekey
  // Begun first, because it takes the service's patience to end them.
  slow = [
    'POST /v1/challenges HTTP/1.1\r\nHost: x\r\nX-Slow: a',
    'POST /v1/challenges HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n{',
  ].map(async (text) => {
    const startedAt = performance.now()
    const heard = await sendRaw(service.url, text)
    return { heard, ms: performance.now() - startedAt }
  })
})
afterAll(() => service.stop())

const raw = (text: string) => sendRaw(service.url, text)
const request = (head: string, body = '') =>
  raw(`${head}\r\nHost: x\r\nConnection: close\r\n\r\n${body}`)
const bodyOf = (heard: string) => JSON.parse(heard.slice(heard.indexOf('\r\n\r\n') + 4))
const order = () => JSON.stringify({ sitekey })
const challenge = (headers: string[], body = order()) =>
  request(
    [
      'POST /v1/challenges HTTP/1.1',
      `Origin: ${ORIGIN}`,
      'Content-Type: text/plain',
      ...headers,
    ].join('\r\n'),
    body,
  )

describe('on the wire', () => {
  it('smuggles no request: two lengths, or a length and chunks, are refused, and the connection ends', async () => {
    const hidden = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    for (const headers of [
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 5'],
      ['Content-Length: 5', 'Content-Length: 6'],
      ['Content-Length: 5, 6'],
      ['Content-Length: +5'],
      ['Content-Length: 0x5'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding : chunked'],
      ['Transfer-Encoding:\u000bchunked'],
    ]) {
      const heard = await challenge(headers, `0\r\n\r\n${hidden}`)
      assert.equal(statusOf(heard), 400, headers.join())
      assert.equal(heard.split('HTTP/1.1 ').length, 2, headers.join())
      assert.equal(bodyOf(heard).error.code, 'body-invalid')
      assert.ok(!heard.includes('"ok"'))
    }
  })

  it('takes honest chunks', async () => {
    const text = order()
    const chunks = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
    assert.equal(statusOf(await challenge(['Transfer-Encoding: chunked'], chunks)), 200)
  })

  it('refuses what is no HTTP at all', async () => {
    for (const text of ['\u0016\u0003\u0001\u0000', 'HELO x\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n']) {
      assert.equal(statusOf(await raw(text)), 400)
    }
  })

  it('has no methods but those that are needed', async () => {
    for (const method of ['TRACE', 'PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'PROPFIND', 'LOCK']) {
      const heard = await request(`${method} /v1/challenges HTTP/1.1\r\nCookie: reflect=me`)
      assert.equal(statusOf(heard), 405, `${method} ${heard}`)
      assert.match(heard, /\r\nallow: .*POST/i)
      assert.ok(!heard.includes('reflect'))
    }
    for (const method of ['TRACE', 'PUT', 'DELETE', 'POST']) {
      assert.equal(statusOf(await request(`${method} /healthz HTTP/1.1`)), 405, method)
    }
    assert.ok(statusOf(await request('CONNECT evil.test:443 HTTP/1.1')) !== 200)
    assert.equal(statusOf(await request('PUT /nothing/here HTTP/1.1')), 404)
  })

  it('refuses a body of 10 MB without reading it', async () => {
    for (const path of ['/v1/challenges', '/v1/solutions']) {
      const response = await fetch(service.url + path, {
        method: 'POST',
        headers: { origin: ORIGIN, 'content-type': 'text/plain' },
        body: 'x'.repeat(10_000_000),
      }).catch(() => null)
      // The connection may be cut while the client is still sending; then it has no answer to read.
      if (!response) continue
      assert.equal(response.status, 413)
      assert.equal(
        ((await response.json()) as { error: { code: string } }).error.code,
        'body-too-large',
      )
    }
    const announced = await challenge([`Content-Length: ${10_000_000}`], '')
    assert.equal(statusOf(announced), 413)
    const endless = `${'4000'}\r\n${'x'.repeat(0x4000)}\r\n`.repeat(3)
    assert.equal(statusOf(await challenge(['Transfer-Encoding: chunked'], endless)), 413)
    assert.equal(statusOf(await challenge([`Content-Length: ${order().length}`])), 200)
  })

  it('refuses headers and addresses past 8 kB, and ends the connection', async () => {
    for (const text of [
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(9_000)}\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nHost: x\r\n${'X: a\r\n'.repeat(3_000)}\r\n`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    ]) {
      const heard = await raw(text)
      assert.equal(statusOf(heard), 431)
      assert.equal(bodyOf(heard).error.code, 'headers-too-large')
    }
  })

  it('answers an address that cannot be read in its own words, and echoes none of it', async () => {
    for (const path of [
      '/%zz',
      '/%ff%fe',
      '/v1/%',
      '//',
      '/..%2f..%2froot.key',
      '/v1/parts/../../root.key',
    ]) {
      const heard = await request(`GET ${path} HTTP/1.1`)
      assert.equal(statusOf(heard), 404, `${path}: ${heard}`)
      const { error, ...rest } = bodyOf(heard)
      assert.deepEqual(rest, {})
      assert.equal(error.code, 'not-found', path)
      assert.ok(!heard.includes(path))
    }
  })

  it('lets nobody hold a connection by sending slowly', async () => {
    const [headers, body] = await Promise.all(slow)
    assert.equal(statusOf(headers!.heard), 408)
    assert.ok(headers!.ms < 14_000, `${headers!.ms} ms`)
    assert.equal(bodyOf(headers!.heard).error.code, 'request-too-slow')
    assert.equal(statusOf(body!.heard), 408)
    assert.ok(body!.ms < 19_000, `${body!.ms} ms`)
  })
})
