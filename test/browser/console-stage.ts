import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { SESSION_COOKIE } from '../../src/console/session.ts'
import type { World } from '../../src/context.ts'
import type { Actor } from '../../src/manage/manage.ts'
import type { Account, AccountRole } from '../../src/store/store.ts'
import { openBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts'
import { startService, type TestService } from '../support/service.ts'

export const COOKIE = SESSION_COOKIE
const HOUR_MS = 3_600_000

/** The console, people with accounts, and a browser. */
export interface ConsoleStage {
  service: TestService
  browser: TestBrowser
  /** Makes an account. */
  account(login: string, role?: AccountRole): Promise<Account>
  /** Logs in without the page for it. @param elevated whether they have just proved who they are */
  session(account: Account, elevated?: boolean): Promise<string>
  /** What an account may do with `Manage`. */
  actor(account: Account): Actor
  /** Opens a page of the console, as somebody or as nobody. */
  visit(token: string | null, path: string, options?: PageOptions): Promise<Page>
  /** Asks for a page without a browser. */
  ask(path: string, options?: Asked): Promise<Response>
  close(): Promise<void>
}

export interface Asked {
  token?: string
  method?: string
  body?: string | URLSearchParams
  headers?: Record<string, string>
}

export async function openConsole(
  settings: Record<string, string> = {},
  world?: World,
): Promise<ConsoleStage> {
  const service = await startService({ ONE_CAPTCHA_PAINTERS: '1', ...settings }, world)
  const browser = await openBrowser()
  const { store, tools } = service.context
  return {
    service,
    browser,
    account: (login, role = 'developer') => store.accounts.add({ login, role, password: null }),
    async session({ id }, elevated = true) {
      const token = randomBytes(32).toString('base64url')
      const now = tools.now()
      const expiresAt = now + 12 * HOUR_MS
      const elevatedUntil = elevated ? now + HOUR_MS : 0
      await store.sessions.add(token, { accountId: id, way: 'passkey', expiresAt, elevatedUntil })
      return token
    },
    actor: (account) => ({
      ...{ account, by: account.id, scopes: null, onlySite: null, elevated: true },
    }),
    async visit(token, path, options) {
      const page = await browser.newPage(options)
      if (token) await keep(page, service.url, token)
      await page.goto(service.url + path)
      return page
    },
    ask(path, { token, method = 'GET', body, headers = {} } = {}) {
      const cookie: Record<string, string> = token ? { cookie: `${COOKIE}=${token}` } : {}
      return fetch(service.url + path, {
        method,
        body,
        headers: { ...cookie, ...headers },
        redirect: 'manual',
      })
    },
    async close() {
      await browser.close()
      await service.stop()
    },
  }
}

/** Puts a session into a page's browser. */
export function keep(page: Page, url: string, token: string): Promise<void> {
  const { hostname } = new URL(url)
  return page
    .context()
    .addCookies([
      { name: COOKIE, value: token, domain: hostname, path: '/', secure: true, httpOnly: true },
    ])
}

/** The pages of a site, as their addresses end. */
export const SITE_PAGES = [
  '',
  '/install',
  '/playground',
  '/settings',
  '/secrets',
  '/members',
  '/log',
]

/** The pages for those who are not logged in. */
export const OPEN_PAGES = [
  ...['/console/log-in', '/console/sign-up', '/console/forgot', '/console/reset'],
  '/console/invitations/oci_nothing',
]

/** Every page that an operator with a site can open. */
export function allPages(sitekey: string, accountId: string): string[] {
  return [
    ...['/console', '/console/sites/add', '/console/keys', '/console/keys/add', '/console/log'],
    ...['/console/log?of=all', '/console/accounts', `/console/accounts/${accountId}`],
    ...['/console/invitations', '/console/invitations/oci_nothing', '/console/service'],
    ...['/console/account', '/console/account/password', '/console/account/app'],
    ...[
      '/console/account/passkeys',
      '/console/service/sites',
      '/console/service/health',
      '/console/nothing',
    ],
    ...['/console/promises/breaches', '/console/promises/breaches/add', '/console/promises/doctor'],
    ...['/console/terms', '/console/promises', '/console/promises/terms/draft'],
    '/console/promises/terms/preview',
    ...['/console/promises/status', '/console/promises/status/maintenance/add'],
    '/console/promises/status/incidents/add',
    ...['/console/promises/feedback', '/console/promises/notices', '/console/account/notices'],
    ...SITE_PAGES.map((end) => `/console/sites/${sitekey}${end}`),
  ]
}
