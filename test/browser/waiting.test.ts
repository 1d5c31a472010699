import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { type Person, personAt } from './person.ts'
import { form, openSite, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

/** Minutes of work, on any machine, and a site that would have nobody wait for more than a second. */
const HEAVY = { effortFloor: 512, effortCeiling: 512, waitMs: 1_000 }

let stage: Stage
let heavy: Site
let calm: Site
/** The usual work, but next to no wait. */
let hasty: Site
/** How far the service's clock is ahead. */
let ahead = 0

beforeAll(async () => {
  stage = await openStage({}, () => Date.now() + ahead)
  heavy = await openSite(stage.service, 'checkbox', 'heavy.localhost', HEAVY)
  calm = await openSite(stage.service, 'checkbox', 'calm.localhost', { effortFloor: 8 })
  hasty = await openSite(stage.service, 'checkbox', 'hasty.localhost', {
    effortFloor: 8,
    waitMs: 1_000,
  })
})
afterAll(async () => {
  await heavy?.stop()
  await calm?.stop()
  await hasty?.stop()
  await stage?.close()
})

const puzzleButton = (person: Person) => person.panel.getByText('Do a puzzle instead')

/** Has the page's workers begin with this code. */
const inWorkers = (code: string) => (page: Page) =>
  page.route(/\/v1\/parts\/\w+\/worker\.js/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: code + (await response.text()) })
  })

describe('a person whose machine would work for long', () => {
  it('hears how long, sees how far it is, and may do a puzzle instead', async () => {
    const person = await stage.visit(heavy.page(form(heavy.sitekey)))
    await person.tick()
    await puzzleButton(person).waitFor()
    expect(await person.panel.getByText(/^≈ [\d,]+ seconds$/).isVisible()).toBe(true)
    expect(await person.panel.getByRole('progressbar').isVisible()).toBe(true)
    expect(await person.panel.evaluate((panel) => panel.matches(':focus'))).toBe(true)

    // Lighter work is still too heavy here, so that the lightest comes without another question.
    await puzzleButton(person).click()
    await person.drag(await person.puzzle())
    await person.sees('success')
    // What was touched meanwhile began no other work.
    expect(person.asked('/v1/challenges')).toBe(1)
    await stage.join(person, heavy)
  })

  it('is not troubled before the box is ticked', async () => {
    const person = await stage.visit(heavy.page(form(heavy.sitekey, 'start="load"')))
    await until(() => person.page.workers().length > 0, 'work began')
    await person.page.waitForTimeout(2_000)
    expect(await person.panel.isVisible()).toBe(false)
    await person.tick()
    await puzzleButton(person).waitFor()
  })

  it('may also go on waiting, or give up, and begin anew', async () => {
    const person = await stage.visit(heavy.page(form(heavy.sitekey)))
    await person.tick()
    await puzzleButton(person).waitFor()
    await person.page.waitForTimeout(1_000)
    expect(await puzzleButton(person).isVisible()).toBe(true)
    await person.panel.getByText('Cancel').click()
    await person.sees('idle')
    await until(() => person.page.workers().length === 0, 'the workers are gone')
    await person.tick()
    await puzzleButton(person).waitFor()
  })

  it('is asked with keyboard alone, and answers with it', async () => {
    const person = await stage.visit(heavy.page(form(heavy.sitekey)))
    const { keyboard } = person.page
    await person.box.focus()
    await keyboard.press('Space')
    await puzzleButton(person).waitFor()
    while (!(await puzzleButton(person).evaluate((button) => button.matches(':focus'))))
      await keyboard.press('Tab')
    await keyboard.press('Enter')
    await person.press(await person.puzzle())
    await person.check.focus()
    await keyboard.press('Enter')
    await person.sees('success')
  })

  it('logs in without a puzzle unless they want one', async () => {
    const site = await openSite(stage.service, 'puzzle', 'login.localhost', { effortFloor: 8 })
    const person = await stage.visit(site.page(form(site.sitekey, 'action="login"')))
    await person.tick()
    // Whether it is offered here depends on the machine; either way waiting is enough.
    await person.widget.locator('.root.success').waitFor({ timeout: 90_000 })
    await stage.join(person, site)
    await site.stop()
  })
})

describe('a device that cannot do the work', () => {
  it('for lack of WebAssembly, is offered another way and gets through', async () => {
    const without = inWorkers('delete self.WebAssembly;')
    const person = await stage.visit(hasty.page(form(hasty.sitekey)), {}, without)
    await person.tick()
    await getThrough(person)
    await stage.join(person, hasty)
  })

  it('for lack of a compiler, is offered another way and gets through', async () => {
    const browser = await openBrowser(['--js-flags=--jitless'])
    try {
      const page = await browser.newPage({ origins: [stage.service.url] })
      page.setDefaultTimeout(60_000)
      const person = personAt(page, stage.service.context.tools.seal)
      await page.goto(hasty.page(form(hasty.sitekey)))
      expect(await page.evaluate(() => typeof WebAssembly)).toBe('undefined')
      await person.tick()
      await getThrough(person)
      await stage.join(person, hasty)
    } finally {
      await browser.close()
    }
  })

  it('for lack of TLS, takes its own SHA-256', async () => {
    const insecure = inWorkers(`Object.defineProperty(self, 'isSecureContext', { value: false });
      Object.defineProperty(self.crypto, 'subtle', { value: undefined });`)
    const person = await stage.visit(calm.page(form(calm.sitekey)), {}, insecure)
    await person.tick()
    await person.sees('success')
    await stage.join(person, calm)
  })

  async function getThrough(person: Person) {
    await puzzleButton(person).waitFor()
    await puzzleButton(person).click()
    await person.drag(await person.puzzle())
    await person.sees('success')
  }
})

describe('work that was done ahead', () => {
  it('is done anew while a person is still typing, so that the tick finds it ready', async () => {
    const person = await stage.visit(calm.page(form(calm.sitekey)), {}, (page) =>
      page.clock.install(),
    )
    const { page } = person
    const name = page.getByLabel('Name')
    // The clock is put forward once the work has begun: before that, whoever would do it has nothing to do, and is let go.
    const answered = page.waitForResponse('**/v1/challenges')
    await name.focus()
    await (await answered).finished()
    await page.evaluate(() => Promise.resolve())
    for (const minutes of [3, 3]) {
      ahead += minutes * 60_000
      await page.clock.fastForward(minutes * 60_000)
      await name.pressSequentially('A')
    }
    expect(person.asked('/v1/challenges')).toBe(1)
    ahead += 3.5 * 60_000
    await page.clock.fastForward(3.5 * 60_000)
    await name.pressSequentially('da')
    await until(() => person.asked('/v1/challenges') === 2, 'work began anew')
    // Past the first one's end.
    ahead += 60_000
    await page.clock.fastForward(60_000)
    await person.tick()
    await person.sees('success')
    expect(person.asked('/v1/challenges')).toBe(2)
    await stage.join(person, calm)
  })
})
