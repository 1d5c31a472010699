import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/manage/manage.ts'
import type { Maintenance, MaintenanceWish } from '../../src/store/store.ts'
import type { PageOptions } from '../support/browser.ts'
import { startService } from '../support/service.ts'
import { isClean } from './clean.ts'
import type { Person } from './person.ts'
import type { Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

const HOUR_MS = 3_600_000
/** Of each script some, and those whose sentence is longest. That all fit is `languages.test.ts`'s. */
const SOME = [
  'en',
  'de',
  'fr',
  'pl',
  'ru',
  'zh',
  'zh-Hant',
  'ja',
  'ko',
  'ar',
  'hi',
  'ne',
  'sq',
  'ta',
]
const data = mkdtempSync(join(tmpdir(), 'one-captcha-maintenance-'))
let stage: Stage
let site: Site

beforeAll(async () => {
  stage = await openStage({ ONE_CAPTCHA_DATA: data })
  site = stage.sites.checkbox
})
afterAll(async () => {
  await stage?.close()
  rmSync(data, { recursive: true, force: true })
})

/** Windows of a test, which end with it. */
const windows: Maintenance[] = []
let operator: Actor

/** An operator, who lasts as long as the store. */
async function actor(): Promise<Actor> {
  if (operator) return operator
  const { accounts } = stage.service.context.store
  const account = await accounts.add({ login: 'ada', role: 'operator', password: null })
  operator = { account, by: account.id, scopes: null, onlySite: null, elevated: true }
  return operator
}

afterEach(async () => {
  for (const window of windows.splice(0)) await end(window)
  expect(stage.service.context.status.soon()).toBe(null)
})

/** Announces a window as an operator does. */
async function announce(changes: Partial<MaintenanceWish> = {}): Promise<Maintenance> {
  const now = Date.now()
  const window = await stage.service.context.status.announce(await actor(), {
    ...{ title: 'New disks', body: '', components: ['challenges'], effect: 'paused' },
    ...{ startsAt: now, endsAt: now + HOUR_MS, reason: 'a test', ...changes },
  })
  windows.push(window)
  return window
}

/** Completes a window, or cancels it; or does nothing if it is over. */
async function end({ id }: Maintenance) {
  const { status } = stage.service.context
  const { state } = await status.maintenance(await actor(), id)
  if (state === 'in-progress') await status.complete(await actor(), id)
  if (state === 'scheduled') await status.cancel(await actor(), id)
}

interface Kept {
  told: string[]
}

/** Opens a page with callbacks of the founding kind, in a form. */
function visit(options: PageOptions = {}, more = '', prepare?: (page: Page) => Promise<unknown>) {
  const body = `<script>var told = []
    function gone(code) { told.push('gone ' + code) } function back() { told.push('back') }</script>
    <form method="post" action="/join"><input name="who" aria-label="Name"><div class="one-captcha" ${more}
    data-sitekey="${site.sitekey}" error-callback="gone" error-recovery-callback="back"></div>
    <button>Join</button></form>`
  return stage.visit(site.page(body), options, prepare)
}

const told = ({ page }: Person) => page.evaluate(() => (window as unknown as Kept).told)
const alertOf = ({ widget }: Person) => widget.getByRole('alert')
const timeIn = (locale: string, at: number, timeZone: string) =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(at)

describe('a window in which challenges are paused [Terms 4.2]', () => {
  it('asks visitors to come back after it, in their time, tells the page once, and once again', async () => {
    const person = await visit({ timezoneId: 'Asia/Kolkata', locale: 'en-GB' })
    await person.widget.locator('.root').waitFor()
    const window = await announce()
    await person.tick()
    const until = timeIn('en', window.endsAt, 'Asia/Kolkata')
    const words = `We are looking after this service until ${until}. Please come back then.`
    await alertOf(person).getByText(words).waitFor()
    await isClean(person.page, 'the widget while it is paused')
    expect(await told(person)).toEqual(['gone maintenance'])
    expect(person.asked('/v1/challenges')).toBe(1)
    // Who tries again is told the same, and the page hears no more of it.
    await person.tick()
    await person.sees('error')
    await alertOf(person).getByText(words).waitFor()
    expect(await told(person)).toEqual(['gone maintenance'])
    await end(window)
    await person.tick()
    await person.sees('success')
    expect(await told(person)).toEqual(['gone maintenance', 'back'])
    await stage.join(person, site)
  })

  it.each(SOME)('is told in the visitor’s language: %s', async (language) => {
    const { endsAt } = await announce()
    const zone = { locale: language, timezoneId: 'Europe/Warsaw' }
    const person = await visit(zone, `data-lang="${language}"`)
    await person.tick()
    // As this browser writes it: it knows fewer languages than we do.
    const until = await person.page.evaluate(
      ([language, endsAt]) => new Date(endsAt).toLocaleTimeString(language, { timeStyle: 'short' }),
      [language, endsAt] as const,
    )
    await expect.poll(() => alertOf(person).textContent()).toContain(until)
    const words = (await alertOf(person).textContent())!
    expect(words).not.toContain('{}')
    expect(words.startsWith('We are')).toBe(language === 'en')
    // All of it can be read, also where the box is narrow.
    const { scrollHeight, clientHeight } = await person.widget
      .locator('.box')
      .evaluate(({ scrollHeight, clientHeight }) => ({ scrollHeight, clientHeight }))
    expect(scrollHeight).toBeLessThanOrEqual(clientHeight)
  })

  it('names the day where the hour alone would mislead', async () => {
    const { endsAt } = await announce({ endsAt: Date.now() + 50 * HOUR_MS })
    const person = await visit({ locale: 'en-US', timezoneId: 'UTC' })
    await person.tick()
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(endsAt)
    await alertOf(person).getByText(day).waitFor()
  })

  it('does not take a good token with it', async () => {
    const person = await visit()
    await person.tick()
    await person.sees('success')
    await announce()
    expect(await told(person)).toEqual([])
    await stage.join(person, site)
  })

  it('is silent where challenges go on', async () => {
    await announce({ effect: 'none' })
    const person = await visit()
    await person.tick()
    await person.sees('success')
    expect(await told(person)).toEqual([])
  })
})

describe('a service that is stopped during a window it had announced [Terms 4.2]', () => {
  it('is met with the same words, and comes back to callbacks once each', async () => {
    const soon = Date.now() + 2 * HOUR_MS
    const { endsAt } = await announce({
      ...{ effect: 'none', startsAt: soon, endsAt: soon + HOUR_MS },
    })
    // The visitor's page hears of it beforehand.
    const person = await visit({ locale: 'en-US', timezoneId: 'UTC' }, '', (page) =>
      page.clock.install(),
    )
    await person.tick()
    await person.sees('success')
    await person.page.evaluate(() =>
      (document.querySelector('one-captcha') as HTMLElement & { reset(): void }).reset(),
    )
    const { port } = new URL(stage.service.url)
    await stage.service.stop()
    try {
      // It is another hour, and the window has begun.
      await person.page.clock.fastForward(2 * HOUR_MS + 60_000)
      await person.tick()
      const until = timeIn('en', endsAt, 'UTC')
      const words = `We are looking after this service until ${until}. Please come back then.`
      await expect
        .poll(
          async () => {
            await person.page.clock.runFor(1_000)
            return alertOf(person).textContent()
          },
          { timeout: 10_000 },
        )
        .toBe(words)
      expect(await told(person)).toEqual(['gone network-error'])
    } finally {
      stage.service = await startService({ ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_PORT: port })
    }
    await person.tick()
    await expect
      .poll(
        async () => {
          await person.page.clock.runFor(1_000)
          return told(person)
        },
        { timeout: 20_000 },
      )
      .toEqual(['gone network-error', 'back'])
  })
})
