import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mode } from '../../src/core/site.ts'
import { type Finding, verify } from '../support/backend.ts'
import type { Person } from './person.ts'
import { openStage, type Stage } from './stage.ts'

/**
 * The published clients of other CAPTCHAs, as they are: their scripts' hosts lead to this service, and nothing else is
 * different.
 */
const HOSTS = [
  'https://www.google.com',
  'https://www.recaptcha.net',
  'https://js.hcaptcha.com',
  'https://hcaptcha.com',
  'https://challenges.cloudflare.com',
]

let stage: Stage
const scripts = new Map<string, string>()
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const CLIENTS = fileURLToPath(new URL('../clients/pages/', import.meta.url))

/** A page that was made with a client, as its owner's tools would bundle it. */
async function bundled(file: string): Promise<string> {
  const known = scripts.get(file)
  if (known) return known
  const { outputFiles } = await build({
    entryPoints: [CLIENTS + file],
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: 'error',
  })
  const text = outputFiles[0]!.text.replaceAll('</script', '<\\/script')
  scripts.set(file, text)
  return text
}

/** Opens a page with some body, at a site of some mode, where the vendors' hosts lead here. */
async function open(
  mode: Mode,
  body: string,
  query = '',
  prepare = async (_page: Page) => {},
): Promise<Person> {
  const site = stage.sites[mode]
  const told = '<pre id="told"></pre><div id="root"></div>'
  const keys = `<script>var sitekey = ${JSON.stringify(site.sitekey)}</script>`
  const url = site.page(told + keys + body, { script: false })
  return stage.visit(`${url}${query}`, { origins: HOSTS }, async (page) => {
    await prepare(page)
    for (const host of HOSTS) await page.route(`${host}/**`, (route) => forward(route, host))
  })
}

type Route = Parameters<Parameters<Page['route']>[1]>[0]

async function forward(route: Route, host: string) {
  const request = route.request()
  const url = stage.service.url + request.url().slice(host.length)
  const response = await route.fetch({ url, maxRedirects: 0 }).catch(() => null)
  await (response ? route.fulfill({ response }) : route.abort())
}

const client = async (mode: Mode, file: string, query = '') =>
  open(mode, `<script>${await bundled(file)}</script>`, query)

const told = async ({ page }: Person): Promise<string[]> =>
  ((await page.locator('#told').textContent()) ?? '').split('\n').filter(Boolean)

/** Waits for the next thing that the page is told, and gives it. */
async function next(person: Person, after = 0): Promise<string> {
  await expect
    .poll(async () => (await told(person)).length, { timeout: 20_000 })
    .toBeGreaterThan(after)
  return (await told(person))[after]!
}

async function redeem(mode: Mode, path: string, response: string): Promise<Finding> {
  const { secret } = stage.sites[mode]
  const { finding } = await verify(stage.service.url, { secret, response }, path)
  expect(finding.success, JSON.stringify(finding)).toBe(true)
  return finding
}

const press = ({ page }: Person, name: string) => page.getByRole('button', { name }).click()

describe('react-google-recaptcha', () => {
  it('shows the box in its language, gives the token, and another one after a reset', async () => {
    const person = await client('checkbox', 'react-google-recaptcha.jsx')
    await person.page.locator('one-captcha [lang=de]').waitFor({ state: 'attached' })
    await person.tick()
    const token = await next(person)
    await press(person, 'Value')
    expect(await next(person, 1)).toBe(token)
    await redeem('checkbox', '/recaptcha/api/siteverify', token)
    await press(person, 'Reset')
    await person.tick()
    const second = await next(person, 2)
    expect(second).not.toBe(token)
  })

  it('gets a token without a box', async () => {
    const person = await client('invisible', 'react-google-recaptcha-invisible.jsx')
    await press(person, 'Send')
    const token = await next(person)
    await redeem('invisible', '/recaptcha/api/siteverify', token)
    await press(person, 'Send')
    expect(await next(person, 1)).not.toBe(token)
  })
})

describe('react-google-recaptcha-v3', () => {
  it.each(['', '?enterprise'])('gets a token of its action for each call%s', async (query) => {
    const person = await client('invisible', 'react-google-recaptcha-v3.jsx', query)
    await press(person, 'Send')
    const first = await next(person)
    const finding = await redeem('invisible', '/recaptcha/api/siteverify', first)
    expect([finding.action, finding.score]).toEqual(['login', 0.9])
    await press(person, 'Send')
    const second = await next(person, 1)
    expect(second).not.toBe(first)
    await redeem('invisible', '/recaptcha/api/siteverify', second)
  })
})

describe.each([
  ['@hcaptcha/react-hcaptcha', 'react-hcaptcha.jsx'],
  ['@hcaptcha/vue3-hcaptcha', 'vue3-hcaptcha.js'],
])('%s', (_, file) => {
  it('shows the box and gives the token', async () => {
    const person = await client('checkbox', file)
    await person.tick()
    await redeem('checkbox', '/hcaptcha/siteverify', await next(person))
  })
})

describe('@hcaptcha/react-hcaptcha', () => {
  it('tells of the puzzle that opens and closes, and why a call of it fails', async () => {
    const person = await client('puzzle', 'react-hcaptcha.jsx')
    await person.box.waitFor()
    await press(person, 'Execute')
    const gap = await person.puzzle()
    expect(await next(person)).toBe('opened')
    await person.drag(gap)
    await expect.poll(() => told(person)).toContain('closed')
    const lines = await told(person)
    const done = lines.find((line) => line.endsWith(' true'))!
    await redeem('puzzle', '/siteverify', done.split(' ')[0]!)
  })
})

describe('@marsidev/react-turnstile', () => {
  it('gets a token by itself, with its action and data', async () => {
    const person = await client('checkbox', 'react-turnstile.jsx')
    const token = await next(person)
    await press(person, 'Value')
    expect(await next(person, 1)).toBe(token)
    const finding = await redeem('checkbox', '/turnstile/v0/siteverify', token)
    expect([finding.action, finding.cdata]).toEqual(['pay', 'order-7'])
    await press(person, 'Reset')
    expect(await next(person, 2)).not.toBe(token)
  })

  it('waits for its call where it is told to, and for a person where one is needed', async () => {
    const person = await client('checkbox', 'react-turnstile.jsx', '?execute')
    await person.page.locator('one-captcha .root').waitFor({ state: 'attached' })
    await press(person, 'Execute')
    await redeem('checkbox', '/turnstile/v0/siteverify', await next(person))

    const other = await client('puzzle', 'react-turnstile.jsx')
    await other.sees('idle')
    await other.tick()
    await other.drag(await other.puzzle())
    await redeem('puzzle', '/turnstile/v0/siteverify', await next(other))
  })
})

describe('ng-recaptcha-2', () => {
  it('shows the box and gives the token', async () => {
    const person = await client('checkbox', 'ng-recaptcha-2.js')
    await person.tick()
    await redeem('checkbox', '/recaptcha/api/siteverify', await next(person))
  })
})

/** As each vendor's quick start has it: a script, a container, a form. */
const FORM = (inside: string) =>
  `<form method="post" action="/join">${inside}<button id="send">Join</button></form>`
const script = (src: string) => `<script src="${src}" async defer></script>`
const NAMED = `<script>
  function say(what) { document.getElementById('told').textContent += what + '\\n' }
  function passed(token) { say(token) }
  function failed(code) { say('failed ' + code) }
</script>`

/** What the form would send under a name. */
const field = (person: Person, name: string, nth = 0) =>
  person.page.locator(`form [name="${name}"]`).nth(nth).inputValue()

describe('plain HTML', () => {
  it('of reCAPTCHA 2 shows its box, calls back, and fills its field', async () => {
    const { sitekey } = stage.sites.checkbox
    const body = `${NAMED}${FORM(`<div class="g-recaptcha" data-sitekey="${sitekey}" data-callback="passed"></div>`)}`
    const person = await open('checkbox', body + script('https://www.google.com/recaptcha/api.js'))
    await person.tick()
    const token = await next(person)
    expect(await field(person, 'g-recaptcha-response')).toBe(token)
    expect(await person.page.locator('#g-recaptcha-response').count()).toBe(1)
    await person.page.evaluate(() => document.querySelector('form')!.reset())
    expect(await field(person, 'g-recaptcha-response')).toBe('')
    await redeem('checkbox', '/recaptcha/api/siteverify', token)
  })

  it('of the invisible reCAPTCHA takes the press of a button for the tick', async () => {
    const { sitekey } = stage.sites.invisible
    const button = `<button class="g-recaptcha" data-sitekey="${sitekey}" data-callback="passed" data-action="send">Go</button>`
    const person = await open(
      'invisible',
      NAMED + FORM(button) + script('https://www.google.com/recaptcha/api.js'),
    )
    await person.page.locator('one-captcha .root').waitFor({ state: 'attached' })
    await press(person, 'Go')
    const finding = await redeem('invisible', '/recaptcha/api/siteverify', await next(person))
    expect(finding.action).toBe('send')
  })

  it('of hCaptcha fills both of its fields, and answers reCAPTCHA’s calls', async () => {
    const { sitekey } = stage.sites.checkbox
    const person = await open(
      'checkbox',
      `${NAMED}${FORM(`<div class="h-captcha" data-sitekey="${sitekey}" data-callback="passed" data-theme="dark"></div>`)}${script('https://js.hcaptcha.com/1/api.js')}`,
    )
    await person.tick()
    const token = await next(person)
    for (const name of ['h-captcha-response', 'g-recaptcha-response'])
      expect(await field(person, name)).toBe(token)
    const heard = await person.page.evaluate(() => {
      const { grecaptcha } = window as unknown as { grecaptcha: { getResponse(): string } }
      return grecaptcha.getResponse()
    })
    expect(heard).toBe(token)
    await redeem('checkbox', '/siteverify', token)
  })

  it('of the invisible hCaptcha takes the press of a button for the tick', async () => {
    const { sitekey } = stage.sites.puzzle
    const button = `<button class="h-captcha" data-sitekey="${sitekey}" data-callback="passed">Go</button>`
    const person = await open(
      'puzzle',
      NAMED + FORM(button) + script('https://js.hcaptcha.com/1/api.js'),
    )
    await person.page.locator('one-captcha .root').waitFor({ state: 'attached' })
    expect(await person.box.isVisible()).toBe(false)
    await press(person, 'Go')
    const gap = await person.puzzle()
    // As theirs does, over the page.
    expect(
      await person.widget.locator('dialog').evaluate((dialog) => dialog.matches(':modal')),
    ).toBe(true)
    await person.drag(gap)
    const token = await next(person)
    for (const name of ['h-captcha-response', 'g-recaptcha-response'])
      expect(await field(person, name)).toBe(token)
    await redeem('puzzle', '/siteverify', token)
  })

  it.each([
    ['interaction-only', ''],
    ['execute', 'data-execution="execute"'],
  ])(
    'of Turnstile shows nothing before it must, where its appearance is %s',
    async (appearance, more) => {
      const { sitekey } = stage.sites.puzzle
      const place = `<div class="cf-turnstile" data-sitekey="${sitekey}" data-callback="passed" data-appearance="${appearance}" ${more}></div>`
      const person = await open(
        'puzzle',
        NAMED + FORM(place) + script('https://challenges.cloudflare.com/turnstile/v0/api.js'),
      )
      await person.page.locator('one-captcha .root').waitFor({ state: 'attached' })
      expect(await person.box.isVisible()).toBe(false)
      if (more) {
        expect(person.asked('/v1/challenges')).toBe(0)
        // biome-ignore lint/suspicious/noExplicitAny: the vendor's global
        await person.page.evaluate(() => (window as any).turnstile.execute('.cf-turnstile'))
        await person.box.waitFor()
      }
      await person.drag(await person.puzzle())
      await redeem('puzzle', '/turnstile/v0/siteverify', await next(person))
    },
  )

  it('of Turnstile counts a token as expired until there is another', async () => {
    const { sitekey } = stage.sites.checkbox
    const place = `<div class="cf-turnstile" data-sitekey="${sitekey}" data-callback="passed" data-expired-callback="ended"></div>`
    const ended = `<script>function ended() { setTimeout(() => say('expired ' + turnstile.isExpired())) }</script>`
    const address = 'https://challenges.cloudflare.com/turnstile/v0/api.js'
    const person = await open(
      'checkbox',
      NAMED + ended + FORM(place) + script(address),
      '',
      (page) => page.clock.install(),
    )
    const first = await next(person)
    const isExpired = () =>
      // biome-ignore lint/suspicious/noExplicitAny: the vendor's global
      person.page.evaluate(() => (window as any).turnstile.isExpired())
    expect(await isExpired()).toBe(false)
    await person.page.clock.fastForward(600_000)
    expect(await next(person, 1)).toBe('expired true')
    expect(await next(person, 2)).not.toBe(first)
    expect(await isExpired()).toBe(false)
  })

  it('of Turnstile needs no tick, and names its field as it is told', async () => {
    const { sitekey } = stage.sites.checkbox
    const person = await open(
      'checkbox',
      `${NAMED}${FORM(`<div class="cf-turnstile" data-sitekey="${sitekey}" data-callback="passed" data-action="join" data-cdata="7" data-response-field-name="proof"></div>`)}${script('https://challenges.cloudflare.com/turnstile/v0/api.js')}`,
    )
    const token = await next(person)
    expect(await field(person, 'proof')).toBe(token)
    const finding = await redeem('checkbox', '/turnstile/v0/siteverify', token)
    expect([finding.action, finding.cdata]).toEqual(['join', '7'])
  })

  it('is told in each vendor’s words that a key or a host is wrong, and that nobody answers', async () => {
    const wrong = 'ock_wrong'
    const turnstile = (attributes: string) =>
      `${NAMED}<div class="cf-turnstile" data-error-callback="failed" ${attributes}></div>${script('https://challenges.cloudflare.com/turnstile/v0/api.js')}`
    const person = await open('checkbox', turnstile(`data-sitekey="${wrong}"`))
    expect(await next(person)).toBe('failed 110100')
    const elsewhere = stage.sites.puzzle.sitekey
    const other = await open('checkbox', turnstile(`data-sitekey="${elsewhere}"`))
    expect(await next(other)).toBe('failed 110200')
    const third = await open(
      'checkbox',
      `${NAMED}<div class="h-captcha" data-sitekey="${wrong}" data-error-callback="failed"></div>${script('https://js.hcaptcha.com/1/api.js')}`,
    )
    await third.tick()
    expect(await next(third)).toBe('failed invalid-data')
  })

  it.each([
    ['1x00000000000000000000AA', '1x0000000000000000000000000000000AA', true],
    ['1x00000000000000000000AA', '2x0000000000000000000000000000000AA', false],
  ])(
    'under Turnstile’s test key %s passes by itself, and is judged as secret %s says',
    async (sitekey, secret, good) => {
      const person = await open(
        'checkbox',
        `${NAMED}<div class="cf-turnstile" data-sitekey="${sitekey}" data-callback="passed"></div>${script('https://challenges.cloudflare.com/turnstile/v0/api.js')}`,
      )
      const response = await next(person)
      const { finding } = await verify(
        stage.service.url,
        { secret, response },
        '/turnstile/v0/siteverify',
      )
      expect(finding.success).toBe(good)
    },
  )
})

describe('ten widgets of four kinds on one page', () => {
  const SCRIPTS = [
    'https://www.google.com/recaptcha/api.js?render=explicit',
    'https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off',
    'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
  ]

  it('each give a token of their own', async () => {
    const { sitekey } = stage.sites.checkbox
    const places = Array.from({ length: 9 }, (_, i) => `<div id="p${i}"></div>`).join('')
    const ours = `<one-captcha sitekey="${sitekey}"></one-captcha>`
    const own = `<script src="${stage.service.url}/v1/widget.js" async></script>`
    const person = await open('checkbox', places + ours + own + SCRIPTS.map(script).join(''))
    const { page } = person
    await page.waitForFunction(
      () => 'grecaptcha' in window && 'hcaptcha' in window && 'turnstile' in window,
    )
    await page.evaluate((sitekey) => {
      // biome-ignore lint/suspicious/noExplicitAny: the vendors' globals
      const { grecaptcha, hcaptcha, turnstile } = window as any
      ;[grecaptcha, hcaptcha, turnstile].forEach((vendor, kind) => {
        for (let i = 0; i < 3; i++) vendor.render(`p${3 * kind + i}`, { sitekey })
      })
    }, sitekey)
    const boxes = page.locator('one-captcha').getByRole('checkbox')
    await expect.poll(() => boxes.count()).toBe(10)
    // Those of Turnstile tick themselves.
    for (const i of [0, 1, 2, 3, 4, 5, 9]) await boxes.nth(i).click()
    await expect
      .poll(() => page.locator('one-captcha .root.success').count(), { timeout: 60_000 })
      .toBe(10)
    const tokens = await page
      .locator('one-captcha')
      .evaluateAll((elements) =>
        elements.map((element) => (element as unknown as { getResponse(): string }).getResponse()),
      )
    expect(new Set(tokens.filter(Boolean)).size).toBe(10)
  })

  it('may be removed and rendered again a hundred times, and nothing of them stays', async () => {
    const { sitekey } = stage.sites.checkbox
    const person = await open('checkbox', `<div id="place"></div>${script(SCRIPTS[2]!)}`)
    const { page } = person
    await page.waitForFunction(() => 'turnstile' in window)
    const round = (times: number) =>
      page.evaluate(
        async ([sitekey, times]) => {
          // biome-ignore lint/suspicious/noExplicitAny: the vendor's global
          const { turnstile } = window as any
          for (let i = 0; i < Number(times); i++) {
            const id = turnstile.render('#place', { sitekey, execution: 'execute' })
            const element = document.querySelector('one-captcha')!
            await new Promise((resolve) =>
              element.addEventListener('ready', resolve, { once: true }),
            )
            turnstile.remove(id)
          }
        },
        [sitekey, times] as const,
      )
    const session = await page.context().newCDPSession(page)
    const elements = async () => {
      await session.send('HeapProfiler.collectGarbage')
      const { nodes } = await session.send('Memory.getDOMCounters')
      return nodes
    }
    await round(5)
    const before = await elements()
    await round(100)
    const after = await elements()
    expect(after - before).toBeLessThan(100)
    expect(await page.locator('#place').evaluate((place) => place.childElementCount)).toBe(0)
  })
})
