import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { sortOf } from '../keys.ts'
import { countNetwork } from './networks.ts'
import { ErrorReply } from './schemas.ts'

/** What reports are counted under in place of a sitekey, which has no blank. */
const REPORTING = 'secret reports'
const FADE_MS = 60_000
const REPORTS_MAX = 60
const RETRY_AFTER_S = 60

const BY = 'reporter'

const Report = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)
const ReportReply = Type.Object({ received: Type.Literal(true) })

/**
 * Takes a secret that somebody has found where it should not be, and ends it on every node before it answers. Whoever has
 * it needs no other right: it was worth nothing any more to its owner. The answer is the same for what is nobody's.
 */
export function report(app: FastifyInstance, { store, networks, ledger }: Context) {
  app.post<{ Body: Static<typeof Report> }>(
    '/v1/secrets/report',
    {
      schema: {
        summary: 'Report a leaked secret',
        description:
          'Of a site, a management key, an invitation or a receipt for feedback: it ends at once.',
        tags: ['anybody'],
        body: Report,
        response: { 200: ReportReply, '4xx': ErrorReply, '5xx': ErrorReply },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const keys = networks.keysOf(request.raw, REPORTING)
      if ((await countNetwork(ledger, keys, FADE_MS)) > REPORTS_MAX) throw tooMany()
      await end(request.body.secret.trim())
      return { received: true as const }
    },
  )

  async function end(secret: string): Promise<void> {
    switch (sortOf(secret)) {
      case 'secret':
        await store.secrets.endLeaked(secret, BY)
        break
      case 'apiKey':
        await store.apiKeys.endLeaked(secret, BY)
        break
      case 'invitation':
        await store.invitations.take(secret, BY)
        break
      case 'receipt':
        await store.feedback.endReceipt(secret, BY)
        break
      case null:
    }
  }
}

function tooMany(): BadRequest {
  const error = new BadRequest('too-many-requests', 'Too many reports. Try again in a minute.')
  error.retryAfterS = RETRY_AFTER_S
  return error
}
