import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, personAt } from './person.ts'
import { form } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let sites: Stage['sites']

beforeAll(async () => {
  stage = await openStage()
  sites = stage.sites
})
afterAll(() => stage?.close())

/** What scripts of the tests' pages keep, and what they call. */
interface Kept {
  told: string[]
  oneCaptcha: {
    render(place: string, options: object): string
    reset(id?: string): void
    remove(id: string): void
    getResponse(id?: string): string
    execute(id?: string): Promise<string>
    ready(then: () => void): void
  }
}

const KEEP = `<script>var told = [], tell = (what) => (value) => told.push(what + (value ? ':' + typeof value : ''))</script>`

const told = ({ page }: Person) => page.evaluate(() => (window as unknown as Kept).told)

describe('a widget that is taken away', () => {
  it('while its puzzle is open leaves nothing behind, not even an error', async () => {
    const person = await stage.visit(sites.puzzle.page(form(sites.puzzle.sitekey)))
    await person.tick()
    await person.puzzle()
    await person.widget.evaluate((element) => element.remove())
    await person.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  })
})

describe('a site in checkbox mode', () => {
  it('lets a visitor in for a tick, with no puzzle', async () => {
    const person = await stage.visit(sites.checkbox.page(form(sites.checkbox.sitekey)))
    await person.tick()
    await person.sees('success')
    expect(await person.panel.isVisible()).toBe(false)
    await stage.join(person, sites.checkbox)
  })

  it('gets the action and data that its page named back from siteverify', async () => {
    const about = 'action="signup" cdata="order 7"'
    const person = await stage.visit(sites.checkbox.page(form(sites.checkbox.sitekey, about)))
    await person.tick()
    await person.sees('success')
    await stage.join(person, sites.checkbox)
    expect(sites.checkbox.findings.at(-1)).toMatchObject({ action: 'signup', cdata: 'order 7' })
    expect(sites.checkbox.fields().get('who')).toBe('Ada')
  })
})

describe('a site in invisible mode', () => {
  it('shows no box, and sends its form when the work is done', async () => {
    const site = sites.invisible
    const person = await stage.visit(site.page(form(site.sitekey, 'size="invisible"')))
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    expect(await person.box.isVisible()).toBe(false)
    await stage.join(person, site)
    expect(site.findings.at(-1)!.success).toBe(true)
  })

  it('gives its page a token for a call', async () => {
    const site = sites.invisible
    const page = `<one-captcha sitekey="${site.sitekey}" mode="invisible"></one-captcha>`
    const person = await stage.visit(site.page(page))
    await person.page.waitForFunction(() => customElements.get('one-captcha'))
    const token = await person.widget.evaluate((element) =>
      (element as HTMLElement & { execute(): Promise<string> }).execute(),
    )
    expect(token).toBe(await person.token())
    expect(token.length).toBeGreaterThan(40)
  })

  it('opens the puzzle in the middle of the window where there is one', async () => {
    const site = sites.puzzle
    const person = await stage.visit(site.page(form(site.sitekey, 'size="invisible"')))
    await person.page.getByRole('button', { name: 'Join' }).click()
    await person.drag(await person.puzzle())
    await person.page.getByText('Welcome').waitFor()
  })
})

describe('a site that always wants a puzzle', () => {
  it.each(['action="login"', 'kind="pow"'])('asks for longer work instead: %s', async (about) => {
    const person = await stage.visit(sites.puzzle.page(form(sites.puzzle.sitekey, about)))
    await person.tick()
    await person.sees('success')
    expect(await person.panel.isVisible()).toBe(false)
    await stage.join(person, sites.puzzle)
  })
})

describe('a page with several widgets', () => {
  it('gets a token from each', async () => {
    const { sitekey } = sites.checkbox
    const widget = `<one-captcha sitekey="${sitekey}"></one-captcha>`
    const person = await stage.visit(sites.checkbox.page(widget.repeat(3)))
    const seal = stage.service.context.tools.seal
    const people = [0, 1, 2].map((nth) =>
      personAt(person.page, seal, person.page.locator('one-captcha').nth(nth)),
    )
    for (const one of people) await one.tick()
    for (const one of people) await one.sees('success')
    const tokens = await Promise.all(people.map((one) => one.token()))
    expect(new Set(tokens).size).toBe(3)
  })

  it('shows the puzzle of each by its own box', async () => {
    const { sitekey } = sites.puzzle
    const page = sites.puzzle.page(form(sitekey) + form(sitekey))
    const first = await stage.visit(page)
    const seal = stage.service.context.tools.seal
    const second = personAt(first.page, seal, first.page.locator('one-captcha').nth(1))
    await first.tick()
    const gap = await first.puzzle()
    await first.page.keyboard.press('Escape')
    await second.tick()
    await second.puzzle()
    const [box, panel] = await Promise.all([second.box.boundingBox(), second.panel.boundingBox()])
    const apart = Math.min(
      Math.abs(panel!.y - (box!.y + box!.height)),
      Math.abs(box!.y - (panel!.y + panel!.height)),
    )
    expect(apart).toBeLessThan(40)
    await second.page.keyboard.press('Escape')
    await first.tick()
    await first.drag(gap)
    await first.sees('success')
    expect(await second.token()).toBe('')
    expect(await second.box.isChecked()).toBe(false)
  })
})

describe('a page’s script', () => {
  it('renders, executes, reads, resets and removes a widget', async () => {
    const { sitekey } = sites.checkbox
    const body = `<div id="here"></div>${KEEP}
      <script>function begin() { told.push('loaded') }</script>`
    const script = '/v1/widget.js?onload=begin&render=explicit'
    const person = await stage.visit(sites.checkbox.page(body, { script }))
    await expect.poll(() => told(person)).toEqual(['loaded'])
    const token = await person.page.evaluate(async (sitekey) => {
      const { oneCaptcha, told } = window as unknown as Kept
      const id = oneCaptcha.render('here', {
        sitekey,
        callback: (token: string) => told.push(`callback ${token.length > 40}`),
      })
      const token = await oneCaptcha.execute(id)
      const same = oneCaptcha.getResponse(id) === token
      oneCaptcha.reset(id)
      told.push(`same ${same}, then '${oneCaptcha.getResponse(id)}'`)
      return token
    }, sitekey)
    expect(token.length).toBeGreaterThan(40)
    expect(await told(person)).toEqual(['loaded', 'callback true', "same true, then ''"])
    expect(await person.box.isChecked()).toBe(false)
    await person.tick()
    await person.sees('success')
    await person.page.evaluate(() => (window as unknown as Kept).oneCaptcha.remove('oc-1'))
    expect(await person.widget.count()).toBe(0)
    // Nothing of it is left in the page: no field, no frame that works for nobody.
    expect(await person.page.locator('[name=one-captcha-response]').count()).toBe(0)
  })

  it('hears of each thing that happens, in its order', async () => {
    const { sitekey } = sites.puzzle
    const body = `${KEEP}<div class="one-captcha" data-sitekey="${sitekey}" data-callback="passed"
      data-open-callback="opened" data-close-callback="shut"></div><script>
      passed = tell('passed'); opened = tell('opened'); shut = tell('closed')</script>`
    const person = await stage.visit(sites.puzzle.page(body))
    await person.tick()
    const gap = await person.puzzle()
    await person.page.keyboard.press('Escape')
    await person.tick()
    await person.sees('puzzle')
    await person.drag(gap)
    await person.sees('success')
    expect(await told(person)).toEqual(['opened', 'closed', 'opened', 'closed', 'passed:string'])
  })

  it('finds its widgets working when it puts them in, takes them out and puts them in again', async () => {
    const site = sites.checkbox
    const person = await stage.visit(site.page(form(site.sitekey)))
    await person.tick()
    await person.sees('success')
    await person.widget.evaluate((element) => {
      const place = element.parentElement!
      const next = element.nextElementSibling
      element.remove()
      place.insertBefore(element, next)
    })
    await person.sees('idle')
    expect(await person.token()).toBe('')
    await person.tick()
    await person.sees('success')
    await stage.join(person, site)
  })
})

describe('a form', () => {
  it('is not sent without a token that it requires', async () => {
    const site = sites.checkbox
    const sent = site.findings.length
    const person = await stage.visit(site.page(form(site.sitekey, 'required')))
    await person.widget.locator('.root').waitFor()
    await person.page.getByRole('button', { name: 'Join' }).click()
    expect(await person.box.evaluate((box) => box.matches(':focus'))).toBe(true)
    expect(site.findings.length).toBe(sent)
    await person.page.keyboard.press('Space')
    await person.sees('success')
    await stage.join(person, site)
  })

  it('may be sent without one where its widget is no guard, and the backend decides', async () => {
    const site = sites.checkbox
    const person = await stage.visit(site.page(form(site.sitekey, 'guard="off"')))
    await person.widget.locator('.root').waitFor()
    await person.page.getByRole('button', { name: 'Join' }).click()
    await person.page.getByText('Refused: token-missing').waitFor()
  })

  it('that is reset forgets the token', async () => {
    const site = sites.checkbox
    const reset = '<button type="reset">Clear</button>'
    const person = await stage.visit(site.page(form(site.sitekey, '', reset)))
    await person.tick()
    await person.sees('success')
    await person.page.getByRole('button', { name: 'Clear' }).click()
    await person.sees('idle')
    expect(await person.token()).toBe('')
    expect(await person.box.isChecked()).toBe(false)
  })

  it('takes a widget that stands elsewhere, and a field name of its own', async () => {
    const site = sites.checkbox
    const body = `<form method="post" action="/join" id="far"><button>Join</button></form>
      <one-captcha sitekey="${site.sitekey}" form="far" name="proof"></one-captcha>`
    const person = await stage.visit(site.page(body))
    await person.tick()
    await person.sees('success')
    const token = await person.token()
    await person.page.getByRole('button', { name: 'Join' }).click()
    await person.page.getByText('Refused: token-missing').waitFor()
    expect(site.fields().get('proof')).toBe(token)
  })

  it('that is disabled disables the box', async () => {
    const site = sites.checkbox
    const body = `<form><fieldset disabled><one-captcha sitekey="${site.sitekey}"></one-captcha></fieldset></form>`
    const person = await stage.visit(site.page(body))
    await person.widget.locator('.root').waitFor()
    expect(await person.box.isDisabled()).toBe(true)
    await person.page.locator('fieldset').evaluate((fieldset) => {
      ;(fieldset as HTMLFieldSetElement).disabled = false
    })
    expect(await person.box.isDisabled()).toBe(false)
  })
})
