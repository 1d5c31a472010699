/** The widget's part of `npm run screenshots`: its sizes, themes, modes and scripts, and the frame without JavaScript. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { readConfig } from '../src/config.ts'
import { readChallenge } from '../src/core/challenge.ts'
import { start } from '../src/start.ts'
import type { Save } from './screenshots.ts'

const DESKTOP = { viewport: { width: 760, height: 700 }, deviceScaleFactor: 2 } as const
const HOME = { ...DESKTOP, viewport: { width: 1280, height: 800 } } as const
const PHONE = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  hasTouch: true,
} as const
const SHADES = ['light', 'dark'] as const

/** What an element says to be in each mode. */
const MODES = {
  overlay: { panel: 'overlay' },
  inline: { panel: 'inline' },
  'interaction-only': { appearance: 'interaction-only' },
  floating: { appearance: 'floating' },
} as const
type Mode = keyof typeof MODES

/** Languages whose letters are not Latin ones, each of another script: Han, Arabic, Devanagari. */
const SCRIPTS = ['zh', 'ar', 'hi']

/** Takes a picture of all that a visitor may meet. */
export async function takeWidgetPictures(browser: Browser, save: Save): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'one-captcha-screenshots-'))
  const service = await start(
    readConfig({ ONE_CAPTCHA_PORT: '0', ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_LOG_LEVEL: 'warn' }),
  )
  try {
    for (const colorScheme of SHADES) {
      const desktop = { ...DESKTOP, colorScheme }
      await shoot(`home-${colorScheme}`, { ...HOME, colorScheme }, '/')
      await shoot(`box-${colorScheme}`, desktop, '/demo', async () => {}, 'one-captcha')
      await shoot(`puzzle-${colorScheme}`, desktop, '/demo', openPuzzle)
      await shoot(`success-${colorScheme}`, desktop, '/demo', solve)
      for (const size of ['compact', 'flexible']) {
        const resize = (page: Page) => change(page, { size })
        await shoot(`size-${size}-${colorScheme}`, desktop, '/demo', resize, '.box')
      }
      for (const mode of Object.keys(MODES) as Mode[])
        await shoot(`mode-${mode}-${colorScheme}`, desktop, '/demo', (page) => enter(page, mode))
    }
    const phone = { ...PHONE, colorScheme: 'light' } as const
    const light = { ...DESKTOP, colorScheme: 'light' } as const
    await shoot('puzzle-phone', phone, '/demo', openPuzzle)
    for (const mode of Object.keys(MODES) as Mode[])
      await shoot(`mode-${mode}-phone`, phone, '/demo', (page) => enter(page, mode))
    await shoot('wrong', light, '/demo', miss)
    await shoot('unreachable', light, '/demo', loseNetwork, 'one-captcha')
    for (const lang of SCRIPTS)
      await shoot(`puzzle-${lang}`, light, `/demo?lang=${lang}`, openPuzzle)
    await shootFrame()
    await makeHeavy()
    for (const colorScheme of SHADES)
      await shoot(`waiting-${colorScheme}`, { ...DESKTOP, colorScheme }, '/demo', wait)
    await shoot('waiting-phone', phone, '/demo', wait)
  } finally {
    await service.stop()
    rmSync(data, { recursive: true })
  }

  async function shoot(
    name: string,
    options: BrowserContextOptions,
    path: string,
    prepare: (page: Page) => Promise<unknown> = async () => {},
    part = '',
  ): Promise<void> {
    const context = await browser.newContext({
      locale: 'en-US',
      reducedMotion: 'reduce',
      ...options,
    })
    const page = await context.newPage()
    await page.goto(service.url + path)
    await page.getByRole('checkbox').last().waitFor()
    await prepare(page)
    const bytes = await (part ? page.locator(part).last() : page).screenshot()
    await save(name, bytes)
    await context.close()
  }

  /** Puts an element that says more in the place of the demo's: it says all before it comes to life. */
  async function change(page: Page, attributes: Record<string, string>) {
    await page.evaluate((more) => {
      const before = document.querySelector('one-captcha')!
      const element = before.cloneNode() as Element
      for (const [name, value] of Object.entries(more)) element.setAttribute(name, value)
      // The page keeps free what the normal size takes, and no more.
      before.parentElement!.style.maxWidth = 'none'
      before.replaceWith(element)
    }, attributes)
    await page.locator('one-captcha .root').waitFor({ state: 'attached' })
  }

  /** Meets the puzzle in a mode. */
  async function enter(page: Page, mode: Mode) {
    await change(page, MODES[mode])
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/solutions'))
    if (mode === 'floating') {
      await page.getByLabel('Name').fill('Ada')
      await page.getByLabel('E-mail').fill('ada@example.org')
      await page.getByRole('button', { name: 'Sign up' }).click()
    } else if (mode === 'interaction-only') await page.getByLabel('Name').focus()
    else await page.getByRole('checkbox').last().click()
    if (mode === 'interaction-only')
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await answered
    await page.getByRole('slider').waitFor()
    await page.waitForTimeout(400)
  }

  /** The frame for browsers without JavaScript, on a page of a site of its own. */
  async function shootFrame(): Promise<void> {
    const { store, painter } = service.context
    const { sitekey } = await store.sites.add({
      ...{ hosts: ['localhost'], mode: 'checkbox', noscriptPerHour: 60 },
    })
    const context = await browser.newContext({
      ...{ locale: 'en-US', javaScriptEnabled: false, deviceScaleFactor: 2, colorScheme: 'light' },
      viewport: { width: 320, height: 440 },
    })
    const page = await context.newPage()
    await page.goto(`${service.url}/v1/noscript?sitekey=${sitekey}`, {
      referer: 'http://localhost/',
    })
    while (painter.ready() < 40) await page.waitForTimeout(100)
    await page.getByRole('button', { name: 'I am human' }).click()
    await page.getByText('Picture 1 of 3').waitFor()
    await save('noscript-light', await page.screenshot())
    await context.close()
  }

  /** Ticks the box, and gives back where the gap is: the service runs in here, and its seal opens what it sent. */
  async function openPuzzle(page: Page): Promise<number> {
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/solutions'))
    await page.getByRole('checkbox').last().click()
    const gap = gapIn((await (await answered).json()).challenge)
    await page.getByRole('slider').waitFor()
    await page.waitForTimeout(400)
    return gap
  }

  async function solve(page: Page): Promise<void> {
    await check(page, await openPuzzle(page))
    await page.waitForFunction(
      () => (document.querySelector('[name=one-captcha-response]') as HTMLInputElement)?.value,
    )
  }

  async function miss(page: Page): Promise<void> {
    const gap = await openPuzzle(page)
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/solutions'))
    await check(page, gap > 130 ? gap - 60 : gap + 60)
    await answered
    await page.waitForTimeout(400)
  }

  /** Minutes of work: nobody's machine does it while a picture is taken. */
  async function makeHeavy(): Promise<void> {
    for (const { sitekey } of await service.context.store.sites.list())
      await service.context.store.sites.set(sitekey, { effortFloor: 500, effortCeiling: 500 })
  }

  async function wait(page: Page): Promise<void> {
    await page.getByRole('checkbox').last().click()
    await page.getByText('Do a puzzle instead').waitFor()
    await page.waitForTimeout(1_500)
  }

  async function loseNetwork(page: Page): Promise<void> {
    await page.context().setOffline(true)
    await page.getByRole('checkbox').last().click()
    await page.waitForTimeout(4_000)
  }

  async function check(page: Page, x: number): Promise<void> {
    const slider = page.getByRole('slider')
    await slider.focus()
    for (let i = 0; i < Math.round(x); i++) await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
  }

  function gapIn(sealed: string): number {
    const text = service.context.tools.seal.open('challenge', sealed)!
    const task = readChallenge(text).tasks.find(({ kind }) => kind === 'slider')!
    return Number((task.answer as { gapX: string }).gapX)
  }
}
