import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { until } from '../support/until.ts'
import type { Person } from './person.ts'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

const LIFE_MS = 15_000

let stage: Stage
let site: Site
/** How far the service's clock is ahead. */
let ahead = 0

beforeAll(async () => {
  stage = await openStage({}, () => Date.now() + ahead)
  site = stage.sites.checkbox
})
afterAll(() => stage?.close())

const visit = (attributes: string, lifeMs = LIFE_MS) =>
  stage.visit(
    // A stranger's picture must not have the page count as hidden.
    site.page(`<img name="hidden" alt="">${form(site.sitekey, `time="${lifeMs}" ${attributes}`)}`),
    {},
    (page) => page.clock.install(),
  )

/** Time passes, for the browser and for the service. */
async function pass(person: Person, ms: number) {
  ahead += ms
  await person.page.clock.fastForward(ms)
}

describe('a token', () => {
  it('that waits in a form is renewed quietly before it ends', async () => {
    const person = await visit('', 120_000)
    await person.tick()
    await person.sees('success')
    const first = await person.token()
    await pass(person, 103_000)
    await until(async () => (await person.token()) !== first, 'another token is there')
    expect(await person.box.isChecked()).toBe(true)
    // Both are good: a form that was being sent meanwhile is not refused.
    const { finding } = await verify(stage.service.url, {
      secret: site.secret,
      response: first,
    })
    expect(finding.success).toBe(true)
    await stage.join(person, site)
  })

  it('is renewed again and again, but not for ever', async () => {
    const person = await visit('', 120_000)
    await person.tick()
    await person.sees('success')
    let last = ''
    let tokens = 0
    while ((await person.token()) !== '') {
      const now = await person.token()
      if (now !== last) tokens++
      last = now
      await pass(person, 103_000)
      const renewed = async () => (await person.token()) !== now
      if (tokens > 12) await pass(person, 16_000)
      await until(renewed, 'the token is renewed or gone')
    }
    expect(tokens).toBe(13)
    await person.sees('expired')
  })

  it('that has ended is out of the form at once, and the box says so', async () => {
    const person = await visit('renew="never" required')
    await person.tick()
    await person.sees('success')
    await pass(person, LIFE_MS - 1_900)
    await person.sees('expired')
    expect(await person.token()).toBe('')
    expect(await person.box.isChecked()).toBe(false)
    await person.widget.getByText('That was a while ago. Please tick again.').waitFor()
    const sent = site.findings.length
    await person.page.getByRole('button', { name: 'Join' }).click()
    expect(site.findings.length).toBe(sent)
    await person.tick()
    await person.sees('success')
    await stage.join(person, site)
  })

  it.each(['', 'required'])(
    'is never sent when it is dead, even by a machine that slept: another one is, %s',
    async (required) => {
      const person = await visit(`renew="never" ${required}`)
      await person.tick()
      await person.sees('success')
      const dead = await person.token()
      ahead += LIFE_MS
      // The clock was put on, and no timer has run.
      await person.page.clock.setSystemTime(Date.now() + 600_000)
      await stage.join(person, site)
      expect(site.fields().get('one-captcha-response')).not.toBe(dead)
    },
  )

  it('tells the page when it ends', async () => {
    const body = `<div class="one-captcha" data-sitekey="${site.sitekey}" data-time="${LIFE_MS}"
      data-expired-callback="ended"></div><script>var ends = 0; function ended() { ends++ }</script>`
    const person = await stage.visit(site.page(body), {}, (page) => page.clock.install())
    await person.tick()
    await person.sees('success')
    await pass(person, LIFE_MS)
    await person.sees('expired')
    expect(await person.page.evaluate(() => (window as unknown as { ends: number }).ends)).toBe(1)
  })
})

describe('a puzzle', () => {
  it('that somebody looks at for long is renewed before it ends', async () => {
    const { puzzle } = stage.sites
    const person = await stage.visit(puzzle.page(form(puzzle.sitekey)), {}, (page) =>
      page.clock.install(),
    )
    await person.tick()
    await person.puzzle()
    await pass(person, 5 * 60_000 - 29_000)
    await person.drag(await person.puzzle())
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('that nobody looks at goes, and a tick brings another', async () => {
    const { puzzle } = stage.sites
    const person = await stage.visit(puzzle.page(form(puzzle.sitekey)), {}, (page) =>
      page.clock.install(),
    )
    await person.tick()
    await person.puzzle()
    await person.page.keyboard.press('Escape')
    await pass(person, 60 * 60_000)
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
  })
})
