import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'

/** Liveness and readiness, for machines. */
export function health(app: FastifyInstance, context: Context) {
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }))

  app.get('/readyz', { schema: { hide: true } }, async (_, reply) => {
    const parts = {
      store: await works(() => context.store.sites.byKey('ock_none')),
      ledger: await works(() =>
        context.ledger.spend(`ready ${context.tools.now()}`, context.tools.now()),
      ),
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
