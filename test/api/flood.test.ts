import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { flood } from '../support/flood.ts'
import {
  addSite,
  type Program,
  removeFolder,
  startProgram,
  temporaryFolder,
} from '../support/program.ts'
import { HOST, ORIGIN } from '../support/visitor.ts'

/** A million, where there is time: `FLOOD=1000000`. */
const COUNT = Number(process.env.FLOOD ?? 100_000)
const WARM_UP = 20_000
const MORE_BYTES_MAX = 50e6

let program: Program
let sitekey: string
const data = temporaryFolder()

beforeAll(async () => {
  sitekey = (await addSite(data, [HOST], 'checkbox')).sitekey
  program = await startProgram(data)
})
afterAll(async () => {
  await program.stop()
  removeFolder(data)
})

describe('a flood of challenges that nobody answers', () => {
  it('costs the service no memory', { timeout: 60_000 + COUNT }, async () => {
    const order = {
      service: program.url,
      path: '/v1/challenges',
      origin: ORIGIN,
      body: () => JSON.stringify({ sitekey }),
    }
    await flood({ ...order, count: WARM_UP })
    const before = program.rss()
    const startedAt = performance.now()
    assert.equal(await flood({ ...order, count: COUNT }), COUNT)
    const seconds = (performance.now() - startedAt) / 1_000
    const more = program.rss() - before
    const rate = Math.round(COUNT / seconds)
    console.log(
      `${COUNT} challenges in ${seconds.toFixed(1)} s (${rate}/s): ${(before / 1e6).toFixed(0)} MB and ${(more / 1e6).toFixed(1)} MB more`,
    )
    assert.ok(more < MORE_BYTES_MAX, `${more / 1e6} MB more after ${COUNT} challenges`)
  })
})
