import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import { isClean } from './clean.ts'
import { type ConsoleStage, openConsole } from './console-stage.ts'

const DAY_MS = 86_400_000

let nowMs = Date.now()
let stage: ConsoleStage
let operator: Account
beforeAll(async () => {
  stage = await openConsole({}, { now: () => nowMs })
  operator = await stage.account('olga', 'operator')
})
afterAll(() => stage?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click()
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
const day = (at: number) => new Date(at).toISOString().slice(0, 10)
const open = async (account: Account, path: string, javaScriptEnabled = true) =>
  stage.visit(await stage.session(account), path, { javaScriptEnabled })

describe('the Terms in the console', () => {
  it('are written, looked at and announced by an operator, without a script [Terms 1.2]', async () => {
    const page = await open(operator, '/console/promises', false)
    await says(page, 'The founding text')
    await follow(page, 'Write a new version')
    const text = page.getByLabel('English, which binds')
    const founding = await text.inputValue()
    expect(founding).toContain('Terms of Use')
    await text.fill(`${founding}\n\n## 11 Bicycles\n\nThey are welcome.\n`)
    await press(page, 'Save, and look at it')
    await says(page, 'The draft is saved')
    await says(page, 'There is no summary yet')
    await press(page, 'Announce version 1')
    await says(page, 'Say first, in the summary, what is different.')
    await page.getByRole('link', { name: 'Go on writing' }).first().click()
    await page.getByLabel('Summary').fill('Bicycles are welcome.')
    await press(page, 'Save, and look at it')
    await says(page, 'They are welcome.')
    expect(await page.locator('ins').allTextContents()).toContain('They are welcome.')
    await follow(page, 'All of it')
    await page.getByRole('heading', { name: /Bicycles/ }).waitFor()
    // The first may be in force at once.
    await press(page, 'Announce version 1')
    await says(page, 'The version is announced')
    expect((await stage.service.context.terms.current()).number).toBe(1)
  })

  it('come into force no earlier than everybody could know, and say when that is', async () => {
    const page = await open(operator, '/console/promises/terms/draft', false)
    await page.getByLabel('Summary').fill('Cars are welcome too.')
    await page.getByLabel('By a click').check()
    await press(page, 'Save, and look at it')
    const field = page.getByLabel('In force from')
    expect(await field.inputValue()).toBe(day(nowMs + 16 * DAY_MS))
    await field.fill(day(nowMs + 13 * DAY_MS))
    await press(page, 'Announce version 2')
    await says(page, /Everybody must know 14 days before: it can be in force from/)
    expect(await field.inputValue()).toBe(day(nowMs + 13 * DAY_MS))
    await field.fill(day(nowMs + 20 * DAY_MS))
    await press(page, 'Announce version 2')
    await says(page, 'The version is announced')
    await says(page, 'Version 2 is announced')
  })

  it('are withdrawn after a question, and the number is gone', async () => {
    const page = await open(operator, '/console/promises', false)
    await page.getByText('Withdraw version 2').click()
    await press(page, 'Withdraw it')
    await says(page, 'The version is withdrawn')
    await says(page, 'never: withdrawn')
    await follow(page, 'Write a new version')
    await page.getByLabel('Summary').fill('Cars, but slowly.')
    await page.getByLabel('By a click').check()
    await press(page, 'Save, and look at it')
    await press(page, 'Announce version 3')
    await says(page, 'Version 3 is announced')
  })

  it('do not lose what somebody else has written meanwhile', async () => {
    const [one, other] = [
      await open(operator, '/console/promises/terms/draft'),
      await open(operator, '/console/promises/terms/draft'),
    ]
    await one.getByLabel('Summary').fill('Mine.')
    await press(one, 'Save, and look at it')
    await says(one, 'The draft is saved')
    await other.getByLabel('Summary').fill('Theirs.')
    await press(other, 'Save, and look at it')
    await says(other, 'Somebody else has changed the draft meanwhile.')
    expect(await other.getByLabel('Summary').inputValue()).toBe('Theirs.')
    // Sending it once more without having looked changes nothing about that.
    await press(other, 'Save, and look at it')
    await says(other, 'Somebody else has changed the draft meanwhile.')
    expect((await stage.service.context.store.terms.draft())!.summary).toBe('Mine.')
    await other.goto(`${stage.service.url}/console/promises`)
    await other.getByText('Throw the draft away').click()
    await press(other, 'Throw it away')
    await says(other, 'The draft is thrown away')
  })

  it('are shown as text, whatever was written into them', async () => {
    const { desk } = stage.service.context.terms
    const actor = stage.actor(operator)
    const text =
      '# T\n\n<script>alert(1)</script> [x](javascript:alert(2)) ![p](https://evil.example/p.png) <b onclick=a>\n'
    await desk.write(actor, {
      ...{ summary: '<img src=x onerror=alert(3)>', acceptance: 'use' },
      texts: [{ lang: 'en', text }],
    })
    const token = await stage.session(operator)
    for (const as of ['text', 'changes']) {
      const reply = await stage.ask(`/console/promises/terms/preview?as=${as}`, { token })
      const body = await reply.text()
      expect(reply.status).toBe(200)
      expect(body).toContain('alert(1)')
      expect(body).not.toMatch(/<script>alert|href="javascript:|<img|<b onclick/)
    }
    await desk.discard(actor)
  })

  it('may be as long as 200 kB in every language, and not longer', async () => {
    const page = await open(operator, '/console/promises/terms/draft', false)
    const long = `# 条款\n\n${'条款'.repeat(33_000)}\n`
    await page.getByLabel('Summary').fill('Long.')
    for (const name of ['English, which binds', 'Chinese'])
      await page.getByLabel(name).fill(`${long}${'条款'.repeat(600)}`)
    await press(page, 'Save, and look at it')
    await says(page, 'A text must have at most 200 kB.')
    for (const name of ['English, which binds', 'Chinese']) await page.getByLabel(name).fill(long)
    await press(page, 'Save, and look at it')
    await says(page, 'The draft is saved')
    const { draft, discard } = stage.service.context.store.terms
    expect((await draft())!.texts.map(({ text }) => text)).toEqual([long, long])
    await discard(operator.id)
    // A large body is not even read for whoever may not send it.
    const ada = await stage.account('ada')
    const reply = await stage.ask('/console/promises/terms/draft', {
      ...{ token: await stage.session(ada), method: 'POST', body: 'x'.repeat(1_000_000) },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
    })
    expect(reply.status).toBe(404)
  })

  it('ask for a click where a version wants one, in the place of every page but the way out [Terms 1.2]', async () => {
    const bea = await stage.account('bea')
    const early = await stage.account('early')
    const ahead = await open(early, '/console/terms', false)
    await says(ahead, 'It asks for your agreement')
    await press(ahead, 'I agree to version 3')
    nowMs = (await stage.service.context.terms.upcoming())!.effectiveAt!
    const glad = await open(early, '/console', false)
    await says(glad, 'No site yet')

    const page = await open(bea, '/console/keys/add', false)
    await says(page, 'The Terms have changed')
    expect(new URL(page.url()).pathname).toBe('/console/terms')
    await isCleanOf(bea)
    for (const path of ['/console', '/console/sites/add', '/console/log', '/console/account/app']) {
      await page.goto(stage.service.url + path)
      await says(page, 'Cars, but slowly.')
    }
    await page.goto(`${stage.service.url}/console/account`)
    await page.getByRole('button', { name: 'Download it' }).waitFor()
    expect(await stage.service.context.terms.acceptances(bea.id)).toEqual([])
    await page.goto(`${stage.service.url}/console/keys/add`)
    await press(page, 'I agree to version 3')
    await says(page, 'It is written down that you agree')
    expect(new URL(page.url()).pathname).toBe('/console/keys/add')
    const [accepted] = await stage.service.context.terms.acceptances(bea.id)
    expect([accepted!.number, accepted!.way, accepted!.at]).toEqual([3, 'click', nowMs])

    const mine = await open(bea, '/console/account', false)
    await says(mine, 'What you agreed to, and when.')
    const row = mine.getByRole('row').filter({ hasText: 'Version 3' })
    expect(await row.textContent()).toContain('By a click')
  })

  it('ask an operator too, and show the numbers of who agreed', async () => {
    const page = await open(operator, '/console/promises', false)
    await says(page, 'The Terms have changed')
    await press(page, 'I agree to version 3')
    await says(page, 'It is written down that you agree')
    const row = page.getByRole('row').filter({ hasText: 'Cars, but slowly.' })
    expect(await row.textContent()).toMatch(/3 of 4 accounts.*3 by a click/)
  })

  it('lets somebody who does not agree log out, or end the account', async () => {
    const carl = await stage.account('carl')
    const page = await open(carl, '/console', false)
    await says(page, 'If you do not agree')
    await follow(page, 'take your data along, or end your account')
    await page.getByText('Delete my account').first().click()
    await page.getByLabel(/Type carl/).fill('carl')
    await press(page, 'Delete it for good')
    await says(page, 'Your account has ended')
    expect(await stage.service.context.terms.acceptances(carl.id)).toEqual([])
    const dora = await open(await stage.account('dora'), '/console', false)
    await press(dora, 'Log out')
    await says(dora, 'You are logged out')
  })

  it('are agreed to by whoever signs up, which the page says with a link [Terms 1.1]', async () => {
    const { accounts, terms } = stage.service.context
    await stage.service.context.store.settings.set({ signUp: 'invitation' })
    const invitation = await stage.service.context.manage.inviteAccount(
      stage.actor(operator),
      'developer',
    )
    const page = await stage.visit(null, `/console/sign-up?invitation=${invitation.token}`, {
      javaScriptEnabled: false,
    })
    expect(await page.getByRole('link', { name: 'Terms of Use' }).getAttribute('href')).toBe(
      '/terms',
    )
    await page.getByLabel('Login').fill('eve')
    await page.getByLabel('Password').fill('purple monkey dishwasher')
    await press(page, 'Make my account')
    await says(page, 'Your account is there')
    const eve = (await stage.service.context.store.accounts.byLogin('eve'))!
    expect((await terms.acceptances(eve.id)).map(({ number, way }) => [number, way])).toEqual([
      [3, 'sign-up'],
    ])
    expect(accounts.canMail).toBe(false)
  })

  /** With a script, which axe is. */
  async function isCleanOf(account: Account) {
    for (const options of [
      { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
      { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
    ] as const) {
      const token = await stage.session(account)
      const page = await stage.visit(token, '/console', { ...options, reducedMotion: 'reduce' })
      await says(page, 'If you do not agree')
      await isClean(page, 'the Terms that ask for a click')
    }
  }
})
