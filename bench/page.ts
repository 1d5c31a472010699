import { type Browser, chromium, type Page, type Request } from '@playwright/test'
import { registerTsx } from '../src/tsx.ts'
import { type Site, serveSite } from '../test/browser/site.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../test/support/chromium.ts'
import type { TestService } from '../test/support/service.ts'
import { gapOf } from '../test/support/visitor.ts'

const ROUNDS = 5
/** A task that keeps a page from answering for longer than this is long (w3.org/TR/longtasks). */
const LONG_MS = 50

/** What one visit cost the page. */
interface Visit {
  bytes: number
  paintMs: number
  shift: number
  /** All that the page's own thread did, and the longest it did at once. */
  busyMs: number
  longestMs: number
  long: number
}

/** What a page with a widget costs its visitor, from its opening to the token, beside the same page without one. */
export async function page(): Promise<string> {
  registerTsx()
  const { startService } = await import('../test/support/service.ts')
  const service = await startService()
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
  const site = async (mode: 'checkbox' | 'puzzle') =>
    serveSite(
      service.url,
      await service.addSite(['localhost'], mode, { effortFloor: 8 }),
      'localhost',
    )
  const [box, puzzle] = [await site('checkbox'), await site('puzzle')]
  try {
    while (service.context.painter.ready() < 4) await new Promise((done) => setTimeout(done, 50))
    const ways: [string, string, (page: Page) => Promise<unknown>][] = [
      ['no widget', formOf(box, false), async () => {}],
      ['a box that is ticked', formOf(box), tick],
      ['a box and a puzzle that is solved', formOf(puzzle), (page) => solve(page, service)],
    ]
    const rows: string[] = []
    for (const slower of [1, 4]) {
      const visits: Visit[][] = ways.map(() => [])
      for (let round = 0; round < ROUNDS; round++)
        for (const [i, [, url, act]] of ways.entries())
          visits[i]!.push(await visit(browser, url, slower, act))
      for (const [i, [name]] of ways.entries()) rows.push(row(name, slower, visits[i]!))
    }
    return [
      `### A page and its widget, Chromium ${browser.version()}`,
      '',
      '| | processor | bytes of ours | first paint | layout shift | page’s thread busy | longest at once | over 50 ms |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows,
      '',
    ].join('\n')
  } finally {
    await browser.close()
    await Promise.all([box.stop(), puzzle.stop()])
    await service.stop()
  }
}

function formOf(site: Site, widget = true): string {
  return site.page(
    `<form method="post"><label>Name <input name="who"></label>
    ${widget ? `<one-captcha sitekey="${site.sitekey}"></one-captcha>` : ''}<button>Join</button></form>`,
    {
      head: '<style>one-captcha { display: block; min-height: 68px }</style>',
      ...(!widget && { script: false as const }),
    },
  )
}

async function visit(
  browser: Browser,
  url: string,
  slower: number,
  act: (page: Page) => Promise<unknown>,
): Promise<Visit> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await cdp.send('Performance.enable')
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    const ours = /\/v1\/(widget|parts)/.test(request.url())
    if (ours) sizes.push(lengthOf(request))
  })
  await page.addInitScript(watch)
  await page.goto(url)
  await act(page)
  await page.waitForFunction(() => (window as unknown as { seen: Visit }).seen.paintMs > 0)
  const seen = await page.evaluate(
    () =>
      (window as unknown as { seen: Pick<Visit, 'shift' | 'paintMs'> & { tasks: number[] } }).seen,
  )
  const { metrics } = await cdp.send('Performance.getMetrics')
  const busy = metrics.find(({ name }) => name === 'TaskDuration')!.value
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  await context.close()
  const { shift, paintMs, tasks } = seen
  return {
    ...{ bytes, shift, paintMs, busyMs: busy * 1_000 },
    ...{ long: tasks.length, longestMs: Math.max(0, ...tasks) },
  }
}

/** As the service says it: what a worker loads, the browser does not weigh. */
async function lengthOf(request: Request): Promise<number> {
  return Number(await (await request.response())!.headerValue('content-length'))
}

/** In the page: notes what its visitor would feel. */
function watch() {
  const seen = { shift: 0, paintMs: 0, tasks: [] as number[] }
  Object.assign(window, { seen })
  const on = (type: string, then: (entry: PerformanceEntry & { value: number }) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) then(entry as PerformanceEntry & { value: number })
    }).observe({ type, buffered: true })
  on('layout-shift', ({ value }) => {
    seen.shift += value
  })
  on('paint', ({ startTime }) => {
    seen.paintMs = startTime
  })
  // Only what takes longer than 50 ms is reported.
  on('longtask', ({ duration }) => seen.tasks.push(duration))
}

async function tick(page: Page) {
  await page.getByRole('checkbox').click()
  await passed(page)
}

async function solve(page: Page, service: TestService) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/v1/solutions'))
  await page.getByRole('checkbox').click()
  const { challenge } = await (await answered).json()
  const slider = page.getByRole('slider')
  await slider.waitFor()
  await slider.focus()
  for (let x = Math.round(gapOf(service.context.tools.seal, challenge)); x > 0; x--)
    await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await passed(page)
}

const passed = (page: Page) => page.locator('.root.success').waitFor({ state: 'attached' })

function row(name: string, slower: number, visits: Visit[]): string {
  const middle = (of: (visit: Visit) => number) =>
    visits.map(of).sort((a, b) => a - b)[Math.floor(visits.length / 2)]!
  const cells = [
    ...[name, slower === 1 ? 'this one' : `${slower} times as slow`],
    `${middle((one) => one.bytes)}`,
    `${middle((one) => one.paintMs).toFixed(0)} ms`,
    middle((one) => one.shift).toFixed(4),
    `${middle((one) => one.busyMs).toFixed(0)} ms`,
    middle((one) => one.long) === 0
      ? `under ${LONG_MS} ms`
      : `${middle((one) => one.longestMs).toFixed(0)} ms`,
    `${middle((one) => one.long)}`,
  ]
  return `| ${cells.join(' | ')} |`
}
