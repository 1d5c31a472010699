import { devices } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let puzzle: Site
/** The address of a form whose widget always brings a puzzle. */
let address: string

beforeAll(async () => {
  stage = await openStage()
  puzzle = stage.sites.puzzle
  address = puzzle.page(form(puzzle.sitekey))
})
afterAll(() => stage?.close())

const { defaultBrowserType: _, ...phone } = devices['Pixel 7']

describe('a person gets through the slider', () => {
  it('by dragging its handle with a mouse', async () => {
    const person = await stage.visit(address)
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    expect(await person.box.isChecked()).toBe(true)
    expect(await person.panel.isVisible()).toBe(false)
    await stage.join(person, puzzle)
    expect(puzzle.findings.at(-1)).toMatchObject({ success: true, hostname: 'puzzle.localhost' })
  })

  it('by dragging the piece itself', async () => {
    const person = await stage.visit(address)
    const { page } = person
    await person.tick()
    const gap = await person.puzzle()
    const piece = person.widget.locator('.piece')
    const { x, y, width, height } = (await piece.boundingBox())!
    const scale = (await person.widget.locator('.picture').boundingBox())!.width / 320
    const from = { x: x + width / 2, y: y + height / 2 }
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    const ways = [0.1, 0.3, 0.34, 0.6, 0.9, 1.03, 1.02, 0.99, 1]
    for (const share of ways) await page.mouse.move(from.x + gap * scale * share, from.y + 2)
    await page.mouse.up()
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('by dragging with a finger', async () => {
    const person = await stage.visit(address, phone)
    await person.box.tap()
    await person.swipe(await person.puzzle())
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('by taps that never move while down', async () => {
    const person = await stage.visit(address, phone)
    await person.box.tap()
    await person.tap(await person.puzzle())
    await person.check.tap()
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('by keyboard alone', async () => {
    const person = await stage.visit(address)
    const { page } = person
    await page.getByLabel('Name').focus()
    await page.keyboard.press('Tab')
    expect(await person.box.evaluate((box) => box.matches(':focus-visible'))).toBe(true)
    await page.keyboard.press('Space')
    const gap = await person.puzzle()
    expect(await person.slider.evaluate((slider) => slider.matches(':focus-visible'))).toBe(true)
    await person.press(gap)
    const asked = person.asked('/v1/solutions')
    await page.keyboard.press('Enter')
    expect(person.asked('/v1/solutions'), 'Only Check checks').toBe(asked)
    while (!(await person.check.evaluate((button) => button.matches(':focus')))) {
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await person.sees('success')
    expect(await person.box.evaluate((box) => box.matches(':focus'))).toBe(true)
    await stage.join(person, puzzle)
  })

  it('on the service’s own demo, which shows what its backend heard', async () => {
    const person = await stage.visit(`${stage.service.url}/demo`)
    const { page } = person
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('E-mail').fill('ada@example.org')
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('heading', { name: 'Welcome, Ada' }).waitFor()
    expect(await page.locator('pre').last().textContent()).toContain('"success": true')
    await page.getByRole('button', { name: 'Send the same token again' }).click()
    await page.getByText('This token was used before').first().waitFor()
  })

  it.each([
    ['light', 'zh-CN', '我是真人', '将拼图块滑入缺口'],
    ['dark', 'zh-TW', '我是真人', '滑'],
    ['dark', 'en-GB', 'I am human', 'Slide the piece into its gap'],
  ] as const)('in %s, in the browser’s language %s', async (colorScheme, locale, label, task) => {
    const plain = puzzle.page(form(puzzle.sitekey), { html: '' })
    const person = await stage.visit(plain, { colorScheme, locale })
    await person.widget.getByLabel(label).click()
    const gap = await person.puzzle()
    expect(await person.panel.getByRole('heading').textContent()).toContain(task)
    await person.drag(gap)
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it.each([
    ['zh', 'zh', '谢谢，已完成。'],
    ['zh-Hant', 'zh-Hant', '謝謝，已完成。'],
    ['zh-HK', 'zh-Hant', '謝謝，已完成。'],
    ['de', 'de', ''],
  ])('in the language that the page names: %s', async (lang, spoken, thanks) => {
    const person = await stage.visit(puzzle.page(form(puzzle.sitekey, `lang="${lang}"`)))
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    const status = person.widget.locator('.box').getByRole('status')
    expect(await status.textContent()).toContain(thanks)
    expect(await person.widget.locator('.root').getAttribute('lang')).toBe(spoken)
  })
})

describe('a person who does not get it at once', () => {
  it('reads a kind sentence, finds the next picture there, and the focus in it', async () => {
    const person = await stage.visit(address)
    await person.tick()
    const gap = await person.puzzle()
    await person.drag(gap > 150 ? gap - 60 : gap + 60)
    const next = await person.puzzle()
    expect(await person.panel.getByRole('alert').textContent()).toMatch(/Almost! Here is another/)
    expect(await person.slider.inputValue()).toBe('0')
    expect(await person.slider.evaluate((slider) => slider.matches(':focus'))).toBe(true)
    await person.drag(next)
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('keeps the keyboard’s place after a wrong answer by keys', async () => {
    const person = await stage.visit(address)
    await person.tick()
    const gap = await person.puzzle()
    await person.press(gap > 150 ? gap - 60 : gap + 60)
    await person.check.press('Enter')
    const next = await person.puzzle()
    expect(await person.slider.evaluate((slider) => slider.matches(':focus'))).toBe(true)
    await person.press(next)
    await person.check.press('Enter')
    await person.sees('success')
  })

  it('is not judged for choosing Check before moving', async () => {
    const person = await stage.visit(address)
    await person.tick()
    await person.puzzle()
    const asked = person.asked('/v1/solutions')
    await person.check.click()
    await person.panel.getByText('Move the piece first.').waitFor()
    expect(person.asked('/v1/solutions')).toBe(asked)
  })

  it('asks for a new picture', async () => {
    const person = await stage.visit(address)
    await person.tick()
    await person.puzzle()
    await person.panel.getByRole('button', { name: 'New picture' }).click()
    await person.drag(await person.puzzle())
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('skips the puzzle and waits', async () => {
    const person = await stage.visit(address)
    await person.tick()
    await person.puzzle()
    await person.panel.getByRole('button', { name: 'Skip puzzle and wait' }).click()
    await person.panel.getByRole('progressbar').waitFor()
    await person.sees('success')
    expect(await person.box.evaluate((box) => box.matches(':focus'))).toBe(true)
    await stage.join(person, puzzle)
  })

  it('lets go of the piece by Esc, and nothing is sent', async () => {
    const person = await stage.visit(address)
    const { page } = person
    await person.tick()
    await person.puzzle()
    const asked = person.asked('/v1/solutions')
    const { x, y } = (await person.handle.boundingBox())!
    await page.mouse.move(x + 20, y + 20)
    await page.mouse.down()
    await page.mouse.move(x + 90, y + 20)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await person.slider.inputValue()).toBe('0')
    expect(await person.panel.isVisible()).toBe(true)
    expect(person.asked('/v1/solutions')).toBe(asked)
  })

  it('closes the puzzle by Esc and finds the same one again', async () => {
    const person = await stage.visit(address)
    await person.tick()
    const gap = await person.puzzle()
    await person.page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    expect(await person.box.evaluate((box) => box.matches(':focus'))).toBe(true)
    const asked = person.asked('/v1/solutions')
    await person.tick()
    await person.sees('puzzle')
    expect(person.asked('/v1/solutions')).toBe(asked)
    await person.drag(gap)
    await person.sees('success')
    await stage.join(person, puzzle)
  })
})
