import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Manage } from '../../manage/manage.ts'
import type { AccountRole, OperatorSettings } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import { nextAfter, readLimit } from './pages.ts'
import * as s from './schemas.ts'

const tags = ['accounts']

/** Accounts, invitations to make one, and what holds for all: the operator's. */
export function accountRoutes(app: FastifyInstance, manage: Manage) {
  app.get<{ Querystring: Static<typeof s.PageQuery> }>(
    '/v1/manage/accounts',
    {
      schema: {
        summary: 'List accounts',
        tags,
        querystring: s.PageQuery,
        response: { 200: s.AccountsReply },
      },
    },
    async (request) => {
      const limit = readLimit(request.query.limit)
      const accounts = await manage.accounts(callerOf(request), request.query.after ?? '', limit)
      return { accounts, next: nextAfter(accounts, limit, (account) => account.id) }
    },
  )

  app.get<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/accounts/:id',
    {
      schema: {
        summary: 'Look at an account, and where it belongs',
        tags,
        params: s.IdParams,
        response: { 200: s.OneAccountReply },
      },
    },
    async (request) => manage.account(callerOf(request), request.params.id),
  )

  for (const [act, deed, summary, description] of [
    [
      'suspend',
      'suspendAccount',
      'Suspend an account',
      'With it its keys and sessions, and the sites of which it is the only active owner.',
    ],
    ['reinstate', 'reinstateAccount', 'Reinstate an account', 'And the sites that went with it.'],
    [
      'terminate',
      'terminateAccount',
      'End an account for good',
      'What could tell whose it was is deleted, and the sites that it alone owns are removed.',
    ],
  ] as const) {
    app.post<{ Params: Static<typeof s.IdParams> }>(
      `/v1/manage/accounts/:id/${act}`,
      {
        schema: {
          summary,
          description,
          tags,
          params: s.IdParams,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await manage[deed](callerOf(request), request.params.id)
        return reply.code(204).send()
      },
    )
  }

  app.get(
    '/v1/manage/invitations',
    {
      schema: {
        summary: 'List the open invitations to make an account',
        tags,
        response: { 200: s.InvitationsReply },
      },
    },
    async (request) => ({ invitations: await manage.accountInvitations(callerOf(request)) }),
  )

  app.post<{ Body: Static<typeof s.AccountInvitationOrder> }>(
    '/v1/manage/invitations',
    {
      schema: {
        summary: 'Invite somebody to make an account',
        tags,
        body: s.AccountInvitationOrder,
        response: { 201: s.MadeInvitation },
      },
    },
    async (request, reply) => {
      const role = request.body.role as AccountRole
      const made = await manage.inviteAccount(callerOf(request), role)
      return reply.code(201).send({ ...made, path: `/console/sign-up?invitation=${made.token}` })
    },
  )

  app.delete<{ Params: Static<typeof s.IdParams> }>(
    '/v1/manage/invitations/:id',
    {
      schema: {
        summary: 'Take back an invitation to make an account',
        tags,
        params: s.IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.removeAccountInvitation(callerOf(request), request.params.id)
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/manage/settings',
    {
      schema: {
        summary: 'Read what holds for all',
        tags,
        response: { 200: s.SettingsReply },
      },
    },
    async (request) => manage.settings(callerOf(request)),
  )

  app.patch<{ Body: Static<typeof s.SettingsChanges> }>(
    '/v1/manage/settings',
    {
      schema: {
        summary: 'Change what holds for all',
        tags,
        body: s.SettingsChanges,
        response: { 200: s.SettingsReply },
      },
    },
    async (request) => {
      const actor = callerOf(request)
      await manage.setSettings(actor, request.body as Partial<OperatorSettings>)
      return manage.settings(actor)
    },
  )
}
