import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from './person.ts'
import { form, type Site, serveSite } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let site: Site
/** A site that is not registered, and would like to be let in. */
let evil: Site

beforeAll(async () => {
  stage = await openStage()
  site = stage.sites.puzzle
  evil = await serveSite(stage.service.url, site, 'evil.localhost')
})
afterAll(async () => {
  await evil?.stop()
  await stage?.close()
})

/** A script that tells every window it can reach, again and again, that all is solved. */
const SHOUT = `<script>
  const forged = [0, 1, null, 'solved', 'AAAA', { solved: true }, { token: 'forged' }, { proof: 'AAAA' },
    { type: 'token', token: 'forged' }, { type: 'verified', token: 'forged' }, { phase: 'success' }]
  const reach = (top) => [top, ...Array.from({ length: top.length }, (_, i) => top[i])]
  setInterval(() => {
    for (const root of [parent, top, opener].filter(Boolean))
      for (const target of reach(root)) {
        if (target === self) continue
        for (const message of forged) {
          target.postMessage(message, '*')
          target.postMessage(message, '*', [new MessageChannel().port2])
        }
      }
  }, 5)
</script>`

async function solves(person: Person) {
  await person.tick()
  await person.drag(await person.puzzle())
  await person.sees('success')
  await stage.join(person, site)
}

/** Counts what a page hears, so that a test knows that the shouting goes on. */
const HEAR = `<script>var heard = 0; addEventListener('message', () => heard++)</script>`
const heard = ({ page }: Person) =>
  page.waitForFunction(() => (window as unknown as { heard: number }).heard > 200)

async function isUnmoved(person: Person) {
  await person.sees('idle')
  expect(await person.token()).toBe('')
  expect(await person.box.isChecked()).toBe(false)
}

describe('a forged message that all is solved', () => {
  it('does nothing when it comes from a frame of the page', async () => {
    const frame = evil.page(SHOUT, { script: false })
    const body = `${HEAR}${form(site.sitekey)}<iframe src="${frame}"></iframe>`
    const person = await stage.visit(site.page(body), { origins: [evil.origin] })
    await heard(person)
    await isUnmoved(person)
    await solves(person)
  })

  it('does nothing when it comes from the window that opened the page', async () => {
    const url = site.page(HEAR + form(site.sitekey))
    const opener = `<button onclick="victim = window.open('${url}')">Open</button>
      <script>setInterval(() => globalThis.victim?.postMessage({ token: 'forged' }, '*'), 1)</script>`
    const person = await stage.visit(evil.page(opener, { script: false }))
    const [popup] = await Promise.all([
      person.page.waitForEvent('popup'),
      person.page.getByText('Open').click(),
    ])
    const box = popup.getByRole('checkbox')
    await box.waitFor()
    await popup.waitForFunction(() => (window as unknown as { heard: number }).heard > 200)
    expect(await box.isChecked()).toBe(false)
    expect(await popup.locator('[name=one-captcha-response]').inputValue()).toBe('')
  })

  it('does nothing when it comes from the page that frames it', async () => {
    const inner = site.page(form(site.sitekey))
    const shout = `<iframe src="${inner}"></iframe><script>setInterval(() => {
      frames[0].postMessage({ token: 'forged' }, '*'); frames[0].postMessage('solved', '*') }, 1)</script>`
    const url = evil.page(shout, { script: false })
    const { page } = await stage.visit(url, { origins: [site.origin] })
    const frame = page.frameLocator('iframe')
    await frame.getByRole('checkbox').waitFor()
    expect(await frame.getByRole('checkbox').isChecked()).toBe(false)
    expect(await frame.locator('[name=one-captcha-response]').inputValue()).toBe('')
  })
})

describe('a page of a host that is not the site’s', () => {
  it('gets no token for the site’s key, and its visitor a kind word', async () => {
    const person = await stage.visit(evil.page(form(site.sitekey)))
    await person.tick()
    await person.widget.getByText('This page is not set up for it yet.').waitFor()
    expect(await person.token()).toBe('')
    expect(person.asked('/v1/solutions')).toBe(0)
  })

  it('gets none in a frame either', async () => {
    const inner = evil.page(form(site.sitekey))
    const outer = site.page(`<iframe src="${inner}"></iframe>`, { script: false })
    const { page } = await stage.visit(outer, { origins: [evil.origin] })
    const frame = page.frameLocator('iframe')
    await frame.getByRole('checkbox').click()
    await frame.getByText('This page is not set up for it yet.').waitFor()
    expect(await frame.locator('[name=one-captcha-response]').inputValue()).toBe('')
  })

  it('cannot show the service’s own pages in a frame', async () => {
    const url = evil.page(`<iframe src="${stage.service.url}/demo"></iframe>`, { script: false })
    const { page } = await stage.visit(url)
    const frame = page.frames()[1]!
    await expect.poll(() => frame.url()).toContain('chrome-error')
    expect(await page.frameLocator('iframe').getByRole('checkbox').count()).toBe(0)
  })

  it('finds no callback to smuggle a script in by', async () => {
    const { page } = await stage.visit(evil.page('', { script: false }))
    const text = await page.evaluate(async (service) => {
      const reply = await fetch(`${service}/v1/widget.js?callback=alert&onload=alert`)
      return reply.text()
    }, stage.service.url)
    expect(text).not.toContain('alert')
  })
})

describe('a page that', () => {
  it('clobbers names of the window and the document is met all the same', async () => {
    // Whoever takes `createElement` away leaves no script of the page working, ours among them.
    const names = [
      ...['oneCaptcha', 'one-captcha', 'one-captcha-response', 'customElements', 'currentScript'],
      ...['querySelector', 'querySelectorAll', 'navigator', 'location', 'self', 'origin', 'top'],
      ...['crypto', 'fetch', 'body', 'head', 'forms', 'scripts', 'trustedTypes', 'parent'],
      ...['hidden', 'activeElement', 'documentElement'],
    ]
    const clobber = names
      .map((name) => `<form name="${name}"></form><img name="${name}" alt=""><a id="${name}"></a>`)
      .join('')
    const fields = [
      'submit',
      'requestSubmit',
      'elements',
      'contains',
      'addEventListener',
      'matches',
    ]
    const inputs = fields.map((name) => `<input type="hidden" name="${name}">`).join('')
    const body = clobber + form(site.sitekey, '', inputs)
    await solves(await stage.visit(site.page(body)))
  })

  it('clobbers its form’s own functions is met without a box too', async () => {
    const inputs = `<input type="hidden" name="requestSubmit"><input type="hidden" name="submit">
      <input type="hidden" name="addEventListener">`
    const { invisible } = stage.sites
    const body = form(invisible.sitekey, 'size="invisible"', inputs)
    const person = await stage.visit(invisible.page(body))
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    await stage.join(person, invisible)
  })

  it('clobbers where a widget of its own goes gets a token by a call all the same', async () => {
    // With what a form would be asked of in their place.
    const names = ['body', 'activeElement', 'hidden', 'documentElement']
    const forms = names
      .map((name) => {
        const inputs = ['append', 'appendChild', 'matches', 'focus', 'shadowRoot', 'localName']
          .map((field) => `<input type="hidden" name="${field}">`)
          .join('')
        return `<form name="${name}">${inputs}</form>`
      })
      .join('')
    const person = await stage.visit(site.page(`${forms}<button>Stay</button>`))
    await person.page.waitForFunction(() => 'oneCaptcha' in window)
    await person.page.getByRole('button', { name: 'Stay' }).focus()
    const token = person.page.evaluate(
      (sitekey) =>
        new Promise((resolve, reject) => {
          // biome-ignore lint/suspicious/noExplicitAny: the global of the page
          const { oneCaptcha } = window as any
          oneCaptcha.ready(() => oneCaptcha.execute({ sitekey }).then(resolve, reject))
        }),
      site.sitekey,
    )
    const gap = await person.puzzle()
    expect(await person.page.locator('form one-captcha').count()).toBe(0)
    await person.drag(gap)
    expect(await token).toMatch(/./)
  })

  it('clobbers what has the focus has its form held and sent, in whatever mode', async () => {
    const forms = `<form name="activeElement"><input type="hidden" name="focus">
      <input type="hidden" name="matches"></form><img name="hidden" alt="">`
    const attributes = 'appearance="interaction-only" start="load"'
    const person = await stage.visit(site.page(forms + form(site.sitekey, attributes)))
    await person.drag(await person.puzzle())
    await person.sees('success')
    await stage.join(person, site)
  })

  it.each([
    ['an element', (links: string) => form('ock_any', links)],
    [
      'a container',
      (links: string) =>
        `<div class="one-captcha" data-sitekey="ock_any" ${links.replace(/(privacy|terms)=/g, 'data-$1=')}></div>`,
    ],
  ])('has %s lead to scripts shows no such link', async (_, body) => {
    const shown = async (privacy: string, terms: string) => {
      const { page, box, widget } = await stage.visit(
        site.page(body(`privacy="${privacy}" terms="${terms}"`)),
      )
      await box.waitFor()
      const links = await widget
        .locator('a')
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
      await page.close()
      return links
    }
    expect(await shown(' JAVA&#10;SCRIPT:alert(1)', 'data:text/html,x')).toEqual([])
    expect(await shown('', 'javascript:alert(1)')).toEqual([])
    expect(await shown('/ours?a=1', 'https://example.org/terms')).toEqual([
      `${site.origin}/ours?a=1`,
      'https://example.org/terms',
    ])
  })

  it('pollutes what all objects inherit gets no other token than a real one', async () => {
    const person = await stage.visit(site.page(form(site.sitekey)), {}, (page) =>
      page.addInitScript(() => {
        const forged = {
          token: 'forged',
          error: { code: 'forged' },
          test: true,
        }
        Object.assign(Object.prototype, forged, {
          reason: 'forged',
          sitekey: 'forged',
          kind: 'pow',
        })
      }),
    )
    await solves(person)
  })

  it('styles everything it can reach leaves the widget as it is', async () => {
    const boxes = ['.control', '.words', '.about', 'label', '.mark']
    const tools = ['.picture', '.rail', '.handle', '.check', '.tools', 'h2']
    const sizes = (person: Person, parts: string[]) =>
      Promise.all(
        parts.map(async (part) => {
          const { width, height } = (await person.widget.locator(part).first().boundingBox())!
          return [part, Math.round(width), Math.round(height)]
        }),
      )
    const calm = await stage.visit(site.page(form(site.sitekey)))
    const wild = await stage.visit(
      site.page(form(site.sitekey), {
        head: `<style>
          * { all: unset; font: italic 60px/4 fantasy !important; letter-spacing: 1em !important;
            text-transform: uppercase !important; color: red !important; direction: rtl !important;
            writing-mode: vertical-rl !important; visibility: visible !important; opacity: 1 !important;
            white-space: pre !important; word-spacing: 50px !important; text-align: right !important;
            pointer-events: none; cursor: wait !important; user-select: all !important }
          html, body, main, form, button, input { display: block !important; pointer-events: auto }
          head, style, script, title, meta { display: none !important }
          one-captcha { position: fixed !important; top: 300px; left: 20px; pointer-events: auto }
          one-captcha *, one-captcha > * { display: none !important; position: fixed !important }
          div, span, svg, label, a, h2, p, section { display: none !important }</style>`,
      }),
    )
    expect(await sizes(wild, boxes)).toEqual(await sizes(calm, boxes))
    await calm.tick()
    await wild.tick()
    const gap = await wild.puzzle()
    await calm.puzzle()
    expect(await sizes(wild, tools)).toEqual(await sizes(calm, tools))
    await wild.drag(gap)
    await wild.sees('success')
  })
})
