import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startService, type TestService } from '../support/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_DEMO: 'off' })
})
afterAll(() => service?.stop())

const get = (path: string, headers = {}) => fetch(service.url + path, { headers })

interface Part {
  name: string
  version: string
  license: string
  text: string
}

describe('the page of licences', () => {
  it('names every component with its version and licence, and leads to its text', async () => {
    const html = await (await get('/licenses')).text()
    const { own, server, source } = await (await get('/licenses.json')).json()
    assert.equal(own.license, 'Apache-2.0')
    for (const { name, version, license, text } of [...server, ...source] as Part[]) {
      assert.ok(html.includes(`href="${text}"`), name)
      assert.ok(html.includes(`${version}, ${license}`), name)
      const reply = await get(text)
      assert.equal(reply.status, 200, text)
      assert.equal(reply.headers.get('content-type'), 'text/plain; charset=utf-8')
      assert.ok((await reply.text()).length > 200, text)
    }
  })

  it('is quick to load: the page and the bill of materials together take less than 200 kB', async () => {
    const page = Buffer.byteLength(await (await get('/licenses')).text())
    const { body } = await get('/sbom.cdx.json', { 'accept-encoding': 'identity' })
    let bom = 0
    for await (const chunk of body!) bom += chunk.length
    assert.ok(page + bom < 200_000, `${page} + ${bom}`)
  })

  it('has all that browsers must be told in one file, which the widget’s files lead to', async () => {
    const texts = await (await get('/licenses/browser.txt')).text()
    assert.match(texts, /Apache License/)
    assert.match(texts, /Leon Sorokin/)
    for (const path of ['/v1/widget.js', '/0/api.js'])
      assert.equal((await get(path)).headers.get('link'), '</licenses/browser.txt>; rel="license"')
  })
})

describe('the bill of materials', () => {
  it('is at both of its addresses, and says what it is', async () => {
    const [one, two] = await Promise.all(
      ['/sbom.cdx.json', '/licenses/sbom.cdx.json'].map((at) => get(at)),
    )
    assert.match(
      one!.headers.get('content-type')!,
      /^application\/vnd\.cyclonedx\+json; version=1\.6/,
    )
    const bom = await one!.json()
    assert.equal(bom.specVersion, '1.6')
    assert.deepEqual(await two!.json(), bom)
    const browser = await (await get('/licenses/browser.cdx.json')).json()
    assert.deepEqual(
      browser.components.map(({ name }: Part) => name),
      ['uplot'],
    )
  })
})

describe('a text', () => {
  it.each([
    '/licenses/text/',
    '/licenses/text/fastify',
    '/licenses/text/fastify@0.0.0',
    '/licenses/text/../../../etc/passwd',
    '/licenses/text/..%2f..%2f..%2fpackage.json',
    '/licenses/text/%2e%2e/%2e%2e/LICENSE',
    '/licenses/text/fastify%00@5.12.8',
  ])('is nobody’s where there is no such component: %s', async (path) => {
    assert.equal((await get(path)).status, 404)
  })
})
