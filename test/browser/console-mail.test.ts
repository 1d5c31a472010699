import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { PASSWORD } from '../support/people.ts'
import { startService, type TestService } from '../support/service.ts'

const EMAIL = 'ada@example.org'

let mailbox: Mailbox
let service: TestService
let browser: TestBrowser
let url: string
beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  mailbox = await openMailbox()
  service = await startService({
    ONE_CAPTCHA_PAINTERS: '1',
    ONE_CAPTCHA_PORT: `${port}`,
    ONE_CAPTCHA_PUBLIC_URL: url,
    ONE_CAPTCHA_SMTP_URL: mailbox.url,
    ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org',
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await mailbox?.close()
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

describe('a developer with an address', () => {
  it('signs up, follows the link in the letter, makes a site, and gets in again by mail without the password', async () => {
    const page = await browser.newPage()
    await page.goto(service.firstUrl!)
    await page.getByLabel('Login').fill('ada')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel(/Address for mail/).fill(EMAIL)
    await press(page, 'Make my account')
    await page.waitForURL('**/console')
    const welcome = await mailbox.take(EMAIL)
    await page.goto(`${url}/console/account`)
    expect(await page.getByText(EMAIL).count(), 'it does not count yet').toBe(0)
    await page.goto(welcome.link)
    await page.locator('main form button[type=submit]').click()
    await page.goto(`${url}/console/account`)
    await page.getByText(EMAIL).first().waitFor()

    await page.goto(`${url}/console/sites/add`)
    await page.getByLabel(/^Name/).fill('Harbour Library')
    await page.getByLabel('Host names').fill('library.example')
    await press(page, 'Add the site')
    await page
      .getByText(/ocs_live_\w{49}/)
      .first()
      .waitFor()

    const other = await browser.newPage()
    await other.goto(`${url}/console/forgot`)
    await other.locator('main input:not([type=hidden])').first().fill('ada')
    await other.locator('main form button[type=submit]').click()
    const reset = await mailbox.take(EMAIL)
    await other.goto(reset.link)
    await other.locator('main input[type=password]').first().fill('seven blue whales sing')
    await other.locator('main form button[type=submit]').click()
    await other.goto(`${url}/console/log-in`)
    await other.getByLabel('Login').fill('ada')
    await other.getByLabel('Password', { exact: true }).fill('seven blue whales sing')
    await press(other, 'Log in')
    await other.getByRole('link', { name: 'Harbour Library' }).first().waitFor()
    // Whoever was logged in with the old password is not any more.
    await page.goto(`${url}/console`)
    await page.waitForURL('**/console/log-in**')
  })
})
