import { readConfig } from '../../src/config.ts'
import type { Mode } from '../../src/core/site.ts'
import { openStore } from '../../src/opening.ts'
import type { Store } from '../../src/store/store.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { startPostgres } from './postgres.ts'
import { type Program, ROOT_KEY, removeFolder, startProgram, temporaryFolder } from './program.ts'
import { startRedis } from './redis.ts'

/** Several services on one PostgreSQL and one Redis, behind a balancer: an operator's small cluster, all of it real. */
export interface Nodes {
  postgres: Awaited<ReturnType<typeof startPostgres>>
  redis: Awaited<ReturnType<typeof startRedis>>
  /** The address of the database that they share. */
  databaseUrl: string
  programs: Program[]
  balancer: Balancer
  /** The store, opened in the test's own process as the command line opens it: one more node that can change things. */
  store: Store
  addSite(hosts: string[], mode: Mode): Promise<{ sitekey: string; secret: string }>
  /** Starts one more, or one in place of another that is gone. */
  start(): Promise<Program>
  close(): Promise<void>
}

/** Starts so many nodes and what they stand on. */
export async function startNodes(
  count: number,
  settings: Record<string, string> = {},
): Promise<Nodes> {
  const [postgres, redis] = await Promise.all([
    startPostgres(),
    // What is spent is on the disk before it is answered.
    startRedis({ appendonly: 'yes', appendfsync: 'always' }),
  ])
  const databaseUrl = await postgres.database()
  const shared = {
    ONE_CAPTCHA_DATABASE_URL: databaseUrl,
    ONE_CAPTCHA_REDIS_URL: redis.url,
    ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
    // The balancer tells whose call it is.
    ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
    ONE_CAPTCHA_LOG_LEVEL: 'error',
    ...settings,
  }
  const folders: string[] = []
  const programs: Program[] = []
  const start = async () => {
    const data = temporaryFolder()
    folders.push(data)
    const program = await startProgram(data, shared)
    programs.push(program)
    return program
  }
  await Promise.all(Array.from({ length: count }, start))
  const balancer = await startBalancer(programs.map(({ url }) => url))
  const own = temporaryFolder()
  folders.push(own)
  const { store } = await openStore(readConfig({ ...shared, ONE_CAPTCHA_DATA: own }))
  return {
    postgres,
    redis,
    databaseUrl,
    programs,
    balancer,
    store,
    addSite: (hosts, mode) => store.sites.add({ hosts, mode, effortFloor: 1 }),
    start,
    async close() {
      await store.close()
      await balancer.stop()
      await Promise.all(programs.map((program) => program.kill()))
      await Promise.all([postgres.close(), redis.close()])
      for (const folder of folders) removeFolder(folder)
    },
  }
}
