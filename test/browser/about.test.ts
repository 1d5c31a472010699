import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startService, type TestService } from '../support/service.ts'
import { isClean, overflow } from './clean.ts'

let service: TestService
let browser: TestBrowser
let bare: TestService
beforeAll(async () => {
  service = await startService({
    ONE_CAPTCHA_OPERATOR: 'Example Association of Long Names and Sons',
    ONE_CAPTCHA_CONTACT: 'privacy.and.everything.else@a-very-long-name.example.org',
  })
  bare = await startService({
    ...{ ONE_CAPTCHA_DEMO: 'off', ONE_CAPTCHA_CONSOLE: 'off', ONE_CAPTCHA_FEEDBACK: 'off' },
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await bare?.stop()
})

const PAGES = ['/privacy', '/licenses', '/promises', '/confidentiality', '/termination']

describe('a page about the service', () => {
  // The browser that the tests use fails them if a page asks anybody else.
  it.each(PAGES)(
    'is clean for axe, asks nobody else for anything, and marks what leads elsewhere: %s',
    async (path) => {
      for (const [colorScheme, viewport] of [
        ['light', { width: 320, height: 640 }],
        ['dark', { width: 1280, height: 800 }],
      ] as const) {
        const page = await browser.newPage({ colorScheme, viewport, reducedMotion: 'reduce' })
        await page.goto(service.url + path)
        await page.locator('details').evaluateAll((all) => {
          for (const one of all) (one as HTMLDetailsElement).open = true
        })
        await isClean(page, `${path} in ${colorScheme}`)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        const elsewhere = await page.locator('a[href]').evaluateAll((links) =>
          (links as HTMLAnchorElement[])
            .filter((link) => link.origin !== location.origin)
            .filter((link) => !/noopener noreferrer external/.test(link.rel))
            .map((link) => link.href),
        )
        expect(elsewhere.filter((href) => !href.startsWith('mailto:'))).toEqual([])
      }
    },
  )

  it.each([
    ...PAGES.map((path) => ['all that it may have', path] as const),
    ...PAGES.map((path) => ['no demo, console or feedback', path] as const),
  ])('of a service with %s has no link into nowhere: %s', async (what, path) => {
    const { url } = what === 'all that it may have' ? service : bare
    const html = await (await fetch(url + path)).text()
    const links = [...html.matchAll(/ href="(\/[^"]*|#[^"]*)"/g)].map(([, href]) => href!)
    const pages = new Map<string, string>([[path, html]])
    for (const href of new Set(links)) {
      // Each text has a test of its own.
      if (href.startsWith('/licenses/text/')) continue
      const { pathname, hash } = new URL(href, url + path)
      if (!pages.has(pathname)) {
        const reply = await fetch(url + pathname)
        expect(reply.status, href).toBe(200)
        pages.set(pathname, await reply.text())
      }
      const id = decodeURIComponent(hash.slice(1))
      if (id) expect(pages.get(pathname), href).toContain(` id="${id}"`)
    }
  })

  it('shows what it folds away by the keyboard', async () => {
    const page = await browser.newPage()
    await page.goto(`${service.url}/promises#clause-7.1`)
    const tests = page.locator('[id="clause-7.1"] summary')
    await tests.focus()
    await page.keyboard.press('Enter')
    await page.getByText('is refused by a node that slept through it').waitFor()
  })
})
