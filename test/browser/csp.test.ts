import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { personAt } from './person.ts'
import { form } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** A page's whole policy, with the service in place of `<service>`. */
function pageUnder(policy: string, headers: Record<string, string> = {}) {
  const site = stage.sites.puzzle
  const text = policy.replaceAll('<service>', stage.service.url)
  return site.page(form(site.sitekey), {
    headers: { 'content-security-policy': text, ...headers },
  })
}

const STRICT = `default-src 'none'; script-src <service>; connect-src <service>; frame-src <service>`

/** Goes all the way; the page fails the test at the first violation. */
async function journey(url: string, violates: string[] = []) {
  const person = await stage.visit(url, { violates })
  await person.tick()
  await person.drag(await person.puzzle())
  await person.sees('success')
  await stage.join(person, stage.sites.puzzle)
  return person
}

describe('a page’s content policy', () => {
  it('may be as strict as documented, and nothing is missed', async () => {
    const person = await journey(pageUnder(STRICT))
    expect(person.asked('/v1/challenges')).toBe(1)
  })

  it('may allow WebAssembly too, though it needs not', async () => {
    await journey(pageUnder(STRICT.replace('; connect', ` 'wasm-unsafe-eval'; connect`)))
  })

  it('may forbid frames: the work is then done on the page', async () => {
    // Whether a page may use WebAssembly can only be found out by trying.
    const policy = STRICT.replace('; frame-src <service>', '')
    await journey(pageUnder(policy), ['frame-src', 'script-src'])
  })

  it('may forbid frames and allow WebAssembly', async () => {
    const policy = STRICT.replace('; connect', ` 'wasm-unsafe-eval'; connect`)
    await journey(pageUnder(policy.replace('; frame-src <service>', '')), ['frame-src'])
  })

  it('may ask for Trusted Types', async () => {
    const types = `require-trusted-types-for 'script'; trusted-types one-captcha`
    await journey(pageUnder(`${STRICT}; ${types}`))
  })

  it('may let scripts in by a nonce in place of an address', async () => {
    const site = stage.sites.puzzle
    const policy = STRICT.replace('script-src <service>', `script-src 'nonce-abc' 'strict-dynamic'`)
    const head = `<script nonce="abc" src="${stage.service.url}/v1/widget.js" async></script>`
    const url = site.page(form(site.sitekey), {
      head,
      script: false,
      headers: {
        'content-security-policy': policy.replaceAll('<service>', stage.service.url),
      },
    })
    await journey(url)
  })

  it.each([
    ['a nonce', `script-src 'nonce-abc' 'strict-dynamic'`],
    [
      'Trusted Types',
      `script-src <service>; require-trusted-types-for 'script'; trusted-types one-captcha`,
    ],
  ])('may be strict in another language as well: by %s', async (_, scripts) => {
    const site = stage.sites.puzzle
    const policy = STRICT.replace('script-src <service>', scripts)
    const url = site.page(form(site.sitekey), {
      html: 'lang="de"',
      head: `<script nonce="abc" src="${stage.service.url}/v1/widget.js" async></script>`,
      script: false,
      headers: { 'content-security-policy': policy.replaceAll('<service>', stage.service.url) },
    })
    const { widget, box } = await stage.visit(url)
    await box.waitFor()
    expect(await widget.locator('.root').getAttribute('lang')).toBe('de')
  })

  it('may come with isolation from other origins', async () => {
    await journey(
      pageUnder(STRICT, {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
    )
  })

  it('may take all features from frames, and hide where its visitors come from', async () => {
    const person = await stage.visit(
      pageUnder(STRICT, {
        'referrer-policy': 'no-referrer',
        'permissions-policy': 'fullscreen=()',
      }),
    )
    await person.tick()
    await person.puzzle()
  })
})

describe('a browser without', () => {
  /** Changes nothing in the worker but what the browser would have. */
  const workerWithout = (deletion: string) => (page: Page) =>
    page.route('**/v1/parts/*/worker.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${deletion};${await response.text()}` })
    })

  it('WebAssembly gets through', async () => {
    const prepare = workerWithout('delete self.WebAssembly')
    const person = await stage.visit(pageUnder(STRICT), {}, prepare)
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    await stage.join(person, stage.sites.puzzle)
  })

  it('SIMD gets through', async () => {
    const old = await openBrowser(['--js-flags=--no-enable-sse4-1 --no-enable-avx'])
    try {
      const page = await old.newPage({ origins: [stage.service.url] })
      const person = personAt(page, stage.service.context.tools.seal)
      await page.goto(pageUnder(STRICT))
      await person.tick()
      await person.drag(await person.puzzle())
      await person.sees('success')
      await stage.join(person, stage.sites.puzzle)
    } finally {
      await old.close()
    }
  })

  it('workers gets through', async () => {
    const person = await stage.visit(pageUnder(STRICT), {}, (page) =>
      page.route('**/v1/parts/*/worker.js', (route) => route.abort()),
    )
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    await stage.join(person, stage.sites.puzzle)
  })
})
