import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
export const SDK = join(REPOSITORY, 'sdk')
/** The project that has the frameworks and the runtimes installed. */
export const FRAMEWORKS = join(REPOSITORY, 'test/sdk')
/** Within it, so that what is in a home finds the frameworks as it would find its own. */
const HOMES = join(FRAMEWORKS, 'homes')

/** A project of somebody's: the package as it is published, frameworks, and the examples. */
export interface Home {
  folder: string
  /** Starts a program that tells its address in its first line. */
  run(file: string, environment: Record<string, string>): Promise<{ url: string; stop(): void }>
  /** Starts Node.js in one of the folders, until the home is removed. */
  start(folder: string, args: string[], environment: Record<string, string>): void
  /** Runs Node.js in one of the folders to its end, which has to be a good one. */
  finish(folder: string, args: string[], environment?: Record<string, string>): Promise<void>
  /** Runs a module to its end, and gives what it said. */
  evaluate(code: string, type?: 'module' | 'commonjs'): string
  remove(): void
}

export function openHome(): Home {
  mkdirSync(HOMES, { recursive: true })
  const folder = mkdtempSync(join(HOMES, 'home-'))
  const installed = join(folder, 'node_modules/one-captcha')
  mkdirSync(installed, { recursive: true })
  succeed('tar', ['-xzf', inject('tarball'), '--strip-components=1', '-C', installed], folder)
  cpSync(join(REPOSITORY, 'examples'), folder, { recursive: true })
  return homeIn(folder)
}

export function homeIn(folder: string): Home {
  const running = new Set<ChildProcess>()
  const start = (place: string, args: string[], environment: Record<string, string> = {}) => {
    const child = spawn(process.execPath, args, {
      cwd: join(folder, place),
      env: { ...ownEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    return child
  }
  return {
    folder,
    start(...what) {
      const child = start(...what)
      // Read, so that it does not wait for a reader.
      child.stdout.resume()
      child.stderr.pipe(process.stderr)
    },
    async finish(...what) {
      const child = start(...what)
      const [out, err, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise((resolve) => child.once('close', resolve)),
      ])
      if (code !== 0) throw new Error(`${what[1].join(' ')} ended with ${code}:\n${out}${err}`)
    },
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
  const modules = readdirSync(join(SDK, 'src'))
    .filter((file) => file.endsWith('.ts') && !/\.d\.ts$|^(guard|reply|web)\.ts$/.test(file))
    .map((file) => file.slice(0, -3))
  return [...modules, 'angular']
}

/** Under `npm test`, npm has told its children which project is theirs; what it says of the registry holds for all. */
const OF_NPM =
  /^(npm_(?!config_(registry|userconfig|globalconfig|cache|cafile|(https_)?proxy|noproxy|strict_ssl)$)|INIT_CWD$)/i

/** Runs a program to its end, and gives what it wrote. */
export function succeed(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: ownEnvironment(),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_NPM.test(name)))
}
