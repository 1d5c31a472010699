import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ledger } from '../src/ledger/ledger.ts'
import { redisLedger } from '../src/ledger/redis.ts'
import { sqliteLedger } from '../src/ledger/sqlite.ts'
import { startCluster, startRedis, startSentinels } from '../test/support/redis.ts'

/** So many ask at once, as in a busy service. */
const AT_ONCE = 512
const SPENDS = 200_000
const COUNTS = 50_000
/** Sites among which the spends are spread. */
const SITES = [1, 1_000]

/** How many ids a node spends, and calls it counts, in a second; and what of it is Redis's own work. */
export async function ledger(): Promise<string> {
  const rows: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-bench-'))
  await measure('SQLite', sqliteLedger(join(folder, 'ledger.sqlite')), [])
  rmSync(folder, { recursive: true })

  const redis = await startRedis()
  await measure('Redis', await redisLedger(redis.url), [redis.pid])
  await redis.close()

  const logging = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' })
  await measure('Redis, with its log', await redisLedger(logging.url), [logging.pid])
  await logging.close()

  const sentinels = await startSentinels()
  const replicated = await redisLedger(sentinels.url, { replicas: 1 })
  await measure('Sentinel, one replica must have it', replicated, [sentinels.master().pid])
  await sentinels.close()

  const cluster = await startCluster()
  const masters = cluster.masters().map(({ pid }) => pid)
  await measure('Cluster of three', await redisLedger(cluster.url), masters)
  await cluster.close()

  return [
    '### Spending and counting, by one node',
    '',
    '| | a second | µs of the node’s processor | µs of Redis’s |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')

  async function measure(name: string, its: Ledger, pids: number[]) {
    for (const sites of SITES) {
      const keys = Array.from({ length: sites }, (_, i) => `ock_${i}`)
      await Promise.all(keys.map((sitekey) => its.announce(sitekey, 1)))
      const label = `${name}: spends of ${sites === 1 ? 'one site' : `${sites} sites`}`
      await time(label, SPENDS, pids, async (i) => {
        const now = Date.now()
        const site = { sitekey: keys[i % sites]!, revision: 1 }
        const claim = { id: `${sites} ${i}`, issuedAt: now, expiresAt: now + 600_000, site }
        if ((await its.spend(claim)) !== 'spent') throw new Error('It was not spent.')
      })
    }
    await time(`${name}: counts`, COUNTS, pids, (i) => its.count(`network ${i}`, 600_000))
    await its.close()
  }

  async function time(
    label: string,
    times: number,
    pids: number[],
    act: (i: number) => Promise<unknown>,
  ) {
    const [startedAt, ours, theirs] = [performance.now(), process.cpuUsage(), cpuOf(pids)]
    let i = 0
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (i < times) await act(i++)
      }),
    )
    const { user, system } = process.cpuUsage(ours)
    const perSecond = (times / (performance.now() - startedAt)) * 1_000
    const each = (us: number) => (us / times).toFixed(1)
    const redis = pids.length > 0 ? each(cpuOf(pids) - theirs) : ''
    rows.push(
      `| ${label} | ${Math.round(perSecond).toLocaleString('en')} | ${each(user + system)} | ${redis} |`,
    )
  }
}

/** Microseconds of processor time that these processes have had, to the hundredth of a second. */
function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000
  }, 0)
}
