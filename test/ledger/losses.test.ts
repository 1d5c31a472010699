import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { partOf } from '../../src/ledger/redis/parts.ts'
import { redisLedger } from '../../src/ledger/redis.ts'
import { type RedisProcess, startCluster, startRedis, startSentinels } from '../support/redis.ts'
import { startService } from '../support/service.ts'
import { startSpending } from '../support/spending.ts'
import { until } from '../support/until.ts'

const SITE = 'ock_site'

/** Those of the last Redis that nodes were opened on. */
let ledgers: Ledger[] = []
let servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()))
  await Promise.all(servers.map((server) => server.close()))
  ledgers = []
  servers = []
})

/** Three nodes on one Redis, of whatever make. */
async function openNodes(url: string, replicas = 0): Promise<Ledger[]> {
  const opened = Array.from({ length: 3 }, () => redisLedger(url, { replicas, skewMs: 50 }))
  await Promise.all(ledgers.map((ledger) => ledger.close()))
  ledgers = await Promise.all(opened)
  await ledgers[0]!.announce(SITE, 1)
  return ledgers
}

function keep<T extends { close(): Promise<void> }>(server: T): T {
  servers.push(server)
  return server
}

/** Spends so many ids on a node, and says which were. */
async function spendSome(node: Ledger, name: string, count = 200) {
  const now = Date.now()
  const claims = Array.from({ length: count }, (_, i) => ({
    id: `${name} ${i}`,
    issuedAt: now,
    expiresAt: now + 600_000,
    site: { sitekey: SITE, revision: 1 },
  }))
  const said = await Promise.allSettled(claims.map(node.spend))
  return claims.filter((_, i) => {
    const spend = said[i]!
    return spend.status === 'fulfilled' && spend.value === 'spent'
  })
}

/** How many of these claims are spent once more, by whatever node. */
async function spentAgain(claims: Awaited<ReturnType<typeof spendSome>>): Promise<number> {
  let count = 0
  for (const node of ledgers) {
    await node.announce(SITE, 1)
    for (const spend of await Promise.all(claims.map(node.spend))) if (spend === 'spent') count++
  }
  return count
}

async function works(node: Ledger): Promise<boolean> {
  try {
    await node.announce(SITE, 1)
    return (await spendSome(node, `works ${performance.now()}`, 1)).length === 1
  } catch {
    return false
  }
}

const allWork = async () => (await Promise.all(ledgers.map(works))).every(Boolean)

describe('a Redis that is killed under load', () => {
  const ways = {
    'without any file': {},
    'with a log that is a second behind': { appendonly: 'yes', appendfsync: 'everysec' },
    'with a snapshot of long ago': { save: '3600 1' },
  }
  for (const [way, settings] of Object.entries(ways)) {
    it(`${way}, forgets nothing that could be spent twice, and is used again by itself`, async () => {
      const redis = keep(await startRedis(settings))
      const nodes = await openNodes(redis.url)
      const spending = startSpending(nodes, SITE)
      await until(() => spending.wins.size > 500, 'the load has begun')
      if ('save' in settings) redis.ask('SAVE')
      for (let round = 0; round < 2; round++) {
        const before = spending.wins.size
        await until(() => spending.wins.size > before + 500, 'the load goes on')
        await redis.restart(700)
        assert.ok(spending.said.failed > 0)
        await until(allWork, 'it is used again')
      }
      const before = spending.wins.size
      await until(() => spending.wins.size > before + 500, 'the load goes on')
      await spending.tryAllAgain()
      await spending.stop()
      assert.ok(spending.said.forgotten > 0)
      assert.ok(spending.slowestMs < 4_000, `${spending.slowestMs} ms`)
    })
  }

  it('also loses its scripts and its data while it runs: the scripts are back at once, the data is forgotten', async () => {
    const redis = keep(await startRedis())
    const nodes = await openNodes(redis.url)
    const spending = startSpending(nodes, SITE)
    await until(() => spending.wins.size > 500, 'the load has begun')
    for (let round = 0; round < 5; round++) {
      redis.ask('SCRIPT', 'FLUSH')
      const before = spending.wins.size
      await until(() => spending.wins.size > before + 200, 'the load goes on')
    }
    assert.equal(spending.said.failed, 0)
    assert.equal(spending.said.forgotten, 0)
    redis.ask('FLUSHALL')
    const before = spending.wins.size
    await until(() => spending.wins.size > before + 200, 'the load goes on')
    await spending.tryAllAgain()
    await spending.stop()
    assert.ok(spending.said.forgotten > 0)
    assert.ok(spending.said.outdated > 0)
  })
})

describe('a Redis that stands still', () => {
  it('keeps nobody waiting, and loses nothing', async () => {
    const redis = keep(await startRedis())
    const nodes = await openNodes(redis.url)
    const spending = startSpending(nodes, SITE)
    await until(() => spending.wins.size > 500, 'the load has begun')
    process.kill(redis.pid, 'SIGSTOP')
    const failed = spending.said.failed
    await until(() => spending.said.failed > failed + 100, 'what needs it is refused')
    process.kill(redis.pid, 'SIGCONT')
    await until(allWork, 'it is used again')
    await spending.tryAllAgain()
    await spending.stop()
    assert.ok(spending.slowestMs < 3_000, `${spending.slowestMs} ms`)
    // It is the same process, with all that it knew.
    assert.equal(spending.said.forgotten, 0)
  })
})

describe('a master whose replica takes its place', () => {
  it('under load, with Sentinel: nothing is spent twice', async () => {
    const sentinels = keep(await startSentinels())
    const nodes = await openNodes(sentinels.url)
    const spending = startSpending(nodes, SITE)
    await until(() => spending.wins.size > 500, 'the load has begun')
    const master = sentinels.master()
    await master.kill()
    await until(() => sentinels.master() !== master, 'another is master', 30_000)
    await until(allWork, 'it is used')
    await spending.tryAllAgain()
    await spending.stop()
    assert.ok(spending.said.failed > 0 && spending.said.forgotten > 0)
    // The old one comes back, becomes a replica, and takes over in its turn.
    await master.start()
    await until(() => /master_link_status:up/.test(master.ask('INFO', 'replication')), 'it follows')
    const later = startSpending(nodes, SITE)
    await sentinels.master().kill()
    await until(() => sentinels.master() === master, 'it is master again', 30_000)
    await until(allWork, 'it is used')
    await later.tryAllAgain()
    await later.stop()
  })

  it('and that wakes up again when it has been replaced: nothing is spent twice, on one Redis or many', async () => {
    const sentinels = keep(await startSentinels())
    const nodes = await openNodes(sentinels.url)
    const spending = startSpending(nodes, SITE)
    await until(() => spending.wins.size > 500, 'the load has begun')
    const master = sentinels.master()
    process.kill(master.pid, 'SIGSTOP')
    await until(() => sentinels.master() !== master, 'another is master', 30_000)
    process.kill(master.pid, 'SIGCONT')
    await until(allWork, 'it is used')
    const before = spending.wins.size
    await until(() => spending.wins.size > before + 500, 'the load goes on')
    await spending.tryAllAgain()
    await spending.stop()

    const cluster = keep(await startCluster())
    const others = await openNodes(cluster.url)
    const site = startSpending(others, SITE)
    await until(() => site.wins.size > 500, 'the load has begun')
    const sleeper = cluster.masters().find(holds)!
    process.kill(sleeper.pid, 'SIGSTOP')
    const rest = cluster.servers.filter((server) => server !== sleeper)
    await until(() => rest.some(holds), 'another has its part', 30_000)
    process.kill(sleeper.pid, 'SIGCONT')
    const then = site.wins.size
    await until(() => site.wins.size > then + 500, 'the load goes on', 30_000)
    await site.tryAllAgain()
    await site.stop()
  })

  it('with Sentinel, behind by what was spent last: that is refused, not spent twice', async () => {
    const sentinels = keep(await startSentinels())
    const [node] = await openNodes(sentinels.url)
    const master = sentinels.master()
    const [replica] = sentinels.servers.filter((server) => server !== master)
    const lost = await spendWhileAway(node!, master, replica!)
    assert.equal(lost.length, 200)
    await master.kill()
    process.kill(replica!.pid, 'SIGCONT')
    await until(() => sentinels.master() === replica, 'the replica is master', 30_000)
    await until(allWork, 'it is used')
    assert.equal(replica!.ask('EXISTS', ...keysOf(lost)).trim(), '0', 'the replica knew of them')
    assert.equal(await spentAgain(lost), 0)
  })

  it('with a replica that must have what is spent: without it, nothing is', async () => {
    const sentinels = keep(await startSentinels())
    const [node] = await openNodes(sentinels.url, 1)
    assert.equal((await spendSome(node!, 'before')).length, 200)
    const master = sentinels.master()
    const [replica] = sentinels.servers.filter((server) => server !== master)
    assert.deepEqual(await spendWhileAway(node!, master, replica!), [])
    process.kill(replica!.pid, 'SIGCONT')
    await until(() => works(node!), 'it is used again')
  })

  it('under load, in a cluster: nothing is spent twice, and the other parts go on', async () => {
    const cluster = keep(await startCluster())
    const nodes = await openNodes(cluster.url)
    const sites = await sitesByMaster(nodes[0]!)
    const spendings = sites.map((sitekey) => startSpending(nodes, sitekey))
    await until(() => spendings.every(({ wins }) => wins.size > 200), 'the load has begun')
    const dead = cluster.masters()[0]!
    await dead.kill()
    const before = spendings.map(({ wins }) => wins.size)
    await until(() => cluster.masters().length === 3, 'there are three masters again', 30_000)
    const during = spendings.filter(({ wins }, i) => wins.size > before[i]! + 100)
    assert.ok(during.length > 0)
    const after = spendings.map(({ wins }) => wins.size)
    await until(
      () => spendings.every(({ wins }, i) => wins.size > after[i]! + 200),
      'all go on',
      30_000,
    )
    for (const spending of spendings) {
      await spending.tryAllAgain()
      await spending.stop()
    }
    assert.ok(spendings.some(({ said }) => said.failed > 0 && said.forgotten > 0))
  })

  it('in a cluster, behind by what was spent last: that is refused, not spent twice', async () => {
    const cluster = keep(await startCluster())
    const [node] = await openNodes(cluster.url)
    const master = cluster.masters().find((server) => holds(server))!
    const replica = cluster.servers.find((server) =>
      server.ask('INFO', 'replication').includes(`master_port:${master.port}`),
    )!
    const lost = await spendWhileAway(node!, master, replica)
    assert.equal(lost.length, 200)
    await master.kill()
    process.kill(replica.pid, 'SIGCONT')
    await until(() => holds(replica), 'the replica is master', 30_000)
    await until(allWork, 'it is used', 30_000)
    assert.equal(replica.ask('EXISTS', ...keysOf(lost)).trim(), '0', 'the replica knew of them')
    assert.equal(await spentAgain(lost), 0)
  })
})

/**
 * Spends while the replica stands still, and so knows nothing of it. What is sent to it first fills the line between them,
 * so that what comes then never leaves the master.
 */
function spendWhileAway(node: Ledger, master: RedisProcess, replica: RedisProcess) {
  process.kill(replica.pid, 'SIGSTOP')
  const much = `local much = string.rep('x', 2 * 1024 * 1024)
    for _ = 1, 16 do redis.call('SET', KEYS[1], much) end`
  master.ask('EVAL', much, '1', `${partOf(SITE).tag}much`)
  return spendSome(node, 'while the replica was away')
}

function keysOf(claims: readonly { id: string }[]): string[] {
  return claims.map(({ id }) => `${partOf(SITE).tag}s:${id}`)
}

/** Whether a server of a cluster holds, as a master, the part that the site is in. */
function holds(server: RedisProcess): boolean {
  try {
    return (
      /role:master/.test(server.ask('INFO', 'replication')) &&
      !server.ask('EXISTS', partOf(SITE).era).includes('MOVED')
    )
  } catch {
    return false
  }
}

/** Sites enough that each of three masters has some. */
async function sitesByMaster(node: Ledger): Promise<string[]> {
  const third = (sitekey: string) => Math.floor((3 * partOf(sitekey).slot) / 16_384)
  const sites = [0, 1, 2].map((at) => {
    let i = 0
    while (third(`ock_${i}`) !== at) i++
    return `ock_${i}`
  })
  for (const sitekey of sites) await node.announce(sitekey, 1)
  return sites
}

describe('a node whose clock is late, as after its machine was suspended', () => {
  it('cannot spend what was spent, and forgotten since', async () => {
    const redis = keep(await startRedis())
    const now = Date.now()
    const late = await redisLedger(redis.url, { now: () => now - 300_000, skewMs: 50 })
    ledgers = [late]
    // By its own clock this has a minute left; it ended four minutes ago, and Redis has let go of it.
    const claim = { id: 'ended', issuedAt: now - 1_000, expiresAt: now - 240_000 }
    assert.equal(await late.spend(claim), 'forgotten')
    assert.equal(await late.spend({ ...claim, id: 'good', expiresAt: now + 60_000 }), 'spent')
  })
})

describe('a cluster that is out of reach', () => {
  it('keeps no node from starting: what it is needed for is refused', async () => {
    const redis = keep(await startRedis())
    const { port } = redis
    await redis.kill()
    const service = await startService({
      ONE_CAPTCHA_REDIS_URL: `redis+cluster://127.0.0.1:${port}`,
      ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 1).toString('base64url'),
      ONE_CAPTCHA_DEMO: 'off',
    })
    try {
      const ready = await fetch(`${service.url}/readyz`)
      assert.equal(ready.status, 503)
      assert.partialDeepStrictEqual(await ready.json(), { store: 'ok', ledger: 'failing' })
    } finally {
      await service.stop()
    }
  })
})
