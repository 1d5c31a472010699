import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { BadRequest } from '../../core/bad-request.ts'
import type { Manage } from '../../manage/manage.ts'
import type { Span } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import { nextAfter, readLimit, readWhole } from './pages.ts'
import * as s from './schemas.ts'

const tags = ['sites']
const SITES = '/v1/manage/sites'
const SITE = `${SITES}/:sitekey`

/** Sites, their secrets and their numbers. */
export function siteRoutes(app: FastifyInstance, manage: Manage) {
  app.get<{ Querystring: Static<typeof s.SitesQuery> }>(
    SITES,
    {
      schema: {
        summary: 'List sites',
        tags,
        querystring: s.SitesQuery,
        response: { 200: s.SitesReply },
      },
    },
    async (request) => {
      const actor = callerOf(request)
      const { after = '', everything } = request.query
      const limit = readLimit(request.query.limit)
      if (everything === 'true') {
        const rows = await manage.allSites(actor, after, limit)
        const sites = rows.map((site) => ({ ...site, role: 'owner' }))
        return { sites, next: nextAfter(rows, limit, (site) => site.sitekey) }
      }
      const own = await manage.sites(actor)
      const sites = own
        .filter((site) => site.sitekey > after)
        .sort((a, b) => (a.sitekey < b.sitekey ? -1 : 1))
        .slice(0, limit)
      return { sites, next: nextAfter(sites, limit, (site) => site.sitekey) }
    },
  )

  app.post<{ Body: Static<typeof s.SiteOrder> }>(
    SITES,
    {
      schema: {
        summary: 'Register a site',
        tags,
        body: s.SiteOrder,
        response: { 201: s.MadeSite },
      },
    },
    async (request, reply) => {
      const { name = '', ...wish } = request.body as Parameters<Manage['addSite']>[1]
      return reply.code(201).send(await manage.addSite(callerOf(request), { name, ...wish }))
    },
  )

  app.get<{ Params: Static<typeof s.SiteParams> }>(
    SITE,
    {
      schema: {
        summary: 'Look at a site',
        tags,
        params: s.SiteParams,
        response: { 200: s.SiteReply },
      },
    },
    async (request, reply) => {
      const site = await manage.site(callerOf(request), request.params.sitekey)
      reply.header('etag', `"${site.revision}"`)
      return site
    },
  )

  app.patch<{ Params: Static<typeof s.SiteParams>; Body: Static<typeof s.SiteChanges> }>(
    SITE,
    {
      schema: {
        summary: 'Change a site',
        description: 'What is not given stays. With If-Match, only if nobody has changed it since.',
        tags,
        params: s.SiteParams,
        headers: s.IfMatch,
        body: s.SiteChanges,
        response: { 200: s.SiteReply },
      },
    },
    async (request, reply) => {
      const actor = callerOf(request)
      const { sitekey } = request.params
      const changes = request.body as Parameters<Manage['setSite']>[2]
      await manage.setSite(actor, sitekey, changes, readIfMatch(request.headers['if-match']))
      const site = await manage.site(asReader(actor), sitekey)
      reply.header('etag', `"${site.revision}"`)
      return site
    },
  )

  app.delete<{ Params: Static<typeof s.SiteParams> }>(
    SITE,
    {
      schema: {
        summary: 'Remove a site',
        description: 'At once, on every node. Its keys, tokens and open challenges end with it.',
        tags,
        params: s.SiteParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.removeSite(callerOf(request), request.params.sitekey)
      return reply.code(204).send()
    },
  )

  for (const [act, deed, summary] of [
    ['suspend', 'suspendSite', 'Suspend a site'],
    ['reinstate', 'reinstateSite', 'Reinstate a site'],
  ] as const) {
    app.post<{ Params: Static<typeof s.SiteParams> }>(
      `${SITE}/${act}`,
      {
        schema: {
          summary,
          description: 'For operators. At once, on every node.',
          tags,
          params: s.SiteParams,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await manage[deed](callerOf(request), request.params.sitekey)
        return reply.code(204).send()
      },
    )
  }

  app.get<{ Params: Static<typeof s.SiteParams> }>(
    `${SITE}/secrets`,
    {
      schema: {
        summary: 'List the secrets of a site',
        tags,
        params: s.SiteParams,
        response: { 200: s.SecretsReply },
      },
    },
    async (request) => ({
      secrets: await manage.secrets(callerOf(request), request.params.sitekey),
    }),
  )

  app.post<{ Params: Static<typeof s.SiteParams>; Body: Static<typeof s.RotateOrder> }>(
    `${SITE}/secrets`,
    {
      schema: {
        summary: 'Rotate the secret of a site',
        description: 'The old ones stay good for `overlapMs` more; 0 ends them at once.',
        tags,
        params: s.SiteParams,
        body: s.RotateOrder,
        response: { 201: s.MadeSecret },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const made = await manage.rotateSecret(callerOf(request), params.sitekey, body.overlapMs)
      return reply.code(201).send(made)
    },
  )

  app.delete<{ Params: Static<typeof s.SitePartParams> }>(
    `${SITE}/secrets/:id`,
    {
      schema: {
        summary: 'End a secret of a site',
        tags,
        params: s.SitePartParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.endSecret(callerOf(request), request.params.sitekey, request.params.id)
      return reply.code(204).send()
    },
  )

  app.get<{
    Params: Static<typeof s.SiteParams>
    Querystring: Static<typeof s.NumbersQuery>
  }>(
    `${SITE}/numbers`,
    {
      schema: {
        summary: 'Read the numbers of a site',
        description:
          'Sums per step of time, from `from` on and before `to`; never about a visitor.',
        tags,
        params: s.SiteParams,
        querystring: s.NumbersQuery,
        response: { 200: s.NumbersReply },
      },
    },
    async (request) => {
      const { span, from, to, stepMs } = request.query
      const query = {
        span: span as Span,
        from: Number(from),
        to: Number(to),
        stepMs: stepMs === undefined ? undefined : readWhole(stepMs, 'stepMs', 0, 1e12),
      }
      const numbers = await manage.numbers(callerOf(request), request.params.sitekey, query)
      return { numbers }
    },
  )
}

/** Who has just changed a site hears how it stands now, even with a key that is not for reading. */
function asReader(actor: ReturnType<typeof callerOf>) {
  return { ...actor, scopes: new Set([...actor.scopes!, 'sites:read' as const]) }
}

/** The revision that a change was thought out for; undefined where none is named. */
function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const revision = /^"(\d{1,15})"$/.exec(header.trim())?.[1]
  if (revision !== undefined) return Number(revision)
  throw new BadRequest('field-invalid', 'if-match must be the one ETag that was read.', 'if-match')
}
