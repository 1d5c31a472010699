import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Mode } from '../../src/core/site.ts'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import {
  ask,
  type Body,
  gapOf,
  HOST,
  handIn,
  lightChallenge,
  look,
  ORIGIN,
  type Page,
  pass,
  promptOf,
  replies,
  work,
} from '../support/visitor.ts'

let service: TestService
let page: Page
const sites = {} as Record<Mode, { sitekey: string; secret: string }>

beforeAll(async () => {
  service = await startService()
  page = { service: service.url, origin: ORIGIN }
  for (const mode of ['checkbox', 'invisible', 'puzzle'] as const) {
    sites[mode] = await service.addSite([HOST, `${mode}.example.test`], mode)
  }
  await picturesReady()
})
afterAll(() => service.stop())

const seal = () => service.context.tools.seal
const picturesReady = () =>
  until(() => service.context.painter.ready() > 2, 'there are pictures to show')
const price = (body: Body) => promptOf(body).effort

/** A puzzle challenge, its work done, of a site that always wants one. */
async function toThePuzzle(order: object = {}): Promise<Body> {
  const first = await ask(page, { sitekey: sites.puzzle.sitekey, ...order })
  const { body } = await handIn(page, {
    challenge: first.body.challenge,
    replies: [await work(first.body)],
  })
  assert.equal(body.reason, 'puzzle-wanted')
  return body
}

describe('the journey', () => {
  for (const mode of ['checkbox', 'invisible'] as const) {
    it(`brings a calm visitor of a ${mode} site a token for work alone, good once`, async () => {
      const { sitekey, secret } = await service.addSite([HOST], mode, DEFAULT_POLICY)
      const asked = await ask(page, { sitekey, action: 'signup', cdata: 'order 7' })
      assert.equal(asked.status, 200)
      assert.equal(asked.body.mode, mode)
      assert.deepEqual(
        asked.body.tasks.map(({ kind }) => kind),
        ['pow'],
      )
      assert.deepEqual(promptOf(asked.body), { algorithm: 'equix', effort: 8, count: 8 })
      assert.equal(asked.body.waitMs, 4_000)
      assert.equal(asked.headers.get('cache-control'), 'no-store')
      const { body } = await handIn(page, {
        challenge: asked.body.challenge,
        replies: [await work(asked.body)],
      })
      assert.equal(body.expiresInMs, 120_000)

      const { finding } = await verify(service.url, { secret, response: body.token! })
      assert.deepEqual(
        { ...finding, challenge_ts: '' },
        { success: true, challenge_ts: '', hostname: HOST, action: 'signup', cdata: 'order 7' },
      )
      assert.match(finding.challenge_ts!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      const again = await verify(service.url, { secret, response: body.token! })
      assert.deepEqual(again.finding['error-codes'], ['timeout-or-duplicate'])
    })
  }

  it('asks visitors of a puzzle site for work, then for a puzzle and work, and then gives a token', async () => {
    const puzzle = await toThePuzzle()
    assert.deepEqual(
      puzzle.tasks.map(({ kind }) => kind),
      ['slider', 'pow'],
    )
    assert.equal(puzzle.expiresInMs, 300_000)
    assert.equal(puzzle.waitMs, undefined)
    const { body } = await handIn(page, {
      challenge: puzzle.challenge,
      replies: await replies(seal(), puzzle),
    })
    const { secret } = sites.puzzle
    assert.equal(
      (await verify(service.url, { secret, response: body.token! })).finding.success,
      true,
    )
  })

  it('makes the next try dearer for a wrong answer, and for another picture', async () => {
    const puzzle = await toThePuzzle()
    const [, done] = await replies(seal(), puzzle)
    const x = gapOf(seal(), puzzle.challenge)
    const missed = await handIn(page, {
      challenge: puzzle.challenge,
      replies: [{ x: x > 150 ? x - 7 : x + 7 }, done],
    })
    assert.equal(missed.body.reason, 'off-target')
    assert.equal(price(missed.body), 2 * price(puzzle))
    assert.notEqual(missed.body.challenge, puzzle.challenge)

    await picturesReady()
    const other = await handIn(page, {
      challenge: missed.body.challenge,
      replies: [null, await work(missed.body)],
      instead: 'another',
    })
    assert.equal(other.body.reason, 'another-wanted')
    assert.equal(price(other.body), 4 * price(puzzle))
    assert.equal(other.body.tasks[0]!.kind, 'slider')
  })

  it('shows no picture for work that is wrong, only more work', async () => {
    const first = await ask(page, { sitekey: sites.puzzle.sitekey })
    const proof = Buffer.alloc(32).toString('base64url')
    const { body } = await handIn(page, { challenge: first.body.challenge, replies: [{ proof }] })
    assert.equal(body.reason, 'work-wrong')
    assert.deepEqual(
      body.tasks.map(({ kind }) => kind),
      ['pow'],
    )
    assert.equal(price(body), 2 * price(first.body))
    const paid = await handIn(page, { challenge: body.challenge, replies: [await work(body)] })
    assert.equal(paid.body.reason, 'puzzle-wanted')
  })

  it('takes no answer to a puzzle whose work is wrong', async () => {
    const puzzle = await toThePuzzle()
    const { body } = await handIn(page, {
      challenge: puzzle.challenge,
      replies: [
        { x: gapOf(seal(), puzzle.challenge) },
        { proof: Buffer.alloc(32).toString('base64url') },
      ],
    })
    assert.equal(body.reason, 'work-wrong')
    assert.equal(body.token, undefined)
  })

  it('lets a visitor have longer work in place of a puzzle', async () => {
    const puzzle = await toThePuzzle()
    const patient = await handIn(page, {
      challenge: puzzle.challenge,
      replies: [null, null],
      instead: 'patience',
    })
    assert.equal(patient.body.reason, 'patience-wanted')
    assert.equal(price(patient.body), 8 * price(puzzle))
    const { body } = await handIn(page, {
      challenge: patient.body.challenge,
      replies: [await work(patient.body)],
    })
    assert.ok(body.token)
  })

  it('asks for no puzzle to log in, nor from whoever asks for work, but for longer work', async () => {
    for (const order of [{ action: 'login' }, { kind: 'pow' }]) {
      const { body } = await ask(page, { sitekey: sites.puzzle.sitekey, ...order })
      assert.equal(price(body), 8)
      assert.equal(look(seal(), body.challenge).follows, '')
    }
    const { body } = await ask(page, { sitekey: sites.checkbox.sitekey, action: 'login' })
    assert.equal(price(body), 1)
  })

  it('offers nothing instead of work', async () => {
    const { body } = await ask(page, { sitekey: sites.checkbox.sitekey })
    for (const instead of ['another', 'patience']) {
      const answer = await handIn(page, { challenge: body.challenge, replies: [null], instead })
      assert.equal(answer.status, 400)
      assert.equal(answer.body.error!.code, 'reply-invalid')
    }
  })

  it('finds the site by the host name of the page where exactly one site lists it', async () => {
    const by = (origin: string) => ask({ service: service.url, origin }, {})
    const found = await by('https://puzzle.example.test')
    assert.equal(look(seal(), found.body.challenge).sitekey, sites.puzzle.sitekey)
    const ambiguous = await by(ORIGIN)
    assert.equal(ambiguous.status, 400)
    assert.equal(ambiguous.body.error!.code, 'sitekey-missing')
    assert.equal((await by('https://nobody.test')).body.error!.code, 'sitekey-missing')
  })

  it('takes a token life of 15 seconds to 10 minutes, and gives the token just that', async () => {
    const { sitekey } = sites.checkbox
    for (const tokenLifeMs of [14_999, 600_001, 20_000.5, '20000', null, -1]) {
      const { status, body } = await ask(page, { sitekey, tokenLifeMs })
      assert.equal(status, 400, String(tokenLifeMs))
      assert.deepEqual([body.error!.code, body.error!.field], ['field-invalid', 'tokenLifeMs'])
    }
    for (const tokenLifeMs of [15_000, 600_000]) {
      const { body } = await ask(page, { sitekey, tokenLifeMs })
      const { tokenLifeMs: sealed } = look(seal(), body.challenge)
      assert.equal(sealed, tokenLifeMs)
    }
    const challenge = lightChallenge(seal(), { sitekey, tokenLifeMs: 15_000 })
    const { body } = await handIn(page, { challenge, replies: [{ proof: 'AAAAAA' }] })
    assert.equal(body.expiresInMs, 15_000)
  })

  it('takes pages on every port, and by http too', async () => {
    for (const origin of ['http://example.test', 'https://example.test:8443']) {
      const { sitekey } = sites.checkbox
      assert.equal((await ask({ service: service.url, origin }, { sitekey })).status, 200)
    }
  })
})

describe('pressure', () => {
  it('asks a busy network for more work, then for a puzzle, and then refuses it for a while', async () => {
    const now = Date.now()
    const busy = await startService({ ONE_CAPTCHA_CALM: '20' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', DEFAULT_POLICY)
      const here = { service: busy.url, origin: ORIGIN }
      const seen = []
      for (let i = 0; i < 60; i++) seen.push((await ask(here, { sitekey })).body)
      // Of 20 in ten minutes, 6 are what a steady calm day counts.
      assert.deepEqual(seen.slice(0, 8).map(price), [8, 8, 8, 8, 8, 8, 9, 11])
      assert.deepEqual([seen[11]!, seen[35]!, seen[47]!, seen[59]!].map(price), [16, 48, 64, 64])
      const follows = seen.map((body) => look(busy.context.tools.seal, body.challenge).follows)
      assert.deepEqual(follows, [...Array(11).fill(''), ...Array(49).fill('slider')])

      for (let i = 60; i < 361; i++) assert.equal((await ask(here, { sitekey })).status, 200)
      const refused = await ask(here, { sitekey })
      assert.equal(refused.status, 429)
      assert.equal(refused.body.error!.code, 'too-many-requests')
      assert.equal(refused.headers.get('retry-after'), '60')
    } finally {
      await busy.stop()
    }
  })

  it('lets a refused network in again when it has been quiet for as long as it was told, however hard it tried', async () => {
    let now = Date.now()
    const busy = await startService({ ONE_CAPTCHA_CALM: '1' }, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox')
      const status = async () => (await ask({ service: busy.url }, { sitekey })).status
      const statuses = []
      for (let i = 0; i < 60; i++) statuses.push(await status())
      assert.deepEqual(new Set(statuses.slice(0, 19)), new Set([200]))
      assert.deepEqual(new Set(statuses.slice(19)), new Set([429]))
      now += 60_000
      assert.equal(await status(), 200)
    } finally {
      await busy.stop()
    }
  })

  it('of one network makes nothing dearer for another, and asks nobody else for a puzzle', async () => {
    const settings = { ONE_CAPTCHA_CALM: '20', ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8' }
    const now = Date.now()
    const busy = await startService(settings, { now: () => now })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', DEFAULT_POLICY)
      const from = (address: string) =>
        ask({ service: busy.url, headers: { 'x-forwarded-for': address } }, { sitekey })
      for (let network = 0; network < 10; network++) {
        for (let i = 0; i < 100; i++) await from(`198.51.${network}.7`)
      }
      assert.equal(price((await from('198.51.0.8')).body), 64)
      const { body } = await from('203.0.113.7')
      assert.equal(price(body), 8)
      assert.equal(look(busy.context.tools.seal, body.challenge).follows, '')
    } finally {
      await busy.stop()
    }
  })

  it('asks for longer work where no picture is ready', async () => {
    const dry = await startService()
    try {
      const { sitekey } = await dry.addSite([HOST], 'puzzle')
      await dry.context.painter.close()
      const here = { service: dry.url, origin: ORIGIN }
      const first = await ask(here, { sitekey })
      const next = await handIn(here, {
        challenge: first.body.challenge,
        replies: [await work(first.body)],
      })
      assert.equal(next.body.reason, 'pictures-busy')
      assert.equal(price(next.body), 8)
      // There is no puzzle to make up for less work.
      assert.equal(next.body.waitMs, undefined)
      assert.ok(await pass(here, dry.context.tools.seal, { sitekey }))
    } finally {
      await dry.stop()
    }
  })
})
