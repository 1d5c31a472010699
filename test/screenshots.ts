/** `npm run screenshots`: takes the pictures of the docs anew, from the running service, into `docs/images/`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import sharp from 'sharp'
import { readConfig } from '../src/config.ts'
import { readChallenge } from '../src/core/challenge.ts'
import { registerTsx } from '../src/tsx.ts'
import { takeConsolePictures } from './console-pictures.ts'
import { CHROMIUM_ARGS, chromiumPath } from './support/chromium.ts'
import { takeTermsPictures } from './terms-pictures.ts'

const IMAGES = join(import.meta.dirname, '../docs/images')
const DESKTOP = { viewport: { width: 760, height: 700 }, deviceScaleFactor: 2 } as const
const PHONE = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  hasTouch: true,
} as const

/** What an element says to be in each mode. */
const MODES = {
  overlay: { panel: 'overlay' },
  inline: { panel: 'inline' },
  'interaction-only': { appearance: 'interaction-only' },
  floating: { appearance: 'floating' },
} as const
type Mode = keyof typeof MODES

registerTsx()
const { start } = await import('../src/start.ts')
const data = mkdtempSync(join(tmpdir(), 'one-captcha-screenshots-'))
const service = await start(
  readConfig({ ONE_CAPTCHA_PORT: '0', ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_LOG_LEVEL: 'warn' }),
)
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
mkdirSync(IMAGES, { recursive: true })

try {
  for (const colorScheme of ['light', 'dark'] as const) {
    await shoot(
      `home-${colorScheme}`,
      { ...DESKTOP, viewport: { width: 1280, height: 800 }, colorScheme },
      '/',
    )
    await shoot(
      `box-${colorScheme}`,
      { ...DESKTOP, colorScheme },
      '/demo',
      async () => {},
      'one-captcha',
    )
    await shoot(`puzzle-${colorScheme}`, { ...DESKTOP, colorScheme }, '/demo', openPuzzle)
    await shoot(`success-${colorScheme}`, { ...DESKTOP, colorScheme }, '/demo', solve)
  }
  await shoot('puzzle-phone', { ...PHONE, colorScheme: 'light' }, '/demo', openPuzzle)
  await shoot('wrong', { ...DESKTOP, colorScheme: 'light' }, '/demo', miss)
  await shoot(
    'unreachable',
    { ...DESKTOP, colorScheme: 'light' },
    '/demo',
    loseNetwork,
    'one-captcha',
  )
  await shoot(
    'puzzle-zh',
    { ...DESKTOP, locale: 'zh-CN', colorScheme: 'light' },
    '/demo?lang=zh',
    openPuzzle,
  )
  await shoot('puzzle-ar', { ...DESKTOP, colorScheme: 'light' }, '/demo?lang=ar', openPuzzle)
  for (const colorScheme of ['light', 'dark'] as const)
    for (const mode of Object.keys(MODES) as Mode[])
      await shootMode(mode, `mode-${mode}-${colorScheme}`, { ...DESKTOP, colorScheme })
  for (const mode of Object.keys(MODES) as Mode[])
    await shootMode(mode, `mode-${mode}-phone`, { ...PHONE, colorScheme: 'light' })
  await shootFrame()
  await makeHeavy()
  for (const colorScheme of ['light', 'dark'] as const)
    await shoot(`waiting-${colorScheme}`, { ...DESKTOP, colorScheme }, '/demo', wait)
  await shoot('waiting-phone', { ...PHONE, colorScheme: 'light' }, '/demo', wait)
  await takeConsolePictures(browser, save)
  await takeTermsPictures(browser, save)
} finally {
  await browser.close()
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
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  await page.goto(service.url + path)
  await page.getByRole('checkbox').last().waitFor()
  await prepare(page)
  const bytes = await (part ? page.locator(part).last() : page).screenshot()
  await save(name, bytes)
  await context.close()
}

/** The demo's widget in a mode of another: put in its place before it comes to life. */
async function shootMode(mode: Mode, name: string, options: BrowserContextOptions) {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  await page.goto(`${service.url}/demo`)
  await page.getByRole('checkbox').last().waitFor()
  await page.evaluate((attributes) => {
    const before = document.querySelector('one-captcha')!
    const element = before.cloneNode() as Element
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    before.replaceWith(element)
  }, MODES[mode])
  await page.locator('one-captcha .root').waitFor({ state: 'attached' })
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
  await save(name, await page.screenshot())
  await context.close()
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
  await page.goto(`${service.url}/v1/noscript?sitekey=${sitekey}`, { referer: 'http://localhost/' })
  while (painter.ready() < 40) await page.waitForTimeout(100)
  await page.getByRole('button', { name: 'I am human' }).click()
  await page.getByText('Picture 1 of 3').waitFor()
  await save('noscript-light', await page.screenshot())
  await context.close()
}

/** A palette is enough for a page, and a quarter of the bytes in everybody's clone. */
function save(name: string, bytes: Buffer) {
  return sharp(bytes)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(IMAGES, `${name}.png`))
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
