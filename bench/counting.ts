import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { openStore } from '../src/opening.ts'
import { systemRandom } from '../src/random.ts'
import { startMetrics } from '../src/stats/metrics.ts'
import { readStats } from '../src/stats/stats.ts'
import { startTally, type Tally } from '../src/stats/tally.ts'
import { waitingLabel } from '../src/stats/waiting.ts'

const VISITS = 200_000
const REQUESTS = 1_000_000
const DAY_MS = 24 * 3_600_000

/** What counting costs: a visit, a request, a write, and the reading of a busy site's day and year. */
export async function counting(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'one-captcha-bench-'))
  let now = 20_000 * DAY_MS
  const opened = await openStore(readConfig({ ONE_CAPTCHA_DATA: data }))
  const { store } = opened
  const metrics = startMetrics()
  const tally = startTally(store.counts, {
    ...{ now: () => now, random: systemRandom(), observe: metrics.observe, flushMs: 1e8 },
  })
  const lines: [string, string][] = []
  try {
    const { sitekey } = await store.sites.add({ hosts: ['example.test'], mode: 'checkbox' })
    await timed('counting one visit that passes by a puzzle (14 counts)', VISITS, 'µs', () =>
      visit(tally, sitekey),
    )
    await timed('counting one answered request', REQUESTS, 'µs', () =>
      metrics.answered('/v1/challenges', 200, 1.7, false),
    )
    await timed('answering /metrics', 50, 'ms', () => metrics.text())
    await tally.flush()
    await timed('writing ten seconds of one busy site', 100, 'ms', () => {
      for (let i = 0; i < 50; i++) visit(tally, sitekey)
      return tally.flush()
    })

    // A year of hours, and in it two days of minutes, with something of everything in each.
    const end = now
    for (const [days, stepMs] of [
      [365, 3_600_000],
      [1, 60_000],
    ] as const) {
      for (now = end - days * DAY_MS; now < end; now += stepMs) {
        for (let i = 0; i < 20; i++) visit(tally, sitekey)
      }
      await tally.flush()
    }
    for (const range of ['day', 'week', 'month', 'year'] as const) {
      let since = 0
      await timed(`reading a busy site’s ${range}`, 5, 'ms', () =>
        // With another `since` each time, or it would only be recalled.
        readStats(store.counts, () => now).of([sitekey], range, since++),
      )
    }
  } finally {
    await tally.close()
    await opened.close()
    rmSync(data, { recursive: true })
  }
  return [
    '## Counting\n\n| what | time |\n| --- | --- |',
    ...lines.map(([what, time]) => `| ${what} | ${time} |`),
  ].join('\n')

  async function timed(what: string, times: number, unit: 'µs' | 'ms', act: () => unknown) {
    const startedAt = performance.now()
    for (let i = 0; i < times; i++) {
      const done = act()
      if (done instanceof Promise) await done
    }
    const ms = (performance.now() - startedAt) / times
    lines.push([what, unit === 'ms' ? `${ms.toFixed(2)} ms` : `${(ms * 1_000).toFixed(2)} µs`])
  }
}

/** All that is counted of a visitor who passes by work and a puzzle, and whose token is redeemed. */
function visit(tally: Tally, sitekey: string) {
  tally.count(sitekey, 'challenges', 'sign-up')
  tally.count(sitekey, 'effort', '', 8)
  tally.count(sitekey, 'pressure', 'site', 0.2)
  tally.count(sitekey, 'pressure', 'network', 0.1)
  tally.count(sitekey, 'solutions')
  tally.count(sitekey, 'puzzles', 'slider')
  tally.count(sitekey, 'solutions', 'another')
  tally.count(sitekey, 'puzzles', 'slider')
  tally.count(sitekey, 'solutions')
  tally.count(sitekey, 'failed', 'off-target')
  tally.count(sitekey, 'solutions')
  tally.count(sitekey, 'passed', 'slider')
  tally.count(sitekey, 'waited', waitingLabel(300 + 40 * (performance.now() % 400)))
  tally.count(sitekey, 'redeemed', 'sign-up')
}
