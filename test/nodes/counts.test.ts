import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemRandom } from '../../src/random.ts'
import { windowOf } from '../../src/stats/numbers.ts'
import { startTally } from '../../src/stats/tally.ts'
import { postgresStore } from '../../src/store/postgres.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

const rest = (ms: number) => new Promise((done) => setTimeout(done, ms))

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.close())

it('nodes count nothing twice and lose nothing, though PostgreSQL crashes under their writes', async () => {
  const url = await postgres.database()
  const random = systemRandom()
  const rootKeys = [Buffer.alloc(32, 1)]
  const stores: Store[] = []
  for (let n = 0; n < 3; n++) stores.push(await postgresStore(url, { rootKeys, random }))
  const { sitekey } = await stores[0]!.sites.add({ hosts: ['example.test'], mode: 'checkbox' })

  let failures = 0
  const onError = () => {
    failures++
  }
  // Each writes all the time, so that a crash meets writes in every state.
  const tallies = stores.map(({ counts }) =>
    startTally(counts, { now: Date.now, random, flushMs: 5, onError }),
  )
  let counted = 0
  let going = true
  const counting = (async () => {
    for (; going; await rest(1)) {
      for (const tally of tallies) {
        for (const label of ['work', 'patience', 'slider']) tally.count(sitekey, 'passed', label)
        counted += 3
      }
    }
  })()
  for (let crash = 0; crash < 5; crash++) {
    await rest(700)
    await postgres.restart(300)
  }
  await rest(500)
  going = false
  await counting
  for (const tally of tallies) await tally.flush()

  expect(failures).toBeGreaterThan(0)
  for (const range of ['day', 'week'] as const) {
    const rows = await stores[0]!.counts.read({
      sitekeys: [sitekey],
      ...windowOf(range, Date.now()),
    })
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(counted)
  }
  for (const tally of tallies) await tally.close()
  for (const store of stores) await store.close()
})
