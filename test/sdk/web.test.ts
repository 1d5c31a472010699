import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import * as express from '../../sdk/src/express.ts'
import { fieldsOf, guard, tokenOf } from '../../sdk/src/guard.ts'
import * as next from '../../sdk/src/next.ts'
import * as sveltekit from '../../sdk/src/sveltekit.ts'
import { openSdkStage, type SdkStage } from './stage.ts'

const FIELD = 'one-captcha-response'
const AT = 'https://example.test/join'

let stage: SdkStage
beforeAll(async () => {
  stage = await openSdkStage()
})
afterAll(() => stage.stop())

/** A request as a browser sends a form: multipart, or URL-encoded. */
function post(token: string, as: 'multipart' | 'form' | 'json' = 'form'): Request {
  const fields = { who: 'Ada', [FIELD]: token }
  if (as === 'json') {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    return new Request(AT, { method: 'POST', headers, body: JSON.stringify(fields) })
  }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const body = as === 'multipart' ? form : new URLSearchParams(fields)
  return new Request(AT, { method: 'POST', body })
}

describe('a route handler of the app router', () => {
  it('is reached by who passed, and reads the form again', async () => {
    const route = next.protectRoute(async (request: Request, _: object, finding) => {
      const json = request.headers.get('content-type')?.startsWith('application/json')
      const who = json ? (await request.json()).who : (await request.formData()).get('who')
      return Response.json({ who, outcome: finding.outcome })
    }, stage.options)
    for (const as of ['multipart', 'form', 'json'] as const) {
      const token = await stage.token()
      const passed = await route(post(token, as), {})
      assert.deepEqual(await passed.json(), { who: 'Ada', outcome: 'passed' })
      const refused = await route(post(token, as), {})
      assert.equal(refused.status, 403)
      assert.deepEqual(await refused.json(), { error: 'captcha-refused', reason: 'token-spent' })
    }
  })

  it('answers who does not pass in its own way', async () => {
    const onRefused = () => new Response(null, { status: 303, headers: { location: '/again' } })
    const route = next.protectRoute(() => assert.fail(), { ...stage.options, onRefused })
    assert.equal((await route(post('x'), {})).status, 303)
    assert.equal((await route(new Request(AT), {})).status, 303)
    const torn = new Request(AT, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    assert.equal((await route(torn, {})).status, 303)
  })
})

describe('a server action', () => {
  it('judges the form that it was given', async () => {
    const form = new FormData()
    form.set(FIELD, await stage.token({ action: 'join' }))
    const options = { ...stage.options, action: 'join' }
    assert.equal((await next.verifyForm(form, options)).outcome, 'passed')
    assert.equal((await next.verifyForm(form, options)).outcome, 'refused')
  })
})

describe('an API route of the pages router', () => {
  it('is reached by who passed', async () => {
    const said: unknown[] = []
    const response = {
      status: (code: number) => ({ json: (body: unknown) => said.push(code, body) }),
    }
    const api = next.protectApi(
      (_request, _response, finding) => said.push(finding.outcome),
      stage.options,
    )
    const body = { [FIELD]: await stage.token() }
    await api({ body }, response)
    await api({ body }, response)
    assert.deepEqual(said, ['passed', 403, { error: 'captcha-refused', reason: 'token-spent' }])
  })
})

describe('an action and an endpoint of SvelteKit', () => {
  it('judge the form, and leave it to be read', async () => {
    const event = { request: post(await stage.token(), 'multipart') }
    assert.equal((await sveltekit.verifyEvent(event, stage.options)).outcome, 'passed')
    assert.equal((await event.request.formData()).get('who'), 'Ada')

    const endpoint = sveltekit.protect(
      async ({ request }) => new Response(String((await request.formData()).get('who'))),
      stage.options,
    )
    const token = await stage.token()
    assert.equal(await (await endpoint({ request: post(token) })).text(), 'Ada')
    assert.equal((await endpoint({ request: post(token) })).status, 403)
  })
})

describe('the guard behind all frameworks', () => {
  it('finds the token in what parsers make of a form', () => {
    const form = new FormData()
    form.set(FIELD, 'a')
    assert.equal(tokenOf(form), 'a')
    assert.equal(tokenOf(new URLSearchParams({ [FIELD]: 'a' })), 'a')
    assert.equal(tokenOf({ [FIELD]: 'a' }), 'a')
    assert.equal(tokenOf({ [FIELD]: { value: 'a' } }), 'a')
    assert.equal(tokenOf(Object.assign(Object.create(null), { captcha: 'a' }), 'captcha'), 'a')
    for (const nothing of [undefined, null, 'text', 7, {}, [], form]) {
      assert.equal(tokenOf(nothing, 'other'), undefined)
    }
    assert.equal(tokenOf({}, 'constructor'), undefined)
  })

  it('takes no field that is there twice', async () => {
    const twice = new URLSearchParams([
      [FIELD, await stage.token()],
      [FIELD, 'x'],
    ])
    const judge = guard(stage.options)
    for (const fields of [twice, { [FIELD]: ['a', 'b'] }]) {
      const finding = await judge(fields)
      assert.ok(finding.outcome === 'refused')
      assert.equal(finding.reason, 'token-invalid')
    }
  })

  it('holds no large upload twice', async () => {
    const form = new FormData()
    form.set(FIELD, 'x')
    const headers = {
      'content-length': '1048577',
      'content-type': 'multipart/form-data; boundary=x',
    }
    assert.equal(await fieldsOf(new Request(AT, { method: 'POST', headers, body: 'x' })), null)
  })

  it('throws for misuse when the program starts, not when a visitor comes', () => {
    assert.throws(() => express.oneCaptcha({ ...stage.options, secret: '' }), TypeError)
    assert.throws(() => next.protectRoute(() => new Response(), { ...stage.options, service: '' }))
  })

  it('gives errors of a handler to the framework', async () => {
    const wrong = new Error('wrong')
    const middleware = express.oneCaptcha({
      ...stage.options,
      onRefused: () => {
        throw wrong
      },
    })
    const response = { status: () => ({ json: () => {} }) }
    const told = await new Promise((resolve) => middleware({ body: {} }, response, resolve))
    assert.equal(told, wrong)
  })

  it('lets all in where that is wanted, and says why', async () => {
    const request = { body: {} }
    const service = 'http://127.0.0.1:1'
    const middleware = express.oneCaptcha({ ...stage.options, service, onFailure: 'open' })
    const response = { status: () => assert.fail() }
    await new Promise<unknown>((resolve) => middleware(request, response, resolve))
    assert.deepEqual(express.findingOf(request), {
      outcome: 'unavailable',
      passed: true,
      reason: 'network-error',
      decidedBy: 'open',
    })
  })
})
