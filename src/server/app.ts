import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify'
import { consolePages } from '../console/index.ts'
import type { Context } from '../context.ts'
import type { BadRequest } from '../core/bad-request.ts'
import { pages } from '../pages/index.ts'
import { challenges } from './challenges.ts'
import { errors, nothingHere } from './errors.ts'
import { feedback } from './feedback.ts'
import { health } from './health.ts'
import { readJson } from './json.ts'
import { manageApi } from './manage/index.ts'
import { metrics } from './metrics.ts'
import { report } from './report.ts'
import { siteverify } from './siteverify.ts'
import { solutions } from './solutions.ts'
import { statuspage } from './statuspage.ts'
import { terms, termsHeaders } from './terms.ts'
import { wellKnown } from './well-known.ts'
import { widget } from './widget.ts'

const BODY_BYTES_MAX = 16_384
const HEADER_BYTES_MAX = 8_192

/** Builds the HTTP server: every limit, every route. It does not listen yet. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    // Fastify tells where it listens; `main.ts` does that once, in words for people.
    loggerInstance: context.log.child(
      {},
      { level: atLeastWarn(context.log.level) },
    ) as FastifyBaseLogger,
    // A log line per request would be a record of visitors.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 30_000,
    // The address is found in `networks.ts`, by rules that a client cannot bend.
    trustProxy: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Node looks for slow senders only every so often, by default every half minute.
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
    },
    routerOptions: { maxParamLength: 100 },
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: false,
        allErrors: false,
      },
    },
    clientErrorHandler,
    // An address that cannot be decoded. The framework's own answer would repeat it.
    frameworkErrors: (_, __, reply) => nothingHere(reply as FastifyReply),
  })

  // The widget sends text/plain, which needs no preflight request: one round trip less for every visitor.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'text/plain'],
    { parseAs: 'string' },
    (_, text, done) => {
      try {
        // Some backends put all in the query string, and still announce JSON.
        done(null, text === '' ? undefined : readJson(text as string))
      } catch (error) {
        done(error as BadRequest)
      }
    },
  )

  app.addHook('onSend', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    // What a browser has already keeps the policy that it came with: a 304 would replace it.
    if (reply.statusCode !== 304 && !reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    }
  })

  errors(app)
  metrics(app, context)
  termsHeaders(app, context)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'One Captcha',
        version: '1',
        description:
          'What a page and a site’s backend say to One Captcha. Described in docs/protocol.md.',
        termsOfService: `${context.config.publicUrl ?? ''}/terms`,
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
  })
  await app.register(async (scope) => {
    anyOrigin(scope)
    challenges(scope, context)
    solutions(scope, context)
  })
  siteverify(app, context)
  manageApi(app, context)
  report(app, context)
  feedback(app, context)
  statuspage(app, context)
  terms(app, context)
  widget(app, context)
  health(app, context)
  wellKnown(app, context)
  pages(app, context)
  consolePages(app, context)
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

/**
 * Lets pages of any origin read the replies. What a page may do is decided by its host name, against the site's list;
 * credentials are never allowed.
 */
function anyOrigin(app: FastifyInstance) {
  app.addHook('onRequest', async (_, reply) => {
    reply.header('access-control-allow-origin', '*')
    reply.header('cache-control', 'no-store')
  })
  for (const path of ['/v1/challenges', '/v1/solutions']) {
    app.options(path, { schema: { hide: true } }, (_, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'content-type')
        .header('access-control-max-age', '86400')
        .code(204)
        .send(),
    )
  }
}

function atLeastWarn(level: string): string {
  return level === 'info' ? 'warn' : level
}

/** What is not even HTTP gets an answer of its own, and the connection ends. */
function clientErrorHandler(error: NodeJS.ErrnoException, socket: import('node:net').Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy()
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [
          '431 Request Header Fields Too Large',
          'headers-too-large',
          'The headers must be at most 8 kB.',
        ]
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'request-too-slow', 'The request took too long to arrive.']
        : ['400 Bad Request', 'body-invalid', 'The request could not be read.']
  const body = JSON.stringify({ error: { code, message } })
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
