import type { Locator, Page } from '@playwright/test'
import { assert } from 'vitest'
import type { Seal } from '../../src/seal.ts'
import { until } from '../support/until.ts'
import { type Body, gapOf } from '../support/visitor.ts'

/** Somebody in front of a page, who sees where the gap is. */
export interface Person {
  page: Page
  /** The widget, its box and its panel; the first of the page. */
  widget: Locator
  box: Locator
  panel: Locator
  handle: Locator
  slider: Locator
  check: Locator
  /** Waits for the next puzzle to be shown, and gives the place of its gap. */
  puzzle(): Promise<number>
  /** Waits until the widget shows a phase of `machine.ts`. */
  sees(phase: string): Promise<void>
  /** Ticks the box. */
  tick(): Promise<void>
  /** Drags the handle by mouse, unevenly, as hands do. */
  drag(gapX: number): Promise<void>
  /** Puts the piece in its place by a finger that does not move. */
  tap(gapX: number): Promise<void>
  /** Drags the handle by a finger. */
  swipe(gapX: number): Promise<void>
  /** Moves the piece by keys alone, from wherever it is; the slider has the focus. */
  press(gapX: number): Promise<void>
  /** What the form would send. */
  token(): Promise<string>
  /** What was asked of the service so far. */
  asked(path: string): number
}

/** @param seal opens what the service sealed, so that the gap is found without eyes */
export function personAt(page: Page, seal: Seal, widget = page.locator('one-captcha').first()) {
  const gaps: Promise<number | null>[] = []
  const requests: string[] = []
  let seen = 0
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  page.on('response', (response) => {
    if (!response.url().endsWith('/v1/solutions')) return
    gaps.push(
      response.json().then(
        (body: Body) =>
          body.tasks?.some(({ kind }) => kind === 'slider') ? gapOf(seal, body.challenge) : null,
        () => null,
      ),
    )
  })

  const box = widget.getByRole('checkbox')
  const panel = widget.getByRole('dialog')
  const handle = widget.locator('.handle')
  const slider = widget.getByRole('slider')
  const check = widget.locator('.check')
  const rail = widget.locator('.rail')
  const sees = (phase: string) => widget.locator(`.root.${phase}`).waitFor({ state: 'attached' })

  /** Where the handle's middle is when the piece is at `x`. */
  async function spot(x: number) {
    const track = (await rail.boundingBox())!
    const thumb = (await handle.boundingBox())!
    const max = Number(await slider.getAttribute('max'))
    return {
      x: track.x + thumb.width / 2 + (x / max) * (track.width - thumb.width),
      y: track.y + track.height / 2,
    }
  }

  const person: Person = {
    page,
    widget,
    box,
    panel,
    handle,
    slider,
    check,
    sees,
    async puzzle() {
      let gap: number | null = null
      await until(async () => {
        if (seen < gaps.length) gap = await gaps[seen++]!
        return gap !== null
      }, 'a puzzle came')
      await sees('puzzle')
      await settled(widget)
      return gap!
    },
    async tick() {
      await box.click()
    },
    async drag(gapX) {
      const from = await spot(Number(await slider.inputValue()))
      const to = await spot(gapX)
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      for (const { x, y } of way(from, to)) await page.mouse.move(x, y)
      await page.mouse.up()
    },
    async swipe(gapX) {
      const from = await spot(Number(await slider.inputValue()))
      const to = await spot(gapX)
      const finger = await page.context().newCDPSession(page)
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: object[]) =>
        finger.send('Input.dispatchTouchEvent', { type, touchPoints: points as never })
      await touch('touchStart', [from])
      for (const point of way(from, to)) await touch('touchMove', [point])
      await touch('touchEnd', [])
      await finger.detach()
    },
    async tap(gapX) {
      // A finger is not exact: it comes down beside the place, and the steps do the rest.
      const { x, y } = await spot(Math.max(0, gapX - 13))
      await page.touchscreen.tap(x, y)
      const steps = widget.locator('.steps button:not(.check)')
      const [, back, forth, far] = await steps.all()
      const at = async () => Number(await slider.inputValue())
      assert(Math.abs((await at()) - (gapX - 13)) <= 2, 'A tap on the track moves the piece there.')
      while (gapX - (await at()) > 9) await far!.tap()
      while ((await at()) < gapX) await forth!.tap()
      while ((await at()) > gapX) await back!.tap()
    },
    async press(gapX) {
      const at = async () => Number(await slider.inputValue())
      await page.keyboard.press('Home')
      assert.equal(await at(), 0)
      const start = await at()
      await page.keyboard.press('PageUp')
      const page1 = (await at()) - start
      assert(page1 >= 10, 'PageUp is a larger step.')
      while (gapX - (await at()) >= page1) await page.keyboard.press('PageUp')
      while ((await at()) < gapX) await page.keyboard.press('ArrowRight')
      while ((await at()) > gapX) await page.keyboard.press('ArrowLeft')
    },
    token: () => widget.locator(':scope > input').inputValue(),
    asked: (path) => requests.filter((one) => one === path).length,
  }
  return person
}

/** Waits until nothing glides any more. */
async function settled(widget: Locator) {
  await widget.evaluate((element) =>
    Promise.allSettled(element.shadowRoot!.getAnimations().map((animation) => animation.finished)),
  )
}

interface Point {
  x: number
  y: number
}

/** From one place to another as a hand goes: slow, fast, slow, too far, and back; never quite straight. */
function* way(from: Point, to: Point): Generator<Point> {
  const STEPS = 28
  const past = { x: to.x + 7, y: to.y + 3 }
  for (let i = 1; i <= STEPS; i++) {
    const t = i / STEPS
    const share = t * t * (3 - 2 * t)
    const shake = i % 3 === 0 ? 3 : i % 3 === 1 ? -2 : 0.5
    yield {
      x: from.x + (past.x - from.x) * share + shake,
      y: from.y + (past.y - from.y) * share + Math.sin(i) * 3,
    }
  }
  for (const left of [5, 4, 2, 3, 1, 0]) yield { x: to.x + left, y: to.y + 1 }
}
