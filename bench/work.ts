import { hash } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { type Browser, chromium } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from '../test/support/chromium.ts'
import { serveWorkParts } from '../test/support/work-parts.ts'
import { contend, median, type Rate, type WorkRow } from './work/contender.ts'
import { type Natives, openNatives } from './work/native.ts'
import { openOurs, searchInVain } from './work/ours.ts'
import { openPeers } from './work/peers.ts'

const ROUNDS = 7

/** Measures works in turns, because machines are shared: each round has the same weather for all. */
export async function measureWork(rounds: number): Promise<WorkRow[]> {
  return (await measure(rounds)).rows
}

/** How fast works are done by a visitor's browser, by peers' widgets in it, and by who needs no browser. */
export async function work(): Promise<string> {
  const { rows, others, version, load } = await measure(ROUNDS)
  return [
    `### Work, ${cpus().length} × ${cpus()[0]!.model}, Chromium ${version}, load ${load.toFixed(1)} before`,
    '',
    '| | asked for by default | one worker, median | p95 | two, median | p95 | tries | a CPU second of a browser thread | of a native core | ratio |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |',
    ...rows.map(({ name, asks, medianMs, p95Ms, two, unit, perSecond, nativePerSecond }) => {
      const waits = [medianMs, p95Ms, two.medianMs, two.p95Ms].map((ms) => `${count(ms)} ms`)
      const ratio = (nativePerSecond / perSecond).toFixed(1)
      const cells = [name, asks, ...waits, unit, count(perSecond), count(nativePerSecond), ratio]
      return `| ${cells.join(' | ')} |`
    }),
    '',
    '#### The same in other ways, on one core',
    '',
    '| | a CPU second |',
    '| --- | ---: |',
    ...others.map(({ name, perSecond }) => `| ${name} | ${count(perSecond)} |`),
    '',
  ].join('\n')
}

interface Other {
  name: string
  act(): number | null | Promise<number>
}

async function measure(rounds: number) {
  const load = loadavg()[0]!
  const natives = openNatives()
  const services = { 1: await serveWorkParts(), 2: await serveWorkParts() }
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
  try {
    const ours = await openOurs(browser, services, natives)
    const page = await browser.newPage()
    await page.goto(services[1].service)
    const rate = await rendererRate(browser)
    const contenders = [...ours, ...(await openPeers(page, natives))].map((contender) =>
      contend(contender, rate),
    )
    const engine = (which: number) => rate(() => searchInVain(page, which))
    const others = otherWays(engine, natives).map(({ name, act }) => {
      const seen: number[] = []
      return { name, act, seen }
    })

    for (let round = 0; round < rounds; round++) {
      for (const { measure } of contenders) await measure()
      for (const { act, seen } of others) seen.push((await act()) ?? Number.NaN)
    }
    return {
      rows: contenders.map(({ row }) => row()),
      others: others
        .map(({ name, seen }) => ({ name, perSecond: median(seen) }))
        .filter(({ perSecond }) => perSecond > 0),
      version: browser.version(),
      load,
    }
  } finally {
    await browser.close()
    for (const service of Object.values(services)) await service.stop()
    natives.close()
  }
}

/** By the time that pages and their workers have had a processor. */
async function rendererRate(browser: Browser): Promise<Rate> {
  const session = await browser.newBrowserCDPSession()
  const cpuSeconds = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const renderers = processInfo.filter(({ type }) => type === 'renderer')
    return renderers.reduce((seconds, { cpuTime }) => seconds + cpuTime, 0)
  }
  return async (act) => {
    const before = await cpuSeconds()
    const tries = await act()
    return tries / ((await cpuSeconds()) - before)
  }
}

function otherWays(engine: (which: number) => Promise<number>, natives: Natives): Other[] {
  return [
    { name: 'SHA-256, our wasm without SIMD (Chromium)', act: () => engine(1) },
    { name: 'SHA-256, our plain JavaScript (Chromium)', act: () => engine(2) },
    { name: 'SHA-256, node:crypto, one call per hash', act: nodeCrypto },
    { name: 'SHA-256, `openssl speed`, messages of 40 bytes', act: natives.opensslSha256 },
    {
      name: 'Equi-X, native, one hash at a time (solutions)',
      act: () => natives.equix('scalar').solutionsPerSecond,
    },
    { name: 'Equi-X, native, solutions verified', act: natives.equixVerifications },
  ]
}

function nodeCrypto(): number {
  const message = Buffer.alloc(40)
  const before = process.cpuUsage()
  for (let nonce = 0; nonce < 2 ** 18; nonce++) {
    message.writeUInt32BE(nonce, 36)
    hash('sha256', message, 'hex')
  }
  const { user, system } = process.cpuUsage(before)
  return 2 ** 18 / ((user + system) / 1e6)
}

function count(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 1 })
}
