import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Manage } from '../../manage/manage.ts'
import type { AuditEvent } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import { nextAfter, readLimit } from './pages.ts'
import * as s from './schemas.ts'

const tags = ['audit']
const EVENTS_MAX = 500

/** Looking into the audit log, and taking it along. */
export function auditRoutes(app: FastifyInstance, manage: Manage) {
  app.get<{ Querystring: Static<typeof s.AuditQuery> }>(
    '/v1/manage/audit',
    {
      schema: {
        summary: 'Read what was done to this account and its sites',
        description: 'The newest first. With `everything`, what was done to all; for operators.',
        tags,
        querystring: s.AuditQuery,
        response: { 200: s.EventsReply },
      },
    },
    async (request) => page(callerOf(request), request.query),
  )

  app.get<{ Params: Static<typeof s.SiteParams>; Querystring: Static<typeof s.AuditQuery> }>(
    '/v1/manage/sites/:sitekey/audit',
    {
      schema: {
        summary: 'Read what was done to a site',
        description: 'The newest first.',
        tags,
        params: s.SiteParams,
        querystring: Type.Omit(s.AuditQuery, ['everything'], { additionalProperties: false }),
        response: { 200: s.EventsReply },
      },
    },
    async (request) => page(callerOf(request), request.query, request.params.sitekey),
  )

  app.get(
    '/v1/manage/audit/head',
    {
      schema: {
        summary: "Read the audit log's head",
        tags,
        response: { 200: s.HeadReply },
      },
    },
    async (request) => manage.auditHead(callerOf(request)),
  )

  app.get(
    '/v1/manage/audit/export',
    {
      schema: {
        summary: 'Take the whole audit log along',
        description: 'One event per line, as JSON, the oldest first. For operators.',
        tags,
        response: {
          200: {
            description: 'Lines of JSON',
            content: { 'application/x-ndjson': { schema: {} } },
          },
        },
      },
    },
    async (request, reply) => {
      const events = manage.auditExport(callerOf(request))
      return reply.type('application/x-ndjson').send(Readable.from(asLines(events)))
    },
  )

  async function page(
    actor: ReturnType<typeof callerOf>,
    query: Static<typeof s.AuditQuery>,
    sitekey?: string,
  ) {
    const limit = readLimit(query.limit, EVENTS_MAX)
    const before = query.before === undefined ? undefined : Number(query.before)
    const everything = query.everything === 'true'
    const events = await manage.audit(actor, { sitekey, everything, before, limit })
    return { events, next: nextAfter(events, limit, (event) => event.seq) }
  }
}

async function* asLines(events: AsyncIterable<AuditEvent>) {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}
