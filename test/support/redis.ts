import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { pathOf } from './debian.ts'

/** A Redis of the test's own. */
export interface RedisProcess {
  url: string
  port: number
  /** Where its files are. */
  folder: string
  readonly pid: number
  /** Sends a command by `redis-cli`, and returns what it prints. */
  ask(...command: string[]): string
  /** Ends it, by default as a power failure would. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port, with the files that it left. */
  start(): Promise<void>
  /** Ends it, stays away for so long, and starts it again. */
  restart(downMs: number, signal?: NodeJS.Signals): Promise<void>
  close(): Promise<void>
}

type Settings = Record<string, string>

/** Starts a Redis on a free port of this machine, in a temporary folder. */
export function startRedis(settings: Settings = {}): Promise<RedisProcess> {
  return startServer({ save: '', appendonly: 'no', ...settings }, 'redis')
}

/** A master with a replica, and three Sentinels who watch over them. */
export interface Sentinels {
  url: string
  servers: RedisProcess[]
  /** The server that Sentinel says is the master now. */
  master(): RedisProcess
  close(): Promise<void>
}

/** Starts a master, a replica and three Sentinels. */
export async function startSentinels(replicas = 1, settings: Settings = {}): Promise<Sentinels> {
  const master = await startRedis({ 'repl-diskless-sync-delay': '0', ...settings })
  const followers = await Promise.all(
    Array.from({ length: replicas }, () =>
      startRedis({
        'repl-diskless-sync-delay': '0',
        replicaof: `127.0.0.1 ${master.port}`,
        ...settings,
      }),
    ),
  )
  const servers = [master, ...followers]
  await eventually(() => /connected_slaves:(\d+)/.exec(master.ask('INFO'))?.[1] === `${replicas}`)
  const sentinels = await Promise.all(
    Array.from({ length: 3 }, () =>
      startServer(
        {
          'sentinel monitor': `main 127.0.0.1 ${master.port} 2`,
          'sentinel down-after-milliseconds': 'main 1000',
          'sentinel failover-timeout': 'main 3000',
          'sentinel parallel-syncs': 'main 1',
        },
        'sentinel',
      ),
    ),
  )
  const told = () => sentinels.map(({ ask }) => ask('SENTINEL', 'MASTER', 'main'))
  await eventually(() =>
    told().every(
      (text) =>
        /num-slaves\n"?(\d+)/.exec(text)?.[1] === `${replicas}` &&
        /num-other-sentinels\n2/.test(text),
    ),
  )
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`,
    servers,
    master() {
      const port = sentinels[0]!.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main').split('\n')[1]
      return servers.find((server) => `${server.port}` === port)!
    },
    async close() {
      await Promise.all([...sentinels, ...servers].map((server) => server.close()))
    },
  }
}

/** Three masters with a replica each. */
export interface Cluster {
  url: string
  servers: RedisProcess[]
  /** Which of the servers are masters now, and answer. */
  masters(): RedisProcess[]
  close(): Promise<void>
}

/** Starts a Redis Cluster of three masters with a replica each. */
export async function startCluster(settings: Settings = {}): Promise<Cluster> {
  const servers = await Promise.all(
    Array.from({ length: 6 }, () =>
      startRedis({
        'cluster-enabled': 'yes',
        'cluster-config-file': 'nodes.conf',
        'cluster-node-timeout': '1500',
        'repl-diskless-sync-delay': '0',
        ...settings,
      }),
    ),
  )
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
  const cli = join(dirname(pathOf('redis')!), 'redis-cli')
  execFileSync(cli, [
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  ])
  await eventually(() =>
    servers.every((server) => {
      const replication = server.ask('INFO', 'replication')
      const following = /role:slave/.test(replication)
        ? /master_link_status:up/.test(replication)
        : /connected_slaves:1/.test(replication)
      return following && /cluster_state:ok/.test(server.ask('CLUSTER', 'INFO'))
    }),
  )
  return {
    url: `redis+cluster://${addresses.slice(0, 3).join(',')}`,
    servers,
    masters: () =>
      servers.filter((server) => {
        try {
          return /role:master/.test(server.ask('INFO', 'replication'))
        } catch {
          return false
        }
      }),
    async close() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

async function startServer(settings: Settings, role: 'redis' | 'sentinel'): Promise<RedisProcess> {
  const program = pathOf('redis')
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-redis-'))
  // Also the port 10,000 higher must be free and exist: a cluster's bus listens there.
  const port = await freePort()
  const file = join(folder, 'redis.conf')
  const all = { port: `${port}`, bind: '127.0.0.1', dir: folder, databases: '64', ...settings }
  if (role === 'sentinel') delete (all as Settings).databases
  writeFileSync(
    file,
    Object.entries(all)
      .map(([name, value]) => `${name} ${value || '""'}\n`)
      .join(''),
  )
  let child: ChildProcess | null = null

  async function start() {
    const args = role === 'sentinel' ? [file, '--sentinel'] : [file]
    child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder })
    let output = ''
    const ready = new Promise<void>((resolve, reject) => {
      child!.stdout!.on('data', (chunk) => {
        output += chunk
        // What it writes is read on, or it would stand still some day.
        if (output.length > 65_536) output = output.slice(-1_024)
        if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve()
      })
      child!.once('exit', (code) => reject(new Error(`Redis ended with ${code}:\n${output}`)))
    })
    await ready
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  await start()
  const cli = join(dirname(program), 'redis-cli')
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    get pid() {
      return child!.pid!
    },
    ask: (...command) =>
      execFileSync(cli, ['-p', `${port}`, ...command], {
        encoding: 'utf8',
        timeout: 15_000,
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    kill,
    start,
    async restart(downMs, signal) {
      await kill(signal)
      await after(downMs)
      await start()
    },
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = await portOf(0)
    if (port !== null && port < 55_000 && (await portOf(port + 10_000)) !== null) return port
  }
}

function portOf(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const found = (server.address() as { port: number }).port
      server.close(() => resolve(found))
    })
  })
}

async function eventually(done: () => boolean, forMs = 30_000) {
  const endAt = performance.now() + forMs
  while (!done()) {
    if (performance.now() > endAt) throw new Error('Redis did not come together.')
    await after(50)
  }
}
