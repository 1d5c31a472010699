import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Manage } from '../../manage/manage.ts'
import { callerOf } from './callers.ts'
import * as s from './schemas.ts'

const tags = ['keys']

/** Keys to this API. Making one takes a person at the console: a key that leaked must not be able to grow others. */
export function keyRoutes(app: FastifyInstance, manage: Manage) {
  app.get(
    '/v1/manage/self',
    {
      schema: {
        summary: 'Say whose this key is, and what it is for',
        tags,
        response: { 200: s.SelfReply },
      },
    },
    async (request) => {
      const { account, by, scopes, onlySite } = callerOf(request)
      return {
        account: { id: account.id, role: account.role },
        key: { id: by, scopes: [...scopes!], sitekey: onlySite },
      }
    },
  )

  app.get(
    '/v1/manage/keys',
    {
      schema: {
        summary: 'List the keys of this account',
        tags,
        response: { 200: s.KeysReply },
      },
    },
    async (request) => ({ keys: await manage.keys(callerOf(request)) }),
  )

  app.delete<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/keys/:id',
    {
      schema: {
        summary: 'End a key of this account',
        description: 'Any key may end itself.',
        tags,
        params: s.IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.endKey(callerOf(request), request.params.id)
      return reply.code(204).send()
    },
  )
}
