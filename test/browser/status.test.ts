import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPONENT_IDS } from '../../src/status/components.ts'
import type { Account } from '../../src/store/store.ts'
import { isClean } from './clean.ts'
import { type ConsoleStage, openConsole } from './console-stage.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CONSOLE = '/console/promises/status'
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützen'.repeat(2)

let stage: ConsoleStage
let operator: Account
let token: string

beforeAll(async () => {
  stage = await openConsole()
  operator = await stage.account('ada', 'operator')
  token = await stage.session(operator)
})
afterAll(() => stage?.close())

/** As a minute's input takes it: in UTC. */
const minute = (at: number) => new Date(at).toISOString().slice(0, 16)

async function fill(page: Page, fields: Record<string, string>) {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value)
}

describe('the status page', () => {
  it('is clean for axe with everything on it, on a phone and a desktop, in the light and the dark', async () => {
    const { status, store } = stage.service.context
    const actor = stage.actor(operator)
    const now = Date.now()
    for (const [days, bad] of [
      [0, 0],
      [1, 60],
      [2, 2],
      [40, 0],
    ] as const) {
      const startsAt = now - (now % HOUR_MS) - days * DAY_MS
      await store.readings.add(
        COMPONENT_IDS.map((component) => ({ component, startsAt, good: 60, poor: 1, bad })),
      )
    }
    const window = {
      ...{ title: LONG, body: `${LONG}\n\nMore.`, components: ['console'] as const },
      ...{ effect: 'none' as const, startsAt: now, endsAt: now + HOUR_MS, reason: LONG },
    }
    const running = await status.announce(actor, { ...window, components: ['console'] })
    const later = { startsAt: now + 5 * DAY_MS, endsAt: now + 6 * DAY_MS }
    await status.announce(actor, { ...window, ...later, components: ['notices'] })
    const order = { title: LONG, body: LONG, state: 'investigating', components: ['notices'] }
    const facts = { ...order, impact: 'critical', cause: 'attack' } as Parameters<
      typeof status.open
    >[1]
    const open = await status.open(actor, facts)
    const { id } = await status.open(actor, facts)
    await status.update(actor, id, { state: 'resolved', body: 'Done.' })
    for (const [colorScheme, viewport] of [
      ['light', { width: 320, height: 640 }],
      ['dark', { width: 1280, height: 800 }],
    ] as const) {
      for (const path of ['/status', '/status/history']) {
        const page = await stage.visit(null, path, { colorScheme, viewport })
        await page.locator('details').evaluateAll((all) => {
          for (const one of all) (one as HTMLDetailsElement).open = true
        })
        await isClean(page, `${path} in ${colorScheme}`)
      }
    }
    await status.complete(actor, running.id)
    await status.update(actor, open.id, { state: 'resolved', body: 'Done.' })
  })

  it('tells how each day was without colours or a mouse: by a picture’s name and by a table', async () => {
    const page = await stage.visit(null, '/status')
    await page.getByRole('img', { name: /^Challenges, the last 90 days: 2 good, 1 with/ }).waitFor()
    const table = page.getByText('The same as a table')
    await table.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('columnheader', { name: 'Verification' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(1 + 4)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement!.className)).toBe('scroll')
  })

  it('has a feed that a browser’s own reader takes, whatever is in it', async () => {
    const evil = `]]></title><script>alert(1)</script>&<!-- "'`
    const { status } = stage.service.context
    const now = Date.now()
    const { id } = await status.announce(stage.actor(operator), {
      ...{ title: evil, body: `${evil}\n${evil}`, components: ['console'], effect: 'none' },
      ...{ startsAt: now + 5 * DAY_MS, endsAt: now + 6 * DAY_MS, reason: '' },
    })
    const page = await stage.visit(null, '/status')
    const feed = await page.evaluate(async () => {
      const text = await (await fetch('/status/feed.atom')).text()
      const xml = new DOMParser().parseFromString(text, 'application/xml')
      const entry = xml.querySelector('entry')!
      const html = new DOMParser().parseFromString(
        entry.querySelector('content')!.textContent!,
        'text/html',
      )
      return {
        faults: xml.querySelectorAll('parsererror').length,
        titles: [...xml.querySelectorAll('entry > title')].map(
          (title) =>
            new DOMParser().parseFromString(title.textContent!, 'text/html').body.textContent,
        ),
        scripts: html.querySelectorAll('script').length,
      }
    })
    expect(feed).toMatchObject({ faults: 0, scripts: 0 })
    expect(feed.titles).toContain(`Maintenance, scheduled: ${evil}`)
    await status.cancel(stage.actor(operator), id)
  })
})

describe('an operator in the console', () => {
  it('announces a window without a script, moves it, and cancels it', async () => {
    const page = await stage.visit(token, CONSOLE, { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Announce maintenance' }).click()
    const startsAt = Date.now() + HOUR_MS
    await fill(page, {
      'What is done': 'New disks',
      'Begins (UTC)': minute(startsAt),
      'Ends (UTC)': minute(startsAt + HOUR_MS),
    })
    await page.getByRole('checkbox', { name: 'Console' }).check()
    await page.getByRole('radio', { name: /Are asked to come back/ }).check()
    await page.getByRole('button', { name: 'Announce it' }).click()
    // Sooner than promised: what was typed is still there.
    await page.getByRole('alert').getByText('give the reason').waitFor()
    expect(await page.getByLabel('What is done').inputValue()).toBe('New disks')
    await page.getByLabel('Why it comes so soon').fill('A disk is about to fail.')
    await page.getByRole('button', { name: 'Announce it' }).click()
    await page.getByText('It is announced. Everybody is told.').waitFor()
    await page.getByText('Scheduled').first().waitFor()

    const later = startsAt + 10 * DAY_MS
    await fill(page, {
      'Begins (UTC)': minute(later),
      'Ends (UTC)': minute(later + HOUR_MS),
    })
    await page.getByRole('button', { name: 'Change and tell' }).click()
    await page.getByText('It is changed. Everybody is told.').waitFor()
    const { upcoming } = await stage.service.context.status.snapshot()
    const window = upcoming.find(({ title }) => title === 'New disks')
    expect(window).toMatchObject({
      ...{ title: 'New disks', sequence: 1, components: ['challenges', 'console'], reason: '' },
      startsAt: Date.parse(`${minute(later)}Z`),
    })
    await page.getByText('Cancel it…').click()
    await page.getByRole('button', { name: 'Cancel this window' }).click()
    await page.getByText('It is cancelled. Everybody is told.').waitFor()
    expect(await page.getByRole('button', { name: 'Change and tell' }).count()).toBe(0)
  })

  it('opens an incident, tells more of it, and resolves it for good', async () => {
    const page = await stage.visit(token, `${CONSOLE}/incidents/add`)
    await page.getByRole('button', { name: 'Open and tell' }).click()
    await page.getByRole('alert').waitFor()
    await fill(page, { 'What is wrong': 'Letters are late', 'What is to be said': 'We look.' })
    await page.getByRole('checkbox', { name: 'Notices' }).check()
    await page.getByRole('button', { name: 'Open and tell' }).click()
    await page.getByText('The incident is open. Everybody is told.').waitFor()
    await isClean(page, 'an incident')
    for (const state of ['Monitoring', 'Resolved']) {
      await page.getByLabel('What is to be said').fill(`It is ${state}.`)
      await page.getByLabel('How it stands').selectOption(state)
      await page.getByRole('button', { name: 'Tell everybody' }).click()
      await page.getByText('The update is out. Everybody is told.').waitFor()
    }
    expect(await page.getByRole('button', { name: 'Tell everybody' }).count()).toBe(0)
    await page.goto(`${stage.service.url}/status`)
    await page.getByRole('heading', { name: 'Letters are late' }).waitFor()
    await page.getByText('It is Monitoring.').waitFor()
  })

  it('hears that somebody else has changed a window, and loses nothing', async () => {
    const { status } = stage.service.context
    const actor = stage.actor(operator)
    const now = Date.now()
    const { id } = await status.announce(actor, {
      ...{ title: 'Old name', body: '', components: ['console'], effect: 'none', reason: '' },
      ...{ startsAt: now + 5 * DAY_MS, endsAt: now + 6 * DAY_MS },
    })
    const page = await stage.visit(token, `${CONSOLE}/maintenance/${id}`)
    await isClean(page, 'a window')
    await status.change(actor, id, { title: 'Their name' })
    await page.getByLabel('What is done').fill('My name')
    await page.getByRole('button', { name: 'Change and tell' }).click()
    await page.getByText('Somebody else has changed this window meanwhile').first().waitFor()
    expect(await page.getByLabel('What is done').inputValue()).toBe('My name')
    expect((await status.maintenance(actor, id)).title).toBe('Their name')
  })
})
