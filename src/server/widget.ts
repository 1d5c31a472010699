import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'

/** Serves what runs on visitors' pages: the loaders, and their fingerprinted parts, compressed once at start. */
export function widget(app: FastifyInstance, context: Context) {
  for (const [path, part] of context.widget) {
    app.get(path, { schema: { hide: true } }, (request, reply) => {
      // Any page may load these, also one that is isolated (COEP).
      reply
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('etag', part.etag)
        .header('link', '</licenses/browser.txt>; rel="license"')
        .header(
          'cache-control',
          part.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
        )
      if (part.headers) reply.headers(part.headers)
      if (part.csp) reply.header('content-security-policy', part.csp)
      if (request.headers['if-none-match'] === part.etag) return reply.code(304).send()
      return sendCompressed(request, reply.type(part.type), part)
    })
  }
}

/** Sends the smallest form that the client takes. */
export function sendCompressed(
  request: FastifyRequest,
  reply: FastifyReply,
  part: { body: Buffer; br: Buffer; gzip: Buffer },
) {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  reply.header('vary', 'accept-encoding')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(part.br)
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(part.gzip)
  return reply.send(part.body)
}
