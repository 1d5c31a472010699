import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'

/** An answer serves all who ask within this time: being asked must not become work for the ledger. */
const READY_MS = 1_000

/** Liveness and readiness, for machines. */
export function health(app: FastifyInstance, context: Context) {
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }))

  const { tools, store, ledger } = context
  let parts = examine()
  let examinedAt = tools.now()

  app.get('/readyz', { schema: { hide: true } }, async (_, reply) => {
    if (tools.now() - examinedAt >= READY_MS) {
      examinedAt = tools.now()
      parts = examine()
    }
    const found = await parts
    const ready = Object.values(found).every((part) => part === 'ok')
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'failing', ...found })
  })

  async function examine() {
    const now = tools.now()
    return {
      store: await works(() => store.sites.byKey('ock_none')),
      ledger: await works(() =>
        ledger.spend({ id: `ready ${now}`, issuedAt: now, expiresAt: now }),
      ),
    }
  }
}

async function works(act: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  try {
    await act()
    return 'ok'
  } catch {
    return 'failing'
  }
}
