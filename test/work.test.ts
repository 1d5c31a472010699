import { createHash } from 'node:crypto'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { VERIFIERS } from '../src/pow/index.ts'
import type * as engines from '../src/pow/sha256/engines.ts'
import type * as work from '../src/widget/work/open.ts'
import { CHROMIUM_ARGS, chromiumPath } from './support/chromium.ts'
import { serveWorkParts, type WorkParts } from './support/work-parts.ts'

const CHALLENGE = 'a-sealed_challenge'.repeat(40)
const PROMPT = { algorithm: 'equix', effort: 2, count: 8 }
/** Worth more than one worker. */
const MORE = { ...PROMPT, effort: 6 }
/** More than can be done while a test runs. */
const ENDLESS = { ...PROMPT, effort: 4_096 }
/** For who cannot do the other. */
const SHA256 = { algorithm: 'sha256', effort: 30_000, count: 8 }

let browser: Browser
let parts: WorkParts
let page: Page

beforeAll(async () => {
  parts = await serveWorkParts()
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await parts?.stop()
})
beforeEach(async () => {
  parts.reset()
  await page?.context().close()
  page = await browser.newPage()
})

function launch(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_ARGS, ...args] })
}

/** A page's policy that allows what the service needs, and no more. */
const strict = (frames = parts.service) =>
  `default-src 'none'; script-src ${parts.service}; connect-src ${parts.service}; frame-src ${frames}`

async function visit(origin: string, policy?: string, body?: string): Promise<void> {
  parts.setPage(policy ? { 'content-security-policy': policy } : {}, body)
  await page.goto(origin)
}

interface Outcome {
  proof?: string
  error?: string
  shares: number[]
  /** The longest that the rest was ever expected to take, once there was an expectation. */
  restMs: number
  ms: number
  /** How often the page's own thread had a turn meanwhile. */
  turns: number
}

/** Gets work done for the page; if `abort`, only until the first progress. */
function solve(prompt = PROMPT, abort = false): Promise<Outcome> {
  return page.evaluate(
    async ({ service, challenge, prompt, abort }) => {
      const held = window as unknown as { work: typeof work; opened?: work.OpenWork }
      held.opened ??= held.work.openWork(`${service}/parts/`)
      const stop = new AbortController()
      const shares: number[] = []
      let longestMs = 0
      const report = (share: number, restMs: number) => {
        shares.push(share)
        longestMs = Math.max(longestMs, restMs)
        if (abort && share > 0) stop.abort()
      }
      let turns = 0
      const clock = setInterval(() => turns++, 1)
      const startedAt = performance.now()
      const outcome = await held.opened.solve(challenge, prompt, report, stop.signal).then(
        (proof) => ({ proof }),
        (error) => ({ error: String(error) }),
      )
      clearInterval(clock)
      const ms = performance.now() - startedAt
      return { ...outcome, shares, turns, ms, restMs: longestMs }
    },
    { service: parts.service, challenge: CHALLENGE, prompt, abort },
  )
}

/** As the service judges it. */
function holds({ proof, error }: Outcome, { algorithm, effort, count } = PROMPT): boolean {
  if (proof === undefined) throw new Error(`There is no proof: ${error}`)
  const seed = createHash('sha256').update(CHALLENGE).digest()
  const bytes = Buffer.from(proof, 'base64url')
  const verifier = VERIFIERS.find(({ name }) => name === algorithm)!
  return bytes.toString('base64url') === proof && verifier.verify({ seed, effort, count }, bytes)
}

const asked = (path: string) => parts.requests.filter((request) => request.path === path)

describe('work', () => {
  it('is done by a worker on the service’s own pages', async () => {
    await visit(parts.service, `default-src 'none'; script-src 'self'; frame-src 'self'`)
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    expect(asked('/parts/frame.html')).toHaveLength(1)
    expect(asked('/parts/solver.js')).toHaveLength(0)
  })

  it('is done by a worker in a frame on other pages, however strict their policy', async () => {
    await visit(parts.site, strict())
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/frame.html')).toHaveLength(1)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    expect(asked('/parts/solver.js')).toHaveLength(0)
    const frame = page.locator('iframe')
    expect(await frame.isVisible()).toBe(false)
    expect(await frame.getAttribute('aria-hidden')).toBe('true')
    expect(await frame.getAttribute('tabindex')).toBe('-1')
    expect(await frame.getAttribute('title')).not.toBe('')
  })

  it('is done by the same worker again, and by another at the same time', async () => {
    await visit(parts.site, strict())
    expect(holds(await solve())).toBe(true)
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    const both = await Promise.all([solve(), solve()])
    expect(both.every((outcome) => holds(outcome))).toBe(true)
    await expect.poll(() => page.frames().length).toBe(2)
  })

  it('is shared by workers on half of the processors, four at most, and by one where it is little', async () => {
    for (const [processors, workers] of [
      [1, 1],
      [2, 1],
      [4, 2],
      [64, 4],
    ]) {
      const many = `Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${processors} });`
      parts.replace('/parts/worker.js', many + parts.text('/parts/worker.js'))
      await visit(parts.site, strict())
      expect(holds(await solve({ ...PROMPT, effort: 1 }), { ...PROMPT, effort: 1 })).toBe(true)
      expect(page.workers()).toHaveLength(1)
      expect(holds(await solve(MORE), MORE)).toBe(true)
      expect(page.workers()).toHaveLength(workers!)
    }
  })

  it('goes on when a helping worker does not start', async () => {
    const many = `Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 });`
    const alone = `${many}self.Worker = class { postMessage() {} };`
    parts.replace('/parts/worker.js', alone + parts.text('/parts/worker.js'))
    await visit(parts.site, strict())
    expect(holds(await solve(MORE), MORE)).toBe(true)
  })

  it('pauses while nobody sees the page, and goes on when somebody does', async () => {
    await visit(parts.site, strict())
    const hide = (hidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(Document.prototype, 'hidden', {
          get: () => hidden,
          configurable: true,
        })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    const progress = () => page.evaluate(() => (window as unknown as { news: number }).news)
    await page.evaluate(
      ({ service, challenge, prompt }) => {
        const held = window as unknown as {
          work: typeof work
          news: number
          proof: Promise<string>
        }
        held.news = 0
        const opened = held.work.openWork(`${service}/parts/`)
        held.proof = opened.solve(
          challenge,
          prompt,
          () => held.news++,
          new AbortController().signal,
        )
      },
      { service: parts.service, challenge: CHALLENGE, prompt: { ...PROMPT, effort: 16 } },
    )
    await expect.poll(progress).toBeGreaterThan(3)
    await hide(true)
    // What was on its way when it paused may still come.
    await page.waitForTimeout(500)
    const paused = await progress()
    // Longer than an unseen silence would be taken for nobody being there.
    await page.waitForTimeout(6_000)
    expect(await progress()).toBe(paused)
    await hide(false)
    const proof = await page.evaluate(() => (window as unknown as { proof: Promise<string> }).proof)
    expect(holds({ proof } as Outcome, { ...PROMPT, effort: 16 })).toBe(true)
    expect(asked('/parts/solver.js')).toHaveLength(0)
  })

  it('has its worker ready ahead where that is wanted, and lets go of it', async () => {
    await visit(parts.site, strict())
    await page.evaluate((service) => {
      const held = window as unknown as { work: typeof work; opened?: work.OpenWork }
      held.opened = held.work.openWork(`${service}/parts/`)
      held.opened.warm()
    }, parts.service)
    await expect.poll(() => page.workers().length).toBe(1)
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    await page.evaluate(() => (window as unknown as { opened: work.OpenWork }).opened.close())
    await expect.poll(() => page.workers().length).toBe(0)
    await expect.poll(() => page.frames().length).toBe(1)
  })

  it('is done in a frame on pages that isolate themselves', async () => {
    parts.setPage({
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
    })
    await page.goto(parts.site)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    expect(asked('/parts/solver.js')).toHaveLength(0)
  })

  it('is done on the page where its policy allows no frame, and the page stays alive', async () => {
    await visit(parts.site, strict(`'none'`))
    const outcome = await solve()
    expect(holds(outcome)).toBe(true)
    expect(outcome.turns).toBeGreaterThan(outcome.ms / 100)
    expect(asked('/parts/frame.html')).toHaveLength(0)
    expect(asked('/parts/worker.js')).toHaveLength(0)
    expect(asked('/parts/solver.js')).toHaveLength(1)
    expect(await page.locator('iframe').count()).toBe(0)
  })

  it('is done there at once: no time need pass before a frame that is forbidden is given up', async () => {
    await page.clock.install()
    await visit(parts.site, strict(`'none'`))
    await page.clock.pauseAt(Date.now() + 60_000)
    expect(holds(await solve())).toBe(true)
  })

  it('is done on the page where a policy only reports, no sooner than needed', async () => {
    parts.setPage({ 'content-security-policy-report-only': strict(`'none'`) })
    await page.goto(parts.site)
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
    expect(asked('/parts/solver.js')).toHaveLength(0)
  })

  it('is done on a page in a sandbox', async () => {
    await visit(parts.site, 'sandbox allow-scripts')
    expect(await page.evaluate(() => origin)).toBe('null')
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/solver.js')).toHaveLength(1)
  })

  it('is done on the page when the frame never answers', async () => {
    parts.replace('/parts/frame.html', 'Something else')
    await visit(parts.site, strict())
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/solver.js')[0]!.headers['sec-fetch-site']).toBe('cross-site')
  })

  it('is done in the frame when its worker does not start', async () => {
    parts.replace('/parts/worker.js', null)
    await visit(parts.site, strict())
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/solver.js')[0]!.headers['sec-fetch-site']).toBe('same-origin')
  })

  it('fails, and does not hang, where nothing can be loaded', async () => {
    parts.replace('/parts/worker.js', null)
    parts.replace('/parts/solver.js', null)
    await visit(parts.site, strict())
    expect((await solve()).error).toContain('could not be done')
  })

  it('begins anew where nothing could be loaded for a while', async () => {
    parts.replace('/parts/worker.js', null)
    parts.replace('/parts/solver.js', null)
    await visit(parts.site, strict())
    expect((await solve()).error).toContain('could not be done')
    parts.reset()
    expect(holds(await solve())).toBe(true)
    expect(asked('/parts/worker.js')).toHaveLength(1)
  })

  it('is done by a worker without WebAssembly, which says soon how long it will take', async () => {
    parts.replace('/parts/worker.js', `delete self.WebAssembly;${parts.text('/parts/worker.js')}`)
    await visit(parts.site, strict())
    const little = { ...PROMPT, effort: 1, count: 2 }
    const outcome = await solve(little)
    expect(holds(outcome, little)).toBe(true)
    expect(outcome.restMs).toBeGreaterThan(200)
    expect(holds(await solve(SHA256), SHA256)).toBe(true)
    expect(asked('/parts/solver.js')).toHaveLength(1)
    expect(asked('/parts/solver.js')[0]!.headers['sec-fetch-site']).toBe('same-origin')
  })

  it('is done by a worker without SIMD', async () => {
    const old = await launch('--js-flags=--no-enable-sse4-1 --no-enable-avx')
    try {
      page = await old.newPage()
      await visit(parts.site, strict())
      expect(holds(await solve(SHA256), SHA256)).toBe(true)
      expect(asked('/parts/solver.js')[0]!.headers['sec-fetch-site']).toBe('same-origin')
      await visit(parts.service)
      const name = page.evaluate(
        () => (window as unknown as { engines: typeof engines }).engines.bestEngine().name,
      )
      expect(await name).toBe('scalar')
    } finally {
      await old.close()
    }
  })

  it('reports progress that only grows', async () => {
    await visit(parts.site)
    const { shares } = await solve({ ...PROMPT, effort: 16 })
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    expect(new Set(shares).size).toBeGreaterThan(8)
  })

  it.each([
    ['frame', () => parts.site],
    ['worker', () => parts.service],
  ])(
    'ends its %s when nobody wants it any more, and starts again when somebody does',
    async (_, origin) => {
      await visit(origin())
      expect((await solve(ENDLESS, true)).error).toContain('AbortError')
      await expect.poll(() => page.workers().length).toBe(0)
      await expect.poll(() => page.frames().length).toBe(1)
      expect(holds(await solve())).toBe(true)
      expect(asked('/parts/solver.js')).toHaveLength(0)
    },
  )

  it('stops on the page when nobody wants it any more', async () => {
    await visit(parts.site, strict(`'none'`))
    expect((await solve(ENDLESS, true)).error).toContain('AbortError')
    expect(holds(await solve())).toBe(true)
  })

  it('stops on the service’s own page when its worker could not start', async () => {
    parts.replace('/parts/worker.js', null)
    await visit(parts.service)
    expect((await solve(ENDLESS, true)).error).toContain('AbortError')
    const idle = () =>
      page.evaluate(async () => {
        const startedAt = performance.now()
        // Each is a turn of the event loop; work on this thread takes milliseconds in between.
        for (let i = 0; i < 20; i++) {
          const { port1, port2 } = new MessageChannel()
          await new Promise((resolve) => {
            port1.onmessage = resolve
            port2.postMessage(0)
          })
        }
        return performance.now() - startedAt < 40
      })
    await expect.poll(idle).toBe(true)
  })

  it('cannot be forged, nor had, by other frames of the page', async () => {
    const hostile = `<script>
      const tell = (what) => parent.postMessage({ tell: what }, '*')
      setInterval(() => {
        for (let i = -1; i < parent.length; i++) {
          const target = i < 0 ? parent : parent[i]
          if (target === self) continue
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => tell('answered')
          for (const forged of ['AAAA', 1, null]) target.postMessage(forged, '*')
          target.postMessage({ challenge: 'mine' }, '*', [port2])
          if (i > 0) tell('tried')
        }
      }, 1)
    </script>`
    await visit(
      parts.site,
      undefined,
      `<iframe srcdoc="${hostile.replaceAll('"', '&quot;')}"></iframe>`,
    )
    await page.evaluate(() => {
      const heard = new Set()
      Object.assign(window, { heard })
      addEventListener('message', ({ data }) => heard.add(data?.tell ?? data))
    })
    expect(holds(await solve(MORE), MORE)).toBe(true)
    const heard = () =>
      page.evaluate(() => [...(window as unknown as { heard: Set<unknown> }).heard])
    await expect.poll(heard).toContain('tried')
    expect(await heard()).toContain('AAAA')
    expect(await heard()).not.toContain('answered')
  })
})
