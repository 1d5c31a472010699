import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { asStatuspage } from '../status/statuspage.ts'
import { ErrorReply } from './schemas.ts'

type Parts = ReturnType<typeof asStatuspage>

const Some = Type.Unsafe<object>({ type: 'object', additionalProperties: true })
const Several = Type.Array(Some)

/** What each address gives, beside the page. */
const ADDRESSES: readonly (readonly [path: string, summary: string, of: (all: Parts) => object])[] =
  [
    [
      'summary',
      'How the service is, what is wrong, and what is planned',
      (all) => ({
        ...{ status: all.status, components: all.components, incidents: all.unresolved },
        scheduled_maintenances: [...all.upcoming, ...all.active],
      }),
    ],
    ['status', 'How the service is, in a word', ({ status }) => ({ status })],
    ['components', 'How each part of the service is', ({ components }) => ({ components })],
    ['incidents', 'Incidents of the last 90 days', ({ incidents }) => ({ incidents })],
    [
      'incidents/unresolved',
      'Incidents that go on',
      ({ unresolved }) => ({ incidents: unresolved }),
    ],
    [
      'scheduled-maintenances',
      'Maintenance that is planned, goes on, or was in the last 90 days',
      ({ maintenances }) => ({ scheduled_maintenances: maintenances }),
    ],
    [
      'scheduled-maintenances/upcoming',
      'Maintenance that is planned',
      ({ upcoming }) => ({ scheduled_maintenances: upcoming }),
    ],
    [
      'scheduled-maintenances/active',
      'Maintenance that goes on',
      ({ active }) => ({ scheduled_maintenances: active }),
    ],
  ]

/** How the service is, for programs that read status pages: the shape is that of Statuspage's API, version 2. */
export function statuspage(app: FastifyInstance, { config, status }: Context) {
  for (const [path, summary, of] of ADDRESSES) {
    app.get(
      `/api/v2/${path}.json`,
      {
        schema: {
          summary,
          description:
            'In the shape of version 2 of Statuspage’s API. Pages of any origin may ask.',
          tags: ['anybody'],
          response: {
            200: Type.Object({
              page: Some,
              status: Type.Optional(Some),
              components: Type.Optional(Several),
              incidents: Type.Optional(Several),
              scheduled_maintenances: Type.Optional(Several),
            }),
            '4xx': ErrorReply,
            '5xx': ErrorReply,
          },
        },
      },
      async (request, reply) => {
        reply.header('access-control-allow-origin', '*').header('cache-control', 'no-cache')
        const all = asStatuspage(await status.snapshot(), originOf(request))
        return { page: all.page, ...of(all) }
      },
    )
  }

  function originOf(request: FastifyRequest): string {
    return config.publicUrl ?? `${request.protocol}://${request.host}`
  }
}
