import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { codeOf, PASSWORD, signUp } from '../support/people.ts'
import { startService, type TestService } from '../support/service.ts'

let service: TestService
let browser: TestBrowser
let url: string
let shiftMs = 0
beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_PAINTERS: '1' }, { now: () => Date.now() + shiftMs })
  // Passkeys are bound to a name, and browsers have one for this machine.
  url = service.url.replace('127.0.0.1', 'localhost')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

async function logIn(page: Page, login: string) {
  await page.goto(`${url}/console/log-in`)
  await page.getByLabel('Login').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await press(page, 'Log in')
}

describe('the first operator', () => {
  it('makes an account by the printed link, without scripts', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(service.firstUrl!)
    await page.getByLabel('Login').fill('Ada')
    await page.getByLabel('Password').fill('password1234')
    await press(page, 'Make my account')
    await says(page, 'among the first that others would try')
    expect(await page.getByLabel('Login').inputValue()).toBe('Ada')
    expect(await page.getByLabel('Password').inputValue()).toBe('')
    await page.getByLabel('Password').fill(PASSWORD)
    await press(page, 'Make my account')
    await says(page, 'Welcome')
    await page.goto(service.firstUrl!)
    await page.waitForURL('**/console')
  })
})

describe('somebody', () => {
  beforeAll(async () => {
    for (const login of ['bob', 'cyd', 'dan', 'eve']) await signUp(service, login)
  })

  it('logs in and out without scripts, and comes back to where they were going', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(`${url}/console/account`)
    await page.getByLabel('Login').fill('bob')
    await page.getByLabel('Password', { exact: true }).fill('not it at all')
    await press(page, 'Log in')
    await says(page, 'do not belong together')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await press(page, 'Log in')
    await page.waitForURL('**/console/account')
    await press(page, 'Log out')
    await says(page, 'You are logged out')
    await page.goto(`${url}/console/account`)
    await page.waitForURL('**/console/log-in?next=*')
  })

  it('sets up an app for codes, logs in with one, then with a recovery code, without scripts', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await logIn(page, 'cyd')
    await page.goto(`${url}/console/account/app`)
    await press(page, 'Set it up')
    const secret = (await page.locator('.copyable code').first().textContent())!.replaceAll(' ', '')
    await page.getByLabel('The six digits').fill('000000')
    await press(page, 'Turn codes on')
    await says(page, 'not what the app shows')
    expect((await page.locator('.copyable code').first().textContent())!.replaceAll(' ', '')).toBe(
      secret,
    )
    // The step before this one, so that the one now is still unused.
    await page.getByLabel('The six digits').fill(codeOf(secret, Date.now() - 30_000))
    await press(page, 'Turn codes on')
    await says(page, 'Your recovery codes')
    const codes = (await page.locator('.copyable pre').textContent())!.trim().split('\n')
    expect(codes.length).toBe(10)
    await press(page, 'Log out')

    await logIn(page, 'cyd')
    await page.getByLabel('Code').fill(codeOf(secret, Date.now()))
    await press(page, 'Log in')
    await page.waitForURL('**/console')
    await press(page, 'Log out')
    await logIn(page, 'cyd')
    await page.getByLabel('Code').fill('wrong')
    await press(page, 'Log in')
    await says(page, 'This code is not right')
    await page.getByLabel('Code').fill(codes[3]!)
    await press(page, 'Log in')
    await page.waitForURL('**/console')
    await page.goto(`${url}/console/account`)
    await says(page, '9 recovery codes left')
  })

  it('adds a passkey, logs in with it, and proves by it who they are', async () => {
    const page = await browser.newPage()
    await withAuthenticator(page)
    await logIn(page, 'dan')
    await page.waitForURL('**/console')
    await page.goto(`${url}/console/account/passkeys`)
    await page.getByLabel('What do you call it?').fill('My laptop')
    // Enter does what the button does.
    await page.getByLabel('What do you call it?').press('Enter')
    await says(page, 'The passkey is added')
    await says(page, 'My laptop')
    await page.getByRole('button', { name: 'Log out' }).click()

    await page.waitForURL('**/console/log-in')
    await press(page, 'Log in with a passkey')
    await page.waitForURL('**/console')

    // What the log-in has proved counts for ten minutes.
    shiftMs += 10 * 60_000
    await page.goto(`${url}/console/account`)
    await press(page, 'Download it')
    await says(page, 'Is it you?')
    const download = page.waitForEvent('download')
    await press(page, 'Use a passkey')
    expect((await download).suggestedFilename()).toBe('one-captcha-account.json')

    await page.goto(`${url}/console/account/passkeys`)
    await press(page, 'Remove My laptop')
    await says(page, 'The passkey is removed')
  })

  it('changes their password, after which no other browser is logged in', async () => {
    const page = await browser.newPage()
    const other = await browser.newPage()
    await logIn(page, 'eve')
    await logIn(other, 'eve')
    await other.waitForURL('**/console')
    await page.goto(`${url}/console/account/password`)
    await page.getByLabel('New password').fill('seven blue whales sing')
    await press(page, 'Change it')
    await says(page, 'Your password is changed')
    await other.goto(`${url}/console/account`)
    await other.waitForURL('**/console/log-in?next=*')
  })

  it('signs up where it is open, once the widget says that they are human', async () => {
    await service.context.store.settings.set({ signUp: 'open' })
    const page = await browser.newPage()
    await page.goto(`${url}/console/log-in`)
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByLabel('Login').fill('frida')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('checkbox').click()
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[name=one-captcha-response]')?.value,
    )
    await press(page, 'Make my account')
    await says(page, 'Welcome')
    await service.context.store.settings.set({ signUp: 'invitation' })
  })

  it('deletes their account', async () => {
    const page = await browser.newPage()
    await logIn(page, 'bob')
    await page.goto(`${url}/console/account`)
    await page.getByText('Delete my account').click()
    await page.getByLabel('Type bob').fill('bob')
    await press(page, 'Delete it for good')
    await says(page, 'Your account has ended')
    await logIn(page, 'bob')
    await says(page, 'do not belong together')
  })
})

/** Chromium's own pretend device: it holds keys, and always says that its owner is there. */
async function withAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal' },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  })
}
