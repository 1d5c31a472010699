/** The console's part of `npm run screenshots`: a service with people, sites and a month of numbers, and its pages. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions } from '@playwright/test'
import { readConfig } from '../src/config.ts'
import { waitingLabel } from '../src/stats/waiting.ts'
import type { CountRow, Role } from '../src/store/store.ts'
import { COOKIE } from './browser/console-stage.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const STEP_MS = 10 * MINUTE_MS

const DESKTOP = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 } as const
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 } as const

/** Takes a picture of each page that the docs show. */
export async function takeConsolePictures(
  browser: Browser,
  save: (name: string, bytes: Buffer) => Promise<unknown>,
): Promise<void> {
  const stage = await furnish()
  const site = `/console/sites/${stage.sitekey}`
  const pages: [name: string, path: string, full?: boolean][] = [
    ['sites', '/console'],
    ['numbers', site, true],
    ['install', `${site}/install`],
    ['playground', `${site}/playground?theme=auto`],
    ['secrets', `${site}/secrets`],
    ['members', `${site}/members`],
    ['log', `${site}/log`],
    ['accounts', '/console/accounts'],
    ['health', '/console/service/health'],
    ['terms', '/console/promises'],
    ['terms-preview', '/console/promises/terms/preview', true],
  ]
  try {
    for (const [name, path, full] of pages) {
      for (const colorScheme of ['light', 'dark'] as const)
        await shoot(`console-${name}-${colorScheme}`, path, { ...DESKTOP, colorScheme }, full)
    }
    for (const [name, path] of pages.slice(0, 4))
      await shoot(`console-${name}-phone`, path, { ...PHONE, colorScheme: 'light' })
  } finally {
    await stage.close()
  }

  async function shoot(name: string, path: string, options: BrowserContextOptions, full = false) {
    const context = await browser.newContext({
      ...{ locale: 'en-US', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' },
      ...options,
    })
    await context.addCookies([
      { name: COOKIE, value: stage.token, domain: '127.0.0.1', path: '/', secure: true },
    ])
    const page = await context.newPage()
    await page.goto(stage.url + path)
    await page.waitForTimeout(700)
    await save(name, await page.screenshot({ fullPage: full }))
    await context.close()
  }
}

/** A service as it might be after a month. */
async function furnish() {
  const { start } = await import('../src/start.ts')
  const data = mkdtempSync(join(tmpdir(), 'one-captcha-screenshots-'))
  let earlier = 40 * DAY_MS
  const now = () => Date.now() - earlier
  const service = await start(
    readConfig({
      ...{ ONE_CAPTCHA_PORT: '0', ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_LOG_LEVEL: 'silent' },
      ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_DEMO: 'off' },
    }),
    { now },
  )
  const { store, manage } = service.context
  const add = (login: string, role: 'operator' | 'developer') =>
    store.accounts.add({ login, role, password: null })
  const ada = await add('ada', 'operator')
  const actor = { account: ada, by: ada.id, scopes: null, onlySite: null, elevated: true }
  const site = (name: string, ...hosts: string[]) => manage.addSite(actor, { name, hosts })
  const library = await site('Harbour Library', 'library.example', '*.library.example')
  earlier = 21 * DAY_MS
  const tides = await site('Tide tables', 'tides.example')
  const choir = await site('Choir of the docks', 'choir.example', 'www.choir.example')
  const people: [string, Role][] = [
    ['bo', 'developer'],
    ['cyan', 'admin'],
    ['dee', 'viewer'],
  ]
  for (const [login, role] of people) {
    const { id } = await add(login, 'developer')
    await store.members.set(library.sitekey, id, role, ada.id)
  }
  earlier = 2 * DAY_MS
  await manage.setSite(actor, library.sitekey, { effortFloor: 12, mode: 'checkbox' })
  await manage.rotateSecret(actor, library.sitekey, 7 * DAY_MS)
  await manage.suspendSite(actor, choir.sitekey)
  const fay = await add('fay', 'developer')
  await manage.suspendAccount(actor, fay.id)
  const { desk, use } = service.context.terms
  const version = async (
    acceptance: 'use' | 'click',
    from: string,
    to: string,
    summary: string,
  ) => {
    const { texts } = await desk.begin(actor)
    const changed = texts.map(({ lang, text }) => ({ lang, text: text.replace(from, to) }))
    await desk.write(actor, { acceptance, summary, texts: changed })
  }
  earlier = 20 * DAY_MS
  await version(
    'use',
    'please do not use it',
    'please leave it alone',
    'Plainer words in the first paragraph.',
  )
  await desk.announce(actor, { effectiveAt: null })
  for (const { id } of await store.accounts.list('', 3)) await use(id)
  earlier = 0
  await version(
    'click',
    'By using the Service you accept these Terms.',
    'By using the Service, or by a click where we ask for one, you accept these Terms.',
    'New versions may ask for your agreement by a click. Nothing else is different.',
  )
  await manage.inviteMember(actor, library.sitekey, 'developer')
  await store.counts.add([...aDay(library.sitekey, 60), ...aDay(tides.sitekey, 14)], 'pictures')
  const token = 'screenshots-only-'.padEnd(43, 'x')
  const expiresAt = now() + DAY_MS
  await store.sessions.add(token, {
    ...{ accountId: ada.id, way: 'passkey', expiresAt, elevatedUntil: expiresAt },
  })
  return {
    url: service.url,
    sitekey: library.sitekey,
    token,
    async close() {
      await service.stop()
      rmSync(data, { recursive: true })
    },
  }
}

/** A day of visitors: few at night, most in the evening, and somebody's script in the afternoon. */
function aDay(sitekey: string, visitors: number): CountRow[] {
  const rows: CountRow[] = []
  const end = Math.floor(Date.now() / STEP_MS) * STEP_MS
  for (let step = 0; step < 144; step++) {
    const startsAt = end - step * STEP_MS
    const hour = (startsAt % DAY_MS) / HOUR_MS
    const busy = 0.15 + Math.max(0, Math.sin(((hour - 6) / 18) * Math.PI)) ** 2
    const uneven = 1 + 0.18 * Math.sin(step * 2.4) + 0.1 * Math.sin(step * 5.7)
    const people = Math.round((visitors / 6) * busy * uneven)
    const robots = hour > 14 && hour < 15.5 ? Math.round(visitors / 3) : 0
    const count = (name: string, label: string, count: number) => {
      if (count <= 0) return
      for (const span of ['minute', 'hour'] as const) {
        const begin = span === 'hour' ? startsAt - (startsAt % HOUR_MS) : startsAt
        rows.push({ sitekey, span, startsAt: begin, name, label, count })
      }
    }
    const missed = Math.round(people * 0.06) + Math.round(robots * 0.8)
    const passed = people + robots - missed
    const pressure = robots > 0 ? 5.5 : 0.4 + busy / 2
    count('challenges', '', people + robots)
    count('solutions', '', passed + missed)
    count('puzzles', 'slider', Math.round(people * 0.1) + robots)
    count('passed', 'work', Math.round(passed * 0.9))
    count('passed', 'slider', passed - Math.round(passed * 0.9))
    count('failed', 'off-target', missed)
    count('redeemed', '', Math.round(passed * 0.93))
    count('replayed', '', robots > 0 ? 2 : 0)
    count('waited', waitingLabel(700 + (robots > 0 ? 1_800 : 0) + 150 * uneven), passed)
    count('effort', '', (people + robots) * (robots > 0 ? 40 : 12))
    count('pressure', 'site', Math.round((people + robots) * pressure))
    count('pressure', 'network', Math.round((people + robots) * pressure * 0.6))
  }
  return rows
}
