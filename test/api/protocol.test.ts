import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { EFFORT_CALM } from '../../src/core/plan.ts'
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
const price = (body: Body) => body.tasks.find((task) => task.kind === 'pow')!.prompt.effort

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
      const { sitekey, secret } = sites[mode]
      const asked = await ask(page, { sitekey, action: 'signup', cdata: 'order 7' })
      assert.equal(asked.status, 200)
      assert.equal(asked.body.mode, mode)
      assert.deepEqual(
        asked.body.tasks.map(({ kind }) => kind),
        ['pow'],
      )
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
    assert.equal(price(patient.body), 16 * EFFORT_CALM)
    const { body } = await handIn(page, {
      challenge: patient.body.challenge,
      replies: [await work(patient.body)],
    })
    assert.ok(body.token)
  })

  it('asks for no puzzle to log in, nor from whoever asks for work, but for longer work', async () => {
    for (const order of [{ action: 'login' }, { kind: 'pow' }]) {
      const { body } = await ask(page, { sitekey: sites.puzzle.sitekey, ...order })
      assert.equal(price(body), 16 * EFFORT_CALM)
      assert.equal(look(seal(), body.challenge).follows, '')
    }
    const { body } = await ask(page, { sitekey: sites.checkbox.sitekey, action: 'login' })
    assert.equal(price(body), EFFORT_CALM)
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
    const busy = await startService({ ONE_CAPTCHA_CALM: '2' })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox')
      const here = { service: busy.url, origin: ORIGIN }
      const seen = []
      for (let i = 0; i < 8; i++) seen.push((await ask(here, { sitekey })).body)
      assert.deepEqual(
        seen.map((body) => price(body) / EFFORT_CALM),
        [1, 1, 1.5, 2, 2.5, 3, 3.5, 4],
      )
      const follows = seen.map((body) => look(busy.context.tools.seal, body.challenge).follows)
      assert.deepEqual(follows, ['', '', '', ...Array(5).fill('slider')])

      for (let i = 8; i < 120; i++) await ask(here, { sitekey })
      const refused = await ask(here, { sitekey })
      assert.equal(refused.status, 429)
      assert.equal(refused.body.error!.code, 'too-many-requests')
      assert.equal(refused.headers.get('retry-after'), '60')
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
      assert.equal(price(next.body), 16 * EFFORT_CALM)
      assert.ok(await pass(here, dry.context.tools.seal, { sitekey }))
    } finally {
      await dry.stop()
    }
  })
})
