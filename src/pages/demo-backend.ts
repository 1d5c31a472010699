import type { FastifyInstance } from 'fastify'

const PATIENCE_MS = 5_000

/** What the service told the pretend site's backend, as it came. */
export interface Heard {
  status: number
  finding: { success: boolean; reason?: string }
}

/**
 * Asks the service about a token as any site's backend would: one HTTP request. Null if there is no answer, which must
 * never count as a yes.
 *
 * @param service where the service listens, such as `http://127.0.0.1:8787`
 */
export async function verify(
  service: string,
  secret: string,
  token: string,
): Promise<Heard | null> {
  try {
    const response = await fetch(new URL('/v1/siteverify', service), {
      method: 'POST',
      body: new URLSearchParams({ secret, response: token, action: 'signup' }),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return { status: response.status, finding: (await response.json()) as Heard['finding'] }
  } catch {
    return null
  }
}

/** Where this very service listens, seen from inside; null before it does. */
export function ownAddress(app: FastifyInstance): string | null {
  const address = app.server.address()
  if (address === null || typeof address === 'string') return null
  // "Everywhere" is no place to call.
  const host = address.address.replace(/^0\.0\.0\.0$/, '127.0.0.1').replace(/^::$/, '::1')
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
