import { execFileSync, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import type * as engines from '../src/pow/sha256/engines.ts'
import { plainEngine } from '../src/pow/sha256/plain.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../test/support/chromium.ts'
import { bundle } from '../test/support/work-parts.ts'

const ROUNDS = 9

/** How many nonces a second are tried by a visitor's browser, by a peer's widget in it, and by who needs no browser. */
export async function work(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-bench-'))
  const browser = await chromium.launch({ executablePath: chromiumPath()!, args: CHROMIUM_ARGS })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: await bundle('pow/sha256/engines.ts', 'iife', 'engines') })
    const contenders: [string, () => number | Promise<number>][] = [
      ['One Captcha, wasm with SIMD (Chromium)', () => ours(page, 0)],
      ['One Captcha, wasm without SIMD (Chromium)', () => ours(page, 1)],
      ['One Captcha, plain JavaScript (Chromium)', () => ours(page, 2)],
      ["Cap's wasm (Chromium)", await cap(page)],
      ['node:crypto, one call per nonce', nodeCrypto],
    ]
    const native = compile(folder)
    if (native) contenders.push(['native, compiled for this processor (`native.c`)', native])

    // In turns, because these machines are shared: each round has the same weather for all.
    const seen = contenders.map(() => [] as number[])
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, [, measure]] of contenders.entries()) seen[i]!.push(await measure())

    const medians = seen.map((rates) => rates.toSorted((a, b) => a - b)[ROUNDS >> 1]!)
    return [
      `### Work: SHA-256, one thread, ${cpus()[0]!.model}, Chromium ${browser.version()}`,
      '',
      '| | million tries a second | beside our SIMD |',
      '| --- | ---: | ---: |',
      ...contenders.map(
        ([name], i) =>
          `| ${name} | ${(medians[i]! / 1e6).toFixed(2)} | ${(medians[i]! / medians[0]!).toPrecision(2)} |`,
      ),
      '',
    ].join('\n')
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}

/** Tries nonces with one of our engines, to no avail. */
function ours(page: Page, which: number): Promise<number> {
  return page.evaluate((which) => {
    const held = window as unknown as {
      engines: typeof engines
      opened?: ReturnType<(typeof engines.ENGINES)[number]>[]
    }
    held.opened ??= held.engines.ENGINES.map((open) => open())
    const engine = held.opened[which]!
    // A threshold of 0 is met once in 2³² tries.
    engine.search(0, 2 ** 18, 0)
    const startedAt = performance.now()
    engine.search(0, 2 ** 21, 0)
    return 2 ** 21 / ((performance.now() - startedAt) / 1000)
  }, which)
}

/** Lets Cap's wasm find nonces that are some hundred thousand tries away; how many it took is what it returns. */
async function cap(page: Page): Promise<() => Promise<number>> {
  const folder = join(createRequire(import.meta.url).resolve('@cap.js/wasm'), '../../browser')
  const code = readFileSync(join(folder, 'cap_wasm.js'), 'utf8').replace('import.meta.url', '""')
  const wasm = readFileSync(join(folder, 'cap_wasm_bg.wasm')).toString('base64')
  const script = code
    .replace(/export default \w+;?\s*$/, '')
    .replace(/export\s*\{\s*initSync\s*\};?/, '')
  await page.addScriptTag({
    content: `(() => { ${script.replaceAll('export function', 'function')}
      initSync({ module: Uint8Array.from(atob('${wasm}'), (char) => char.charCodeAt(0)) })
      window.capSolve = solve_pow })()`,
  })
  let salt = 0
  return () =>
    page.evaluate((salt) => {
      const { capSolve } = window as unknown as { capSolve(salt: string, target: string): bigint }
      let tries = 0
      const startedAt = performance.now()
      for (let i = 0; tries < 2 ** 20; i++)
        tries += 1 + Number(capSolve(`${salt}-${i}-salt`, '0f0f0'))
      return tries / ((performance.now() - startedAt) / 1000)
    }, salt++)
}

function nodeCrypto(): number {
  const message = Buffer.alloc(40)
  const startedAt = performance.now()
  for (let nonce = 0; nonce < 2 ** 18; nonce++) {
    message.writeUInt32BE(nonce, 36)
    hash('sha256', message, 'hex')
  }
  return 2 ** 18 / ((performance.now() - startedAt) / 1000)
}

/** Null where there is no C compiler. */
function compile(folder: string): (() => number) | null {
  const source = fileURLToPath(new URL('native.c', import.meta.url))
  const program = join(folder, 'native')
  const { status } = spawnSync('cc', ['-O3', '-march=native', '-o', program, source])
  if (status !== 0) return null
  const run = () => execFileSync(program, { encoding: 'utf8' }).split(' ').map(Number)
  // It must do the same work as ours: the least sum of its first nonces is that of our plain engine.
  const plain = plainEngine()
  plain.table.forEach((_, i) => {
    plain.table[i] = Math.imul(i + 1, 0x9e3779b1)
  })
  const least = run()[1]!
  if (plain.search(0, 65_536, least) < 0 || plain.search(0, 65_536, least - 1) >= 0)
    throw new Error('native.c computes something else.')
  return () => run()[0]!
}
