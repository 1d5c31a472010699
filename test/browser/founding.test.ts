import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../support/backend.ts'
import type { Person } from './person.ts'
import { form } from './site.ts'
import { openStage, type Stage } from './stage.ts'

const SCRIPTS = ['/0/api.js', '/0/api_lite.js', '/0/api_preview.js']

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

interface Kept {
  calls: [string, unknown][]
}

/** The page's own functions, as somebody wrote them years ago. */
const FUNCTIONS = `<script>var calls = []
  function passed(token) { calls.push(['passed', token]) }
  function tooOld() { calls.push(['tooOld']) }
  function gone() { calls.push(['gone']) }
  function back() { calls.push(['back']) }</script>`

const CONTAINER = `<div id="one-captcha" data-callback="passed" data-time="60000" data-lang="en"
  data-unsupport-callback="tooOld" error-callback="gone" error-recovery-callback="back"></div>`

const calls = (page: Page) => page.evaluate(() => (window as unknown as Kept).calls)

async function cookie({ page }: Person) {
  const cookies = await page.context().cookies()
  expect(cookies.length).toBeLessThan(2)
  return cookies[0]
}

describe.each(SCRIPTS)('the founding contract at %s', (script) => {
  it('calls back with a token that is good, and keeps its hash in a cookie', async () => {
    const site = stage.sites.puzzle
    const person = await stage.visit(site.page(FUNCTIONS + CONTAINER, { script }))
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    await expect.poll(() => calls(person.page)).toHaveLength(1)
    const [name, token] = (await calls(person.page))[0]!
    expect(name).toBe('passed')

    const kept = (await cookie(person))!
    const hash = createHash('sha512').update(String(token)).digest('hex')
    expect(kept).toMatchObject({ name: 'OneCaptchaToken', value: hash, path: '/', sameSite: 'Lax' })
    const lifeS = kept.expires - Date.now() / 1_000
    expect(lifeS).toBeGreaterThan(50)
    expect(lifeS).toBeLessThanOrEqual(60)

    const inquiry = { secret: site.secret, response: String(token) }
    const { finding } = await verify(stage.service.url, inquiry)
    expect(finding).toMatchObject({ success: true, hostname: 'puzzle.localhost' })
  })

  it.each([
    ['customElements', () => Reflect.deleteProperty(window, 'customElements')],
    ['attachInternals', () => Reflect.deleteProperty(HTMLElement.prototype, 'attachInternals')],
    ['throwIfAborted', () => Reflect.deleteProperty(AbortSignal.prototype, 'throwIfAborted')],
  ])('says so once where the browser is too old: no %s', async (_, age) => {
    const url = stage.sites.checkbox.page(FUNCTIONS + CONTAINER, { script })
    const { page, asked } = await stage.visit(url, {}, (page) => page.addInitScript(age))
    await expect.poll(() => calls(page)).toEqual([['tooOld']])
    expect(asked('/v1/challenges')).toBe(0)
  })
})

describe('the founding contract', () => {
  const open = (body: string, prepare?: (page: Page) => Promise<unknown>) =>
    stage.visit(stage.sites.checkbox.page(body, { script: '/0/api.js' }), {}, prepare)

  it('takes the cookie away with the token', async () => {
    const person = await open(FUNCTIONS + CONTAINER, (page) => page.clock.install())
    await person.tick()
    await person.sees('success')
    await expect.poll(() => cookie(person)).toBeTruthy()
    await person.page.clock.fastForward(60_000)
    await person.sees('expired')
    await expect.poll(() => cookie(person)).toBeUndefined()
  })

  it('hashes the token itself where the browser keeps its own hash to itself', async () => {
    const person = await open(FUNCTIONS + CONTAINER, (page) =>
      page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined })),
    )
    await person.tick()
    await person.sees('success')
    await expect.poll(() => cookie(person)).toBeTruthy()
    const [[, token]] = (await calls(person.page)) as [[string, string]]
    const hash = createHash('sha512').update(token).digest('hex')
    expect((await cookie(person))!.value).toBe(hash)
  })

  it('calls Korean kr', async () => {
    const person = await open(FUNCTIONS + CONTAINER.replace('"en"', '"kr"'))
    await person.widget.getByLabel('저는 사람입니다').waitFor()
    expect(await person.widget.locator('.root').getAttribute('lang')).toBe('ko')
  })

  it('is the only one that leaves anything in the browser', async () => {
    const { sitekey } = stage.sites.checkbox
    const person = await open(form(sitekey))
    await person.tick()
    await person.sees('success')
    expect(await cookie(person)).toBeUndefined()
    const kept = await person.page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      (await indexedDB.databases()).length,
      (await caches.keys()).length,
    ])
    expect(kept).toEqual([0, 0, 0, 0])
  })

  it('says in the next release’s version that it is one', async () => {
    const script = '/0/api_preview.js'
    const { page } = await stage.visit(stage.sites.checkbox.page(CONTAINER, { script }))
    await page.waitForFunction(() => 'oneCaptcha' in window)
    const version = page.evaluate(
      () => (window as unknown as { oneCaptcha: { version: string } }).oneCaptcha.version,
    )
    expect(await version).toMatch(/^\d+\.\d+\.\d+-preview$/)
  })
})

describe('a callback’s name in an attribute', () => {
  it('reaches the page’s own functions alone', async () => {
    const evil = [
      ...['alert', 'eval', '__proto__', 'location.assign', 'constructor.constructor'],
      ...['document.write', 'print', 'history.back', 'passed.constructor', 'window.open'],
      ...['Function', 'setTimeout', 'a b', 'passed()', 'javascript:passed()'],
    ]
    const boxes = evil.map(
      (name) => `<div class="one-captcha" data-sitekey="oc-test-pass" data-callback="${name}"
        data-open-callback="${name}" data-error-callback="${name}"></div>`,
    )
    const good = `<div class="one-captcha" data-sitekey="oc-test-pass" data-callback="my.passed"></div>
      <script>var my = { passed: passed }</script>`
    const url = stage.sites.checkbox.page(FUNCTIONS + boxes.join('') + good)
    const { page } = await stage.visit(url)
    page.on('dialog', (dialog) => {
      throw new Error(`A dialog opened: ${dialog.message()}`)
    })
    const widgets = page.locator('one-captcha')
    await widgets.last().getByRole('checkbox').waitFor()
    for (const widget of await widgets.all()) {
      await widget.getByRole('checkbox').click()
      await widget.locator('.root.success').waitFor({ state: 'attached' })
    }
    expect(await calls(page)).toHaveLength(1)
    expect(page.url()).toBe(url)
    expect(page.context().pages()).toHaveLength(1)
  })

  it('is read where it stands: an error says so to nobody else', async () => {
    const names = ['alert', '__proto__', 'constructor.constructor', 'location.reload']
    const boxes = names.map(
      (name) => `<div class="one-captcha" data-unsupport-callback="${name}"></div>`,
    )
    const url = stage.sites.checkbox.page(FUNCTIONS + boxes.join('') + CONTAINER)
    const { page } = await stage.visit(url, {}, (page) =>
      page.addInitScript(() => Reflect.deleteProperty(window, 'customElements')),
    )
    await expect.poll(() => calls(page)).toEqual([['tooOld']])
    expect(page.url()).toBe(url)
  })
})
