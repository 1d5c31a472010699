import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import type * as engines from '../../src/pow/sha256/engines.ts'
import type * as work from '../../src/widget/work/open.ts'
import type { WorkParts } from '../../test/support/work-parts.ts'
import type { Contender, Workers } from './contender.ts'
import type { Natives } from './native.ts'
import type { Run } from './page.ts'

/** `src/kinds/pow/pow.ts`. */
const COUNT = 8
/** A calm day's (`src/core/policy.ts`). */
const EQUIX_EFFORT = 8
/** Asked of whoever had his work made lighter twice on a calm day (`src/core/plan.ts`). */
const SHA256_EFFORT = 4_096

/** For which a challenge is waited. */
const CHALLENGE_MS = 250

/** An attempt's number and its solution. */
const EQUIX_PART_BYTES = 18
const SHA256_PART_BYTES = 4

type Held = { work: typeof work; opened: work.OpenWork; engines: typeof engines }

/** Our own works, by the path that they take on another site's page. */
export async function openOurs(
  browser: Browser,
  services: Record<Workers, WorkParts>,
  natives: Natives,
): Promise<Contender[]> {
  const pages = { 1: await open(browser, services[1], 1), 2: await open(browser, services[2], 2) }
  const ready = (workers: Workers) => getReady(pages[workers], services[workers])
  const { solutionsPerSecond, attemptsPerSecond } = natives.equix()
  const solutionsPerAttempt = solutionsPerSecond / attemptsPerSecond

  async function equix(page: Page, effort: number): Promise<Run> {
    const { proof, ms } = await solve(page, 'equix', effort)
    let attempts = 0
    for (let at = 0; at < proof.length; at += EQUIX_PART_BYTES)
      attempts += proof.readUInt16LE(at) + 1
    return { tries: attempts * solutionsPerAttempt, ms }
  }

  async function sha256(page: Page, effort: number): Promise<Run> {
    const { proof, ms } = await solve(page, 'sha256', effort)
    let tries = 0
    for (let at = 0; at < proof.length; at += SHA256_PART_BYTES) tries += proof.readUInt32BE(at) + 1
    return { tries, ms }
  }

  return [
    {
      name: 'One Captcha, Equi-X',
      asks: `${COUNT} × ${EQUIX_EFFORT} solutions`,
      unit: 'solutions',
      tries: COUNT * EQUIX_EFFORT,
      runs: 8,
      open: ready,
      run: (workers) => equix(pages[workers], EQUIX_EFFORT),
      much: () => equix(pages[1], 4 * EQUIX_EFFORT),
      native: () => natives.equix().solutionsPerSecond,
    },
    {
      name: 'One Captcha, SHA-256 by wasm with SIMD',
      asks: `${COUNT} × ${SHA256_EFFORT.toLocaleString('en')} hashes`,
      unit: 'hashes',
      tries: COUNT * SHA256_EFFORT,
      runs: 3,
      open: ready,
      run: (workers) => sha256(pages[workers], SHA256_EFFORT),
      much: () => sha256(pages[1], 64 * SHA256_EFFORT),
      native: natives.sha256,
    },
  ]
}

/** Lets one of our engines for SHA-256 search in vain, of those in the order in which they are tried. */
export function searchInVain(page: Page, which: number): Promise<number> {
  return page.evaluate((which) => {
    const engine = (window as unknown as Held).engines.ENGINES[which]!()
    const slice = 2 ** 16
    const slices = 64
    // A threshold of 0 is met once in 2³² tries. In slices, as browsers improve code only between calls.
    for (let i = 0; i < slices; i++) engine.search(i * slice, slice, 0)
    return slices * slice
  }, which)
}

/** Another site's page, in a browser that takes half of the processors it is told of for as many workers. */
async function open(
  browser: Browser,
  { site, text, replace, setPage }: WorkParts,
  workers: Workers,
): Promise<Page> {
  const pretend = `Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${2 * workers} })`
  replace('/parts/worker.js', `${pretend};${text('/parts/worker.js')}`)
  setPage({})
  const page = await (await browser.newContext()).newPage()
  await page.goto(site)
  return page
}

/** As the widget does, which then asks for a challenge and waits for it. */
async function getReady(page: Page, { service }: WorkParts): Promise<void> {
  await page.reload()
  await page.evaluate((service) => {
    const held = window as unknown as Held
    held.opened = held.work.openWork(`${service}/parts/`)
    held.opened.warm()
  }, service)
  await setTimeout(CHALLENGE_MS)
}

/** Solves a challenge that nobody has seen before. */
async function solve(page: Page, algorithm: string, effort: number) {
  const prompt = { algorithm, effort, count: COUNT }
  const challenge = Array.from({ length: 12 }, () => randomUUID()).join('')
  const { proof, ms } = await page.evaluate(
    async ({ challenge, prompt }) => {
      const { opened } = window as unknown as Held
      const { signal } = new AbortController()
      const startedAt = performance.now()
      const proof = await opened.solve(challenge, prompt, () => {}, signal)
      return { proof, ms: performance.now() - startedAt }
    },
    { challenge, prompt },
  )
  return { proof: Buffer.from(proof, 'base64url'), ms }
}
