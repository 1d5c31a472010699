import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import type { Mode } from '../../src/core/site.ts'
import { verify } from '../support/backend.ts'
import { type Body, gapOf, post, work } from '../support/visitor.ts'
import { type Block, placeOf } from './blocks.ts'
import { type Place, tokenOf } from './place.ts'
import { assertFits } from './shapes.ts'

// The validator of the schemas themselves comes with the server, as CommonJS.
const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default

type Json = Record<string, unknown>
interface Operation {
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
type Paths = Record<string, Record<string, Operation>>

/**
 * What goes over the wire, as a document shows it: `json POST /v1/challenges` is sent, and `json 200 POST /v1/challenges`
 * is what comes back. Both are held against the OpenAPI document too. `…` is filled in, or may be anything.
 */
export async function runWire(block: Block, place: Place): Promise<void> {
  const [, status, method, path] = /^(?:(\d{3}) )?(\w+) (\/\S+)$/.exec(block.about)!
  const shown = JSON.parse(block.text) as Json
  const what = placeOf(block)
  const { paths } = (await (await fetch(`${place.url}/openapi.json`)).json()) as { paths: Paths }
  const operation = paths[path!]?.[method!.toLowerCase()]
  assert.ok(operation, `${what}: ${method} ${path} is not in the OpenAPI document`)

  if (status === undefined) {
    assertValid(operation.requestBody?.content, shown, what)
    const answer = await send(path!, shown, place)
    assert.ok(!('error' in answer), `${what} is answered with ${JSON.stringify(answer)}`)
    return
  }
  const answer = await answerTo(path!, shown, place)
  assertFits(shown, answer, what)
  assertValid(
    (operation.responses[status] ?? operation.responses[`${status[0]}XX`])?.content,
    answer as Json,
    what,
  )
}

function assertValid(
  content: Record<string, { schema: object }> | undefined,
  value: Json,
  what: string,
) {
  const schema = content?.['application/json']?.schema
  assert.ok(schema, `${what}: the OpenAPI document has no JSON for it`)
  const validate = new Ajv({ strict: false }).compile(schema)
  assert.ok(
    validate(value),
    `${what} is not as in the OpenAPI document: ${JSON.stringify(validate.errors)}`,
  )
}

/** Sends a body as it is shown, with what only a real visit can fill in. */
async function send(path: string, shown: Json, place: Place): Promise<object> {
  const replies = shown.replies as unknown[] | undefined
  const puzzle = (replies?.length ?? 0) > 1
  const { sitekey } = await place.addSite(puzzle ? 'puzzle' : 'checkbox')
  if (path === '/v1/challenges')
    return (await post(pageOf(place), path, { ...shown, sitekey })).body
  const issued = await issue(place, sitekey, puzzle)
  const filled = await Promise.all((replies ?? []).map((one) => fillReply(one, issued, place)))
  const solution = { ...shown, challenge: issued.challenge, replies: filled }
  return (await post(pageOf(place), path, solution)).body
}

async function fillReply(shown: unknown, issued: Body, place: Place): Promise<unknown> {
  if (shown === null) return null
  return 'proof' in (shown as Json) ? work(issued) : { x: gapOf(place.seal, issued.challenge) }
}

/** A challenge of work, or the one with a puzzle that follows it. */
async function issue(place: Place, sitekey: string, puzzle: boolean): Promise<Body> {
  const { body } = await post(pageOf(place), '/v1/challenges', { sitekey })
  if (!puzzle) return body
  const replies = [await work(body)]
  return (await post(pageOf(place), '/v1/solutions', { challenge: body.challenge, replies })).body
}

/** Has the service say what is shown: of the same success, for the same reason. */
async function answerTo(path: string, shown: Json, place: Place): Promise<unknown> {
  const mode = (shown.mode as Mode | undefined) ?? 'checkbox'
  const { sitekey, secret } = await place.addSite(mode)
  if (path.endsWith('siteverify')) {
    const response = await tokenOf(place, sitekey)
    if (shown.reason === 'token-invalid') {
      return (await verify(place.url, { secret, response: `${response}x` }, path)).finding
    }
    const { finding } = await verify(place.url, { secret, response }, path)
    return shown.success ? finding : (await verify(place.url, { secret, response }, path)).finding
  }
  if ('error' in shown) {
    return (await post(pageOf(place), path, { sitekey, action: 'sign up!' })).body
  }
  if (path === '/v1/challenges') return (await post(pageOf(place), path, { sitekey })).body
  const issued = await issue(place, sitekey, false)
  const replies = [await work(issued)]
  return (await post(pageOf(place), path, { challenge: issued.challenge, replies })).body
}

const pageOf = (place: Place) => ({ service: place.url, origin: 'https://example.test' })
