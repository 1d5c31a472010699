import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failing, ok, warning } from '../../src/doctor/check.ts'
import type { Account } from '../../src/store/store.ts'
import { isClean } from './clean.ts'
import { type ConsoleStage, openConsole } from './console-stage.ts'

const TAB = '/console/promises/breaches'
const HOUR_MS = 3_600_000
/** What would run, if a page let it. */
const HOSTILE = '<img src=x onerror="document.title=1"></textarea><script>document.title=1</script>'

let stage: ConsoleStage
let ada: Account
beforeAll(async () => {
  stage = await openConsole({ ONE_CAPTCHA_DEMO: 'off', ONE_CAPTCHA_CONTACT: 'ask@people.example' })
  ada = await stage.account('ada', 'operator')
  await stage.account('bo')
})
afterAll(() => stage?.close())

const fill = async (page: Page, fields: Record<string, string>) => {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text)
}
const KNOWN = {
  'What happened': 'A disk was left on a train.',
  'Which sorts of data': 'Logins.',
  'Which sorts of people': 'Those who have an account.',
  'About how many people': '1,234',
  'What may follow from it': 'Letters that lie.',
  'What was done, and what will be': 'New disks.',
}

describe('an operator without a script', () => {
  it('writes a breach down, tells the authority and those concerned, says it in public, and closes it', async () => {
    const page = await stage.visit(await stage.session(ada), TAB, { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Write a breach down' }).click()
    // Little is known at first.
    await page.getByRole('button', { name: 'Write it down' }).click()
    await page.getByRole('alert').getByText('title must be').waitFor()
    await page.getByLabel('What you call it').fill('The disk')
    await page.getByRole('button', { name: 'Write it down' }).click()
    await page.getByText('It is written down.').waitFor()
    await page.getByText(/^7[12] h( \d+ min)? left$/).waitFor()
    await page.getByText('Next: write down what is known').waitFor()

    await page.getByRole('link', { name: 'Change what is known' }).click()
    await fill(page, KNOWN)
    await page.getByLabel('A high risk').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.getByText('about 1,234 people').waitFor()
    await page.getByText('Next: tell the authority first').waitFor()

    await page.getByLabel('Logins, ids or sitekeys').fill('bo, nobody')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('1 account; 0 of them can be reached by mail.').waitFor()

    const draft = await page.getByRole('link', { name: 'Download the draft' }).getAttribute('href')
    const token = (await page.context().cookies()).find(({ name }) => name.includes('session'))!
    const told = await stage.ask(new URL(page.url()).pathname + draft, { token: token.value })
    expect(await told.text()).toContain('A disk was left on a train.')
    expect(told.headers.get('content-disposition')).toMatch(/^attachment/)

    await page.getByRole('button', { name: 'Write it down' }).click()
    await page.getByText('the authority was told').first().waitFor()
    await page.getByText('told in time').waitFor()

    await page.getByText('Tell them…').click()
    await page.getByRole('button', { name: 'Tell all of them now' }).click()
    await page.getByText('are being told, each of them once').waitFor()
    await page.getByText('They were told once').waitFor()

    await page.getByText('Write a statement').click()
    await fill(page, { Title: 'A disk was lost', Text: 'It was found.\n\nWe are sorry.' })
    await page.getByRole('button', { name: 'Publish for good' }).click()
    await page.getByText('It is published.').waitFor()

    await page.getByText('Close…').click()
    await page.getByRole('button', { name: 'Close this breach' }).click()
    await page.getByText('The breach is closed.').waitFor()
    expect(await page.getByRole('link', { name: 'Change what is known' }).count()).toBe(0)

    await page.goto(`${stage.service.url}/breaches`)
    await page.getByRole('heading', { name: 'A disk was lost' }).waitFor()
    await page.getByText('We are sorry.').waitFor()
    await page.goto(stage.service.url + TAB)
    await page.getByRole('cell', { name: 'Closed' }).waitFor()
  })

  it('is asked who it is before anybody is told, and what was typed goes on after that', async () => {
    const { breaches, tools } = stage.service.context
    const actor = stage.actor(ada)
    const { id } = await breaches.add(actor, facts(tools.now()))
    const low = await stage.session(ada, false)
    const page = await stage.visit(low, `${TAB}/${id}`, { javaScriptEnabled: false })
    await page.getByText('Write a statement').click()
    await fill(page, { Title: 'Kept', Text: 'Kept too.' })
    await page.getByRole('button', { name: 'Publish for good' }).click()
    await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
    expect(await page.locator('input[name=text]').getAttribute('value')).toBe('Kept too.')
    expect((await breaches.statements()).some(({ title }) => title === 'Kept')).toBe(false)
  })

  it('does not write over what somebody else has found out meanwhile', async () => {
    const { breaches, tools } = stage.service.context
    const actor = stage.actor(ada)
    const { id } = await breaches.add(actor, facts(tools.now()))
    const options = { javaScriptEnabled: false }
    const page = await stage.visit(await stage.session(ada), `${TAB}/${id}/facts`, options)
    await breaches.set(actor, id, { ...facts(tools.now()), nature: 'By another.' }, 1)
    await page.getByLabel('What happened').fill('By me.')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Somebody else has changed this').waitFor()
    expect(await page.getByLabel('What happened').inputValue()).toBe('By me.')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Somebody else has changed this').waitFor()
    expect((await breaches.one(actor, id)).facts.nature).toBe('By another.')
  })
})

describe.each([
  ['light, on a desktop', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark, on a desktop', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['light, on the smallest phone', { colorScheme: 'light', viewport: { width: 320, height: 640 } }],
] as const)('the pages of breaches and of the doctor, %s,', (_, options) => {
  it('are clean for axe, need no scrolling sideways, and run nothing that was typed', async () => {
    const { breaches, tools, store } = stage.service.context
    const actor = stage.actor(ada)
    const long = 'Averylongwordthatnobodywouldeverwrite'.repeat(4)
    const { id } = await breaches.add(actor, {
      ...facts(tools.now() - 80 * HOUR_MS),
      ...{ title: HOSTILE.slice(0, 120), nature: HOSTILE + long, contact: long, risk: 'high' },
    })
    await breaches.concern(actor, id, 'everybody')
    await breaches.publish(actor, id, { title: long.slice(0, 120), text: HOSTILE, before: 0 })
    await store.examinations.add([
      failing('audit log', `event 4 is not as it was written ${long}`),
      warning('backups', 'the newest is 50 hours old'),
      ok('node', 'version 24'),
    ])
    const page = await stage.visit(await stage.session(ada), TAB, {
      ...{ ...options, reducedMotion: 'reduce' },
    })
    for (const path of [
      ...[TAB, `${TAB}/${id}`, `${TAB}/${id}/facts`, '/console/promises/doctor', '/breaches'],
    ]) {
      await page.goto(stage.service.url + path)
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true
      })
      await isClean(page, path)
      expect(await page.title(), path).not.toBe('1')
      expect(await page.locator('h1').count(), path).toBe(1)
    }
    await page.goto(`${stage.service.url}${TAB}/${id}`)
    await page.getByText(/overdue$/).waitFor()
  })
})

describe('the doctor’s page', () => {
  it('has what fails first, and looks anew when it is asked to', async () => {
    const page = await stage.visit(await stage.session(ada), '/console/promises/doctor')
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByText('The doctor has looked at everything just now.').waitFor()
    await page.getByRole('cell', { name: 'audit log' }).first().waitFor()
    const { all } = await stage.service.context.doctor.found(stage.actor(ada))
    expect(all[0]!.failing).toBe(0)
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toMatch(
      /thing|All is well/,
    )
  })

  it('is not there for developers, and neither is the register', async () => {
    const token = await stage.session(await stage.account('cy'))
    for (const path of [TAB, `${TAB}/add`, `${TAB}/brc_1`, '/console/promises/doctor'])
      expect((await stage.ask(path, { token })).status, path).toBe(404)
  })
})

function facts(noticedAt: number) {
  return {
    ...{ title: 'The disk', nature: 'n', happenedAt: null, noticedAt, data: 'd', people: '' },
    ...{ peopleCount: null, recordsCount: null, consequences: 'c', measures: 'm', advice: '' },
    ...{ contact: 'g', risk: 'risk' as const, reason: '', lateReason: '' },
  }
}
