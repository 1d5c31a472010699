import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isClean, overflow } from './clean.ts'
import type { Person } from './person.ts'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let site: Site
beforeAll(async () => {
  stage = await openStage()
  site = stage.sites.puzzle
})
afterAll(() => stage?.close())

const PHONE = { width: 320, height: 640 }
const DESKTOP = { width: 1280, height: 800 }

/** Keeps requests to a path back until they are let go. */
async function hold(page: Page, path: string) {
  let letGo = () => {}
  const gone = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route(`**${path}`, async (route) => {
    await gone
    await route.continue()
  })
  return letGo
}

const says = (person: Person, role: 'status' | 'alert', text: string) =>
  person.widget.getByRole(role).getByText(text).waitFor()

async function stays(person: Person) {
  const moving = await person.widget.evaluate(
    (element) => document.getAnimations().length + element.shadowRoot!.getAnimations().length,
  )
  expect(moving).toBe(0)
}

describe.each([
  ['light', PHONE],
  ['dark', DESKTOP],
] as const)('in %s at %o', (colorScheme, viewport) => {
  it('every state of the widget is clean for axe, and nothing moves that should not', async () => {
    const options = { colorScheme, viewport, reducedMotion: 'reduce' } as const
    const person = await stage.visit(site.page(form(site.sitekey)), options, (page) =>
      page.clock.install(),
    )
    const { page } = person
    await person.box.waitFor()
    await isClean(page, 'idle')

    const release = await hold(page, '/v1/challenges')
    await person.tick()
    await says(person, 'status', 'Just a moment…')
    await isClean(page, 'working')
    release()

    const gap = await person.puzzle()
    await stays(person)
    await isClean(page, 'puzzle')
    await person.panel.getByRole('button', { name: 'Help' }).click()
    await isClean(page, 'puzzle with help')

    await person.slider.focus()
    await person.press(gap > 150 ? gap - 60 : gap + 60)
    await person.check.press('Enter')
    await person.puzzle()
    await says(person, 'alert', 'Almost! Here is another')
    await stays(person)
    await isClean(page, 'wrong')

    await person.panel.getByRole('button', { name: 'New picture' }).click()
    await person.puzzle()
    // By now its work is long enough to be looked at.
    await person.panel.getByRole('button', { name: 'Skip puzzle and wait' }).click()
    await person.panel.getByRole('progressbar').waitFor()
    await stays(person)
    await isClean(page, 'patience')
    await person.panel.getByRole('button', { name: 'Cancel' }).click()
    await person.sees('idle')

    await person.tick()
    await person.press(await person.puzzle())
    const judge = await hold(page, '/v1/solutions')
    await person.check.press('Enter')
    await person.sees('checking')
    await isClean(page, 'checking')
    judge()
    await person.sees('success')
    await says(person, 'status', 'Thank you, all done.')
    await stays(person)
    await isClean(page, 'success')

    await page.clock.fastForward(600_000)
    await person.sees('expired')
    await says(person, 'status', 'That was a while ago.')
    await isClean(page, 'expired')

    await page.context().setOffline(true)
    await person.tick()
    await says(person, 'alert', 'No answer just now.')
    await isClean(page, 'unreachable')
  })

  it('a widget with a test key is clean, and says that it is testing', async () => {
    const about = ['', 'size="compact"'].map((size) => form('oc-test-interactive', size)).join('')
    const person = await stage.visit(site.page(about), { colorScheme, viewport })
    await person.tick()
    await person.puzzle()
    await person.widget.getByText('Testing only').waitFor()
    await isClean(person.page, 'testing')
  })

  it.each(['/', '/demo', '/privacy', '/feedback/receipt'])(
    'the service’s page %s is clean',
    async (path) => {
      const { page } = await stage.visit(stage.service.url + path, { colorScheme, viewport })
      if (['/', '/demo'].includes(path))
        await page.locator('one-captcha').getByRole('checkbox').waitFor()
      await isClean(page, path)
    },
  )
})

describe('a widget', () => {
  it('that reads from right to left is clean, and its picture is not mirrored', async () => {
    const url = site.page(form(site.sitekey), { html: 'lang="ar" dir="rtl"' })
    const person = await stage.visit(url, { viewport: DESKTOP })
    await person.tick()
    const gap = await person.puzzle()
    await isClean(person.page, 'right to left')
    const box = (await person.widget.locator('.box').boundingBox())!
    const panel = (await person.panel.boundingBox())!
    expect(Math.abs(panel.x + panel.width - box.x - box.width)).toBeLessThan(4)
    await person.drag(gap)
    await person.sees('success')
  })

  it('in forced colours is clean, has edges, and keeps its picture as it is', async () => {
    const person = await stage.visit(site.page(form(site.sitekey)), { forcedColors: 'active' })
    await person.tick()
    const gap = await person.puzzle()
    await isClean(person.page, 'forced colours')
    const style = (part: string, name: string) =>
      person.widget
        .locator(part)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name)
    expect(await style('.picture', 'forced-color-adjust')).toBe('none')
    for (const part of ['.box', '.panel', '.handle'])
      expect(Number.parseFloat(await style(part, 'border-top-width'))).toBeGreaterThanOrEqual(1)
    await person.drag(gap)
    await person.sees('success')
  })

  it.each([
    ['200 %', { width: 640, height: 400 }],
    ['400 %', { width: 320, height: 256 }],
  ])('at %s is usable to its last button, without scrolling sideways', async (_, viewport) => {
    const person = await stage.visit(site.page(form(site.sitekey)), { viewport })
    await person.tick()
    const gap = await person.puzzle()
    expect(await overflow(person.page)).toBeLessThanOrEqual(0)
    for (const control of await person.panel.getByRole('button').all()) {
      await control.scrollIntoViewIfNeeded()
      const { x, width } = (await control.boundingBox())!
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(viewport.width)
      await control.click({ trial: true })
    }
    await person.slider.focus()
    await person.press(gap)
    await person.check.click()
    await person.sees('success')
  })
})
