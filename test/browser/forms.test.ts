import type { Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { type Backend, documentOf, openBackend } from './forms-backend.ts'
import type { Person } from './person.ts'
import { slowly } from './slowly.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
/** Of a site whose visitors are asked for work alone, and of one that always has a puzzle. */
let site: Backend
let puzzles: Backend

beforeAll(async () => {
  stage = await openStage()
  site = await openBackend(stage.service.url, stage.sites.checkbox)
  puzzles = await openBackend(stage.service.url, stage.sites.puzzle)
})
afterAll(async () => {
  await site?.stop()
  await puzzles?.stop()
  await stage?.close()
})
beforeEach(() => {
  site.sent.length = 0
  puzzles.sent.length = 0
})

const widget = (attributes = '', of = 'checkbox' as 'checkbox' | 'puzzle') =>
  `<one-captcha sitekey="${stage.sites[of].sitekey}" ${attributes}></one-captcha>`

interface FormOptions {
  /** The widget's attributes. */
  attributes?: string
  /** What else is in the form. */
  more?: string
  /** The form's attributes. */
  form?: string
}

const formOf = ({ attributes = '', more = '<button>Join</button>', form = '' }: FormOptions = {}) =>
  `<form method="post" action="/join" ${form}><label>Name <input name="who" value="Ada"></label>
    ${widget(attributes)}${more}</form>`

/** Keeps what a page's own scripts have seen. */
const HEARD = `<script>var heard = []</script>`
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)

async function visit(url: string, prepare?: (page: Page) => Promise<unknown>): Promise<Person> {
  const person = await stage.visit(url, {}, prepare)
  await alive(person)
  return person
}

const alive = ({ widget }: Person) => widget.locator('.root').waitFor({ state: 'attached' })
const press = ({ page }: Person, name = 'Join') => page.getByRole('button', { name }).click()
const welcomed = ({ page }: Person) => page.getByText('Welcome').waitFor()
const verdicts = () => [...site.sent, ...puzzles.sent].map(({ verdicts }) => verdicts.join())
const arrived = (count: number) =>
  until(() => site.sent.length + puzzles.sent.length >= count, `${count} forms have arrived`)

describe('a form whose box was not ticked', () => {
  it('is held by the press of its button, and goes with that button’s name and address', async () => {
    const more = `<button>Join</button>
      <button name="how" value="later" formaction="/later" formmethod="post" formnovalidate>Later</button>
      <input name="must" required>`
    const person = await visit(site.page(formOf({ more })))
    await press(person, 'Later')
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    const [{ path, fields }] = site.sent as [(typeof site.sent)[0]]
    expect([path, fields.get('how'), fields.get('who')]).toEqual(['/later', 'later', 'Ada'])
  })

  it('is held by Enter in a field', async () => {
    const more = '<button name="by" value="first">Join</button>'
    const person = await visit(site.page(formOf({ more })))
    await person.page.getByLabel('Name').fill('Grace')
    await person.page.keyboard.press('Enter')
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    expect(site.sent[0]!.fields.get('by')).toBe('first')
    expect(site.sent[0]!.fields.get('who')).toBe('Grace')
  })

  it('is held where its page asks for it to be sent, also by a button outside', async () => {
    const more = '<button id="by" name="by" value="script" hidden>Join</button>'
    const body = `${formOf({ more, form: 'id="f"' })}<button form="f" name="by" value="outside">Outside</button>
      <button type="button" onclick="f.requestSubmit(by)">Script</button>`
    for (const name of ['Outside', 'Script']) {
      const person = await visit(site.page(body))
      await press(person, name)
      await welcomed(person)
    }
    expect(verdicts()).toEqual(['good', 'good'])
    expect(site.sent.map(({ fields }) => fields.get('by'))).toEqual(['outside', 'script'])
  })

  it('is looked at by the browser first, which troubles nobody for what cannot go', async () => {
    const more = '<input name="mail" type="email" value="nonsense"><button>Join</button>'
    const person = await visit(site.page(formOf({ more })))
    await press(person)
    await person.sees('idle')
    await person.page.locator('[name=mail]').fill('ada@example.org')
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })

  it('is looked at again before it goes: what was typed meanwhile counts', async () => {
    const more = '<input name="mail" type="email" required value="a@b.c"><button>Join</button>'
    let go = () => {}
    const person = await visit(site.page(formOf({ more })), async (page) => {
      go = await slowly(page)
    })
    await press(person)
    await person.page.locator('[name=mail]').fill('')
    go()
    await person.sees('success')
    expect(site.sent).toEqual([])
    await person.page.locator('[name=mail]').fill('c@d.e')
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    expect(site.sent[0]!.fields.get('mail')).toBe('c@d.e')
  })

  it('opens the puzzle, goes when that is solved, and gives the focus back if it is closed', async () => {
    const body = `<form method="post" action="/join">${widget('', 'puzzle')}<button>Join</button></form>`
    const person = await visit(puzzles.page(body))
    const button = person.page.getByRole('button', { name: 'Join' })
    await button.focus()
    await person.page.keyboard.press('Enter')
    const gap = await person.puzzle()
    await person.page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    await until(() => button.evaluate((one) => one.matches(':focus')), 'the button has the focus')
    expect(puzzles.sent).toEqual([])
    await person.page.keyboard.press('Enter')
    await person.sees('puzzle')
    await person.drag(gap)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })

  it('waits for a tick by hand where that is required', async () => {
    const person = await visit(site.page(formOf({ attributes: 'required' })))
    await press(person)
    expect(await person.box.evaluate((box) => box.matches(':focus'))).toBe(true)
    await person.sees('idle')
    await person.tick()
    await person.sees('success')
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })

  it('goes as it is with the guard off, and when the widget is part of what is disabled', async () => {
    const person = await visit(site.page(formOf({ attributes: 'guard="off"' })))
    await press(person)
    await welcomed(person)
    const set = `<form method="post" action="/join"><fieldset disabled>${widget()}</fieldset><button>Join</button></form>`
    const other = await visit(site.page(set))
    await press(other)
    await welcomed(other)
    expect(verdicts()).toEqual(['token-missing', ''])
  })
})

describe('a hasty visitor', () => {
  it.each([
    ['a box', ''],
    ['none', 'size="invisible"'],
  ])(
    'who presses again and again while the form is held sends it once: %s',
    async (_, attributes) => {
      let go = () => {}
      const url = site.page(formOf({ attributes }))
      const person = await visit(url, async (page) => {
        go = await slowly(page)
      })
      for (let i = 0; i < 5; i++) await press(person)
      await person.page.getByLabel('Name').press('Enter')
      go()
      await welcomed(person)
      expect(verdicts()).toEqual(['good'])
    },
  )

  it('who presses again while the next page is on its way sends it once', async () => {
    let release = () => {}
    site.answer('/slow', async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return {}
    })
    const url =
      site.page(`<form method="post" action="/slow">${widget()}<button>Join</button></form><script>
      addEventListener('submit', () => {
        let presses = 0
        const pressing = setInterval(() => {
          document.forms[0].requestSubmit()
          if (++presses < 20) return
          clearInterval(pressing)
          fetch('/pressed', { method: 'POST', body: new FormData() })
        }, 20)
      }, { once: true })</script>`)
    const person = await visit(url)
    await person.tick()
    await person.sees('success')
    await person.page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true })
    await arrived(2)
    expect(site.sent.map(({ path }) => path)).toEqual(['/slow', '/pressed'])
    release()
    await welcomed(person)
    expect(site.sent.length).toBe(2)
  })

  it('who ticks and presses at once gets one token for both', async () => {
    let go = () => {}
    const opened = new Promise<void>((resolve) => {
      go = resolve
    })
    const person = await visit(site.page(formOf()), (page) =>
      page.route('**/hold.js', async (route) => {
        await opened
        await route.continue()
      }),
    )
    await person.tick()
    await press(person)
    await person.sees('success')
    const solved = person.asked('/v1/solutions')
    go()
    await welcomed(person)
    expect(person.asked('/v1/solutions')).toBe(solved)
    expect(verdicts()).toEqual(['good'])
  })

  it('who double-clicks a button that may go at once sends it once', async () => {
    const person = await visit(site.page(formOf()))
    await person.tick()
    await person.sees('success')
    await person.page.getByRole('button', { name: 'Join' }).dblclick({ noWaitAfter: true })
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })
})

describe('a token is sent once', () => {
  const FETCH = (how = '', options = '') => `${HEARD}<script>
    document.forms[0].addEventListener('submit', async (event) => {
      heard.push(document.querySelector('[name=one-captcha-response]').value.length > 40)
      event.preventDefault()
      ${how}
      const { form = document.forms[0] } = {}
      await fetch('/json', { method: 'POST', body: new FormData(form, event.submitter) })
    }${options})</script>`

  it.each([
    ['as it bubbles', ''],
    ['as it comes down', ', true'],
  ])('where the page sends it and hears of it %s', async (_, options) => {
    const more = '<button name="by" value="Join">Join</button>'
    const person = await visit(site.page(formOf({ more }) + FETCH('', options)))
    for (let count = 1; count <= 3; count++) {
      await press(person)
      await arrived(count)
    }
    expect(verdicts()).toEqual(['good', 'good', 'good'])
    expect(site.sent.map(({ fields }) => fields.get('by'))).toEqual(['Join', 'Join', 'Join'])
    expect(await heard(person.page)).toEqual([true, true, true])
    expect(await person.page.getByLabel('Name').inputValue()).toBe('Ada')
  })

  it('also where the page takes its time before it reads the form, or asks for the token itself', async () => {
    const later = await visit(
      site.page(formOf() + FETCH('await new Promise((r) => setTimeout(r, 50))')),
    )
    for (const count of [1, 2]) {
      await press(later)
      await arrived(count)
    }
    const asks = `<script>document.forms[0].addEventListener('submit', async (event) => {
      event.preventDefault()
      const body = new URLSearchParams({ 'one-captcha-response': await document.querySelector('one-captcha').execute() })
      await fetch('/json', { method: 'POST', body })
    })</script>`
    const caller = await visit(site.page(formOf() + asks))
    for (const count of [3, 4]) {
      await press(caller)
      await arrived(count)
    }
    expect(verdicts()).toEqual(['good', 'good', 'good', 'good'])
  })

  it('and is kept by a form that the page itself stopped before it was read', async () => {
    const stop = `${HEARD}<script>document.forms[0].addEventListener('submit', (event) => {
      heard.push(document.querySelector('one-captcha').getResponse())
      if (document.forms[0].elements.who.value === 'Ada') event.preventDefault()
    })</script>`
    const person = await visit(site.page(formOf() + stop))
    await press(person)
    await until(async () => (await heard(person.page)).length === 1, 'the page has stopped it')
    const solved = person.asked('/v1/solutions')
    await press(person)
    await until(
      async () => (await heard(person.page)).length === 2,
      'the page has stopped it again',
    )
    const [first, second] = await heard(person.page)
    expect(second).toBe(first)
    await person.page.getByLabel('Name').fill('Grace')
    await press(person)
    await welcomed(person)
    expect(person.asked('/v1/solutions')).toBe(solved)
    expect(verdicts()).toEqual(['good'])
    expect(site.sent[0]!.fields.get('one-captcha-response')).toBe(first)
  })

  it('also with a required box, which is not to be ticked again', async () => {
    const person = await visit(site.page(formOf({ attributes: 'required' }) + FETCH()))
    await person.tick()
    await person.sees('success')
    for (const count of [1, 2]) {
      await press(person)
      await arrived(count)
    }
    expect(verdicts()).toEqual(['good', 'good'])
  })

  it.each([
    ['brings a download', '/file', ''],
    ['goes to a frame', '/join', 'target="frame"'],
    ['opens a window', '/join', 'target="_blank"'],
  ])('where a form %s, and can go again', async (_, path, target) => {
    site.answer('/file', () => ({
      headers: { 'content-disposition': 'attachment; filename="a.txt"' },
      body: 'text',
    }))
    const form = `<form method="post" action="${path}" ${target}>${widget()}<button>Join</button></form>`
    const person = await visit(site.page(`${form}<iframe name="frame"></iframe>`))
    for (const count of [1, 2]) {
      await press(person)
      await arrived(count)
      // A download is known only by the page's staying.
      if (path === '/file')
        await person.page.evaluate(() => {
          const at = performance.now() + 11_000
          performance.now = () => at
        })
    }
    expect(verdicts()).toEqual(['good', 'good'])
  })

  it('by the page itself, as soon as it hears of the token', async () => {
    const send = (how: string) =>
      `<script>document.querySelector('one-captcha').addEventListener('verified', () => document.forms[0].${how}())</script>`
    for (const how of ['requestSubmit', 'submit']) {
      const person = await visit(site.page(formOf() + send(how)))
      await press(person)
      await welcomed(person)
    }
    expect(verdicts()).toEqual(['good', 'good'])
  })
})

describe('a service that cannot help', () => {
  const away = (page: Page) => page.route('**/v1/challenges', (route) => route.abort())

  it.each([
    ['a box', ''],
    ['none', 'size="invisible"'],
  ])(
    'has the form wait, says so once, and lets the next press try again: %s',
    async (_, attributes) => {
      const person = await visit(site.page(formOf({ attributes })), away)
      await person.page.getByLabel('Name').fill('Grace')
      await person.widget.evaluate((element) => {
        const said: string[] = []
        Object.assign(window, { heard: said })
        const root = element.shadowRoot!
        new MutationObserver(() => {
          const text = root.querySelector('.box [role=alert]')!.textContent!
          if (text) said.push(text)
        }).observe(root.querySelector('.box [role=alert]')!, {
          childList: true,
          characterData: true,
          subtree: true,
        })
      })
      const button = person.page.getByRole('button', { name: 'Join' })
      await button.focus()
      await person.page.keyboard.press('Enter')
      const alert = person.widget
        .getByRole('alert')
        .getByText('No answer just now. Tick to try again.')
      await alert.waitFor()
      expect(await button.evaluate((one) => one.matches(':focus'))).toBe(true)
      expect(await heard(person.page)).toEqual(['No answer just now. Tick to try again.'])
      expect(site.sent).toEqual([])
      await person.page.unroute('**/v1/challenges')
      await press(person)
      await welcomed(person)
      expect(verdicts()).toEqual(['good'])
      expect(site.sent[0]!.fields.get('who')).toBe('Grace')
    },
  )

  it.each(['', 'size="invisible"'])(
    'lets an open guard’s form go without a token: %s',
    async (size) => {
      const person = await visit(site.page(formOf({ attributes: `guard="open" ${size}` })))
      await person.page.waitForFunction(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/hold.js')),
      )
      await person.page.route(`${stage.service.url}/**`, (route) => route.abort())
      await press(person)
      await welcomed(person)
      expect(verdicts()).toEqual(['token-missing'])
    },
  )

  it('does not let an open guard’s form go because the puzzle was closed', async () => {
    const body = `<form method="post" action="/join">${widget('guard="open"', 'puzzle')}<button>Join</button></form>`
    const person = await visit(puzzles.page(body))
    await press(person)
    await person.puzzle()
    await person.page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    await press(person)
    await person.sees('puzzle')
    expect(puzzles.sent).toEqual([])
  })

  it('tells so where even what holds the form cannot be had', async () => {
    const person = await visit(site.page(formOf()))
    await person.page.route(`${stage.service.url}/**`, (route) => route.abort())
    await press(person)
    await person.widget.getByRole('alert').getByText('No answer just now.').waitFor()
    await person.page.unroute(`${stage.service.url}/**`)
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })
})

describe('a library that takes over what a page sends', () => {
  const TURBO = '<script src="/turbo.js"></script>'
  const HTMX = '<script src="/htmx.js"></script>'

  it('Turbo: a form that comes back with mistakes, and is sent again', async () => {
    const form = (who: string) =>
      `<form method="post" action="/turbo"><input name="who" value="${who}">${widget()}<button>Join</button></form>`
    site.answer('/turbo', ({ fields }) => ({
      status: 422,
      body: documentOf(stage.service.url, `${form(String(fields.get('who')))}<p>Taken</p>`, TURBO),
    }))
    const person = await visit(site.page(form('Ada'), TURBO))
    await person.page.locator('[name=who]').fill('Grace')
    for (const count of [1, 2, 3]) {
      await press(person)
      await person.page.getByText('Taken').waitFor()
      await arrived(count)
    }
    expect(verdicts()).toEqual(['good', 'good', 'good'])
    expect(site.sent.map(({ fields }) => fields.get('who'))).toEqual(['Grace', 'Grace', 'Grace'])
  })

  it('Turbo: a page that comes from its cache has one field, and not the old token', async () => {
    const other = site.page('<p>Elsewhere</p>', TURBO)
    site.answer('/kept', () => ({ status: 422, body: '<!doctype html><p>Welcome</p>' }))
    const form = formOf().replace('/join', '/kept')
    const person = await visit(site.page(`${form}<a href="${other}">Go</a>`, TURBO))
    await person.tick()
    await person.sees('success')
    const old = await person.token()
    await person.page.getByText('Go').click()
    await person.page.getByText('Elsewhere').waitFor()
    await person.page.goBack()
    await person.page.getByLabel('Name').waitFor()
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    const tokens = site.sent[0]!.fields.getAll('one-captcha-response')
    expect(tokens).toHaveLength(1)
    expect(tokens[0]).not.toBe(old)
  })

  it.each([
    ['swaps the form', 'hx-post="/swap" hx-swap="outerHTML"'],
    ['is boosted', 'hx-boost="true" action="/swap" method="post"'],
  ])('htmx: a form that %s, and is sent again', async (_, attributes) => {
    const form = (who: string) =>
      `<form ${attributes}><input name="who" value="${who}">${widget()}<button>Join</button></form>`
    site.answer('/swap', ({ fields }) => ({
      body: `${form(String(fields.get('who')))}<p>Taken ${site.sent.length}</p>`,
    }))
    const person = await visit(site.page(form('Ada'), HTMX))
    await person.page.locator('[name=who]').fill('Grace')
    for (const count of [1, 2, 3]) {
      await press(person)
      await person.page.getByText(`Taken ${count}`).waitFor()
    }
    expect(verdicts()).toEqual(['good', 'good', 'good'])
    expect(site.sent.map(({ fields }) => fields.get('who'))).toEqual(['Grace', 'Grace', 'Grace'])
  })

  it('React: a form with an action, which renders anew meanwhile', async () => {
    const { outputFiles } = await build({
      stdin: { contents: REACT, loader: 'jsx', resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      format: 'iife',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    const keys = `<script>var sitekey = '${stage.sites.checkbox.sitekey}'</script><div id="root"></div>`
    const script = outputFiles[0]!.text.replaceAll('</script', '<\\/script')
    const person = await visit(site.page(`${keys}<script>${script}</script>`))
    await person.page.getByLabel('Name').fill('Grace')
    for (const count of [1, 2]) {
      await press(person)
      await person.page.getByText(`Sent ${count}`).waitFor()
    }
    expect(verdicts()).toEqual(['good', 'good'])
    expect(site.sent.map(({ fields }) => fields.get('who'))).toEqual(['Grace', 'Grace'])
    expect(site.sent.map(({ fields }) => fields.get('by'))).toEqual(['button', 'button'])
  })
})

const REACT = `
  import { useState } from 'react'
  import { createRoot } from 'react-dom/client'
  import { OneCaptcha } from '../../sdk/src/react.ts'

  function Page() {
    const [who, setWho] = useState('')
    const [count, setCount] = useState(0)
    const [verified, setVerified] = useState(0)
    async function send(data) {
      await fetch('/json', { method: 'POST', body: data })
      setCount((before) => before + 1)
    }
    return <form action={send}>
      <label>Name <input name="who" value={who} onChange={(event) => setWho(event.target.value)} /></label>
      <OneCaptcha sitekey={sitekey} onVerified={() => setVerified(verified + 1)} />
      <button name="by" value="button">Join</button>
      <p>Sent {String(count)}</p>
    </form>
  }
  createRoot(document.getElementById('root')).render(<Page />)`

describe('a page that comes back', () => {
  it('as it was left does not send the old token again, and sends at once', async () => {
    // Elsewhere pages are not kept, as the tests' tools would rather have it.
    const browser = await openBrowser([], ['--disable-back-forward-cache'])
    try {
      site.answer('/away', () => ({
        body: `<!doctype html><title>Away</title><script>
          addEventListener('pageshow', () => setTimeout(() => history.back()))</script>`,
      }))
      const back = `<script>addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return
        document.forms[0].action = '/join'
        document.forms[0].requestSubmit()
      })</script>`
      const form = `<form method="post" action="/away">${widget()}<button>Join</button></form>`
      const page = await browser.newPage({ origins: [stage.service.url] })
      await page.goto(site.page(form + back))
      await page.locator('one-captcha .root').waitFor()
      await page.getByRole('button', { name: 'Join' }).click({ noWaitAfter: true })
      await arrived(2)
      expect(site.sent.map(({ path }) => path)).toEqual(['/away', '/join'])
      expect(verdicts()).toEqual(['good', 'good'])
    } finally {
      await browser.close()
    }
  })
})

describe('wherever a widget is', () => {
  const button = '<button>Join</button>'

  it.each([
    [
      'outside of its form',
      () => `<form id="f" method="post" action="/join">${button}</form>${widget('form="f"')}`,
    ],
    [
      'in a shadow, with its form',
      () => shadow(`<form method="post" action="/join">${widget()}${button}</form>`),
    ],
    [
      'in a shadow, within a form',
      () => `<form method="post" action="/join">${shadow(shadow(widget()))}${button}</form>`,
    ],
    [
      'in a frame',
      () =>
        `<iframe srcdoc="${documentOf(stage.service.url, formOf()).replaceAll('"', '&quot;')}"></iframe>`,
    ],
  ])('its form is held: %s', async (_, body) => {
    const person = await stage.visit(site.page(body()))
    const { page } = person
    const frame = page.frames()[1] ?? page.mainFrame()
    await frame.locator('one-captcha .root').waitFor()
    await frame.getByRole('button', { name: 'Join' }).click()
    await frame.getByText('Welcome').waitFor()
    expect(verdicts()).toEqual(['good'])
  })

  it('one of two forms is held with its own token, and a form with two widgets with both', async () => {
    const two = `<form method="post" action="/join">${widget()}${widget()}<button>Both</button></form>`
    const url = site.page(`${HEARD}${formOf()}${two}<script>
      addEventListener('submit', () => heard.push(1))</script>`)
    const person = await visit(url)
    await press(person)
    await welcomed(person)
    const other = await visit(url, (page) => page.addInitScript(() => history.pushState('', '')))
    await other.page.evaluate(() => {
      document.forms[1]!.target = '_blank'
    })
    await press(other, 'Both')
    await arrived(2)
    expect(verdicts()).toEqual(['good', 'good,good'])
    expect(await heard(other.page)).toEqual([1])
  })

  it('it may come later, and its form may move', async () => {
    const bare = `<form method="post" action="/join"><input name="who">${button}</form><section></section>`
    const { sitekey } = stage.sites.checkbox
    const person = await stage.visit(site.page(bare))
    await person.page.waitForFunction(() => customElements.get('one-captcha'))
    await person.page.locator('[name=who]').fill('Grace')
    await person.page.evaluate((key) => {
      const late = document.createElement('one-captcha')
      late.setAttribute('sitekey', key)
      document.forms[0]!.append(late)
    }, sitekey)
    await alive(person)
    await person.page.evaluate(() => document.querySelector('section')!.append(document.forms[0]!))
    await alive(person)
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    expect(site.sent[0]!.fields.getAll('one-captcha-response')).toHaveLength(1)
    expect(site.sent[0]!.fields.get('who')).toBe('Grace')
  })

  it('it may be taken away while its form is held: what was typed stays, and the next press sends it', async () => {
    const person = await visit(site.page(formOf()), slowly)
    await person.page.getByLabel('Name').fill('Grace')
    await press(person)
    await person.sees('checking')
    await person.widget.evaluate((element) => element.remove())
    await press(person)
    await welcomed(person)
    expect(site.sent[0]!.fields.get('who')).toBe('Grace')
    expect(verdicts()).toEqual([''])
  })

  it('a dialog may be closed without it', async () => {
    const body = `<dialog><form method="post" action="/join">${widget()}<button>Join</button>
      <button formmethod="dialog" formnovalidate>Cancel</button></form></dialog>
      <script>document.querySelector('dialog').showModal()</script>`
    const person = await visit(site.page(body))
    await press(person, 'Cancel')
    await person.page.locator('dialog').waitFor({ state: 'hidden' })
    expect(person.asked('/v1/solutions')).toBe(0)
    await person.page.evaluate(() => document.querySelector('dialog')!.showModal())
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })

  it('the names of its form’s fields may be any', async () => {
    const names = ['submit', 'requestSubmit', 'addEventListener', 'elements', 'contains', 'closest']
    const more = [...names, 'getRootNode', 'method', 'target', 'matches', 'name', 'reset']
      .map((name) => `<input type="hidden" name="${name}">`)
      .join('')
    const person = await visit(site.page(formOf({ more: `${more}${button}` })))
    await press(person)
    await press(person)
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
    const around = `<form method="post" action="/join">${shadow(widget())}${more}${button}</form>`
    const other = await visit(site.page(around))
    await press(other)
    await welcomed(other)
    expect(verdicts()).toEqual(['good', 'good'])
  })

  it('its form is held before what holds it has come: in a shadow, within a form', async () => {
    let go = () => {}
    const body = `<form method="post" action="/join">${shadow(widget())}${button}</form>`
    const person = await visit(site.page(body), async (page) => {
      go = await slowly(page, '**/hold.js')
    })
    await press(person)
    go()
    await welcomed(person)
    expect(verdicts()).toEqual(['good'])
  })

  it('its page may send the form past it', async () => {
    const person = await visit(site.page(formOf()))
    await person.page.evaluate(() => document.forms[0]!.submit())
    await welcomed(person)
    expect(verdicts()).toEqual(['token-missing'])
  })
})

/** A shadow with something in it. */
function shadow(inside: string): string {
  return `<div><template shadowrootmode="open">${inside}</template></div>`
}
