import type { Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import type { PageOptions } from '../support/browser.ts'
import { receiptIn } from '../support/feedback.ts'
import { until } from '../support/until.ts'
import { isClean } from './clean.ts'
import { type ConsoleStage, keep, openConsole } from './console-stage.ts'
import { personAt } from './person.ts'

const PHONE = { width: 320, height: 640 }
const DESKTOP = { width: 1280, height: 800 }
const PERSONAL = 'Please call me: +44 20 7946 0958.\nMy order 10023 is late.'

let stage: ConsoleStage
let operator: Account
/** The service's clock: the tests put it forward instead of waiting. */
let aheadMs = 0

beforeAll(async () => {
  stage = await openConsole(
    { ONE_CAPTCHA_CONTACT: 'hello@example.org' },
    { now: () => Date.now() + aheadMs },
  )
  operator = await stage.account('operator', 'operator')
})
afterAll(() => stage?.close())
beforeEach(() => {
  aheadMs += 24 * 3_600_000
})

const visit = (path = '/feedback', options: PageOptions = {}) => stage.visit(null, path, options)
const about = (page: Page, what: string) =>
  page.getByRole('radio', { name: new RegExp(`^${what} `) })
const text = (page: Page) => page.getByLabel('What would you like to tell?')
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true })
const kept = (receipt: string) => stage.service.context.store.feedback.byReceipt(receipt)
const add = (more: Partial<Parameters<typeof stage.service.context.store.feedback.add>[0]> = {}) =>
  stage.service.context.store.feedback.add({
    ...{ kind: 'service', about: null, text: 'It is slow on my phone.', address: null, ...more },
  })

describe('with a browser that runs scripts', () => {
  it('somebody ticks the box, sends, and reads the answer with the receipt', async () => {
    const page = await visit()
    const person = personAt(page, stage.service.context.tools.seal)
    await about(page, 'The Terms').check()
    await page.getByLabel('Which clause of the Terms?').selectOption({ index: 2 })
    await text(page).fill('This clause is hard to read.')
    await person.tick()
    await person.sees('success')
    await send(page).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(page.url()).toBe(`${stage.service.url}/feedback`)
    const receipt = await page.getByLabel('Receipt code').inputValue()
    const thread = (await kept(receipt))!
    expect(thread.about!.clause).not.toBe('')
    const actor = stage.actor(operator)
    await stage.service.context.feedback.reply(actor, thread.id, 'It is shorter now.')
    await page.goto(`${stage.service.url}/feedback/receipt`)
    await page.getByLabel('Receipt code').fill(receipt)
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('It is shorter now.').waitFor()
    expect(page.url()).not.toContain('ocr_')
    await isClean(page, 'an answer')
  })

  it('somebody does all of it by keyboard, from the first key to the receipt', async () => {
    const page = await visit()
    await page.locator('one-captcha').getByRole('checkbox').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await tabTo(page, 'kind-service')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await about(page, 'A weakness').isChecked()).toBe(true)
    // What is not asked takes no focus.
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('text')
    await page.keyboard.type('It can be tricked.')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('address')
    await tabTo(page, 'one-captcha-response')
    const box = page.locator('one-captcha').getByRole('checkbox')
    await until(() => box.evaluate((one) => one.matches(':focus')), 'the box has the focus')
    await page.keyboard.press('Space')
    await page.locator('one-captcha .root.success').waitFor({ state: 'attached' })
    await send(page).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(await page.evaluate(() => document.activeElement!.tagName)).toBe('H1')
  })

  it('somebody is asked once about what looks personal, and need not tick the box again', async () => {
    const page = await visit()
    const person = personAt(page, stage.service.context.tools.seal)
    await text(page).fill(PERSONAL)
    await person.tick()
    await person.sees('success')
    await send(page).click()
    const alert = page.getByRole('alert')
    await alert.getByText('Phone number: +44 20 7946 0958').waitFor()
    expect(await alert.locator('mark').allInnerTexts()).toEqual(['+44 20 7946 0958'])
    expect(await alert.evaluate((one) => one.matches(':focus'))).toBe(true)
    expect(await page.locator('one-captcha').count()).toBe(0)
    await page.getByRole('button', { name: 'Take it out and send' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    const thread = await kept(receiptIn(await page.content()))
    expect(thread!.text).toBe('Please call me: [phone number removed].\nMy order 10023 is late.')
  })

  it('the clause is asked for where it is about the Terms alone', async () => {
    const page = await visit('/feedback?kind=terms&version=0&clause=4.2')
    const clause = page.getByLabel('Which clause of the Terms?')
    expect(await clause.inputValue()).toBe('0#4.2')
    await about(page, 'Abuse').check()
    expect(await clause.isVisible()).toBe(false)
  })
})

describe('with a browser that runs no scripts', () => {
  it('somebody waits half a minute in place of the box, and nothing they typed is lost', async () => {
    const page = await visit('/feedback', { javaScriptEnabled: false })
    const instead = await page.locator('.widget').textContent()
    expect(instead).toContain('asked to wait for half a minute in its place')
    await about(page, 'Abuse').check()
    await text(page).fill('Two lines\nof text & <b>more</b>')
    await page.getByLabel(/E-mail address/).fill('ada@example.org')
    await send(page).click()
    const alert = page.getByRole('alert')
    await alert.getByText('Please wait 30 seconds, and send it then.').waitFor()
    const again = page.getByRole('button', { name: 'I have waited: send it' })
    aheadMs += 10_000
    await again.click()
    await alert.getByText(/Please wait (19|20) seconds/).waitFor()
    expect(await text(page).inputValue()).toBe('Two lines\nof text & <b>more</b>')
    expect(await about(page, 'Abuse').isChecked()).toBe(true)
    aheadMs += 20_000
    await again.click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    const receipt = await page.getByLabel('Receipt code').inputValue()
    expect((await kept(receipt))!.address).toBe('ada@example.org')
    await page.getByRole('button', { name: 'See what it leads to' }).click()
    await page.getByText('Two lines\nof text & <b>more</b>').waitFor()
    await page.getByText('Delete all of it').click()
    await page.getByRole('button', { name: 'Delete it for good' }).click()
    await page.getByRole('status').getByText('All of it is deleted.').waitFor()
    expect(await kept(receipt)).toBe(null)
  })

  it('somebody decides about what looks personal while the time runs, by keyboard alone', async () => {
    const page = await visit('/feedback', { javaScriptEnabled: false })
    await text(page).fill(PERSONAL)
    await send(page).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Some of it looks personal').waitFor()
    aheadMs += 30_000
    await page.getByRole('button', { name: 'Send it as it is' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect((await kept(receiptIn(await page.content())))!.text).toBe(PERSONAL)
  })
})

describe('to somebody who hears the page', () => {
  it('the form says what each field is for, what was wrong, and how long to wait', async () => {
    const page = await visit('/feedback', { javaScriptEnabled: false })
    const form = page.getByRole('main')
    expect(await form.ariaSnapshot()).toMatch(
      /heading "Feedback" \[level=1\][\s\S]*group "What is it about\?"[\s\S]*radio "The service What works[^"]*" \[checked\][\s\S]*textbox "What would you like to tell\?"[\s\S]*textbox "E-mail address for the answer \(may stay empty\)"[\s\S]*button "Send"[\s\S]*table "Feedback by what it is about, and how far it is"|heading "Feedback" \[level=1\][\s\S]*group "What is it about\?"[\s\S]*button "Send"[\s\S]*There was none so far/,
    )
    await page.getByLabel(/E-mail address/).fill('nobody')
    await send(page).click()
    const address = page.getByLabel(/E-mail address/)
    expect(await address.getAttribute('aria-invalid')).toBe('true')
    expect(await described(page, 'address')).toContain('This is no address for mail')
    await page.getByLabel(/E-mail address/).fill('')
    await text(page).fill('Hello')
    await send(page).click()
    expect(await page.getByRole('alert').ariaSnapshot()).toMatch(
      /^- alert:\n[\s\S]*strong: Please wait 30 seconds, and send it then\.[\s\S]*button "I have waited: send it"/,
    )
    expect(await page.title()).toBe('Please look again – One Captcha')
  })
})

describe.each([
  ['light, on a desktop', { colorScheme: 'light', viewport: DESKTOP }],
  ['dark, on the smallest phone', { colorScheme: 'dark', viewport: PHONE }],
] as const)('%s,', (_, options) => {
  it('every state of the form and of a receipt is clean for axe, and needs no scrolling sideways', async () => {
    await add({ kind: 'abuse' })
    const page = await visit('/feedback?kind=terms', options)
    await page.locator('one-captcha').getByRole('checkbox').waitFor()
    await isClean(page, 'the form')
    // From here on without the widget: it would see to it that nobody has to wait.
    await page.route('**/v1/widget.js', (route) => route.abort())
    await page.locator('one-captcha').evaluate((element) => element.remove())
    await page.getByLabel(/E-mail address/).fill('nobody')
    await send(page).click()
    await isClean(page, 'a mistake')
    await page.getByLabel(/E-mail address/).fill('ada@example.org')
    await text(page).fill(`${PERSONAL} ${'long'.repeat(60)}@example.org`)
    await send(page).click()
    await page.getByRole('alert').getByText('looks personal').waitFor()
    await isClean(page, 'something personal')
    await page.getByRole('button', { name: 'Send it as it is' }).click()
    await page.getByText(/Please wait \d+ seconds/).waitFor()
    await isClean(page, 'to wait')
    aheadMs += 31_000
    await page.getByRole('button', { name: 'I have waited' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    await isClean(page, 'kept')
    await page.getByRole('button', { name: 'See what it leads to' }).click()
    await page.getByText('Delete all of it').click()
    await isClean(page, 'a receipt')
    await page.goto(`${stage.service.url}/feedback/receipt`)
    await page.getByLabel('Receipt code').fill('ocr_nothing')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('alert').waitFor()
    await isClean(page, 'a wrong code')
  })

  it('the operator’s inbox and what is in it is clean for axe', async () => {
    const { id } = await add({ kind: 'terms', about: { number: 0, clause: '4.2' } })
    const actor = stage.actor(operator)
    await stage.service.context.feedback.note(actor, id, 'A note')
    const page = await stage.visit(
      await stage.session(operator),
      '/console/promises/feedback',
      options,
    )
    await isClean(page, 'the inbox')
    await page.goto(`${stage.service.url}/console/promises/feedback/${id}`)
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await isClean(page, 'one of it')
  })
})

describe('an operator', () => {
  it('finds what is new, takes a note, answers, closes and deletes it', async () => {
    const { id, receipt } = await add({ kind: 'security', text: 'The door is open.' })
    const page = await visit('/privacy')
    await keep(page, stage.service.url, await stage.session(operator))
    await page.goto(`${stage.service.url}/console/promises/feedback`)
    await page.getByLabel('State').selectOption('new')
    await page.getByLabel('About').selectOption('security')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('link', { name: 'The door is open.' }).click()
    await page.getByLabel('Your note').fill('Tell the locksmith.')
    await page.getByRole('button', { name: 'Keep the note' }).click()
    await page.getByText('Your note is kept').waitFor()
    await page.getByRole('button', { name: 'Answer' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Your answer').fill('We have closed it.')
    await page.getByRole('button', { name: 'Answer' }).click()
    await page.getByText('Your answer is kept').waitFor()
    expect(await page.locator('.thread > li').allInnerTexts()).toEqual([
      expect.stringContaining('The door is open.'),
      expect.stringContaining('operator, a note among operators'),
      expect.stringContaining('We have closed it.'),
    ])
    await page.getByText('Close this').click()
    await page.getByRole('button', { name: 'Close it' }).click()
    await page.getByText('This is closed').waitFor()
    expect((await kept(receipt))!.entries.map(({ text }) => text)).toEqual(['We have closed it.'])
    await page.getByText('Delete this').click()
    await page.getByRole('button', { name: 'Delete it for good' }).click()
    await page.getByText('It is deleted, with all that was said about it.').waitFor()
    expect(await kept(receipt)).toBe(null)
    await page.goto(`${stage.service.url}/console/promises/feedback/${id}`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  })
})

const focused = (page: Page) => page.evaluate(() => document.activeElement!.id)

async function tabTo(page: Page, id: string) {
  for (let i = 0; i < 20 && (await focused(page)) !== id; i++) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe(id)
}

/** What is read out with a field. */
const described = (page: Page, id: string) =>
  page.evaluate((one) => {
    const ids = document.getElementById(one)!.getAttribute('aria-describedby') ?? ''
    return ids
      .split(' ')
      .map((part) => document.getElementById(part)!.textContent)
      .join(' ')
  }, id)
