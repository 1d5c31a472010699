import { type H3Event, readRawBody } from 'h3'
import { type Finding, fieldsOf, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

/** What is needed of an event of h3, 1 (Nuxt 3 and 4, Nitro 2) or 2. */
interface Event {
  req?: unknown
  node?: { req: { headers: Record<string, unknown> } } | undefined
}

export interface NuxtOptions<E> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, event: E) => unknown) | undefined
}

/** A handler that only who passed reaches: `export default defineEventHandler(protect(event => …, { … }))`. */
export function protect<E extends H3Event = H3Event>(
  handler: (event: E, finding: Finding) => unknown,
  options: NuxtOptions<E>,
): (event: E) => Promise<unknown> {
  const judge = guard(options)
  return async (event) => {
    const finding = await judge(await fieldsOfEvent(event as Event))
    if (finding.passed) return handler(event, finding)
    if (options.onRefused) return options.onRefused(finding, event)
    return Response.json(refusalOf(finding), { status: 403 })
  }
}

/** The body can be read again by the handler: of h3 1, which keeps what it has read, and of h3 2, whose request is the web's. */
async function fieldsOfEvent(event: Event): Promise<unknown> {
  if (event.req instanceof Request) return fieldsOf(event.req)
  const body = await readRawBody(event, false)
  const type = event.node?.req.headers['content-type']
  if (!body || typeof type !== 'string') return null
  const headers = { 'content-type': type }
  return fieldsOf(new Request('http://event', { method: 'POST', headers, body: body as BodyInit }))
}
