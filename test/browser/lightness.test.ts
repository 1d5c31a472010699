import type { Page, Request } from '@playwright/test'
import { afterAll, assert, beforeAll, describe, it } from 'vitest'
import { BUDGET_BYTES } from '../../src/widget/size.ts'
import { openStage, type Stage } from './stage.ts'

/** What the loader may weigh, as it is sent. */
const LOADER_BYTES = 3_000
/** A hundredth of what is said to be hardly noticed (web.dev/cls). */
const SHIFT_MAX = 0.001

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** A form as docs/embedding.md has it: the place of the box is kept free until it is there. */
const page = (head = '') =>
  stage.sites.puzzle.page(
    `<form method="post" action="/join"><label>Name <input name="who"></label>
     <one-captcha sitekey="${stage.sites.puzzle.sitekey}"></one-captcha>
     <button>Join</button></form><p>What comes after it.</p>`,
    { head: `<style>one-captcha { display: block; min-height: 68px }</style>${head}` },
  )

interface Shift {
  value: number
  /** What moved, of the page itself; not what is within the widget. */
  moved: string[]
}

/** Has the page note whatever moves in it without being told to by the visitor's hand. */
async function watchShifts(page: Page) {
  await page.addInitScript(() => {
    const shifts: Shift[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number
          sources: { node: Node | null }[]
        }
        const moved = sources.flatMap(({ node }) => (node ? [node.nodeName] : []))
        shifts.push({ value, moved })
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

async function shiftsIn(page: Page): Promise<Shift[]> {
  // What has been drawn is reported before the frame after the next.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  )
  return page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts)
}

describe('a page with a widget', () => {
  it('is shown, and can be used, before anything of ours has arrived', async () => {
    const { browser, service, sites } = stage
    const visitor = await browser.newPage({ origins: [service.url] })
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await visitor.route(`${service.url}/**`, async (route) => {
      await released
      await route.continue()
    })
    await visitor.goto(page(), { waitUntil: 'domcontentloaded' })
    const painted = await visitor.evaluate(
      () =>
        new Promise<string>((done) =>
          new PerformanceObserver((list) => done(list.getEntries()[0]!.name)).observe({
            type: 'paint',
            buffered: true,
          }),
        ),
    )
    assert.match(painted, /paint/)
    await visitor.getByLabel('Name').fill('Ada')
    release()
    await visitor.getByRole('checkbox').waitFor()
    assert.equal(await visitor.getByLabel('Name').inputValue(), 'Ada')
    assert.equal(sites.puzzle.findings.length, 0)
  })

  it('asks for nothing that keeps it from being shown, and for no byte more than promised', async () => {
    const { sites, service } = stage
    const answers: Promise<[string, number]>[] = []
    const weigh = async (request: Request): Promise<[string, number]> => [
      new URL(request.url()).pathname,
      // As the service says it: what a worker loads, the browser does not weigh.
      Number(await (await request.response())!.headerValue('content-length')),
    ]
    const person = await stage.visit(page(), {}, async (fresh) => {
      fresh.on('requestfinished', (request) => {
        if (request.url().startsWith(service.url)) answers.push(weigh(request))
      })
    })
    await person.tick()
    await person.drag(await person.puzzle())
    await person.sees('success')

    const blocking = await person.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => entry as PerformanceResourceTiming & { renderBlockingStatus: string })
        .filter((entry) => entry.renderBlockingStatus !== 'non-blocking')
        .map(({ name }) => name),
    )
    assert.deepEqual(blocking, [])

    const files = (await Promise.all(answers)).filter(([path]) => !/^\/v1\/\w+$/.test(path))
    const loader = files.find(([path]) => path === '/v1/widget.js')!
    assert.isAbove(Math.min(...files.map(([, bytes]) => bytes)), 0)
    assert.isAtMost(loader[1], LOADER_BYTES)
    const names = files.map(([path]) => path.split('/').pop()).sort()
    assert.deepEqual(names, ['frame.html', 'slider.js', 'widget.js', 'widget.js', 'worker.js'])
    assert.isAtMost(
      files.reduce((total, [, bytes]) => total + bytes, 0),
      BUDGET_BYTES,
    )
    await stage.join(person, sites.puzzle)
  })

  it.each([
    ['a desk', { viewport: { width: 1_000, height: 700 } }],
    ['a phone', { viewport: { width: 360, height: 640 }, hasTouch: true }],
  ])('moves nothing that was in its place, at %s', async (_, options) => {
    const person = await stage.visit(page(), options, watchShifts)
    await person.box.waitFor()
    await person.tick()
    await person.press(await person.puzzle())
    await person.check.click()
    await person.sees('success')
    const shifts = await shiftsIn(person.page)
    assert.deepEqual(
      shifts.flatMap(({ moved }) => moved),
      [],
    )
    // Within the box, the label makes room for the line that says how things stand.
    const total = shifts.reduce((sum, { value }) => sum + value, 0)
    assert.isAtMost(total, SHIFT_MAX)
    // It would have been seen.
    await person.page.evaluate(() => {
      const line = document.createElement('p')
      line.textContent = 'Something that pushes the form down.'
      document.querySelector('main')!.prepend(line)
    })
    const seen = (await shiftsIn(person.page)).flatMap(({ moved }) => moved)
    assert.isNotEmpty(seen)
  })
})
