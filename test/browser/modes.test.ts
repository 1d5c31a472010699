import type { Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finding, verify } from '../support/backend.ts'
import type { PageOptions } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { isClean, overflow } from './clean.ts'
import { type Person, personAt } from './person.ts'
import { form, type Site } from './site.ts'
import { slowly } from './slowly.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let puzzle: Site
let calm: Site
beforeAll(async () => {
  stage = await openStage()
  puzzle = stage.sites.puzzle
  calm = stage.sites.checkbox
})
afterAll(() => stage?.close())

/** More than a window of it. */
const LONG = '<p style="height: 1500px">Much to read.</p>'
const open = (site: Site, attributes: string, more = '', options: PageOptions = {}) =>
  stage.visit(site.page(form(site.sitekey, attributes) + more), options)

const join = ({ page }: Person) => page.getByRole('button', { name: 'Join' })
const panelOf = ({ widget }: Person) => widget.locator('.panel')
const areaOf = async (part: Locator) => (await part.boundingBox())!
const isFocused = (part: Locator) => part.evaluate((element) => element.matches(':focus'))

/** What has the focus, however deep: its label, its words or its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return (at?.getAttribute('aria-label') || at?.id || at?.textContent?.trim() || at?.localName)!
  })

/** What has moved in the page since it was opened, by whatever cause. */
const shifts = (page: Page) =>
  page.evaluate(async () => {
    const seen: string[] = []
    const observer = new PerformanceObserver((list) => {
      // biome-ignore lint/suspicious/noExplicitAny: not in TypeScript's own list of entries
      for (const { sources } of list.getEntries() as any[])
        for (const { node, previousRect, currentRect } of sources)
          seen.push(`${node?.nodeName}: ${JSON.stringify([previousRect, currentRect])}`)
    })
    observer.observe({ type: 'layout-shift', buffered: true })
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    observer.disconnect()
    return seen
  })

async function redeem(site: Site, response: string): Promise<Finding> {
  const { finding } = await verify(stage.service.url, { secret: site.secret, response })
  expect(finding.success, JSON.stringify(finding)).toBe(true)
  return finding
}

describe('a panel over the page', () => {
  it('keeps the focus in and the page out of reach, and gives the focus back', async () => {
    const person = await open(puzzle, 'panel="overlay"', LONG)
    const { page } = person
    await person.box.waitFor()
    const before = await shifts(page)
    await person.tick()
    await person.puzzle()
    const seen = new Set<string>()
    for (let tabs = 0; tabs < 14; tabs++) {
      seen.add(await focused(page))
      await page.keyboard.press('Tab')
    }
    expect(seen).toContain('Position of the piece')
    expect(seen).toContain('Close')
    // The dialog's name is not read again with what is in it.
    expect(await panelOf(person).getAttribute('aria-labelledby')).toBe(null)
    for (const name of ['who', 'Join', 'box']) expect(seen).not.toContain(name)
    const { x, y } = await areaOf(join(person))
    const hit = ([x, y]: readonly [number, number]) => document.elementFromPoint(x, y)!.localName
    expect(await page.evaluate(hit, [x + 3, y + 3] as const)).toBe('one-captcha')
    await page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    expect(await isFocused(person.box)).toBe(true)
    expect(await shifts(page)).toEqual(before)
  })

  it('leaves the page where it is, however somebody scrolls', async () => {
    const person = await open(puzzle, 'panel="overlay"', LONG)
    const { page } = person
    await page.mouse.wheel(0, 40)
    await until(async () => (await page.evaluate(() => scrollY)) === 40, 'the page can be scrolled')
    await person.tick()
    await person.puzzle()
    const { x, y } = await areaOf(person.widget.locator('h2'))
    for (const spot of [
      [10, 10],
      [x + 9, y + 9],
    ] as const) {
      await page.mouse.move(spot[0], spot[1])
      await page.mouse.wheel(0, 300)
    }
    for (const key of ['PageDown', 'End', 'ArrowDown', 'Home']) await person.check.press(key)
    await person.check.press('Tab')
    expect(await page.evaluate(() => scrollY)).toBe(40)
  })

  it('closes by a press beside it, but not where a piece is dragged out and let go', async () => {
    const person = await open(puzzle, 'panel="overlay"')
    const { page } = person
    await person.tick()
    const gap = await person.puzzle()
    const { x, y } = await areaOf(person.check)
    await page.mouse.move(x + 5, y + 5)
    await page.mouse.down()
    await page.mouse.move(5, 5)
    await page.mouse.up()
    expect(await person.panel.isVisible()).toBe(true)
    await page.mouse.click(5, 5)
    await person.panel.waitFor({ state: 'hidden' })
    await person.sees('idle')
    await person.tick()
    await person.sees('puzzle')
    await person.drag(gap)
    await person.sees('success')
    await stage.join(person, puzzle)
  })

  it('gives the focus back to the button from which the page called it', async () => {
    const call = `<button type="button" onclick="document.querySelector('one-captcha').execute().then(() => { document.title = 'through' })">Go</button>`
    const person = await open(puzzle, 'size="invisible" panel="overlay"', call)
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    const go = person.page.getByRole('button', { name: 'Go' })
    await go.focus()
    await go.press('Enter')
    await person.press(await person.puzzle())
    await person.check.press('Enter')
    await person.sees('success')
    expect(await isFocused(go)).toBe(true)
    await until(async () => (await person.page.title()) === 'through', 'the page has the token')
  })
})

/** What a page closes by Escape as well, around its form. */
const DIALOG = (inside: string) =>
  `<dialog id="around">${inside}</dialog><script>document.querySelector('#around').showModal()</script>`

describe('Escape in a dialog of the page’s own', () => {
  it.each([
    ['beside', '', (person: Person) => person.tick()],
    ['in the text', 'panel="inline"', (person: Person) => person.tick()],
    ['over the page', 'panel="overlay"', (person: Person) => person.tick()],
    ['in what floats', 'appearance="floating"', (person: Person) => join(person).click()],
  ])('leaves the panel, and not the dialog with it: %s', async (_, attributes, go) => {
    const person = await stage.visit(puzzle.page(DIALOG(form(puzzle.sitekey, attributes))))
    const { page } = person
    await go(person)
    await person.puzzle()
    await page.keyboard.press('Escape')
    await panelOf(person).waitFor({ state: 'hidden' })
    expect(await join(person).isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await join(person).waitFor({ state: 'hidden' })
  })

  it('leaves what floats, from wherever it is pressed, and not the dialog with it', async () => {
    const inside = form(puzzle.sitekey, 'appearance="floating"')
    const person = await stage.visit(puzzle.page(DIALOG(inside)))
    await join(person).click()
    await person.puzzle()
    await person.page.getByLabel('Name').focus()
    await person.page.keyboard.press('Escape')
    await panelOf(person).waitFor({ state: 'hidden' })
    expect(await join(person).isVisible()).toBe(true)
  })
})

describe('a panel in the text', () => {
  it('is no dialog, and what follows makes room for it', async () => {
    const person = await open(puzzle, 'panel="inline"')
    await person.box.waitFor()
    const before = await areaOf(join(person))
    await person.tick()
    const gap = await person.puzzle()
    expect(await person.widget.getByRole('dialog').count()).toBe(0)
    const group = person.widget.getByRole('group', { name: 'Slide the piece into its gap' })
    const { y, height } = await areaOf(group)
    expect((await areaOf(join(person))).y).toBeGreaterThanOrEqual(y + height)
    expect(await isFocused(person.slider)).toBe(true)
    await person.slider.press('Escape')
    await group.waitFor({ state: 'hidden' })
    expect(await areaOf(join(person))).toEqual(before)
    expect(await isFocused(person.box)).toBe(true)
    await person.tick()
    await person.sees('puzzle')
    await person.drag(gap)
    await person.sees('success')
    await stage.join(person, puzzle)
  })
})

describe('a panel beside the box', () => {
  it('that is out of sight stands in the middle, and the page stays where it is', async () => {
    const call = `<button type="button" onclick="document.querySelector('one-captcha').execute()">Go</button>`
    const person = await open(puzzle, '', LONG + call)
    const { page } = person
    await person.box.waitFor()
    await page.getByRole('button', { name: 'Go' }).click()
    const before = await page.evaluate(() => scrollY)
    expect(before).toBeGreaterThan(300)
    await person.puzzle()
    expect(await page.evaluate(() => scrollY)).toBe(before)
    const { x, width, y, height } = await areaOf(person.panel)
    const window = page.viewportSize()!
    expect(Math.abs(x + width / 2 - window.width / 2)).toBeLessThan(20)
    expect(Math.abs(y + height / 2 - window.height / 2)).toBeLessThan(20)
  })
})

describe('a widget that is shown only if somebody is needed', () => {
  const SELF = 'appearance="interaction-only"'
  /** Nothing to see, and no room taken. */
  const isNothing = async (person: Person) => {
    expect((await areaOf(person.widget)).height).toBe(0)
    expect(await person.box.isVisible()).toBe(false)
    expect(await panelOf(person).isVisible()).toBe(false)
  }

  /** Lets as much time go by in the page as it takes to find that nobody is busy, and more. */
  const looks = (page: Page) =>
    page.evaluate(async () => {
      for (let i = 0; i < 6; i++) await new Promise((resolve) => setTimeout(resolve, 250))
    })

  it('gets its token unseen where nobody is, as soon as the form is touched', async () => {
    const person = await open(calm, SELF)
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    await isNothing(person)
    const before = await shifts(person.page)
    expect(person.asked('/v1/challenges')).toBe(0)
    await person.page.getByLabel('Name').fill('Grace')
    await person.sees('success')
    await isNothing(person)
    expect(await shifts(person.page)).toEqual(before)
    await stage.join(person, calm)
  })

  it('opens its panel by itself, with the focus in it, where nobody is writing', async () => {
    const person = await open(puzzle, `${SELF} start="load"`)
    const { page } = person
    const gap = await person.puzzle()
    expect(await isFocused(person.slider)).toBe(true)
    await page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    await isNothing(person)
    // The one who closed it is not asked again before it is needed.
    await page.getByLabel('Name').fill('Grace')
    const asked = person.asked('/v1/challenges')
    await join(person).click()
    await person.sees('puzzle')
    await person.drag(gap)
    await page.getByText('Welcome').waitFor()
    expect(person.asked('/v1/challenges')).toBe(asked)
    expect(puzzle.findings.at(-1)!.success).toBe(true)
  })

  it('does not open again by itself once it was seen and closed, or the page has reset it', async () => {
    const person = await open(puzzle, SELF)
    const { page } = person
    const name = page.getByLabel('Name')
    await name.click()
    await until(() => person.asked('/v1/solutions') === 1, 'the work was handed in')
    await name.press('Enter')
    await person.puzzle()
    await page.keyboard.press('Escape')
    await person.panel.waitFor({ state: 'hidden' })
    await join(person).focus()
    await looks(page)
    await isNothing(person)
    expect(await isFocused(join(person))).toBe(true)

    const other = await open(puzzle, SELF)
    await other.page.getByLabel('Name').click()
    await until(() => other.asked('/v1/solutions') === 1, 'the work was handed in')
    await other.sees('idle')
    await other.widget.evaluate((element) => (element as unknown as { reset(): void }).reset())
    // No touch of the form, which would begin anew.
    await other.page.getByLabel('Name').blur()
    await looks(other.page)
    await isNothing(other)
    expect(other.asked('/v1/challenges')).toBe(1)
  })

  it('has its box again when the page wants it, from the next time that it is there', async () => {
    const person = await open(calm, SELF)
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    expect(await person.widget.getAttribute('mode')).toBe(null)
    await person.widget.evaluate((element) => {
      const { parentElement: form } = element
      element.remove()
      element.setAttribute('appearance', 'always')
      form!.prepend(element)
    })
    await person.tick()
    await person.sees('success')
  })

  it('opens nothing while somebody is writing', async () => {
    const person = await open(puzzle, SELF)
    const { page } = person
    await page.getByLabel('Name').click()
    const gap = person.puzzle()
    // The puzzle is there, and waits.
    await until(() => person.asked('/v1/solutions') === 1, 'the work was handed in')
    await page.getByLabel('Name').pressSequentially(' Lovelace', { delay: 120 })
    await isNothing(person)
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada Lovelace')
    expect(await isFocused(page.getByLabel('Name'))).toBe(true)
    await page.getByLabel('Name').press('Enter')
    await person.drag(await gap)
    await page.getByText('Welcome').waitFor()
    expect(puzzle.fields().get('who')).toBe('Ada Lovelace')
  })
})

describe('a widget that floats', () => {
  const FLOATING = 'appearance="floating"'
  const bubbleOf = ({ widget }: Person) => widget.locator('.float')
  const apart = (a: { y: number; x: number; width: number; height: number }, b: typeof a) =>
    a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x

  it('comes with the press of the button, beside it, and goes when the form does', async () => {
    const person = await open(puzzle, FLOATING)
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    expect((await areaOf(person.widget)).height).toBe(0)
    const before = await shifts(person.page)
    await person.page.getByLabel('Name').fill('Grace')
    expect(await bubbleOf(person).isVisible()).toBe(false)
    const sent = puzzle.findings.length
    await join(person).click()
    await bubbleOf(person).waitFor()
    const gap = await person.puzzle()
    expect(await person.box.isVisible()).toBe(true)
    expect(apart(await areaOf(bubbleOf(person)), await areaOf(join(person)))).toBe(true)
    expect(await shifts(person.page)).toEqual(before)
    expect(puzzle.findings.length).toBe(sent)
    await person.drag(gap)
    await person.page.getByText('Welcome').waitFor()
    expect(puzzle.findings.length).toBe(sent + 1)
    expect(puzzle.fields().get('who')).toBe('Grace')
  })

  it.each([
    ['at the top', 0],
    ['in the middle', 300],
    ['at the bottom', 560],
  ])('never covers the button %s of a window', async (_, top) => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 360, height: 640 },
    ]) {
      const spacer = `<div style="height: ${top}px"></div>`
      const person = await stage.visit(
        puzzle.page(`${spacer}${form(puzzle.sitekey, FLOATING)}${LONG}`),
        { viewport },
      )
      await join(person).click()
      await person.puzzle()
      expect(apart(await areaOf(bubbleOf(person)), await areaOf(join(person)))).toBe(true)
      const { y, height } = await areaOf(person.widget.locator('.tools'))
      expect(y + height).toBeLessThanOrEqual(viewport.height)
    }
  })

  it('is left by Escape: the form stays, the button has the focus, and the puzzle waits', async () => {
    const person = await open(puzzle, FLOATING)
    const { page } = person
    const sent = puzzle.findings.length
    await join(person).focus()
    await join(person).press('Enter')
    const gap = await person.puzzle()
    await page.keyboard.press('Escape')
    await bubbleOf(person).waitFor({ state: 'hidden' })
    expect(await isFocused(join(person))).toBe(true)
    expect(puzzle.findings.length).toBe(sent)
    await page.keyboard.press('Enter')
    await person.sees('puzzle')
    await person.press(gap)
    await person.check.press('Enter')
    await page.getByText('Welcome').waitFor()
  })

  it('says in its box what is wrong, and sends the form when that is over', async () => {
    const person = await open(calm, `${FLOATING} start="click"`)
    const { page } = person
    await person.widget.locator('.root').waitFor({ state: 'attached' })
    await page.context().setOffline(true)
    await join(person).click()
    await person.widget.getByText('No answer just now. Tick to try again.').waitFor()
    expect(await bubbleOf(person).isVisible()).toBe(true)
    await page.context().setOffline(false)
    await person.tick()
    await page.getByText('Welcome').waitFor()
  })
})

/** What a page hears of its calls: a line for each. */
const heard = async ({ page }: Person, count: number): Promise<string[]> => {
  let lines: string[] = []
  await until(async () => {
    lines = ((await page.locator('#told').textContent()) ?? '').split('\n').filter(Boolean)
    return lines.length >= count
  }, 'the page has heard')
  return lines
}
const TOLD = '<pre id="told"></pre>'

/** Calls something of the page's global `oneCaptcha`, and has the page tell what comes of it. */
const call = ({ page }: Person, name: string, ...given: unknown[]) =>
  page.evaluate(
    ([name, ...given]) => {
      const tell = (line: string) => {
        document.querySelector('#told')!.textContent += `${line}\n`
      }
      // biome-ignore lint/suspicious/noExplicitAny: the global of the page
      const { oneCaptcha } = window as any
      oneCaptcha.ready(() =>
        oneCaptcha[name as string](...given).then(tell, (error: Error) =>
          tell(`${error.name}: ${error.message}`),
        ),
      )
    },
    [name, ...given],
  )

describe('a call without any element', () => {
  async function open(site: Site) {
    const person = await stage.visit(site.page(`<button>Focus</button>${TOLD}`))
    await person.page.waitForFunction(() => 'oneCaptcha' in window)
    return person
  }
  const elements = ({ page }: Person) => page.locator('one-captcha').count()

  it('gives a token of its own values, with a puzzle over the page where one is needed', async () => {
    const person = await open(puzzle)
    await person.page.getByRole('button', { name: 'Focus' }).focus()
    const { sitekey } = puzzle
    await call(person, 'execute', { sitekey, action: 'pay', cdata: 'order 7' })
    await person.drag(await person.puzzle())
    const [token] = await heard(person, 1)
    expect(await redeem(puzzle, token!)).toMatchObject({ action: 'pay', cdata: 'order 7' })
    expect(await elements(person)).toBe(0)
    expect(await focused(person.page)).toBe('Focus')
  })

  it('rejects when the puzzle is closed, and when the service will not', async () => {
    const person = await open(puzzle)
    await call(person, 'execute', { sitekey: puzzle.sitekey })
    await person.puzzle()
    await person.page.keyboard.press('Escape')
    await call(person, 'execute', { sitekey: 'ock_unknown' })
    expect(await heard(person, 2)).toEqual(['Error: challenge-closed', 'Error: sitekey-unknown'])
    expect(await elements(person)).toBe(0)
  })

  it('gives to each of several a token of its own, and leaves nothing behind', async () => {
    const person = await open(calm)
    const session = await person.page.context().newCDPSession(person.page)
    const nodes = async () => {
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Memory.getDOMCounters')).nodes
    }
    const round = async (times: number, before: number) => {
      for (let i = 0; i < times; i++)
        await call(person, 'execute', { sitekey: calm.sitekey, cdata: `${before + i}` })
      return heard(person, before + times)
    }
    await round(3, 0)
    const before = await nodes()
    const tokens = await round(8, 3)
    expect(new Set(tokens).size).toBe(11)
    const found = await Promise.all(tokens.map((token) => redeem(calm, token)))
    expect(new Set(found.map(({ cdata }) => cdata)).size).toBe(11)
    expect(await elements(person)).toBe(0)
    // Each has some fifty of them while it is there.
    await until(async () => (await nodes()) - before < 200, 'their nodes are gone')
  })
})

describe('values of one call', () => {
  const pay = (person: Person) => call(person, 'execute', undefined, { action: 'pay' })

  it('are in its token, and nothing that was done ahead for others is', async () => {
    const person = await open(puzzle, 'action="signup" cdata="attribute" start="load"', TOLD)
    await until(() => person.asked('/v1/challenges') === 1, 'work is done ahead')
    await call(person, 'execute', undefined, { action: 'pay', cdata: 'order 7' })
    await person.drag(await person.puzzle())
    const [token] = await heard(person, 1)
    expect(await redeem(puzzle, token!)).toMatchObject({ action: 'pay', cdata: 'order 7' })
    expect(person.asked('/v1/challenges')).toBe(2)

    // Of one value, with the other as the page says; and then again none.
    await call(person, 'execute', undefined, { cdata: 'order 8' })
    await person.drag(await person.puzzle())
    const [, second] = await heard(person, 2)
    expect(await redeem(puzzle, second!)).toMatchObject({ action: 'signup', cdata: 'order 8' })
    await person.widget.evaluate((element) => (element as unknown as { reset(): void }).reset())
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    const third = await redeem(puzzle, await person.token())
    expect(third).toMatchObject({ action: 'signup', cdata: 'attribute' })
  })

  it('end with a puzzle that is closed: it is nobody else’s', async () => {
    const person = await open(puzzle, 'action="signup"', TOLD)
    await call(person, 'execute', undefined, { action: 'pay' })
    await person.puzzle()
    await person.page.keyboard.press('Escape')
    expect(await heard(person, 1)).toEqual(['Error: challenge-closed'])
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')
    expect((await redeem(puzzle, await person.token())).action).toBe('signup')
  })

  it('are each in a token of their own when several calls are made at once', async () => {
    const person = await open(calm, '', TOLD)
    for (const cdata of ['a', 'b', 'c']) await call(person, 'execute', undefined, { cdata })
    const tokens = await heard(person, 3)
    const found = await Promise.all(tokens.map((token) => redeem(calm, token)))
    expect(found.map(({ cdata }) => cdata).sort()).toEqual(['a', 'b', 'c'])
  })

  it('give the form nothing, and take nothing from it', async () => {
    const person = await open(calm, 'action="signup"', TOLD)
    await person.box.waitFor()
    await person.widget.evaluate((element) => {
      for (const type of ['verified', 'open', 'close', 'error'])
        element.addEventListener(type, () => element.toggleAttribute(`data-${type}`))
    })
    await call(person, 'execute', undefined, { action: 'search', cdata: 'call-1' })
    const [first] = await heard(person, 1)
    expect(await redeem(calm, first!)).toMatchObject({ action: 'search', cdata: 'call-1' })
    expect(await person.token()).toBe('')
    expect(await person.box.isChecked()).toBe(false)
    expect(await person.widget.evaluate(({ dataset }) => ({ ...dataset }))).toEqual({})
    expect(await person.widget.locator('one-captcha').count()).toBe(0)

    await person.tick()
    await person.sees('success')
    const ticked = await person.token()
    await call(person, 'execute', undefined, { action: 'search' })
    const [, second] = await heard(person, 2)
    expect((await redeem(calm, second!)).action).toBe('search')
    expect(await person.token()).toBe(ticked)
    expect(await person.box.isChecked()).toBe(true)
    await stage.join(person, calm)
    expect(calm.findings.at(-1)!.action).toBe('signup')
    expect(calm.fields().get('one-captcha-response')).toBe(ticked)
  })

  it('wait for a puzzle that somebody is at, and have one of their own', async () => {
    const person = await open(puzzle, 'action="signup" panel="inline"', TOLD)
    await person.tick()
    const gap = await person.puzzle()
    const { page } = person
    const within = personAt(
      page,
      stage.service.context.tools.seal,
      page.locator('one-captcha one-captcha'),
    )
    await pay(person)
    await person.drag(gap)
    await person.sees('success')
    const ticked = await person.token()
    await within.drag(await within.puzzle())
    const [token] = await heard(person, 1)
    expect((await redeem(puzzle, token!)).action).toBe('pay')
    expect(await person.token()).toBe(ticked)
    expect((await redeem(puzzle, ticked)).action).toBe('signup')
  })

  it('end with the element that they were called of', async () => {
    const person = await open(calm, '', TOLD)
    await slowly(person.page)
    await pay(person)
    await until(() => person.asked('/v1/solutions') === 1, 'a solution is on its way')
    await person.widget.evaluate((element) => element.remove())
    expect(await heard(person, 1)).toEqual(['Error: challenge-reset'])
  })

  const send = (person: Person) => join(person).click()
  it.each([
    ['that is sent before', [send, pay]],
    ['that is sent after', [pay, send]],
  ] as const)('and a form %s are each served', async (_, [first, second]) => {
    const body = form(calm.sitekey, 'action="signup"').replace('<form', '<form target="sink"')
    const person = await stage.visit(calm.page(`${body}<iframe name="sink"></iframe>${TOLD}`))
    await person.box.waitFor()
    const go = await slowly(person.page)
    const before = calm.findings.length
    await first(person)
    await until(() => person.asked('/v1/solutions') === 1, 'a solution is on its way')
    await second(person)
    await until(() => person.asked('/v1/solutions') === 2, 'so is the other')
    go()
    const [token] = await heard(person, 1)
    expect((await redeem(calm, token!)).action).toBe('pay')
    await person.page.frameLocator('iframe[name=sink]').getByText('Welcome').waitFor()
    expect(calm.findings.slice(before).map(({ action }) => action)).toEqual(['signup'])
  })

  it('are not those of a call without any that is made meanwhile', async () => {
    const person = await open(calm, 'action="signup"', TOLD)
    const go = await slowly(person.page)
    await pay(person)
    await until(() => person.asked('/v1/solutions') === 1, 'a solution is on its way')
    await call(person, 'execute')
    go()
    const found = await Promise.all((await heard(person, 2)).map((token) => redeem(calm, token)))
    expect(found.map(({ action }) => action).sort()).toEqual(['pay', 'signup'])
  })

  it('are each in a token of their own also where each needs a puzzle over the page', async () => {
    const person = await open(puzzle, 'panel="overlay"', TOLD)
    for (const action of ['one', 'two']) await call(person, 'execute', undefined, { action })
    const { page } = person
    const seal = stage.service.context.tools.seal
    const within = personAt(page, seal, page.locator('one-captcha one-captcha'))
    for (const count of [1, 2]) {
      await within.drag(await within.puzzle())
      await heard(person, count)
    }
    const tokens = await heard(person, 2)
    const found = await Promise.all(tokens.map((token) => redeem(puzzle, token)))
    expect(found.map(({ action }) => action).sort()).toEqual(['one', 'two'])
  })

  it.each([
    [{ action: 'with spaces' }, /^TypeError: .*action/],
    [{ action: 'x'.repeat(65) }, /^TypeError: .*action/],
    [{ cdata: 'é' }, /^TypeError: .*cdata/],
    [{ cdata: { order: 7 } }, /^TypeError: .*cdata/],
    [{ order: '7' }, /^TypeError: .*order/],
  ])(
    'that are out of bounds, such as %o, are told by name, and nothing is asked',
    async (values, said) => {
      const person = await open(calm, '', TOLD)
      await call(person, 'execute', undefined, values)
      const [line] = await heard(person, 1)
      expect(line).toMatch(said)
      expect(person.asked('/v1/challenges')).toBe(0)
    },
  )

  it('are not mixed up with what was asked for before an attribute changed', async () => {
    const person = await open(calm, 'action="one" start="load"', TOLD)
    await until(() => person.asked('/v1/challenges') === 1, 'work is done ahead')
    await person.widget.evaluate((element) => element.setAttribute('action', 'two'))
    await person.tick()
    await person.sees('success')
    expect((await redeem(calm, await person.token())).action).toBe('two')
  })
})

/** Each way to a puzzle: what the element says, and what somebody does. */
const WAYS = [
  ['beside', '', (person: Person) => person.tick()],
  ['overlay', 'panel="overlay"', (person: Person) => person.tick()],
  ['inline', 'panel="inline"', (person: Person) => person.tick()],
  ['interaction-only', 'appearance="interaction-only" start="load"', async () => {}],
  ['floating', 'appearance="floating"', (person: Person) => join(person).click()],
] as const

/** A form that floated is sent at once; the others wait for their button. */
const through = (person: Person) =>
  Promise.race([person.sees('success'), person.page.getByText('Welcome').waitFor()])

describe.each(WAYS)('a puzzle %s', (_, attributes, go) => {
  it.each([
    ['light, on a small phone', '', { viewport: { width: 320, height: 640 } }],
    ['dark', '', { colorScheme: 'dark' }],
    ['in forced colours', '', { forcedColors: 'active' }],
    ['from right to left', 'lang="ar" dir="rtl"', { reducedMotion: 'reduce' }],
  ] as const)('is clean for axe: %s', async (_, html, options) => {
    const url = puzzle.page(form(puzzle.sitekey, attributes), { html: html || 'lang="en"' })
    const person = await stage.visit(url, options)
    await go(person)
    const gap = await person.puzzle()
    await isClean(person.page, 'puzzle')
    if ('reducedMotion' in options)
      expect(
        await person.widget.evaluate(({ shadowRoot }) => shadowRoot!.getAnimations().length),
      ).toBe(0)
    await person.drag(gap)
    await through(person)
  })

  it.each([
    ['a window of 320×256', ''],
    [
      'parents that cut off and transform',
      'overflow: hidden; height: 300px; transform: translateX(3px) scale(1.01); filter: blur(0)',
    ],
  ])('is within reach to its last button in %s', async (_, style) => {
    const viewport = style ? { width: 900, height: 700 } : { width: 320, height: 256 }
    // What stands in the text is cut off with it: that is what the page wants.
    const room = attributes.includes('inline') ? style.replace('height: 300px', '') : style
    const body = `<div style="${room}">${form(puzzle.sitekey, attributes)}</div>`
    const person = await stage.visit(puzzle.page(body), { viewport })
    await go(person)
    const gap = await person.puzzle()
    expect(await overflow(person.page)).toBeLessThanOrEqual(0)
    for (const control of await panelOf(person).getByRole('button').all()) {
      await control.scrollIntoViewIfNeeded()
      await control.click({ trial: true })
    }
    await person.slider.focus()
    await person.press(gap)
    await person.check.click()
    await through(person)
  })

  it('is solved in a page of a frame, in a shadow', async () => {
    const inner = puzzle.page(
      `<div id="host"></div><template id="shadowed">${form(puzzle.sitekey, attributes)}</template>
      <script>host.attachShadow({ mode: 'open' }).append(shadowed.content)</script>`,
    )
    const person = await stage.visit(
      puzzle.page(`<iframe src="${inner}" title="Within" width="500" height="620"></iframe>`, {
        script: false,
      }),
    )
    const frame = person.page.frameLocator('iframe')
    const widget = frame.locator('one-captcha')
    await widget.locator('.root').waitFor({ state: 'attached' })
    if (attributes.includes('floating')) await frame.getByRole('button', { name: 'Join' }).click()
    else if (!attributes.includes('interaction')) await widget.getByRole('checkbox').click()
    await widget.locator('.root.puzzle').waitFor({ state: 'attached' })
    await widget.getByRole('button', { name: 'Close', exact: true }).click()
    await widget.locator('.panel').waitFor({ state: 'hidden' })
  })
})
