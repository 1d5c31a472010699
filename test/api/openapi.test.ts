import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { send } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import { ask, HOST, handIn, pass, quickToken, work } from '../support/visitor.ts'

// The validator of the schemas themselves comes with the server, as CommonJS.
const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default

interface Operation {
  summary: string
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
}

let service: TestService
let document: OpenApi

beforeAll(async () => {
  service = await startService()
  document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApi
})
afterAll(() => service.stop())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
const schemaOf = (path: string, status: string) =>
  document.paths[path]!.post!.responses[status]!.content!['application/json']!.schema

function assertFits(schema: object, value: unknown, what: string) {
  const validate = new Ajv({ strict: false }).compile(schema)
  assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors)}`)
}

describe('openapi.json', () => {
  it('is an OpenAPI 3.1 document whose every schema is one', () => {
    assert.match(document.openapi, /^3\.1\.\d$/)
    assert.ok(document.info.title && document.info.version)
    const ajv = new Ajv({ strict: false })
    for (const { path, method, operation } of operations()) {
      assert.match(path, /^\//)
      assert.ok(operation.summary, `${method} ${path} has a summary`)
      assert.ok(Object.keys(operation.responses).length > 0)
      const bodies = [operation.requestBody, ...Object.values(operation.responses)]
      for (const { schema } of bodies.flatMap((body) => Object.values(body?.content ?? {}))) {
        assert.equal(ajv.validateSchema(schema), true, `${path}: ${JSON.stringify(ajv.errors)}`)
      }
      for (const response of Object.values(operation.responses)) {
        assert.equal(typeof response.description, 'string')
      }
    }
  })

  it('describes the three requests, and siteverify at every address', () => {
    const named = operations().map(({ method, path }) => `${method} ${path}`)
    for (const name of [
      'post /v1/challenges',
      'post /v1/solutions',
      'get /v1/siteverify',
      'post /v1/siteverify',
      'post /recaptcha/api/siteverify',
    ]) {
      assert.ok(named.includes(name), name)
    }
  })

  it('tells the truth: every documented route is there, and answers as described', async () => {
    for (const { path, method, operation } of operations()) {
      const url = service.url + path.replace(/\{\w+\}/g, 'some_id')
      const response = await fetch(url, { method: method.toUpperCase() })
      const name = `${method} ${path}`
      assert.notEqual(response.status, 404, name)
      assert.notEqual(response.status, 405, name)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      const body = await response.json()
      // With a key, and with every good reply, each is tried in manage.test.ts.
      if (!path.startsWith('/v1/manage/')) continue
      assert.equal(response.status, 401, name)
      assertFits(operation.responses['4XX']!.content!['application/json']!.schema, body, name)
    }

    const page = { service: service.url }
    const { sitekey } = await service.addSite([HOST], 'puzzle')
    const asked = await ask(page, { sitekey })
    assertFits(schemaOf('/v1/challenges', '200'), asked.body, 'a challenge')
    const next = await handIn(page, {
      challenge: asked.body.challenge,
      replies: [await work(asked.body)],
    })
    assertFits(schemaOf('/v1/solutions', '200'), next.body, 'the next challenge')
    assert.equal(next.status, 200)
    const { seal } = service.context.tools
    const { body } = await handIn(page, {
      challenge: (await ask(page, { sitekey: 'oc-test-pass' })).body.challenge,
      replies: [],
    })
    assertFits(schemaOf('/v1/solutions', '4XX'), body, 'an error')
    for (const { path, method } of operations().filter((one) => one.path.endsWith('siteverify'))) {
      const { status, finding } = await send(service.url + path, { method: method.toUpperCase() })
      assertFits(schemaOf(path, String(status)), finding, `a finding of ${path}`)
    }
    for (const token of [
      await pass(page, seal, { sitekey: 'oc-test-pass' }),
      await quickToken(page, seal, { sitekey }),
    ]) {
      assertFits(schemaOf('/v1/solutions', '200'), { token, expiresInMs: 1 }, 'a token')
    }
  })
})
