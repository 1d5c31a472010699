import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Manage } from '../../manage/manage.ts'
import type { Role } from '../../store/store.ts'
import { callerOf } from './callers.ts'
import * as s from './schemas.ts'

const tags = ['members']
const SITE = '/v1/manage/sites/:sitekey'

/** Who belongs to a site, and who is invited. */
export function memberRoutes(app: FastifyInstance, manage: Manage) {
  app.get<{ Params: Static<typeof s.SiteParams> }>(
    `${SITE}/members`,
    {
      schema: {
        summary: 'List the members of a site',
        tags,
        params: s.SiteParams,
        response: { 200: s.MembersReply },
      },
    },
    async (request) => ({
      members: await manage.members(callerOf(request), request.params.sitekey),
    }),
  )

  app.put<{ Params: Static<typeof s.SitePartParams>; Body: Static<typeof s.RoleOrder> }>(
    `${SITE}/members/:id`,
    {
      schema: {
        summary: "Change a member's role",
        description: 'Of somebody who is a member; others are invited.',
        tags,
        params: s.SitePartParams,
        body: s.RoleOrder,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { sitekey, id } = request.params
      await manage.setMember(callerOf(request), sitekey, id, request.body.role as Role)
      return reply.code(204).send()
    },
  )

  app.delete<{ Params: Static<typeof s.SitePartParams> }>(
    `${SITE}/members/:id`,
    {
      schema: {
        summary: 'Remove a member, or leave',
        tags,
        params: s.SitePartParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.removeMember(callerOf(request), request.params.sitekey, request.params.id)
      return reply.code(204).send()
    },
  )

  app.get<{ Params: Static<typeof s.SiteParams> }>(
    `${SITE}/invitations`,
    {
      schema: {
        summary: 'List the open invitations of a site',
        tags,
        params: s.SiteParams,
        response: { 200: s.InvitationsReply },
      },
    },
    async (request) => ({
      invitations: await manage.invitations(callerOf(request), request.params.sitekey),
    }),
  )

  app.post<{ Params: Static<typeof s.SiteParams>; Body: Static<typeof s.RoleOrder> }>(
    `${SITE}/invitations`,
    {
      schema: {
        summary: 'Invite somebody to a site',
        tags,
        params: s.SiteParams,
        body: s.RoleOrder,
        response: { 201: s.MadeInvitation },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const made = await manage.inviteMember(callerOf(request), params.sitekey, body.role as Role)
      return reply.code(201).send({ ...made, path: `/console/invitations/${made.token}` })
    },
  )

  app.delete<{ Params: Static<typeof s.SitePartParams> }>(
    `${SITE}/invitations/:id`,
    {
      schema: {
        summary: 'Take back an invitation to a site',
        tags,
        params: s.SitePartParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await manage.removeInvitation(callerOf(request), request.params.sitekey, request.params.id)
      return reply.code(204).send()
    },
  )
}
