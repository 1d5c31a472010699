import assert from 'node:assert/strict'
import type { Page } from '@playwright/test'
import { type Site, serveSite } from '../browser/site.ts'
import type { TestBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { type Block, placeOf } from './blocks.ts'
import type { Session } from './session.ts'

/** Each site is alone at its host name, so that a page may leave out its sitekey. */
let hosts = 0
const WIDGETS =
  /<one-captcha|class="(one-captcha|g-recaptcha|h-captcha|cf-turnstile)|id="one-captcha"/

async function openSite({ place }: Session): Promise<Site> {
  const host = `docs-${++hosts}.localhost`
  // The name that the documents call their readers' pages by, too: what is shown may lead there.
  return serveSite(place.url, await place.addSite('checkbox', [host, 'example.org']), host)
}

/** Puts HTML into a page of a site's own, and does what a visitor would until there is a token. */
export async function visitHtml(block: Block, session: Session, browser: TestBrowser) {
  const site = await openSite(session)
  try {
    const text = await session.fill(block.text.replaceAll('ock_…', site.sitekey))
    await assertReachable(text, session.place.url, block)
    if (!WIDGETS.test(text) && !/<script/.test(text)) return
    const script = /<script[^>]+src=/.test(text) ? false : '/v1/widget.js'
    const url = site.page(text, { script, head: callbacksIn(text) })
    const page = await openPage(session, browser)
    await page.goto(url)
    await passed(page, site, session, block, text)
  } finally {
    await site.stop()
  }
}

/** Puts a form under the policy that is shown; whatever violates it fails the test. */
export async function visitUnder(
  policy: string,
  block: Block,
  session: Session,
  browser: TestBrowser,
) {
  const site = await openSite(session)
  try {
    const url = site.page(
      `<form method="post"><one-captcha sitekey="${site.sitekey}"></one-captcha></form>`,
      {
        headers: { 'content-security-policy': await session.fill(policy) },
      },
    )
    const page = await openPage(session, browser)
    await page.goto(url)
    await passed(page, site, session, block)
  } finally {
    await site.stop()
  }
}

/** Runs a script in a page that has a form with a widget, until the service has given a token. */
export async function visitScript(block: Block, session: Session, browser: TestBrowser) {
  const site = await openSite(session)
  try {
    const page = await openPage(session, browser)
    const tokens: unknown[] = []
    page.on('response', async (response) => {
      if (!response.url().endsWith('/v1/solutions')) return
      const { token } = await response.json().catch(() => ({}))
      if (token) tokens.push(token)
    })
    const widget = `<one-captcha sitekey="${site.sitekey}"></one-captcha>`
    await page.goto(site.page(`<form method="post">${widget}<button>Send</button></form>`))
    await page.waitForFunction(() => 'oneCaptcha' in window)
    const content = await session.fill(block.text.replaceAll('ock_…', site.sitekey))
    await page.addScriptTag({ content })
    await until(() => tokens.length > 0, `${placeOf(block)} has a token`, 60_000)
  } finally {
    await site.stop()
  }
}

/** Goes through the form that a program of the document's reader shows, to its welcome. */
export async function visitProgram(url: string, session: Session, browser: TestBrowser) {
  const page = await openPage(session, browser)
  await page.goto(url.replace('127.0.0.1', 'localhost'))
  if ((await page.locator('one-captcha').count()) === 0) return
  await page.getByRole('checkbox').click()
  await until(async () => (await tokenIn(page)) !== '', 'the box is ticked', 90_000)
  await page.locator('form > button').click()
  await page.getByText(/welcome/i).waitFor()
}

/** A page that notes what its widget has to say of trouble. */
async function openPage({ place }: Session, browser: TestBrowser): Promise<Page> {
  const page = await browser.newPage({ origins: [place.url] })
  await page.addInitScript(() => {
    const note = (event: Event) => {
      const { code } = (event as CustomEvent).detail ?? {}
      if (code) Object.assign(window, { trouble: code })
    }
    addEventListener('error', note, true)
  })
  return page
}

/** Does what a visitor would, until there is a token. */
async function passed(page: Page, site: Site, session: Session, block: Block, html = '') {
  const box = page.getByRole('checkbox').first()
  const button = page.locator('main form > button, main > button').first()
  // What has no box begins with the page's own button.
  const boxed = !html || (WIDGETS.test(html) && !/invisible|execute/.test(html))
  if (boxed) await box.waitFor()
  let token = ''
  let pressed = false
  await until(
    async () => {
      token = (await tokenIn(page)) || posted(site)
      if (token) return true
      if (boxed) {
        if (!(await box.isChecked())) await box.click()
      } else if (!pressed && (await button.isVisible())) {
        pressed = true
        await button.click()
      }
      return false
    },
    `${placeOf(block)} has a token`,
    60_000,
  )
  assert.ok(session.place.seal.open('token', token), `${placeOf(block)}: what came is no token`)
}

/** The token of a page, or ''. Fails if its widget tells of trouble. */
async function tokenIn(page: Page): Promise<string> {
  const { token, trouble } = await page
    .evaluate(() => {
      const fields = document.querySelectorAll<HTMLInputElement>('[name$="-response"]')
      const { told = '', trouble } = window as { told?: string; trouble?: string }
      return { token: [...fields].map(({ value }) => value).find(Boolean) ?? told, trouble }
    })
    // It is just going to another page.
    .catch(() => ({ token: '', trouble: undefined }))
  if (trouble) throw new Error(`The widget tells of ${trouble}.`)
  return token
}

function posted(site: Site): string {
  return [...site.fields()].find(([name]) => name.endsWith('-response'))?.[1] ?? ''
}

/** The functions that the HTML names and leaves to its reader. */
function callbacksIn(html: string): string {
  const made = [...html.matchAll(/([\w-]*callback)="(\w+)"/g)]
    .filter(([, , name]) => !new RegExp(`function ${name}\\b|${name} =`).test(html))
    .map(([, attribute, name]) =>
      /^(data-)?callback$/.test(attribute!)
        ? `function ${name}(token) { window.told = token }`
        : `function ${name}() {}`,
    )
  return `<script>${made.join('\n')}</script>`
}

async function assertReachable(html: string, service: string, block: Block) {
  for (const [tag, url] of html.matchAll(/<[^>]*(?:src|href|action)="(http[^"]+)"[^>]*>/g)) {
    if (!url!.startsWith(service)) continue
    const headers: Record<string, string> = {}
    if (tag.includes('referrerpolicy="origin"')) headers.referer = 'https://example.org/'
    const { status } = await fetch(url!.replaceAll('&amp;', '&'), { headers })
    assert.ok(status < 400, `${placeOf(block)}: ${url} answers ${status}`)
  }
}
