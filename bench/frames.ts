import { chromium } from '@playwright/test'
import type * as work from '../src/widget/work/open.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../test/support/chromium.ts'
import { serveWorkParts } from '../test/support/work-parts.ts'

const SECONDS = 6
/** More than can be done meanwhile. */
const ENDLESS = { algorithm: 'equix', effort: 4_096, count: 8 }

/** How smoothly a page goes on while work is done in its worker, or, where it may have none, on its own thread. */
export async function frames(): Promise<string> {
  const parts = await serveWorkParts()
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
  try {
    const page = await browser.newPage()
    const measure = async (name: string, solving: boolean, policy?: string) => {
      parts.setPage(policy ? { 'content-security-policy': policy } : {})
      await page.goto(parts.site)
      const gaps = await page.evaluate(watch, {
        service: parts.service,
        prompt: solving ? ENDLESS : null,
        seconds: SECONDS,
      })
      gaps.sort((a, b) => a - b)
      const at = (share: number) => `${gaps[Math.floor((gaps.length - 1) * share)]!.toFixed(1)} ms`
      return `| ${name} | ${(gaps.length / SECONDS).toFixed(1)} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`
    }
    // No frame of ours, and so no worker.
    const alone = `default-src 'none'; script-src ${parts.service} 'wasm-unsafe-eval'; frame-src 'none'`
    const rows = [
      await measure('nothing is done', false),
      await measure('work in a worker', true),
      await measure('work on the page’s own thread', true, alone),
    ]
    return [
      `### Frames of a page while work is done, Chromium ${browser.version()}`,
      '',
      '| | frames a second | median gap | p99 | longest |',
      '| --- | ---: | ---: | ---: | ---: |',
      ...rows,
      '',
    ].join('\n')
  } finally {
    await browser.close()
    await parts.stop()
  }
}

/** In the page: the times between frames. */
async function watch({
  service,
  prompt,
  seconds,
}: {
  service: string
  prompt: typeof ENDLESS | null
  seconds: number
}): Promise<number[]> {
  const { openWork } = (window as unknown as { work: typeof work }).work
  const stop = new AbortController()
  if (prompt) {
    const opened = openWork(`${service}/parts/`)
    let began = () => {}
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const report = (share: number) => share > 0 && began()
    opened.solve('a sealed challenge', prompt, report, stop.signal).catch(() => {})
    await beginning
  }
  const gaps: number[] = []
  let last = await new Promise<number>(requestAnimationFrame)
  const endsAt = last + seconds * 1_000
  while (last < endsAt) {
    const now = await new Promise<number>(requestAnimationFrame)
    gaps.push(now - last)
    last = now
  }
  stop.abort()
  return gaps
}
