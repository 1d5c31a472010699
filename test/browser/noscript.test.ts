import { readFileSync } from 'node:fs'
import type { FrameLocator, Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROUNDS } from '../../src/core/noscript.ts'
import { openBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts'
import { lookInto, middleOf } from '../support/noscript.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { isClean, overflow } from './clean.ts'
import { openSite, type Site, serveSite } from './site.ts'

const PHONE = { width: 320, height: 640 }
const HOST = 'noscript.localhost'

let service: TestService
let browser: TestBrowser
let site: Site
/** The service's clock: the tests put it forward instead of waiting. */
let aheadMs = 0

beforeAll(async () => {
  service = await startService({}, { now: () => Date.now() + aheadMs })
  site = await openSite(service, 'checkbox', HOST, { noscriptPerHour: 1_000 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
  await service?.stop()
})
beforeEach(async () => {
  // What one network may have is for ten minutes; each test is another day's.
  aheadMs += 24 * 3_600_000
  await until(
    () => service.context.painter.ready() > 40,
    'there are more pictures than half a shelf',
  )
})

const DOCUMENT = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8')
const [, SHOWN] = /## Without JavaScript\n[\s\S]*?```html\n([\s\S]*?)\n```/.exec(DOCUMENT)!

/** A form with what `docs/embedding.md` shows in it. */
const form = (of: Pick<Site, 'sitekey'>) =>
  `<form method="post" action="/join">
    <label>Name <input name="who" value="Ada"></label>
    ${SHOWN!.replaceAll('ock_…', of.sitekey).replace('https://captcha.example.org', service.url)}
    <button>Join</button>
  </form>`

async function visit(url: string, options: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({
    ...{ javaScriptEnabled: false, origins: [service.url], ...options },
  })
  await page.goto(url)
  return page
}

type Place = Page | FrameLocator

const press = (at: Place, name: string) => at.getByRole('button', { name, exact: true }).click()

/** Presses the picture that is shown: in its gap, or beside. */
async function pressPicture(at: Place, hit = true) {
  const step = await at.locator('input[name=step]').inputValue()
  const { x, y } = middleOf(lookInto(service.context.tools.seal, step).gap!)
  await at.locator('input[type=image]').click({ position: { x, y: hit ? y : 5 } })
  await at.locator(`input[name=step][value="${step}"]`).waitFor({ state: 'detached' })
  await at.locator('h1').waitFor()
}

async function solve(at: Place) {
  for (let i = 0; i < ROUNDS; i++) await pressPicture(at)
}

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, at: Place, selector: string) {
  await until(async () => {
    await page.keyboard.press('Tab')
    return (await at.locator(`${selector}:focus`).count()) === 1
  }, `the focus is on ${selector}`)
}

describe('on a page of a site, with JavaScript off', () => {
  it('somebody presses three pictures, copies the code, pastes it, and is let in', async () => {
    const page = await visit(site.page(form(site)))
    const frame = page.frameLocator('iframe')
    await press(frame, 'I am human')
    await frame.getByText('Press where this piece belongs').waitFor()
    await pressPicture(frame)
    await pressPicture(frame, false)
    await frame.getByText('Almost! Here is another one.').waitFor()
    await solve(frame)
    await frame.getByText('Thank you, all done.').waitFor()
    await frame.getByLabel('Copy this code').click()
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Control+C')
    await page.getByLabel('Code', { exact: true }).click()
    await page.keyboard.press('Control+V')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('Welcome').waitFor()
    const { success, hostname, action } = site.findings.at(-1)!
    expect({ success, hostname, action }).toEqual({
      success: true,
      hostname: HOST,
      action: 'signup',
    })
  })

  it('somebody does all of it by keyboard, and sees nothing: waits, copies and pastes', async () => {
    const page = await visit(site.page(form(site)))
    const frame = page.frameLocator('iframe')
    await tabTo(page, frame, 'button[value=wait]')
    await page.keyboard.press('Enter')
    await frame.getByText('Please wait: 60 sec').waitFor()
    aheadMs += 60_000
    await tabTo(page, frame, 'button[value=go]')
    await page.keyboard.press('Enter')
    await frame.getByText('Thank you, all done.').waitFor()
    // All of it is marked when the focus comes by Tab.
    await tabTo(page, frame, '#token')
    await page.keyboard.press('Control+C')
    await tabTo(page, page, 'input[name=one-captcha-response]')
    await page.keyboard.press('Control+V')
    await page.keyboard.press('Enter')
    await page.getByText('Welcome').waitFor()
  })

  it('somebody who presses the picture by keyboard loses nothing, and gets another', async () => {
    const page = await visit(site.page(form(site)))
    const frame = page.frameLocator('iframe')
    await press(frame, 'I am human')
    await pressPicture(frame)
    await frame.getByText('Picture 2 of 3').waitFor()
    const picture = frame.getByRole('button', {
      name: /This is a captcha\..*“Skip puzzle and wait”/,
    })
    await picture.focus()
    await page.keyboard.press('Enter')
    await frame.getByText('Here is another one.').waitFor()
    await frame.getByText('Picture 2 of 3').waitFor()
  })

  it('is told when the wait is over, without a script', async () => {
    const test = { ...site, sitekey: 'oc-test-interactive' }
    const page = await visit(site.page(form(test)))
    const frame = page.frameLocator('iframe')
    await frame.getByText('Testing only').waitFor()
    await press(frame, 'Skip puzzle and wait')
    const told = frame.getByText('You can go on now.')
    await told.waitFor({ state: 'attached' })
    // A test key's wait is short: what is seen after it, and not before, is told by the clock of the page's own style.
    expect(await told.evaluate((element) => getComputedStyle(element).animationDelay)).toBe('5s')
    await until(() => told.isVisible(), 'it says so')
  })

  it('somebody sends the form first, is led through a page of its own, and comes back with the token', async () => {
    const back = encodeURIComponent(`${site.origin}/join?draft=7`)
    const at = `${service.url}/v1/noscript?sitekey=${site.sitekey}&action=signup&cdata=7&return=${back}`
    const link = at.replaceAll('&', '&amp;')
    const page = await visit(
      site.page(`<p><a href="${link}" referrerpolicy="origin">Go on</a></p>`),
    )
    await page.getByRole('link', { name: 'Go on' }).click()
    await press(page, 'I am human')
    await solve(page)
    await press(page, 'Continue')
    await page.getByText('Welcome').waitFor()
    expect(page.url()).toBe(`${site.origin}/join?draft=7`)
    const { success, hostname, cdata } = site.findings.at(-1)!
    expect({ success, hostname, cdata }).toEqual({ success: true, hostname: HOST, cdata: '7' })
  })

  it('a page of somebody else cannot show the frame, whatever it says of itself', async () => {
    const thief = await serveSite(service.url, site, 'evil.localhost')
    try {
      for (const policy of ['origin', 'no-referrer']) {
        const text = form(site).replace('referrerpolicy="origin"', `referrerpolicy="${policy}"`)
        const page = await visit(thief.page(text), { violates: ['frame-ancestors'] })
        await page.locator('iframe').waitFor()
        await until(() => page.frames().length === 2, 'the frame has come')
        expect(await page.frameLocator('iframe').getByRole('button').count()).toBe(0)
      }
    } finally {
      await thief.stop()
    }
  })

  it('nothing is kept in the browser', async () => {
    const page = await visit(site.page(form(site)))
    const frame = page.frameLocator('iframe')
    await press(frame, 'I am human')
    await solve(frame)
    await frame.getByText('Thank you, all done.').waitFor()
    expect(await page.context().cookies()).toEqual([])
  })
})

it('is not shown where JavaScript runs: there the widget is', async () => {
  const page = await visit(site.page(form(site)), { javaScriptEnabled: true })
  await page.locator('one-captcha').getByRole('checkbox').waitFor()
  expect(await page.locator('iframe[title="One Captcha"]').count()).toBe(0)
  expect(await page.locator('input[name=one-captcha-response]').count()).toBeLessThanOrEqual(1)
})

// axe is a script itself: the same pages, in a browser that runs it.
describe.each([
  ['light', 'en', PHONE, 'none'],
  ['dark', 'de', { width: 1280, height: 800 }, 'none'],
  ['light', 'ar', { width: 300, height: 640 }, 'active'],
] as const)(
  'in %s and %s, on %o, with forced colours %s',
  (colorScheme, hl, viewport, forcedColors) => {
    it('every page of the frame is clean for axe, has room, and large enough targets', async () => {
      const options = { colorScheme, viewport, forcedColors, reducedMotion: 'reduce' as const }
      const page = await browser.newPage({ ...options, javaScriptEnabled: true })
      const open = (more = '') =>
        page.goto(`${service.url}/v1/noscript?sitekey=${site.sitekey}&hl=${hl}${more}`, {
          referer: `${site.origin}/`,
        })
      const button = (what: string) => page.locator(`button[value=${what}]`)
      await open()
      await looksWell(page, 'the beginning')
      await button('picture').click()
      await looksWell(page, 'a picture')
      await pressPicture(page, false)
      await looksWell(page, 'a picture after a miss')
      await solve(page)
      await looksWell(page, 'a code')
      await open('&theme=dark')
      await button('wait').click()
      await looksWell(page, 'a wait')
      await open(`&return=${encodeURIComponent(`${site.origin}/join`)}`)
      await button('picture').click()
      await solve(page)
      await looksWell(page, 'a way back')
      await open('&return=x')
      await looksWell(page, 'a refusal')
    })
  },
)

async function looksWell(page: Page, state: string) {
  await isClean(page, state)
  expect(await overflow(page), state).toBeLessThanOrEqual(0)
  const targets = page.locator('button, a, input:not([type=hidden])')
  for (const target of await targets.all()) {
    const { width, height } = (await target.boundingBox())!
    expect(
      Math.min(width, height),
      `${state}: ${await target.textContent()}`,
    ).toBeGreaterThanOrEqual(24)
  }
  const picture = page.locator('input[type=image]')
  if ((await picture.count()) > 0) {
    const { width, height } = (await picture.boundingBox())!
    expect([width, height], 'where it is pressed is measured').toEqual([288, 162])
  }
}
