import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import { isClean } from './clean.ts'
import { allPages, type ConsoleStage, OPEN_PAGES, openConsole } from './console-stage.ts'

let stage: ConsoleStage
let operator: Account
let sitekey: string
beforeAll(async () => {
  stage = await openConsole()
  operator = await stage.account('operator', 'operator')
  const developer = await stage.account('a-developer-with-a-rather-long-login')
  const { manage, store } = stage.service.context
  const actor = stage.actor(operator)
  sitekey = (
    await manage.addSite(actor, {
      name: 'A site with a name as long as names of sites may well be in practice',
      hosts: ['a-rather-long-host-name-of-a-site.example.org', '*.example.org', 'localhost'],
    })
  ).sitekey
  await store.members.set(sitekey, developer.id, 'developer')
  await manage.rotateSecret(actor, sitekey, 3_600_000)
  await manage.inviteMember(actor, sitekey, 'viewer')
  await manage.inviteAccount(actor, 'developer')
  await manage.addKey(actor, { name: 'deploy', scopes: ['sites:read', 'sites:write'], sitekey })
  const suspended = await manage.addSite(actor, { name: '', hosts: ['other.example'] })
  await manage.suspendSite(actor, suspended.sitekey)
  const { desk } = stage.service.context.terms
  const begun = await desk.begin(actor)
  await desk.write(actor, { ...begun, summary: 'Nothing is different.' })
})
afterAll(() => stage?.close())

describe.each([
  ['light, on a desktop', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark, on a desktop', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['light, on the smallest phone', { colorScheme: 'light', viewport: { width: 320, height: 640 } }],
] as const)('every page, %s,', (_, options) => {
  it('is clean for axe, and needs no scrolling sideways', async () => {
    const token = await stage.session(operator)
    const page = await stage.visit(token, '/console', { ...options, reducedMotion: 'reduce' })
    for (const path of allPages(sitekey, operator.id)) {
      await page.goto(stage.service.url + path)
      // What is folded in must be so too.
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true
      })
      await isClean(page, path)
      expect(await page.locator('h1').count(), path).toBe(1)
    }
    const stranger = await stage.visit(null, '/console/log-in', options)
    for (const path of OPEN_PAGES) {
      await stranger.goto(stage.service.url + path)
      await isClean(stranger, path)
    }
  })

  it('is clean for axe where something is wrong with it', async () => {
    const token = await stage.session(operator)
    const page = await stage.visit(token, '/console/sites/add', options)
    await page.getByRole('button', { name: 'Add the site' }).click()
    await page.getByRole('alert').waitFor()
    await isClean(page, 'a form with a mistake')
    const low = await stage.session(operator, false)
    const other = await stage.visit(low, `/console/sites/${sitekey}/secrets`, options)
    await other.getByRole('button', { name: 'Make a new secret' }).click()
    await isClean(other, 'the proof of who one is')
  })
})

describe('by keyboard alone', () => {
  it('somebody gets to the content, adds a site, and finds what is wrong with it', async () => {
    const page = await stage.visit(await stage.session(operator), '/console')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('main')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Add a site')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Add a site' }).waitFor()
    // The first field has the focus.
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    // So has the summary, and its link leads to the field.
    expect(await page.evaluate(() => document.activeElement!.getAttribute('role'))).toBe('alert')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('site-hosts')
    await page.keyboard.type('keyboard.example')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'By keyboard is added' }).waitFor()
  })

  it('somebody opens what is asked about first, leaves it again, and does it', async () => {
    const { manage } = stage.service.context
    const { key } = { key: sitekey }
    const page = await stage.visit(await stage.session(operator), `/console/sites/${key}/settings`)
    const summary = page.locator('details.ask > summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('remove-name')
    await page.keyboard.press('Escape')
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await page.locator('details.ask').getAttribute('open')).toBeNull()
    expect((await manage.site(stage.actor(operator), key)).sitekey).toBe(key)
  })

  it('every control shows that it has the focus', async () => {
    const page = await stage.visit(
      await stage.session(operator),
      `/console/sites/${sitekey}/members`,
    )
    const count = await page.locator('a, button, input, select, summary').count()
    for (let i = 0; i < Math.min(count, 40); i++) {
      await page.keyboard.press('Tab')
      const ring = await page.evaluate(() => {
        const element = document.activeElement!
        const style = getComputedStyle(element)
        return (
          element === document.body ||
          parseFloat(style.outlineWidth) >= 2 ||
          style.outlineStyle === 'auto'
        )
      })
      expect(ring, await focused(page)).toBe(true)
    }
  })
})

describe('a reader', () => {
  it('finds every target large enough for a finger', async () => {
    const viewport = { width: 360, height: 740 }
    const page = await stage.visit(await stage.session(operator), '/console', { viewport })
    for (const path of allPages(sitekey, operator.id)) {
      await page.goto(stage.service.url + path)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, summary, select, .button, .side a, .tabs a')]
          .filter((element) => element.checkVisibility())
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.height > 0 && (box.height < 24 || box.width < 24))
          .map(({ element }) => element.outerHTML.slice(0, 80)),
      )
      expect(small, path).toEqual([])
    }
  })

  it('sees moments in their own zone, with the instant in UTC for machines', async () => {
    const page = await stage.visit(await stage.session(operator), '/console/log', {
      timezoneId: 'Asia/Tokyo',
    })
    const time = page.locator('time').first()
    const iso = (await time.getAttribute('datetime'))!
    expect(iso).toMatch(/Z$/)
    const local = new Intl.DateTimeFormat('en-US', {
      ...({ dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Tokyo' } as const),
    }).format(new Date(iso))
    expect(await time.textContent()).toBe(local)
  })

  it('copies what is to be copied', async () => {
    const page = await stage.visit(await stage.session(operator), `/console/sites/${sitekey}`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByRole('button', { name: 'Copy the sitekey' }).click()
    await page.getByRole('status').getByText('Copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(sitekey)
  })

  it('prints a page without what only a screen can use', async () => {
    const page = await stage.visit(
      await stage.session(operator),
      `/console/sites/${sitekey}/members`,
    )
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.side').isVisible()).toBe(false)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('heading', { name: 'Members' }).isVisible()).toBe(true)
  })
})

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement!.textContent!.trim().slice(0, 60))
