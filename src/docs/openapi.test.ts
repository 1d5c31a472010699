import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { curlOf, kindOf, operationsIn, type Schema } from './openapi.ts'

const answers = { 200: { description: 'Default Response' } }
const body = (schema: Schema, example?: unknown) => ({
  content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
})
const only = (path: string, method: string, described: object) =>
  operationsIn({ paths: { [path]: { [method]: { responses: answers, ...described } } } })[0]!

describe('an operation', () => {
  it('has an example for the command line, in which nothing is secret or can be mistaken for a command', () => {
    const change = only('/v1/manage/sites/{sitekey}/secrets/{secretId}', 'patch', {
      security: [{ key: [] }],
      requestBody: body({}, { name: "It's $(rm)" }),
    })
    assert.equal(
      curlOf(change),
      `curl -X PATCH "$ONE_CAPTCHA/v1/manage/sites/$SITEKEY/secrets/$SECRET_ID" \\
  -H "Authorization: Bearer $KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"name":"It'\\''s $(rm)"}'`,
    )
    assert.equal(curlOf(only('/a', 'get', {})), 'curl "$ONE_CAPTCHA/a"')
    assert.equal(curlOf(only('/a', 'post', {})), 'curl -X POST "$ONE_CAPTCHA/a"')
  })

  it('says a body’s parts as a form where it may be one', () => {
    const content = {
      'application/json': { schema: {} },
      'application/x-www-form-urlencoded': { schema: {}, example: { secret: 'x', response: 'y' } },
    }
    const operation = only('/v1/siteverify', 'post', { requestBody: { content } })
    assert.equal(
      curlOf(operation),
      'curl "$ONE_CAPTCHA/v1/siteverify" \\\n  -d secret="$SECRET" \\\n  -d response="$RESPONSE"',
    )
  })

  it('has an example that fits, where the document has none', () => {
    const schema = {
      type: 'object',
      required: ['a', 'b', 'c', 'd'],
      properties: {
        a: { type: 'string' },
        b: { type: 'integer', minimum: 3 },
        c: { type: 'array', items: { enum: ['x', 'y'], type: 'string' } },
        d: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
        e: { type: 'string' },
      },
    }
    const { body: made } = only('/a', 'post', { requestBody: body(schema) })
    assert.deepEqual(made!.example, { a: '…', b: 3, c: ['x'], d: true })
  })

  it('has an address within its page that no other method or path has', () => {
    const ids = ['/a/{id}', '/a/{id}/b', '/a'].flatMap((path) =>
      ['get', 'post'].map((method) => only(path, method, {}).id),
    )
    assert.deepEqual(ids, ['get-a-id', 'post-a-id', 'get-a-id-b', 'post-a-id-b', 'get-a', 'post-a'])
  })
})

describe('a value', () => {
  it.each([
    [{ type: 'string', maxLength: 80 }, 'string, at most 80 characters'],
    [{ type: 'string', minLength: 1, maxLength: 64 }, 'string, 1 to 64 characters'],
    [{ type: 'integer', minimum: 15_000, maximum: 600_000 }, 'integer, 15,000 to 600,000'],
    [{ type: 'integer', minimum: 0 }, 'integer, at least 0'],
    [{ type: 'string', enum: ['a', 'b'] }, '"a" or "b"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string or null'],
    [
      { type: 'array', minItems: 1, maxItems: 9, items: { type: 'string', maxLength: 5 } },
      'array, 1 to 9 of them, each: string, at most 5 characters',
    ],
    [{ type: 'array', items: {} }, 'array'],
    [{}, 'anything'],
  ])('is told in words: %j', (schema, words) => {
    assert.equal(kindOf(schema as Schema), words)
  })
})
