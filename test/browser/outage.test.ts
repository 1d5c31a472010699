import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LedgerUnavailable } from '../../src/ledger/ledger.ts'
import { startService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { ask } from '../support/visitor.ts'
import type { Person } from './person.ts'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

const data = mkdtempSync(join(tmpdir(), 'one-captcha-outage-'))
let stage: Stage
let site: Site

beforeAll(async () => {
  stage = await openStage({ ONE_CAPTCHA_DATA: data })
  site = stage.sites.checkbox
})
afterAll(async () => {
  await stage?.close()
  rmSync(data, { recursive: true, force: true })
})

interface Kept {
  told: string[]
}

/** Opens a page with callbacks of the founding kind, in a form. */
function visit(prepare?: (page: Page) => Promise<unknown>) {
  const body = `<script>var told = []
    function gone(code) { told.push('gone ' + code) } function back() { told.push('back') }</script>
    <form method="post" action="/join"><input name="who"><div class="one-captcha"
    data-sitekey="${site.sitekey}" error-callback="gone" error-recovery-callback="back"></div>
    <button>Join</button></form>`
  return stage.visit(site.page(body), {}, prepare)
}

const told = ({ page }: Person) => page.evaluate(() => (window as unknown as Kept).told)

const UNREACHABLE = 'No answer just now. Tick to try again.'

describe('a service that goes away', () => {
  it('is told once, found again by a tick, and told once again', async () => {
    const person = await visit()
    await person.widget.locator('.root').waitFor()
    const { port } = new URL(stage.service.url)
    await stage.service.stop()
    try {
      await person.tick()
      await person.widget.getByRole('alert').getByText(UNREACHABLE).waitFor()
      expect(await told(person)).toEqual(['gone network-error'])
      await person.tick()
      await person.sees('working')
      await person.sees('error')
      expect(await told(person)).toEqual(['gone network-error'])
    } finally {
      stage.service = await startService({ ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_PORT: port })
    }
    await person.tick()
    await person.sees('success')
    expect(await told(person)).toEqual(['gone network-error', 'back'])
    await stage.join(person, site)
  })

  it('is asked for next to nothing, however busy the visitor is meanwhile', async () => {
    const person = await visit((page) => page.clock.install())
    await person.widget.locator('.root').waitFor()
    await person.page.context().setOffline(true)
    await person.tick()
    await person.sees('error')
    const before = person.asked('/v1/challenges')
    expect(before).toBeLessThanOrEqual(2)
    for (let second = 0; second < 60; second++) {
      await person.page.clock.runFor(1_000)
      await person.page.locator('[name=who]').dispatchEvent('pointerdown')
    }
    expect(person.asked('/v1/challenges') - before).toBeLessThanOrEqual(2)
    expect(await told(person)).toEqual(['gone network-error'])
    await person.page.clock.runFor(600_000)
    expect(person.asked('/v1/challenges') - before).toBeLessThanOrEqual(2)
  })

  it('is found again when the browser finds its network, with nobody doing anything', async () => {
    const person = await visit((page) => page.clock.install())
    await person.widget.locator('.root').waitFor()
    const context = person.page.context()
    await context.setOffline(true)
    await person.tick()
    await person.sees('error')
    await person.page.clock.fastForward(31_000)
    await context.setOffline(false)
    await person.page.clock.fastForward(4_000)
    await person.sees('idle')
    expect(await told(person)).toEqual(['gone network-error', 'back'])
    await person.tick()
    await person.sees('success')
    await stage.join(person, site)
  })

  it('does not take a good token with it', async () => {
    const person = await visit()
    await person.tick()
    await person.sees('success')
    await person.page.context().setOffline(true)
    expect(await person.token()).not.toBe('')
    expect(await person.box.isChecked()).toBe(true)
    expect(await told(person)).toEqual([])
  })

  it('leaves the puzzle’s answer to be given anew', async () => {
    const { puzzle } = stage.sites
    const person = await stage.visit(puzzle.page(form(puzzle.sitekey)))
    await person.tick()
    const gap = await person.puzzle()
    await person.page.context().setOffline(true)
    await person.drag(gap)
    await person.sees('error')
    expect(await person.panel.isVisible()).toBe(false)
    await person.page.context().setOffline(false)
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
  })

  it('says what it waits for when the network is slow', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const person = await visit((page) =>
      page.route('**/v1/challenges', async (route) => {
        await opened
        await route.continue()
      }),
    )
    await person.tick()
    await person.widget.getByRole('status').getByText('Just a moment…').waitFor()
    open()
    await person.sees('success')
  })
})

describe('a widget whose own files do not come', () => {
  it('is told by its loader, and comes when the network does', async () => {
    const parts = '**/v1/parts/*/widget.js*'
    const person = await visit((page) => page.route(parts, (route) => route.abort()))
    await expect.poll(() => told(person)).toEqual(['gone undefined'])
    await person.page.unroute(parts)
    await person.page.context().setOffline(true)
    await person.page.context().setOffline(false)
    await person.tick()
    await person.sees('success')
    expect(await told(person)).toEqual(['gone undefined', 'back'])
  })
})

describe('a service that says no', () => {
  afterEach(() => {
    stage.service.context.config.calm = 1_000_000
  })

  it('without its ledger, is met as one that does not answer', async () => {
    const { ledger } = stage.service.context
    const count = ledger.count
    const person = await visit()
    ledger.count = async () => {
      throw new LedgerUnavailable('It is away.')
    }
    try {
      await person.tick()
      await person.widget.getByRole('alert').getByText(UNREACHABLE).waitFor()
      expect(await told(person)).toEqual(['gone ledger-unavailable'])
      expect(person.asked('/v1/challenges')).toBe(1)
    } finally {
      ledger.count = count
    }
    await person.tick()
    await person.sees('success')
    expect(await told(person)).toEqual(['gone ledger-unavailable', 'back'])
  })

  it('for being too busy, is asked once, and waits for the visitor', async () => {
    const { config } = stage.service.context
    // One challenge is too many, and not forgotten before the visitor comes.
    config.calm = 0.001
    const visitor = { service: stage.service.url, origin: site.origin }
    await until(
      async () => (await ask(visitor, { sitekey: site.sitekey })).status === 429,
      'the network has asked too often',
    )
    const person = await visit()
    await person.tick()
    const busy = 'Very busy just now. Please try again soon.'
    await person.widget.getByRole('alert').getByText(busy).waitFor()
    expect(person.asked('/v1/challenges')).toBe(1)
    expect(await told(person)).toEqual(['gone too-many-requests'])
    config.calm = 1_000_000
    await person.tick()
    await person.sees('success')
  })
})

describe('a site that is suspended', () => {
  it('lets nobody through, and tells the page each time that somebody asks', async () => {
    const { sites } = stage.service.context.store
    await sites.setState(site.sitekey, 'suspended')
    try {
      const person = await visit()
      await person.widget.locator('.root').waitFor()
      await person.tick()
      await person.widget
        .getByRole('alert')
        .getByText('This page is not set up for it yet.')
        .waitFor()
      expect(await told(person)).toEqual(['gone site-suspended'])
      await sites.setState(site.sitekey, 'active')
      await person.tick()
      await person.sees('success')
      await stage.join(person, site)
    } finally {
      await sites.setState(site.sitekey, 'active')
    }
  })
})
