import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Notices } from '../../notices/notices.ts'
import { callerOf } from './callers.ts'
import * as s from './schemas.ts'

const tags = ['webhooks']

/** Where the programs of this account are told what its holder is told. */
export function webhookRoutes(app: FastifyInstance, notices: Notices) {
  app.get(
    '/v1/manage/webhooks',
    {
      schema: {
        summary: 'List the webhooks of this account',
        tags,
        response: { 200: s.WebhooksReply },
      },
    },
    async (request) => ({ webhooks: await notices.webhooks(callerOf(request)) }),
  )

  app.post<{ Body: Static<typeof s.WebhookOrder> }>(
    '/v1/manage/webhooks',
    {
      schema: {
        summary: 'Add a webhook',
        description:
          'What is sent there is signed as Standard Webhooks has it (docs/notices.md), by the secret in the answer.',
        tags,
        body: s.WebhookOrder,
        response: { 201: s.MadeWebhook },
      },
    },
    async (request, reply) => {
      const made = await notices.addWebhook(callerOf(request), request.body)
      return reply.code(201).send(made)
    },
  )

  app.patch<{ Params: Static<typeof s.IdParams>; Body: Static<typeof s.WebhookChanges> }>(
    '/v1/manage/webhooks/:id',
    {
      schema: {
        summary: 'Change what a webhook is told, or turn it on again',
        tags,
        params: s.IdParams,
        body: s.WebhookChanges,
        response: { 200: s.WebhookReply },
      },
    },
    async (request) => notices.setWebhook(callerOf(request), request.params.id, request.body),
  )

  app.post<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/webhooks/:id/test',
    {
      schema: {
        summary: 'Send an event of type “test” to a webhook, now',
        tags,
        params: s.IdParams,
        response: { 200: s.TriedWebhook },
      },
    },
    async (request) => notices.tryWebhook(callerOf(request), request.params.id),
  )

  app.delete<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/webhooks/:id',
    {
      schema: {
        summary: 'Remove a webhook',
        tags,
        params: s.IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await notices.removeWebhook(callerOf(request), request.params.id)
      return reply.code(204).send()
    },
  )
}
