import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { IncidentChanges, IncidentOrder, Status } from '../../status/status.ts'
import type { IncidentWish } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import * as s from './schemas.ts'

const tags = ['status']

/** Incidents: opened and told of by programs. The operator's. */
export function incidentRoutes(app: FastifyInstance, status: Status) {
  app.get<{ Querystring: Static<typeof s.BeforeQuery> }>(
    '/v1/manage/incidents',
    {
      schema: {
        summary: 'List incidents',
        description: 'The last to begin first, fifty at most; `before` begins where a list ended.',
        tags,
        querystring: s.BeforeQuery,
        response: { 200: s.IncidentsReply },
      },
    },
    async (request) => {
      const { before } = request.query
      const from = before === undefined ? undefined : Number(before)
      return { incidents: await status.incidents(callerOf(request), from) }
    },
  )

  app.post<{ Body: Static<typeof s.IncidentOrder> }>(
    '/v1/manage/incidents',
    {
      schema: {
        summary: 'Open an incident',
        description: 'Everybody who has an account is told.',
        tags,
        body: s.IncidentOrder,
        response: { 201: s.IncidentReply },
      },
    },
    async (request, reply) => {
      const order = {
        ...{ state: 'investigating', impact: 'minor', cause: 'unknown', ...request.body },
      } as IncidentOrder
      return reply.code(201).send(await status.open(callerOf(request), order))
    },
  )

  app.get<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/incidents/:id',
    {
      schema: {
        summary: 'Look at an incident',
        tags,
        params: s.IdParams,
        response: { 200: s.IncidentReply },
      },
    },
    async (request) => status.incident(callerOf(request), request.params.id),
  )

  app.post<{ Params: Static<typeof s.IdParams>; Body: Static<typeof s.IncidentUpdateOrder> }>(
    '/v1/manage/incidents/:id/updates',
    {
      schema: {
        summary: 'Tell how it stands with an incident',
        description: 'Everybody is told. `resolved` ends it for good.',
        tags,
        params: s.IdParams,
        body: s.IncidentUpdateOrder,
        response: { 201: s.IncidentReply },
      },
    },
    async (request, reply) => {
      const update = request.body as IncidentWish & IncidentChanges
      const incident = await status.update(callerOf(request), request.params.id, update)
      return reply.code(201).send(incident)
    },
  )
}
