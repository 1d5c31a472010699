import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { testSeal } from '../support/program.ts'
import { until } from '../support/until.ts'
import { ask, HOST, handIn, LIGHT_REPLIES, lightChallenge } from '../support/visitor.ts'

/** For how long Redis and PostgreSQL are away: `DOWN_MS=…`. */
const DOWN_MS = Number(process.env.DOWN_MS ?? 10_000)
const WORKERS = 8

const seal = testSeal()
let nodes: Nodes
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  nodes = await startNodes(3, { ONE_CAPTCHA_CALM: '50' })
  site = await nodes.addSite([HOST], 'checkbox')
})
afterAll(() => nodes?.close())

/** What came of the load so far. */
interface Load {
  /** Tokens and challenges, by how often each was accepted. */
  accepted: Map<string, number>
  /** Answers by status, those of siteverify and of solutions; 0 for a connection that broke. */
  statuses: Map<number, number>
  /** Moments at which something was accepted. */
  acceptedAt: number[]
  stop(): Promise<void>
}

/** Visitors and backends who come through the balancer, each trying everything twice at once, until they are told to stop. */
function load(): Load {
  const accepted = new Map<string, number>()
  const statuses = new Map<number, number>()
  const acceptedAt: number[] = []
  const page = { service: nodes.balancer.url }
  let over = false

  const hear = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const accept = (id: string) => {
    accepted.set(id, (accepted.get(id) ?? 0) + 1)
    acceptedAt.push(performance.now())
  }

  async function visit() {
    const challenge = lightChallenge(seal, { sitekey: site.sitekey })
    const solution = { challenge, replies: LIGHT_REPLIES }
    const tokens = await Promise.all([1, 2].map(() => quietly(() => solve(solution))))
    for (const token of tokens.filter((one) => one !== null)) {
      await Promise.all([1, 2].map(() => quietly(() => redeem(token))))
    }
  }

  async function solve(solution: { challenge: string }): Promise<string | null> {
    const { status, body } = await handIn(page, solution)
    hear(status)
    if (!body.token) return null
    accept(solution.challenge)
    return body.token
  }

  async function redeem(token: string): Promise<null> {
    const { status, finding } = await verify(page.service, { secret: site.secret, response: token })
    hear(status)
    if (finding.success) accept(token)
    // What cannot be told is never a yes.
    if (status !== 200) assert.notEqual(finding.success, true)
    return null
  }

  async function quietly<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      return await act()
    } catch (error) {
      // A broken connection, or the balancer's own page in place of JSON.
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
      hear(0)
      return null
    }
  }

  const workers = Array.from({ length: WORKERS }, async () => {
    while (!over) await visit()
  })
  return {
    accepted,
    statuses,
    acceptedAt,
    async stop() {
      over = true
      await Promise.all(workers)
    },
  }
}

/** Somebody who adds sites through the management API, at whatever node the balancer chooses, until told to stop. */
async function changing(): Promise<{
  made: { sitekey: string; name: string }[]
  stop(): Promise<void>
}> {
  const { accounts, apiKeys } = nodes.store
  const { id: accountId } = await accounts.add({
    login: 'owner',
    role: 'operator',
    password: null,
  })
  const { key } = await apiKeys.add({
    accountId,
    sitekey: null,
    name: 'changes',
    scopes: ['sites:read', 'sites:write'],
    expiresAt: null,
  })
  const made: { sitekey: string; name: string }[] = []
  let over = false
  const add = async (name: string) => {
    const response = await fetch(`${nodes.balancer.url}/v1/manage/sites`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, hosts: ['a.test'] }),
    })
    const { sitekey } = (await response.json()) as { sitekey?: string }
    // Only what was acknowledged counts.
    if (response.status === 201 && sitekey) made.push({ sitekey, name })
  }
  const worker = (async () => {
    for (let i = 0; !over; i++) await add(`site ${i}`).catch(() => {})
  })()
  return {
    made,
    async stop() {
      over = true
      await worker
    },
  }
}

/** Nothing was accepted twice, and all that was not answered as usual was refused with 503 or a broken connection. */
function assertSound({ accepted, statuses }: Load, allowed: number[]) {
  assert.equal([...accepted.values()].filter((times) => times > 1).length, 0)
  assert.ok(accepted.size > 50, `${accepted.size} were accepted`)
  const others = [...statuses.keys()].filter(
    (status) => ![200, 409, 410, ...allowed].includes(status),
  )
  assert.deepEqual(others, [])
}

/** The longest time in which nothing was accepted. */
function longestGap({ acceptedAt }: Load): number {
  return acceptedAt.reduce((gap, at, i) => Math.max(gap, i ? at - acceptedAt[i - 1]! : 0), 0)
}

function told(load: Load): string {
  const statuses = [...load.statuses].map(([status, count]) => `${status || 'broken'}: ${count}`)
  return `${load.accepted.size} accepted, none twice; ${statuses.join(', ')}; nothing was accepted for ${(longestGap(load) / 1_000).toFixed(1)} s at most`
}

describe('under load', () => {
  it('three nodes count a network together: what one has seen is dear at the others', async () => {
    const { sitekey } = await nodes.addSite([HOST], 'checkbox')
    const [a, b] = nodes.programs
    const visitor = { 'x-forwarded-for': '198.51.100.9' }
    const effort = async (service: string) =>
      (await ask({ service, headers: visitor }, { sitekey })).body.tasks[0]!.prompt.effort
    assert.equal(await effort(b!.url), 1)
    for (let i = 0; i < 200; i++) await effort(a!.url)
    assert.ok((await effort(b!.url)) > 4)
    const stranger = { service: b!.url, headers: { 'x-forwarded-for': '203.0.113.9' } }
    const calm = await ask(stranger, { sitekey })
    assert.ok(calm.body.tasks[0]!.prompt.effort <= 4)
  })

  it('a node that is killed takes nothing with it: the others serve on, and what was changed stays changed', async () => {
    const visits = load()
    const changes = await changing()
    await until(() => visits.accepted.size > 100 && changes.made.length > 10, 'the load has begun')
    await nodes.programs[1]!.kill()
    const before = visits.accepted.size
    const madeBefore = changes.made.length
    await until(
      () => visits.accepted.size > before + 300 && changes.made.length > madeBefore + 10,
      'the others serve on',
    )
    await Promise.all([visits.stop(), changes.stop()])
    for (const { sitekey, name } of changes.made) {
      assert.equal((await nodes.store.sites.byKey(sitekey))?.name, name)
    }
    assert.equal(await nodes.store.audit.verify(), null)
    // The balancer's 502 and 504 are for requests that were with the node when it went.
    assertSound(visits, [0, 502, 503, 504])
    assert.equal(await nodes.balancer.well(), 2)
    console.log(`a node killed: ${changes.made.length} changes, all kept; ${told(visits)}`)
  })

  it(`Redis is away for ${DOWN_MS / 1_000} s: what needs it is refused with 503, and all comes back without help`, {
    timeout: 60_000 + 3 * DOWN_MS,
  }, async () => {
    const visits = load()
    await until(() => visits.accepted.size > 100, 'the load has begun')
    const restarted = nodes.redis.restart(DOWN_MS)
    await pause(DOWN_MS / 2)
    const [node] = nodes.programs
    const ready = await fetch(`${node!.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.partialDeepStrictEqual(await ready.json(), { store: 'ok', ledger: 'failing' })
    assert.equal((await fetch(`${node!.url}/healthz`)).status, 200)
    assert.equal((await fetch(`${node!.url}/v1/widget.js`)).status, 200)
    const refused = await handIn(
      { service: node!.url },
      { challenge: lightChallenge(seal, { sitekey: site.sitekey }), replies: LIGHT_REPLIES },
    )
    assert.equal(refused.status, 503)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    await restarted
    const before = visits.accepted.size
    await until(() => visits.accepted.size > before + 100, 'Redis is used again', 30_000)
    await visits.stop()
    assertSound(visits, [0, 502, 503, 504])
    console.log(`Redis restarted: ${told(visits)}`)
  })

  it(`PostgreSQL is away for ${DOWN_MS / 1_000} s: what needs it is refused with 503, and all comes back without help`, {
    timeout: 60_000 + 3 * DOWN_MS,
  }, async () => {
    const visits = load()
    await until(() => visits.accepted.size > 100, 'the load has begun')
    const restarted = nodes.postgres.restart(DOWN_MS)
    await pause(DOWN_MS / 2)
    const [node] = nodes.programs
    const ready = await fetch(`${node!.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.partialDeepStrictEqual(await ready.json(), { store: 'failing', ledger: 'ok' })
    const unknown = await ask({ service: node!.url }, { sitekey: 'ock_nobodyknowsthisonehere' })
    assert.equal(unknown.status, 503)
    await restarted
    const before = visits.accepted.size
    await until(() => visits.accepted.size > before + 100, 'PostgreSQL is used again', 30_000)
    await visits.stop()
    assertSound(visits, [0, 502, 503, 504])
    console.log(`PostgreSQL restarted: ${told(visits)}`)
    assert.ok(await nodes.store.sites.set(site.sitekey, { name: 'after' }))
  })
})
