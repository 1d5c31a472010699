import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { stateOf } from '../../status/standing.ts'
import type { Status } from '../../status/status.ts'
import type { Maintenance, MaintenanceWish } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import * as s from './schemas.ts'

const tags = ['status']

/** Maintenance windows: announced, changed, cancelled and completed by programs. The operator's. */
export function maintenanceRoutes(app: FastifyInstance, status: Status, now: () => number) {
  const withState = (window: Maintenance) => ({ ...window, state: stateOf(window, now()) })

  app.get<{ Querystring: Static<typeof s.BeforeQuery> }>(
    '/v1/manage/maintenances',
    {
      schema: {
        summary: 'List maintenance windows',
        description: 'The last to begin first, fifty at most; `before` begins where a list ended.',
        tags,
        querystring: s.BeforeQuery,
        response: { 200: s.MaintenancesReply },
      },
    },
    async (request) => {
      const { before } = request.query
      const from = before === undefined ? undefined : Number(before)
      return { maintenances: await status.maintenances(callerOf(request), from) }
    },
  )

  app.post<{ Body: Static<typeof s.MaintenanceOrder> }>(
    '/v1/manage/maintenances',
    {
      schema: {
        summary: 'Announce a maintenance window',
        description:
          'Everybody who has an account is told at once. Begins it sooner than the service promises, `reason` must say why.',
        tags,
        body: s.MaintenanceOrder,
        response: { 201: s.MaintenanceReply },
      },
    },
    async (request, reply) => {
      const wish = { body: '', reason: '', effect: 'none', ...request.body } as MaintenanceWish
      const made = await status.announce(callerOf(request), wish)
      return reply.code(201).send(withState(made))
    },
  )

  app.get<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/maintenances/:id',
    {
      schema: {
        summary: 'Look at a maintenance window',
        tags,
        params: s.IdParams,
        response: { 200: s.MaintenanceReply },
      },
    },
    async (request) => status.maintenance(callerOf(request), request.params.id),
  )

  app.patch<{ Params: Static<typeof s.IdParams>; Body: Static<typeof s.MaintenanceChanges> }>(
    '/v1/manage/maintenances/:id',
    {
      schema: {
        summary: 'Change a maintenance window',
        description:
          'Everybody is told again. With `sequence`, only if nobody has changed it since.',
        tags,
        params: s.IdParams,
        body: s.MaintenanceChanges,
        response: { 200: s.MaintenanceReply },
      },
    },
    async (request) => {
      const { sequence, ...changes } = request.body
      const wish = changes as Partial<MaintenanceWish>
      return withState(await status.change(callerOf(request), request.params.id, wish, sequence))
    },
  )

  for (const [act, summary] of [
    ['cancel', 'Cancel a maintenance window that has not begun'],
    ['complete', 'Complete a maintenance window that runs'],
  ] as const) {
    app.post<{ Params: Static<typeof s.IdParams> }>(
      `/v1/manage/maintenances/:id/${act}`,
      {
        schema: { summary, tags, params: s.IdParams, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await status[act](callerOf(request), request.params.id)
        return reply.code(204).send()
      },
    )
  }
}
