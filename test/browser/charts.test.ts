import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ASSETS, chartScript, stylesheet } from '../../src/console/assets.ts'
import { SiteNumbers } from '../../src/console/numbers.tsx'
import { CHARTS, tableOf } from '../../src/stats/charts.ts'
import { type Numbers, numbersOf, windowOf } from '../../src/stats/numbers.ts'
import { waitingLabel } from '../../src/stats/waiting.ts'
import type { CountRow } from '../../src/store/store.ts'
import { openBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts'
import { isClean } from './clean.ts'

/** No looser than the console's. The browser fails a test that runs into it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const HOUR_MS = 3_600_000

let browser: TestBrowser
let server: Server
let url: string
/** What the page is made of, and what it hears later. */
let numbers: Numbers
let answer: () => { status: number; body?: Numbers; location?: string }
let asked: number

beforeAll(async () => {
  browser = await openBrowser()
  server = createServer((request, response) => {
    const asset = ASSETS.find(({ path }) => path === request.url)
    if (asset) return response.setHeader('content-type', asset.type).end(asset.body)
    if (request.url === '/console/sites/x/numbers.json?range=day') {
      asked++
      const { status, body, location } = answer()
      if (location) response.setHeader('location', location)
      response.statusCode = status
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(body ?? {}))
    }
    if (request.url !== '/') return response.writeHead(404).end()
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', POLICY)
    return response.end(`<!doctype html>${renderToString(sheet())}`)
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  await browser.close()
  server.close()
})
beforeEach(() => {
  numbers = someNumbers()
  answer = () => ({ status: 200, body: numbers })
  asked = 0
})

function sheet() {
  return h('html', { lang: 'en' }, [
    h('head', {}, [
      h('title', {}, 'Numbers'),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('link', { rel: 'stylesheet', href: stylesheet.path }),
      h('script', { src: chartScript.path, defer: true }),
    ]),
    h('body', {}, [
      h('main', {}, [h('h1', {}, 'A site'), h(SiteNumbers, { path: '/console/sites/x', numbers })]),
    ]),
  ])
}

/** A day in which something happened in some hours, and nothing in others. */
function someNumbers(action = 'sign-up', times = 1): Numbers {
  const window = windowOf('day', Date.now())
  const rows: CountRow[] = []
  for (const hour of [2, 3, 4, 9, 17, 18]) {
    const add = (name: string, count: number, label = '') =>
      rows.push({
        ...{ sitekey: 'x', span: 'minute', startsAt: window.from + hour * HOUR_MS },
        ...{ name, label, count: count * times },
      })
    add('challenges', 10 + hour, action)
    add('passed', 8 + hour, 'work')
    add('failed', 2, 'off-target')
    add('redeemed', 7 + hour, action)
    add('waited', 8, waitingLabel(1_000 + 50 * hour))
    add('effort', 80)
    add('pressure', 3, 'site')
    add('pressure', 1, 'network')
  }
  return numbersOf(rows, window, window.from + HOUR_MS)
}

async function open(options?: PageOptions, before?: (page: Page) => Promise<void>): Promise<Page> {
  const page = await browser.newPage(options)
  await before?.(page)
  await page.goto(url)
  return page
}

/** The colours that a chart is drawn in, as far as they are not blended at its edges. */
function coloursOf(page: Page, chart: string): Promise<string[]> {
  return page.locator(`[data-chart=${chart}] canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Map<string, number>()
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] !== 255) continue
      const colour = `#${[...data.slice(i, i + 3)].map((c) => c.toString(16).padStart(2, '0')).join('')}`
      seen.set(colour, (seen.get(colour) ?? 0) + 1)
    }
    return [...seen].filter(([, count]) => count > 10).map(([colour]) => colour)
  })
}

describe('a site’s numbers', () => {
  it('are drawn, said in words, and written in a table', async () => {
    const page = await open()
    await page.locator('canvas').first().waitFor()
    expect(await page.locator('canvas').count()).toBe(CHARTS.length)
    for (const { id, title } of CHARTS) {
      const picture = page.locator(`[data-chart=${id}]`).getByRole('img')
      expect(await picture.getAttribute('aria-label')).toMatch(new RegExp(`^${title}\\. .*at most`))
      expect((await coloursOf(page, id)).length).toBeGreaterThan(1)
    }
    expect(await page.locator('[data-words]').textContent()).toContain('113 challenges')
    expect(await page.locator('[data-figure=challenges]').textContent()).toBe('113')

    await page.getByText('The same as a table').click()
    const rows = page.getByRole('table', { name: 'Numbers over time' }).getByRole('row')
    expect(await rows.count()).toBe(1 + tableOf(numbers).length)
    expect(await rows.nth(1).getByRole('cell').nth(1).textContent()).toBe('28')
  })

  it('are told of the time under the pointer', async () => {
    const page = await open()
    const area = (await page.locator('[data-chart=visitors] .u-over').boundingBox())!
    await page.mouse.move(area.x + (area.width * 17.05) / 23.8, area.y + 30)
    await page.getByText(/: Challenges 27, Passed 25, Failed 2$/).waitFor()
  })

  it('are clean for axe, and fit a phone, in the light and in the dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1_200]) {
        const page = await open({ colorScheme, viewport: { width, height: 800 } })
        await page.getByText('The same as a table').click()
        await isClean(page, `Numbers at ${width} in ${colorScheme}`)
      }
    }
  })

  it('have the page’s colours, also when these change, and the system’s where it forces them', async () => {
    const page = await open({ colorScheme: 'light' })
    expect(await coloursOf(page, 'visitors')).toContain('#1a7f37')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => coloursOf(page, 'visitors')).toContain('#57c777')
    expect(await coloursOf(page, 'visitors')).not.toContain('#1a7f37')
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
    await expect.poll(() => coloursOf(page, 'visitors')).not.toContain('#1a7f37')
    expect(await page.locator('canvas').count()).toBe(CHARTS.length)
  })

  it('are there without scripts, but for the charts', async () => {
    const page = await open({ javaScriptEnabled: false })
    expect(await page.locator('figure:visible').count()).toBe(0)
    expect(await page.locator('[data-words]').textContent()).toContain('113 challenges')
    await page.getByText('The same as a table').click()
    await page.getByRole('table', { name: 'Numbers over time' }).waitFor()
    const week = page.getByRole('link', { name: '7 days' })
    expect(await week.getAttribute('href')).toBe('/console/sites/x?range=week')
  })

  it('are words, whatever an action is called', async () => {
    numbers = someNumbers('"><img src=x onerror=alert(1)></script><script>alert(1)</script>')
    const page = await open()
    await page.locator('canvas').first().waitFor()
    expect(await page.locator('img[src], script:not([src])').count()).toBe(0)
    await page.getByText('"><img src=x').first().waitFor()
  })
})

describe('numbers that somebody looks at', () => {
  const live = (page: Page) => page.clock.install()

  it('are kept up to date', async () => {
    const page = await open({}, live)
    answer = () => ({ status: 200, body: someNumbers('sign-up', 10) })
    await page.clock.runFor(10_500)
    await page.getByText('1,130 challenges').waitFor()
    expect(await page.locator('[data-figure=challenges]').textContent()).toBe('1,130')
    expect(
      await page.locator('[data-chart=visitors]').getByRole('img').getAttribute('aria-label'),
    ).toContain('at most 280')
    await page.getByText('The same as a table').click()
    const cells = page.getByRole('table', { name: 'Numbers over time' }).getByRole('cell')
    expect(await cells.nth(1).textContent()).toBe('280')
    expect(await page.locator('canvas').count()).toBe(CHARTS.length)
    await isClean(page, 'Numbers drawn anew')
  })

  it('stay, and say so, while the service does not answer', async () => {
    const page = await open({}, live)
    answer = () => ({ status: 503 })
    await page.clock.runFor(10_500)
    await page.getByText('The service does not answer just now.').waitFor()
    expect(await page.locator('[data-figure=challenges]').textContent()).toBe('113')
    answer = () => ({ status: 200, body: numbers })
    await page.clock.runFor(10_500)
    await page.getByText('The service does not answer just now.').waitFor({ state: 'hidden' })
  })

  it('are asked for no more once the session has ended, or the site is gone', async () => {
    for (const ended of [{ status: 303, location: '/console/log-in' }, { status: 404 }]) {
      const page = await open({}, live)
      answer = () => ended
      asked = 0
      await page.clock.runFor(10_500)
      await page.getByText('no longer kept up to date').waitFor()
      expect(asked).toBe(1)
      await page.clock.runFor(60_000)
      expect(asked).toBe(1)
    }
  })

  it('are asked for no more while nobody touches the page: a session must not live by them', async () => {
    const page = await open({}, live)
    await page.clock.runFor(10_500)
    await expect.poll(() => asked).toBe(1)
    await page.clock.fastForward(31 * 60_000)
    await page.clock.runFor(1_000)
    const before = asked
    await page.clock.runFor(60_000)
    expect(asked).toBe(before)
    await page.mouse.move(50, 50)
    await page.clock.runFor(10_500)
    await expect.poll(() => asked).toBe(before + 1)
  })
})
