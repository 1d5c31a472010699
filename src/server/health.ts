import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'

/** An answer serves all who ask within this time: being asked must not become work for the ledger. */
const READY_MS = 1_000

/** Liveness and readiness, for machines. */
export function health(app: FastifyInstance, context: Context) {
  let parts: Record<string, 'ok' | 'failing'> = {}
  let askedAt = Number.NEGATIVE_INFINITY

  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }))

  app.get('/readyz', { schema: { hide: true } }, async (_, reply) => {
    const now = context.tools.now()
    if (now - askedAt >= READY_MS) {
      askedAt = now
      parts = {
        store: await works(() => context.store.sites.byKey('ock_none')),
        ledger: await works(() => context.ledger.spend(`ready ${now}`, now)),
      }
    }
    const ready = Object.values(parts).every((part) => part === 'ok')
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'failing', ...parts })
  })
}

async function works(act: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  try {
    await act()
    return 'ok'
  } catch {
    return 'failing'
  }
}
