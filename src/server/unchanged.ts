import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Names what is sent by its content, and spares who has it already the body. True if the reply is on its way with that; a
 * cache may keep it, and asks every time whether it is still so.
 */
export function isUnchanged(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string | Buffer,
): boolean {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  reply.header('etag', etag).header('cache-control', 'public, no-cache')
  const held = String(request.headers['if-none-match'] ?? '').split(',')
  // A proxy that compresses makes the name a weak one.
  if (!held.some((one) => one.trim().replace(/^W\//, '') === etag)) return false
  reply.code(304).send()
  return true
}
