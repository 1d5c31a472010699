import type { Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NAMES, pathOf } from '../../src/docs/shelf.ts'
import { TOPICS } from '../../src/docs/topics.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startService, type TestService } from '../support/service.ts'
import { addTenant } from '../support/tenants.ts'
import { isClean, overflow } from './clean.ts'

const TOPIC_PAGES = TOPICS.map(({ tag }) => `/docs/api/${tag}`)
const PHONE = { width: 320, height: 640 }
const DESKTOP = { width: 1280, height: 800 }
/** A busy machine may take its time. */
const PATIENT = { timeout: 20_000 }

let service: TestService
let browser: TestBrowser
beforeAll(async () => {
  service = await startService()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** What the keyboard stands on, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const here = document.activeElement!
    return here.getAttribute('aria-label') ?? here.textContent?.trim() ?? here.tagName
  })

describe('a page of the documentation', () => {
  // The browser that the tests use fails them if a page asks anybody else.
  it.each(['/docs', '/docs/search?q=secret', '/docs/api', ...TOPIC_PAGES, ...NAMES.map(pathOf)])(
    'is clean for axe in the light and the dark, and at 320 pixels: %s',
    async (path) => {
      const page = await browser.newPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
      await page.goto(service.url + path)
      await isClean(page, `${path} in the light`)
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.setViewportSize(PHONE)
      // Of the API's calls one is enough: they are all alike, and many.
      await page.locator('.fold, .operation:first-of-type details').evaluateAll((all) => {
        for (const one of all) (one as HTMLDetailsElement).open = true
      })
      await isClean(page, `${path} in the dark, narrow`)
    },
  )

  it('lets the keyboard skip the shelf, and goes through it in the order that is seen', async () => {
    const page = await browser.newPage({ viewport: DESKTOP })
    await page.goto(`${service.url}/docs/embedding`)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('The element')
    await page.keyboard.press('Shift+Tab')
    const last = await focused(page)
    expect(last).toBe(await page.locator('.shelf a').last().textContent())
  })

  it('has its shelf beside the text, or folded away on a phone, also without scripts', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const wide = await browser.newPage({ viewport: DESKTOP, javaScriptEnabled })
      await wide.goto(`${service.url}/docs/settings`)
      const shelf = wide.getByRole('navigation', { name: 'Documentation' })
      expect(await shelf.isVisible()).toBe(true)
      expect(await shelf.locator('[aria-current=page]').textContent()).toBe('Settings')

      const narrow = await browser.newPage({ viewport: PHONE, javaScriptEnabled })
      await narrow.goto(`${service.url}/docs/settings`)
      const link = narrow.getByRole('navigation', { name: 'Documentation' }).getByText('Notices')
      expect(await link.isVisible()).toBe(false)
      await narrow.getByText('All pages').click()
      await link.click()
      await narrow.getByRole('heading', { name: 'Notices', level: 1 }).waitFor()
    }
  })

  it('scrolls its wide tables by the keyboard, and not itself', async () => {
    const page = await browser.newPage({ viewport: PHONE })
    await page.goto(`${service.url}/docs/settings`)
    const table = page.getByRole('group', { name: 'Table: Settings' })
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await table.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => table.evaluate((one) => one.scrollLeft), PATIENT).toBeGreaterThan(0)
  })

  it('gives no stop to the keyboard at a table that fits', async () => {
    const page = await browser.newPage({ viewport: DESKTOP })
    await page.goto(`${service.url}/docs/embedding`)
    const table = page.getByRole('group', { name: 'Table: The element' })
    await expect.poll(() => table.getAttribute('tabindex'), PATIENT).toBe(null)
  })

  it('copies an example as it is written', async () => {
    const page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${service.url}/docs/embedding`)
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(/^<script src="https:\/\/captcha\.example\.org\/v1\/widget\.js" async>/)
    expect(copied).not.toContain('Copy')
  })

  it('does not move when its pictures come', async () => {
    const page = await browser.newPage({ viewport: DESKTOP })
    await page.goto(`${service.url}/docs/console`)
    for (const image of await page.locator('.prose img').all()) {
      await image.evaluate((one: HTMLImageElement) => {
        one.loading = 'eager'
        return one.decode()
      })
      const [shown, natural] = await image.evaluate((one: HTMLImageElement) => [
        one.width / one.height,
        one.naturalWidth / one.naturalHeight,
      ])
      expect(Math.abs(shown! / natural! - 1)).toBeLessThan(0.02)
    }
  })
})

describe('the search of the documentation', () => {
  it.each([true, false])(
    'finds a part and leads there; with scripts: %s',
    async (javaScriptEnabled) => {
      const page = await browser.newPage({ javaScriptEnabled })
      await page.goto(`${service.url}/docs`)
      await page.getByLabel('Search the documentation').fill('rotate secret')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor()
      await page.locator('.hits').getByRole('link', { name: 'Secrets The management API' }).click()
      await page.getByRole('heading', { name: 'The management API', level: 1 }).waitFor()
      expect(new URL(page.url()).hash).toBe('#secrets')
    },
  )

  it('shows what it finds while somebody types, and keeps it for the way back', async () => {
    const page = await browser.newPage()
    await page.goto(`${service.url}/docs/search`)
    await page.getByLabel('Search the documentation').pressSequentially('painters')
    await page.locator('.hits mark').first().waitFor()
    expect(await page.getByRole('status').textContent()).toMatch(/found/)
    await expect.poll(() => page.url(), PATIENT).toMatch(/\?q=painters$/)
    await page.getByLabel('Search the documentation').fill('zyxwvutsrq')
    await page.getByText('Nothing was found.').waitFor()
  })
})

describe('a call of the API, tried on its page', () => {
  /** Opens an operation's form. */
  async function open(page: Page, id: string): Promise<Locator> {
    const operation = page.locator('.operation', { has: page.locator(`[id="${id}"]`) })
    await operation.getByText('Try it').click()
    return operation.locator('form')
  }

  it('redeems a token, as any backend would', async () => {
    const page = await browser.newPage()
    await page.goto(`${service.url}/docs/api/backend`)
    const operation = await open(page, 'post-v1-siteverify')
    await operation.getByLabel('secret').fill('oc-test-secret-pass')
    await operation.getByLabel('response').fill('some token')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await operation.getByRole('button', { name: 'Send' }).click()
    await operation.getByRole('status').getByText('200 OK').waitFor()
    const request = await sent
    expect(request.url()).toBe(`${service.url}/v1/siteverify`)
    expect(request.postData()).toBe('secret=oc-test-secret-pass&response=some+token')
    const answer = await operation.locator('.answer pre').textContent()
    expect(JSON.parse(answer!)).toMatchObject({ success: true })
    await isClean(page, 'answered')
  })

  it('lists and registers sites with a key, which goes nowhere else and stays nowhere', async () => {
    const { key } = await addTenant(service, { role: 'operator' })
    const page = await browser.newPage()
    await page.goto(`${service.url}/docs/api/sites`)
    const list = await open(page, 'get-v1-manage-sites')
    await list.getByRole('button', { name: 'Send' }).click()
    await list.getByRole('status').getByText('401').waitFor()

    await page.getByLabel('Your key').fill(key)
    await list.getByLabel('limit').fill('2')
    const sent = page.waitForRequest(/\/v1\/manage\/sites/)
    await list.getByRole('button', { name: 'Send' }).click()
    await list.getByRole('status').getByText('200 OK').waitFor()
    const request = await sent
    expect(request.url()).toBe(`${service.url}/v1/manage/sites?limit=2`)
    expect(await request.headerValue('authorization')).toBe(`Bearer ${key}`)
    expect(await request.headerValue('cookie')).toBe(null)
    await list.getByText('x-ratelimit-remaining').waitFor()

    const register = await open(page, 'post-v1-manage-sites')
    await register.getByRole('button', { name: 'Send' }).click()
    await register.getByRole('status').getByText('201 Created').waitFor()
    expect(await register.locator('.answer pre').textContent()).toMatch(/"secret": "ocs_/)
    const kept = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))
    expect(kept).toEqual({})
    await page.reload()
    expect(await page.getByLabel('Your key').inputValue()).toBe('')
  })

  it('fills in what is in the address, and shows what went wrong', async () => {
    const { key } = await addTenant(service, { role: 'operator' })
    const page = await browser.newPage()
    await page.goto(`${service.url}/docs/api/sites`)
    const look = await open(page, 'get-v1-manage-sites-sitekey')
    await page.getByLabel('Your key').fill(key)
    await look.getByLabel('sitekey').fill('../audit/head')
    await look.getByRole('button', { name: 'Send' }).click()
    await look.getByRole('status').getByText('400').waitFor()
    expect(await look.locator('.answer pre').textContent()).toContain('field-invalid')
  })

  it('is not offered without scripts: the example for the command line stands there', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(`${service.url}/docs/api/backend`)
    expect(await page.getByText('Try it').first().isVisible()).toBe(false)
    expect(await page.getByText('curl').first().isVisible()).toBe(true)
  })
})
