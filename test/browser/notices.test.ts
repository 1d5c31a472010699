import type { BrowserContextOptions, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlOf } from '../../src/notices/letters/frame.ts'
import { letterOf } from '../../src/notices/letters/index.ts'
import type { Notice } from '../../src/notices/notice.ts'
import { makeWaysOut } from '../../src/notices/way-out.ts'
import type { Account } from '../../src/store/store.ts'
import { ROOT_KEY } from '../support/program.ts'
import { isClean } from './clean.ts'
import { type ConsoleStage, openConsole } from './console-stage.ts'

const HOUR_MS = 3_600_000
const PLACE = {
  publicUrl: 'https://captcha.example.org',
  host: 'captcha.example.org',
  operator: 'Example GmbH',
}
const VIEWS: [string, BrowserContextOptions][] = [
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
]

let stage: ConsoleStage
let boss: Account
let token: string

beforeAll(async () => {
  stage = await openConsole({ ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url') })
  const { store, status } = stage.service.context
  boss = await stage.account('boss', 'operator')
  await store.accounts.setEmail(boss.id, 'boss@example.org')
  token = await stage.session(boss)
  const secret = 'whsec_AAAA'
  const order = { accountId: boss.id, secret, kinds: ['terms', 'incident'] as const }
  const add = (url: string) => store.webhooks.add({ ...order, kinds: [...order.kinds], url })
  await add('https://hooks.example.org/one-captcha')
  const off = await add(`https://other.example.org/${'long-'.repeat(40)}`)
  await store.webhooks.turnOff(off.id, 'It answered 410.')
  const actor = stage.actor(boss)
  const words = { title: 'New disks', components: ['console'] }
  await status.open(actor, {
    ...{ ...words, title: 'Puzzles are slow', impact: 'minor', cause: 'ours' },
    ...{ state: 'investigating', body: 'We are looking into it.' },
  } as never)
  const startsAt = Date.now() + 72 * HOUR_MS
  await status.announce(actor, {
    ...{ ...words, body: '', effect: 'none', startsAt, endsAt: startsAt + HOUR_MS, reason: '' },
  } as never)
  for (const held of await store.deliveries.take('mail', 'test', 2, 1_000)) {
    await store.deliveries.fail(held, 'The mail server did not take a letter (EENVELOPE 550).')
  }
})
afterAll(() => stage?.close())

async function look(page: Page, name: string) {
  await isClean(page, name)
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

describe('a letter', () => {
  it('reads well as a page: axe finds nothing, it fits a phone, and asks for nothing', async () => {
    const facts = {
      ...{ event: 'announced', number: 3, effectiveAt: Date.UTC(2027, 0, 1), acceptance: 'use' },
      summary: 'Clearer words about what ends with an account, and a notice period of 30 days.',
    }
    const breach = {
      ...{ id: 'brc_1', number: 1, noticedAt: Date.UTC(2026, 10, 1), contact: 'ada@example.org' },
      ...{ nature: 'A backup was readable.', data: 'Logins.', consequences: 'Spam.' },
      ...{ measures: 'It is closed.', advice: 'Nothing.' },
    }
    const out = { url: `${PLACE.publicUrl}/unsubscribe?slip=x`, words: 'about maintenance' }
    for (const [view, options] of VIEWS) {
      const page = await stage.browser.newPage(options)
      for (const [kind, of] of Object.entries({ terms: facts, breach })) {
        const notice = { id: 'ntc_1', kind, about: '', createdAt: 1, facts: of } as Notice
        await page.setContent(htmlOf(letterOf(notice, PLACE), PLACE, out))
        await look(page, `letter-${kind}-${view}`)
      }
    }
  })
})

describe('what somebody is told', () => {
  it('is chosen on a page of its own, which axe finds nothing on, also where a webhook is off', async () => {
    for (const [view, options] of VIEWS) {
      const page = await stage.visit(token, '/console/account/notices', options)
      await page.getByText('It is off. It answered 410.').waitFor()
      await look(page, `account-notices-${view}`)
    }
  })

  it('is stopped by the keyboard alone', async () => {
    const waysOut = makeWaysOut([ROOT_KEY], stage.service.context.tools.random)
    const slip = waysOut.give({ accountId: boss.id, kind: 'maintenance' })
    for (const [view, options] of VIEWS) {
      const page = await stage.visit(null, `/unsubscribe?slip=${slip}`, options)
      await look(page, `unsubscribe-${view}`)
      await page.getByRole('button', { name: 'No more letters about maintenance' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Done' }).waitFor()
      await look(page, `unsubscribed-${view}`)
    }
    const { mailChoices } = stage.service.context.store
    expect(await mailChoices.refused(boss.id)).toEqual(['maintenance'])
  })

  it('and could not be brought to them, is shown to operators; and above it, what everybody should know', async () => {
    for (const [view, options] of VIEWS) {
      const page = await stage.visit(token, '/console/promises/notices', options)
      await page.getByText('(EENVELOPE 550)').first().waitFor()
      const news = page.getByRole('complementary', { name: 'News' })
      await news.getByRole('link', { name: 'Puzzles are slow' }).waitFor()
      await news.getByRole('link', { name: 'New disks' }).waitFor()
      await look(page, `promises-notices-${view}`)
      await page.getByRole('table', { name: 'Notices' }).getByRole('link').first().click()
      await page.getByRole('link', { name: 'Download the report' }).waitFor()
      await look(page, `promises-notice-${view}`)
    }
  })
})
