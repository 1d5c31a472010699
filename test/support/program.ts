import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../src/config.ts'
import type { Mode } from '../../src/core/site.ts'
import { openStore } from '../../src/opening.ts'
import { systemRandom } from '../../src/random.ts'
import { makeSeal, type Seal } from '../../src/seal.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The root key of services that run as programs, so that the test can look into what they seal. */
export const ROOT_KEY = Buffer.alloc(32, 'one captcha tests')

/** A seal as those services have. */
export function testSeal(): Seal {
  return makeSeal([ROOT_KEY], systemRandom(), Date.now)
}

/** The service as an operator runs it: a process of its own. */
export interface Program {
  url: string
  pid: number
  data: string
  /** All that it has written to stdout and stderr so far. */
  output(): string
  /** Resident memory in bytes. */
  rss(): number
  /** Ends it as an operator would, and waits for it. */
  stop(): Promise<void>
  /** Ends it as a power failure would, and waits for it. */
  kill(): Promise<void>
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'one-captcha-program-'))
}

export function removeFolder(folder: string) {
  rmSync(folder, { recursive: true, force: true })
}

/** Registers a site in a program's data folder, as the command line would. It asks for as little work as there is. */
export async function addSite(
  data: string,
  hosts: string[],
  mode: Mode,
): Promise<{ sitekey: string; secret: string }> {
  const { store } = await openStore(
    readConfig({
      ONE_CAPTCHA_DATA: data,
      ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
    }),
  )
  try {
    return await store.sites.add({ hosts, mode, effortFloor: 1 })
  } finally {
    await store.close()
  }
}

/** What a command wrote, and how it ended. */
interface Told {
  code: number
  out: string
  err: string
}

/** Runs a program from the root of the sources to its end. Like a user at a prompt, it has no settings but the given ones. */
export async function run(
  program: string,
  args: readonly string[],
  settings: Record<string, string>,
): Promise<Told> {
  const child = spawn(program, args, { cwd: ROOT, env: environment(settings) })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

/** The environment of a program under test: ours, without its settings, and with the given ones. */
export function environment(settings: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ONE_CAPTCHA_'))
  return { ...Object.fromEntries(kept), ...settings } as Record<string, string>
}

/** Starts the service as a program and waits until it listens. */
export async function startProgram(
  data: string,
  settings: Record<string, string> = {},
  nodeOptions: string[] = [],
  root = ROOT,
): Promise<Program> {
  const child = spawn(process.execPath, [...nodeOptions, join(root, 'src/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment({
      ONE_CAPTCHA_PORT: '0',
      ONE_CAPTCHA_DATA: data,
      ONE_CAPTCHA_DEMO: 'off',
      ONE_CAPTCHA_PAINTERS: '1',
      ONE_CAPTCHA_CALM: '1000000000',
      ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
      ...settings,
    }),
  })
  let output = ''
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      const told = /is listening on (\S+)\n/.exec(output)
      if (told) resolve(told[1]!)
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${output}`)))
  })
  return {
    url,
    pid: child.pid!,
    data,
    output: () => output,
    rss: () => rssOf(child.pid!),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close')
  child.kill(signal)
  await ended
}

function rssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1_024
}
