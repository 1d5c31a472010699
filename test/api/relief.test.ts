import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import {
  ask,
  type Body,
  HOST,
  handIn,
  lightChallenge,
  look,
  type Page,
  promptOf,
  replies,
  work,
} from '../support/visitor.ts'

let service: TestService
let page: Page
let site: { sitekey: string; secret: string }

beforeAll(async () => {
  service = await startService()
  page = { service: service.url }
  site = await service.addSite([HOST], 'checkbox', { effortFloor: 16, waitMs: 2_500 })
  await until(() => service.context.painter.ready() > 8, 'there are pictures to show')
})
afterAll(() => service.stop())

const seal = () => service.context.tools.seal
const issue = async (order: object = {}) =>
  (await ask(page, { sitekey: site.sitekey, ...order })).body
const lighten = (issued: Body, from = page) =>
  handIn(from, { challenge: issued.challenge, replies: [null], instead: 'lighter' })
const solve = async (issued: Body, from = page) =>
  (await handIn(from, { challenge: issued.challenge, replies: await replies(seal(), issued) })).body

async function assertRefused(issued: Body) {
  const replies = issued.tasks.map(() => null)
  const solution = { challenge: issued.challenge, replies, instead: 'lighter' }
  const { status, body } = await handIn(page, solution)
  assert.deepEqual([status, body.error?.code, body.error?.field], [400, 'reply-invalid', 'instead'])
}

describe('a machine that would take too long', () => {
  it('is told how long is too long, and gets an eighth of the work, and a puzzle at that price', async () => {
    const first = await issue()
    assert.deepEqual([promptOf(first).effort, first.waitMs], [16, 2_500])
    const { status, body: lighter } = await lighten(first)
    assert.equal(status, 200)
    assert.equal(lighter.reason, 'lighter-wanted')
    assert.deepEqual(
      lighter.tasks.map(({ kind }) => kind),
      ['pow'],
    )
    assert.deepEqual(promptOf(lighter), { algorithm: 'equix', effort: 2, count: 8 })
    assert.equal(lighter.waitMs, 2_500)

    const puzzle = await solve(lighter)
    assert.equal(puzzle.reason, 'puzzle-wanted')
    assert.deepEqual(
      puzzle.tasks.map(({ kind }) => kind),
      ['slider', 'pow'],
    )
    assert.deepEqual(promptOf(puzzle), { algorithm: 'equix', effort: 2, count: 8 })
    assert.equal(puzzle.waitMs, undefined)
    assert.ok((await solve(puzzle)).token)
  })

  it('that cannot do such work at all gets SHA-256, seconds of it on the slowest, and always a puzzle', async () => {
    const twice = (await lighten((await lighten(await issue())).body)).body
    assert.equal(twice.reason, 'lighter-wanted')
    assert.deepEqual(promptOf(twice), { algorithm: 'sha256', effort: 2 ** 12, count: 8 })
    assert.equal(twice.waitMs, undefined)
    const puzzle = await solve(twice)
    assert.equal(puzzle.reason, 'puzzle-wanted')
    assert.deepEqual(promptOf(puzzle), { algorithm: 'sha256', effort: 2 ** 12, count: 8 })
    assert.ok((await solve(puzzle)).token)
  })

  it('gets nothing lighter a third time, and can still do what it has', async () => {
    const twice = (await lighten((await lighten(await issue())).body)).body
    await assertRefused(twice)
    assert.equal((await solve(twice)).reason, 'puzzle-wanted')
  })

  it('is spared patience too, and does a puzzle then', async () => {
    const { sitekey } = await service.addSite([HOST], 'puzzle', { effortFloor: 8 })
    const patient = await issue({ sitekey, action: 'login' })
    assert.deepEqual([promptOf(patient).effort, patient.waitMs], [64, 4_000])
    const { body } = await lighten(patient)
    assert.equal(promptOf(body).effort, 1)
    const { way, follows, relief } = look(seal(), body.challenge)
    assert.deepEqual([way, follows, relief], ['plan', 'slider', 1])
    assert.equal((await solve(body)).reason, 'puzzle-wanted')
  })

  it('does not get the way without a puzzle any cheaper for it', async () => {
    let { body } = await lighten(await issue())
    for (const algorithm of ['equix', 'sha256']) {
      const puzzle = await solve(body)
      assert.equal(promptOf(puzzle).algorithm, algorithm)
      const solution = { challenge: puzzle.challenge, replies: [null, null], instead: 'patience' }
      const patience = (await handIn(page, solution)).body
      assert.equal(patience.reason, 'patience-wanted')
      // Eight times the whole price of a try.
      assert.deepEqual(promptOf(patience), { algorithm: 'equix', effort: 128, count: 8 })
      if (algorithm === 'equix') body = (await lighten(patience)).body
      else await assertRefused(patience)
    }
  })

  it('pays for every miss as others do', async () => {
    const puzzle = await solve((await lighten(await issue())).body)
    const solution = { challenge: puzzle.challenge, replies: [null, await work(puzzle)] }
    const { body } = await handIn(page, { ...solution, instead: 'another' })
    assert.equal(promptOf(body).effort, 4)
    assert.equal(look(seal(), body.challenge).relief, 1)
  })

  it('waits for a picture where none is ready, for dearer work each time', async () => {
    const dry = await startService()
    try {
      const { sitekey } = await dry.addSite([HOST], 'checkbox', { effortFloor: 16 })
      await dry.context.painter.close()
      const here = { service: dry.url }
      const first = (await ask(here, { sitekey })).body
      const lighter = (await lighten(first, here)).body
      const next = (
        await handIn(here, { challenge: lighter.challenge, replies: [await work(lighter)] })
      ).body
      assert.equal(next.reason, 'pictures-busy')
      assert.deepEqual(promptOf(next), { algorithm: 'equix', effort: 4, count: 8 })
      assert.equal(next.waitMs, undefined)
      const again = (await handIn(here, { challenge: next.challenge, replies: [await work(next)] }))
        .body
      assert.equal(again.reason, 'pictures-busy')
      assert.equal(promptOf(again).effort, 8)
    } finally {
      await dry.stop()
    }
  })
})

describe('lighter work', () => {
  it('is for work alone, and for no test key', async () => {
    const puzzle = await solve((await lighten(await issue())).body)
    await assertRefused(puzzle)
    const test = await issue({ sitekey: 'oc-test-interactive' })
    assert.equal(test.waitMs, undefined)
    await assertRefused(test)
    // What is refused is not spent.
    assert.ok((await solve(puzzle)).token)
  })

  it('is given once for a challenge, and never for one that was answered', async () => {
    const first = await issue()
    const heard = await Promise.all(Array.from({ length: 10 }, () => lighten(first)))
    assert.equal(heard.filter(({ status }) => status === 200).length, 1)
    assert.equal(heard.filter(({ status }) => status === 409).length, 9)
    const light = lightChallenge(seal(), { sitekey: site.sitekey })
    await handIn(page, { challenge: light, replies: [{ proof: 'AAAAAA' }] })
    assert.equal((await lighten({ challenge: light } as Body)).status, 409)
  })

  it('asks for as many replies as there are tasks, as everything does', async () => {
    const { challenge } = await issue()
    for (const replies of [[], [null, null]]) {
      const { status } = await handIn(page, { challenge, replies, instead: 'lighter' })
      assert.equal(status, 400)
    }
  })
})

describe('lighter work taken en masse', () => {
  it('makes work dearer for the network that takes it, and for no other', async () => {
    const now = Date.now()
    const busy = await startService(
      { ONE_CAPTCHA_CALM: '100', ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8' },
      { now: () => now },
    )
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', { effortFloor: 8 })
      const from = (address: string) => ({
        service: busy.url,
        headers: { 'x-forwarded-for': address },
      })
      const taker = from('198.51.100.7')
      for (let i = 0; i < 10; i++) {
        const { body } = await ask(taker, { sitekey })
        assert.equal((await lighten(body, taker)).status, 200)
      }
      // Thirty are calm. These ten count for eighty, and not yet ten more would have counted for eleven.
      assert.equal(promptOf((await ask(taker, { sitekey })).body).effort, 22)
      const others = from('203.0.113.7')
      for (let i = 0; i < 10; i++) await ask(others, { sitekey })
      assert.equal(promptOf((await ask(others, { sitekey })).body).effort, 8)
    } finally {
      await busy.stop()
    }
  })

  it('counts once for a challenge, however often it is asked for', async () => {
    const now = Date.now()
    const busy = await startService({ ONE_CAPTCHA_CALM: '100' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', { effortFloor: 8 })
      const here = { service: busy.url }
      const { body } = await ask(here, { sitekey })
      const heard = await Promise.all(Array.from({ length: 20 }, () => lighten(body, here)))
      assert.equal(heard.filter(({ status }) => status === 200).length, 1)
      // Thirty are calm: twenty times seven would have made it five times as dear for all in this network.
      assert.equal(promptOf((await ask(here, { sitekey })).body).effort, 8)
    } finally {
      await busy.stop()
    }
  })

  it('is refused with the network, and the work can still be done then', async () => {
    const now = Date.now()
    const busy = await startService({ ONE_CAPTCHA_CALM: '1' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', { effortCeiling: 1 })
      const here = { service: busy.url }
      const asked = []
      for (let i = 0; i < 4; i++) asked.push((await ask(here, { sitekey })).body)
      const [one, two, three, four] = asked as [Body, Body, Body, Body]
      for (const body of [one, two, three]) assert.equal((await lighten(body, here)).status, 200)
      const refused = await lighten(four, here)
      assert.deepEqual([refused.status, refused.body.error!.code], [429, 'too-many-requests'])
      assert.equal(refused.headers.get('retry-after'), '60')
      const done = await handIn(here, { challenge: four.challenge, replies: [await work(four)] })
      assert.equal(done.status, 200)
    } finally {
      await busy.stop()
    }
  })

  it('comes to its end with the second step, long before the network is refused', async () => {
    let now = Date.now()
    const busy = await startService({ ONE_CAPTCHA_CALM: '100' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', { effortFloor: 8 })
      const here = { service: busy.url }
      const once = async () => {
        const heard = await lighten((await ask(here, { sitekey })).body, here)
        assert.equal(heard.status, 200)
        return heard.body
      }
      for (let i = 0; i < 4; i++) assert.equal((await lighten(await once(), here)).status, 200)
      assert.equal((await lighten(await once(), here)).status, 429)
      now += 60_000
      assert.equal((await lighten(await once(), here)).status, 200)
    } finally {
      await busy.stop()
    }
  })
})
