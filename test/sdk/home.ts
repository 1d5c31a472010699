import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
export const SDK = join(REPOSITORY, 'sdk')

/** Where frameworks may be installed: in folders that the environment names, beside these tests, or at the root. */
const SHELVES = [
  ...(process.env.ONE_CAPTCHA_TEST_FRAMEWORKS ?? '').split(':').filter(Boolean),
  join(REPOSITORY, 'test/sdk/node_modules'),
  join(REPOSITORY, 'node_modules'),
]

/** A project of somebody's: the package built and installed, frameworks, and the examples. */
export interface Home {
  folder: string
  /** Starts a program that tells its address in its first line. */
  run(file: string, environment: Record<string, string>): Promise<{ url: string; stop(): void }>
  /** Runs a module to its end, and gives what it said. */
  evaluate(code: string, type?: 'module' | 'commonjs'): string
  remove(): void
}

/** The folder of an installed framework; undefined where it is not installed. */
export function findFramework(name: string): string | undefined {
  return SHELVES.map((shelf) => join(shelf, name)).find((folder) => existsSync(folder))
}

export function openHome(frameworks: string[]): Home {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-home-'))
  const installed = join(folder, 'node_modules/one-captcha')
  mkdirSync(installed, { recursive: true })
  succeed(process.execPath, [join(SDK, 'build.ts'), join(installed, 'dist')], REPOSITORY)
  cpSync(join(SDK, 'package.json'), join(installed, 'package.json'))
  cpSync(join(REPOSITORY, 'examples'), folder, { recursive: true })
  for (const name of frameworks) {
    const found = findFramework(name)
    if (!found) continue
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(found, link, 'junction')
  }
  return homeIn(folder)
}

export function homeIn(folder: string): Home {
  const running = new Set<ChildProcess>()
  return {
    folder,
    run: (file, environment) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [file], {
          cwd: folder,
          env: { ...process.env, PORT: '0', ...environment },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        running.add(child)
        child.on('exit', (code) => reject(new Error(`${file} ended with ${code}.`)))
        createInterface(child.stdout).once('line', (line) =>
          resolve({ url: line.replace('localhost', '127.0.0.1'), stop: () => child.kill() }),
        )
      }),
    evaluate: (code, type = 'module') =>
      succeed(process.execPath, [`--input-type=${type}`, '-e', code], folder).trim(),
    remove() {
      for (const child of running) child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The names of all subpaths that the package exports. */
export function subpaths(): string[] {
  return readdirSync(join(SDK, 'src'))
    .filter((file) => file.endsWith('.ts') && !/\.d\.ts$|^(guard|reply|web)\.ts$/.test(file))
    .map((file) => file.slice(0, -3))
}

export function succeed(command: string, args: string[], cwd: string): string {
  // Under `npm test`, npm has told its children which project is theirs, and would take that for every other.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name))
  const env = Object.fromEntries(own)
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}
