import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { type Finding, type VerifyOptions, verify } from '../../sdk/src/verify.ts'
import { freePort } from '../support/free-port.ts'
import { HOST } from '../support/visitor.ts'
import { cuttingProxy, openSdkStage, type SdkStage, type Stub, stub } from './stage.ts'

let stage: SdkStage
const stubs: Stub[] = []

beforeAll(async () => {
  stage = await openSdkStage()
})
afterAll(() => stage.stop())
afterEach(async () => {
  for (const one of stubs.splice(0)) await one.stop()
})

const ask = (token: unknown, more: Partial<VerifyOptions> = {}) =>
  verify(token, { ...stage.options, ...more })

const reasonOf = (finding: Finding) =>
  finding.outcome === 'passed' ? 'passed' : `${finding.outcome} ${finding.reason}`

/** Something in the service's place, and the calls it had. */
async function stand(answer: (reply: ServerResponse, call: number) => unknown) {
  const calls: { url: string; method: string; body: URLSearchParams }[] = []
  const standing = await stub(async (request: IncomingMessage, reply) => {
    const body = new URLSearchParams(await text(request))
    calls.push({ url: request.url!, method: request.method!, body })
    answer(reply, calls.length)
  })
  stubs.push(standing)
  return { url: standing.url, calls }
}

const GOOD = JSON.stringify({
  success: true,
  challenge_ts: '2026-11-23T18:00:00Z',
  hostname: HOST,
  action: 'signup',
  cdata: '',
})

describe('verify, at a real service', () => {
  it('passes a token once, with what the page bound into it', async () => {
    const token = await stage.token({ action: 'signup', cdata: 'order 7' })
    const before = Date.now()
    const finding = await ask(token, {
      hostname: HOST,
      action: 'signup',
      sitekey: stage.sitekey,
    })
    assert.ok(finding.outcome === 'passed')
    assert.deepEqual(
      [finding.passed, finding.hostname, finding.action, finding.cdata],
      [true, HOST, 'signup', 'order 7'],
    )
    assert.ok(Math.abs(finding.passedAt - before) < 60_000)
    assert.deepEqual(await ask(token), {
      outcome: 'refused',
      passed: false,
      reason: 'token-spent',
      codes: ['timeout-or-duplicate'],
    })
  })

  it('refuses another host, action or site, and leaves the token unspent', async () => {
    const token = await stage.token({ action: 'login' })
    assert.equal(
      reasonOf(await ask(token, { hostname: 'other.test' })),
      'refused hostname-mismatch',
    )
    assert.equal(reasonOf(await ask(token, { action: 'signup' })), 'refused action-mismatch')
    assert.equal(reasonOf(await ask(token, { sitekey: 'ock_other' })), 'refused sitekey-mismatch')
    assert.equal(
      reasonOf(await ask(token, { secret: 'ocs_live_nobodys' })),
      'refused secret-unknown',
    )
    assert.equal(reasonOf(await ask(token, { hostname: HOST, action: 'login' })), 'passed')
  })

  it('takes one of several hosts and actions, and no others', async () => {
    const some = { hostname: ['www.example.test', HOST.toUpperCase()], action: ['a', 'b'] }
    assert.equal(reasonOf(await ask(await stage.token({ action: 'b' }), some)), 'passed')
    assert.equal(
      reasonOf(await ask(await stage.token({ action: 'c' }), some)),
      'refused action-mismatch',
    )
    assert.equal(
      reasonOf(await ask(await stage.token(), { hostname: ['www.example.test'] })),
      'refused hostname-mismatch',
    )
    assert.equal(
      reasonOf(await ask(await stage.token(), { hostname: [] })),
      'refused hostname-mismatch',
    )
  })

  it('refuses what is no token', async () => {
    for (const onFailure of ['closed', 'open'] as const) {
      for (const nothing of ['', undefined, null]) {
        assert.equal(reasonOf(await ask(nothing, { onFailure })), 'refused token-missing')
      }
      for (const wrong of ['x', 'x'.repeat(9_000), 'x'.repeat(8_192), 7, ['x'], {}]) {
        assert.equal(reasonOf(await ask(wrong, { onFailure })), 'refused token-invalid')
      }
    }
  })

  it('asks again when the reply was lost, and is told what it would have been told', async () => {
    const proxy = await cuttingProxy(stage.service.url, 1)
    stubs.push(proxy)
    const token = await stage.token()
    assert.equal(reasonOf(await ask(token, { service: proxy.url })), 'passed')
    assert.equal(proxy.cut(), 1)
    assert.equal(reasonOf(await ask(token)), 'refused token-spent')
  })

  it('asks no third time', async () => {
    const proxy = await cuttingProxy(stage.service.url, 5)
    stubs.push(proxy)
    const finding = await ask(await stage.token(), { service: proxy.url })
    assert.equal(reasonOf(finding), 'unavailable network-error')
    assert.equal(proxy.cut(), 2)
  })
})

describe('verify, when the service cannot be asked', () => {
  it('lets nobody pass, or everybody where that is wanted, and says who decided', async () => {
    const service = `http://127.0.0.1:${await freePort()}`
    assert.deepEqual(await ask('x', { service }), {
      outcome: 'unavailable',
      passed: false,
      reason: 'network-error',
      decidedBy: 'closed',
    })
    // Pages get no tokens then: `open` is for those who have none, too.
    for (const token of ['x', '', undefined]) {
      assert.deepEqual(await ask(token, { service, onFailure: 'open' }), {
        outcome: 'unavailable',
        passed: true,
        reason: 'network-error',
        decidedBy: 'open',
      })
    }
  })

  it('waits for each of two tries as long as it may', async () => {
    const silent = await stand(() => {})
    const before = Date.now()
    const finding = await ask('x', { service: silent.url, timeoutMs: 100 })
    assert.equal(reasonOf(finding), 'unavailable timeout')
    assert.equal(silent.calls.length, 2)
    assert.ok(Date.now() - before < 2_000)
  })

  it('counts a reply that does not end as a timeout', async () => {
    const slow = await stand((reply) => reply.writeHead(200).write('{'))
    assert.equal(
      reasonOf(await ask('x', { service: slow.url, timeoutMs: 100 })),
      'unavailable timeout',
    )
  })

  it('asks the same again, with the same idempotency key, after a 5xx', async () => {
    const shaky = await stand((reply, call) =>
      call === 1 ? reply.writeHead(503).end('{}') : reply.end(GOOD),
    )
    assert.equal(reasonOf(await ask('x', { service: shaky.url })), 'passed')
    const [first, second] = shaky.calls
    assert.match(first!.body.get('idempotency_key')!, /^[0-9a-f-]{36}$/)
    assert.deepEqual([...first!.body], [...second!.body])
    await ask('x', { service: shaky.url })
    assert.notEqual(shaky.calls[2]!.body.get('idempotency_key'), first!.body.get('idempotency_key'))
  })

  for (const [status, after, calls] of [
    [429, '1', 2],
    [429, '2', 2],
    [429, '3', 1],
    [429, undefined, 1],
    [429, 'soon', 1],
    [503, '60', 1],
    [503, '0', 2],
    [502, undefined, 2],
  ] as const) {
    it(`after ${status} with Retry-After ${after}, asks ${calls === 2 ? 'once more' : 'no more'}`, async () => {
      const busy = await stand((reply) =>
        reply.writeHead(status, after === undefined ? {} : { 'retry-after': after }).end('busy'),
      )
      const why = status === 429 ? 'too-many-requests' : 'service-failed'
      assert.equal(reasonOf(await ask('x', { service: busy.url })), `unavailable ${why}`)
      assert.equal(busy.calls.length, calls)
    })
  }

  for (const [what, body] of Object.entries({
    'no JSON': '<h1>Hello</h1>',
    'another JSON': '{"ok":true}',
    'a list': '[]',
    null: 'null',
    'a text for success': '{"success":"true","hostname":"example.test"}',
    'success without a host': '{"success":true}',
    'failure without codes': '{"success":false}',
    'a good reply, and very much more': GOOD + ' '.repeat(70_000),
    nothing: '',
  })) {
    it(`takes ${what} for no answer, and asks no more`, async () => {
      const odd = await stand((reply) => reply.end(body))
      assert.equal(reasonOf(await ask('x', { service: odd.url })), 'unavailable reply-invalid')
      assert.equal(odd.calls.length, 1)
    })
  }

  it('reads no more of an endless reply than it must', async () => {
    let sent = 0
    const endless = await stand((reply) => {
      const more = () => {
        while (!reply.destroyed && reply.write('x'.repeat(16_384))) sent += 16_384
      }
      reply.on('drain', more)
      more()
    })
    assert.equal(reasonOf(await ask('x', { service: endless.url })), 'unavailable reply-invalid')
    assert.ok(sent < 16_000_000, `${sent} bytes were sent`)
  })

  it('follows no redirect, and lets nobody pass by one', async () => {
    const other = await stand((reply) => reply.end(GOOD))
    const away = await stand((reply) => reply.writeHead(307, { location: other.url }).end())
    for (const onFailure of ['closed', 'open'] as const) {
      assert.equal(reasonOf(await ask('x', { service: away.url, onFailure })), 'refused redirected')
    }
    assert.equal(other.calls.length, 0)
  })

  it('never lets a call pass that was itself wrong, also where all may pass', async () => {
    for (const status of [400, 404, 413, 431]) {
      const strict = await stand((reply) => reply.writeHead(status).end('no'))
      const finding = await ask('x', { service: strict.url, onFailure: 'open' })
      assert.equal(finding.passed, false)
      assert.equal(reasonOf(finding), 'refused request-unreadable')
    }
  })

  it('ends when it is told to, and then nobody passes', async () => {
    const silent = await stand(() => life.abort())
    const life = new AbortController()
    const options = { service: silent.url, onFailure: 'open', signal: life.signal } as const
    assert.deepEqual(await ask('x', options), {
      outcome: 'unavailable',
      passed: false,
      reason: 'aborted',
      decidedBy: 'closed',
    })
    assert.equal(silent.calls.length, 1)
    assert.equal(reasonOf(await ask('x', options)), 'unavailable aborted')
    assert.equal(silent.calls.length, 1)
  })
})

describe('verify, of its caller', () => {
  it('looks again at host and action, whatever the service says', async () => {
    const lax = await stand((reply) => reply.end(GOOD))
    const service = lax.url
    assert.equal(
      reasonOf(await ask('x', { service, hostname: 'other.test' })),
      'refused hostname-mismatch',
    )
    assert.equal(reasonOf(await ask('x', { service, action: 'login' })), 'refused action-mismatch')
    assert.equal(reasonOf(await ask('x', { service, hostname: HOST, action: 'signup' })), 'passed')
  })

  it('sends the secret in the body alone, to siteverify beneath the given address', async () => {
    const plain = await stand((reply) => reply.end(GOOD))
    for (const tail of ['', '/', '/captcha/', '/captcha']) {
      await ask('x', { service: new URL(plain.url + tail) })
    }
    assert.deepEqual(
      plain.calls.map(({ method, url }) => `${method} ${url}`),
      [
        'POST /v1/siteverify',
        'POST /v1/siteverify',
        'POST /captcha/v1/siteverify',
        'POST /captcha/v1/siteverify',
      ],
    )
    for (const { body } of plain.calls) assert.equal(body.get('secret'), stage.options.secret)
  })

  it('throws for what only a programmer can do wrong, without the secret in the message', async () => {
    const wrong: object[] = [
      { secret: '' },
      { secret: undefined },
      { service: '' },
      { service: 'captcha.example.org' },
      { service: 'ftp://captcha.example.org' },
      { service: 'https://user:password@captcha.example.org' },
      { service: 'https://captcha.example.org/?secret=1' },
      { onFailure: 'maybe' },
      { timeoutMs: 0 },
      { timeoutMs: Number.NaN },
    ]
    for (const more of wrong) {
      await assert.rejects(ask('x', more), (error: Error) => {
        assert.ok(error instanceof TypeError)
        assert.match(error.message, /^one-captcha: /)
        assert.ok(!error.message.includes(stage.options.secret))
        return true
      })
    }
    // @ts-expect-error: as plain JavaScript would
    await assert.rejects(verify('x'), TypeError)
  })

  it('refuses to work in a browser', async () => {
    Object.assign(globalThis, { document: {} })
    try {
      await assert.rejects(ask('x'), /in a browser everybody could read the secret/)
    } finally {
      Reflect.deleteProperty(globalThis, 'document')
    }
  })

  it('takes another fetch, and needs none of its manners', async () => {
    const fetch = async () => new Response(GOOD)
    assert.equal(reasonOf(await ask('x', { fetch })), 'passed')
    const rude = () => {
      throw new Error('no')
    }
    assert.equal(reasonOf(await ask('x', { fetch: rude })), 'unavailable network-error')
    const deaf = () => new Promise<Response>(() => {})
    assert.equal(reasonOf(await ask('x', { fetch: deaf, timeoutMs: 50 })), 'unavailable timeout')
  })

  it('logs nothing', async () => {
    const { log, warn, error } = console
    const said: unknown[] = []
    Object.assign(console, {
      log: () => said.push(1),
      warn: () => said.push(1),
      error: () => said.push(1),
    })
    try {
      await ask('x', { service: `http://127.0.0.1:${await freePort()}` })
      await ask('x')
    } finally {
      Object.assign(console, { log, warn, error })
    }
    assert.deepEqual(said, [])
  })
})
