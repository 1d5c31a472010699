import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BadRequest } from '../core/bad-request.ts'
import { LedgerUnavailable } from '../ledger/ledger.ts'
import { StoreUnavailable } from '../store/store.ts'

const RETRY_AFTER_S = 5

/** The one place where an error becomes a response. */
export function errors(app: FastifyInstance) {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = asBadRequest(error, request.routeOptions.bodyLimit)
    if (known) {
      if (known.retryAfterS) reply.header('retry-after', known.retryAfterS)
      return send(reply, known.status, known)
    }
    // The request itself is not logged: it is full of what must not be written down.
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    const missing =
      error instanceof LedgerUnavailable
        ? 'ledger-unavailable'
        : error instanceof StoreUnavailable
          ? 'store-unavailable'
          : null
    if (missing) {
      reply.header('retry-after', RETRY_AFTER_S)
      const message = 'The service cannot answer just now. Try again shortly.'
      return send(reply, 503, { code: missing, message })
    }
    const message = `Something went wrong here. It is logged as ${request.id}.`
    return send(reply, 500, { code: 'internal-error', message })
  })

  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(app, request)
    if (allowed.length === 0) return nothingHere(reply)
    reply.header('allow', allowed.join(', '))
    const message = `Here only ${allowed.join(', ')} is possible.`
    return send(reply, 405, { code: 'method-not-allowed', message })
  })
}

/** Answers for an address that leads nowhere. */
export function nothingHere(reply: FastifyReply) {
  return send(reply, 404, { code: 'not-found', message: 'There is nothing at this address.' })
}

/** What a stranger did wrong; null if the fault is ours. */
function asBadRequest(error: FastifyError, bytesMax = 16_384): BadRequest | null {
  if (error instanceof BadRequest) return error
  if (error.validation) return fromValidation(error)
  switch (error.statusCode) {
    case 413:
      return new BadRequest('body-too-large', `The body must be at most ${bytesMax >> 10} kB.`)
    case 415:
      return new BadRequest('content-type-unsupported', 'The body must be sent as JSON.')
    default:
      return error.statusCode && error.statusCode < 500
        ? new BadRequest('body-invalid', 'The request could not be read.')
        : null
  }
}

function fromValidation(error: FastifyError): BadRequest {
  const first = error.validation![0]!
  const extra = first.params?.additionalProperty
  const named = first.params?.missingProperty ?? extra ?? ''
  const path = [...first.instancePath.split('/').slice(1), named].filter(Boolean).join('.')
  if (path === '') return new BadRequest('body-invalid', 'The body must be a JSON object.')
  // A key that the stranger made up is only repeated where it is harmless: no secret is as short.
  const field = /^[\w.]{1,40}$/.test(path) ? path : undefined
  const message = extra ? 'is not a known field' : (first.message ?? 'is not valid')
  return new BadRequest('field-invalid', `${field ?? 'A field'} ${message}.`, field)
}

function methodsOf(app: FastifyInstance, request: FastifyRequest): string[] {
  const path = request.url.split('?', 1)[0]!
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((method) => {
    try {
      return app.findRoute({ method: method as 'GET', url: path }) !== null
    } catch {
      return false
    }
  })
}

function send(reply: FastifyReply, status: number, error: Told) {
  const { code, message, field, until } = error
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error: { code, message, field, until } })
}

type Told = { code: string; message: string } & Partial<Pick<BadRequest, 'field' | 'until'>>
