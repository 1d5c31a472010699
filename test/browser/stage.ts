import type { Page } from '@playwright/test'
import type { Mode } from '../../src/core/site.ts'
import { verify } from '../support/backend.ts'
import { openBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { type Person, personAt } from './person.ts'
import { openSite, type Site } from './site.ts'

/** All that a journey needs: the service, a site of each mode, and a browser. */
export interface Stage {
  service: TestService
  browser: TestBrowser
  sites: Record<Mode, Site>
  /**
   * Opens a page that has a widget.
   *
   * @param prepare what is to be done before the page is there
   */
  visit(
    url: string,
    options?: PageOptions,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Person>
  /** Sends the form: the site's backend lets the person in, and the token is used up by that. */
  join(person: Person, site: Site): Promise<void>
  close(): Promise<void>
}

export async function openStage(
  settings: Record<string, string> = {},
  now?: () => number,
): Promise<Stage> {
  const service = await startService({ ONE_CAPTCHA_PAINTERS: '1', ...settings }, { now })
  const browser = await openBrowser()
  const sites = {
    invisible: await openSite(service, 'invisible'),
    checkbox: await openSite(service, 'checkbox'),
    puzzle: await openSite(service, 'puzzle'),
  }
  await until(() => service.context.painter.ready() > 3, 'pictures are painted')
  return {
    service,
    browser,
    sites,
    async visit(url, options = {}, prepare = async () => {}) {
      const origins = [service.url, ...(options.origins ?? [])]
      const page = await browser.newPage({ ...options, origins })
      const person = personAt(page, service.context.tools.seal)
      await prepare(page)
      await page.goto(url)
      return person
    },
    async join({ page }, site) {
      await page.getByRole('button', { name: 'Join' }).click()
      await page.getByText('Welcome').waitFor()
      const again = { secret: site.secret, response: site.fields().get('one-captcha-response')! }
      const { finding } = await verify(service.url, again)
      if (finding.reason !== 'token-spent') throw new Error('The token is still good.')
    },
    async close() {
      await browser.close()
      for (const site of Object.values(sites)) await site.stop()
      await service.stop()
    },
  }
}
