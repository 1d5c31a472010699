import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { until } from '../support/until.ts'
import { ask, HOST } from '../support/visitor.ts'

const HOUR_MS = 3_600_000
const AWAY_MS = 6_000

let nodes: Nodes
let site: { sitekey: string }

beforeAll(async () => {
  nodes = await startNodes(2)
  site = await nodes.addSite([HOST], 'checkbox')
})
afterAll(() => nodes?.close())

const page = async (url: string, path = '/status') => {
  const response = await fetch(url + path)
  assert.equal(response.status, 200, path)
  return response.text()
}

/** Announces a window that has begun already, as another node would. */
const pause = (title: string) => {
  const now = Date.now()
  return nodes.store.maintenances.announce(
    {
      ...{ title, body: '', components: ['challenges'], effect: 'paused', reason: 'a test' },
      ...{ startsAt: now - 1_000, endsAt: now + HOUR_MS },
    },
    'cli',
  )
}

describe('several nodes', () => {
  it('pause challenges together within seconds, and go on together', async () => {
    const answers = async () =>
      Promise.all(
        nodes.programs.map(
          async ({ url }) => (await ask({ service: url }, { sitekey: site.sitekey })).status,
        ),
      )
    assert.deepEqual(await answers(), [200, 200])
    const { id } = await pause('New disks')
    await until(async () => (await answers()).every((status) => status === 503), 'all are paused')
    await nodes.store.maintenances.complete(id, 'cli')
    await until(async () => (await answers()).every((status) => status === 200), 'all go on')
  })

  it('tell what the clock brings once', async () => {
    const { id } = await pause('Once')
    // Each node tells that it has begun, if none has before.
    const told = async () =>
      (await nodes.store.deliveries.notices(50)).filter(({ about }) => about.includes(id))
    await until(async () => (await told()).length === 2, 'it is announced, and has begun')
    await nodes.store.maintenances.complete(id, 'cli')
    assert.equal((await told()).length, 3)
  })
})

describe('the status page', () => {
  it('goes on and says so while Redis is away', async () => {
    const { url } = nodes.programs[0]!
    assert.ok((await page(url)).includes('Everything works.'))
    await nodes.redis.kill()
    try {
      await until(
        async () => (await page(url)).includes('The ledger does not answer.'),
        'the page says so',
      )
      assert.ok((await page(url)).includes('A part of the service does not work just now.'))
      await page(url, '/status/feed.atom')
      assert.match(await page(url, '/api/v2/status.json'), /"indicator":"major"/)
    } finally {
      await nodes.redis.start()
    }
    await until(async () => (await page(url)).includes('Everything works.'), 'all is well again')
  })

  it('goes on with what it knew while PostgreSQL is away, and is itself again after it', async () => {
    const { url } = nodes.programs[0]!
    const now = Date.now()
    const { id } = await nodes.store.maintenances.announce(
      {
        ...{ title: 'Known before', body: '', components: ['console'], effect: 'none', reason: '' },
        ...{ startsAt: now + 72 * HOUR_MS, endsAt: now + 73 * HOUR_MS },
      },
      'cli',
    )
    await until(async () => (await page(url)).includes(id), 'the node has heard of it')
    const back = nodes.postgres.restart(AWAY_MS)
    await until(
      async () => (await page(url)).includes('The database has not answered since'),
      'the page says so',
    )
    const html = await page(url)
    assert.ok(html.includes('The service does not work just now.'))
    assert.ok(html.includes('Known before') && html.includes(id))
    assert.ok((await page(url, '/status/calendar.ics')).includes(id))
    assert.ok((await page(url, '/api/v2/summary.json')).includes('"indicator":"critical"'))
    assert.match(await page(url, '/status/history'), /The database does not answer just now/)
    await back
    await until(async () => (await page(url)).includes('Everything works.'), 'all is well again')
    assert.ok(!(await page(url)).includes('has not answered since'))
  })
})
