import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../../sdk/src/verify.ts'
import { openStage, type Stage } from '../browser/stage.ts'
import { type Home, openHome } from './home.ts'
import { stub } from './stage.ts'
import { EXAMPLES, HOST, settingsFor, visitExample } from './visit.ts'

const FOLDER = new URL('../../examples/', import.meta.url)

let stage: Stage
let home: Home
beforeAll(async () => {
  stage = await openStage()
  home = openHome()
})
afterAll(async () => {
  home?.remove()
  await stage?.close()
})

/** The same place, under the name that the site is registered for. */
const named = (url: string) => url.replace('127.0.0.1', HOST)

describe('each example', () => {
  it('is tried by one of these tests', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((one) => one.isDirectory())
    const { servers, pages, components, apps } = EXAMPLES
    const tried = [...servers, ...pages, ...Object.keys(components), ...apps]
    assert.deepEqual(folders.map(({ name }) => name).sort(), tried.sort())
  })
})

for (const example of EXAMPLES.servers) {
  describe(`the example for ${example}`, () => {
    it('lets a visitor in once, and nobody else', async () => {
      const { url, stop } = await home.run(`${example}/server.js`, settingsFor(stage))
      await visitExample(stage, named(url))
      stop()
    })
  })
}

describe('the example of plain HTML', () => {
  it('works before any backend that asks', async () => {
    const { sitekey, secret } = stage.sites.checkbox
    const service = stage.service.url
    const page = readFileSync(new URL('html/index.html', FOLDER), 'utf8')
      .replace('http://localhost:8080', service)
      .replace('oc-test-pass', sitekey)
    const backend = await stub(async (request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      if (request.method !== 'POST') return response.end(page)
      const form = new URLSearchParams(await text(request))
      const finding = await verify(form.get('one-captcha-response'), { service, secret })
      const told = finding.outcome === 'refused' ? finding.reason : 'Welcome, Ada'
      return response.end(`<!doctype html><title>Join</title><p>${told}</p>`)
    })
    await visitExample(stage, named(backend.url))
    await backend.stop()
  })
})
