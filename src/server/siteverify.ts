import { hash } from 'node:crypto'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { RefusedReason } from '../core/outcome.ts'
import { type Finding, type Inquiry, redeem } from '../core/redeem.ts'
import type { Site } from '../core/site.ts'
import { testSiteBySecret } from '../core/test-keys.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { countFinding } from '../stats/events.ts'
import { onCurrentSite, spendOf } from './current-site.ts'
import { partOf } from './metrics.ts'
import { countNetwork } from './networks.ts'
import { readParameters } from './parameters.ts'
import { schemasOf } from './siteverify-schema.ts'

/** What wrong secrets are counted under in place of a sitekey, which has no blank. */
const GUESSING = 'secret guessing'
const GUESS_FADE_MS = 60_000
/** Wrong secrets that one network may try in a minute, on and on; and at once. */
const GUESSES_MAX = 300
/**
 * The longest token that backends send, 8,192 characters, has up to nine times as many bytes in a form. It is read to its end:
 * to a client that is cut off in the middle of it, the service would look as if it was away.
 */
const FORM_BYTES_MAX = 98_304

/** Answers a site's backend: is this token good, and is this its first use? */
export function siteverify(app: FastifyInstance, context: Context) {
  for (const dialect of dialects) app.register((scope) => speak(scope, context, dialect))
}

async function speak(app: FastifyInstance, context: Context, dialect: Dialect) {
  const { tools, ledger, store, networks, config } = context
  await app.register(formbody, { bodyLimit: FORM_BYTES_MAX })
  await app.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fields: 20, fieldSize: 8_192, files: 0, parts: 20 },
  })

  // Described for readers, not checked here: what is wrong with a call is said in the dialect.
  const unchecked = {
    exposeHeadRoute: false,
    validatorCompiler: () => () => true,
    serializerCompiler: () => JSON.stringify,
    handler: verify,
  }
  for (const path of dialect.paths) {
    const { get, post } = schemasOf(dialect.paths, path)
    app.route({ method: 'POST', url: path, schema: post, ...unchecked })
    app.route({ method: 'GET', url: path, schema: get, ...unchecked })
  }

  // Whatever fails before `verify` fails in reading: the parsers of forms and multipart throw errors of many shapes.
  app.setErrorHandler((_, __, reply) => write(reply.code(400), refused('request-unreadable')))

  async function verify(request: FastifyRequest, reply: FastifyReply) {
    const parameters = readParameters(request.query, request.body)
    if (!parameters) return write(reply.code(400), refused('request-unreadable'))
    try {
      return write(reply, await answer(dialect.read(parameters), request, reply))
    } catch (error) {
      request.log.error({ err: error, route: request.routeOptions.url }, 'siteverify failed')
      context.metrics.failed(partOf(error))
      // Never true when we cannot tell.
      return write(reply.code(503).header('retry-after', 5), refused('service-failed'))
    }
  }

  function answer(inquiry: Inquiry, request: FastifyRequest, reply: FastifyReply) {
    return onCurrentSite(
      context,
      async () =>
        (config.testKeys ? testSiteBySecret(inquiry.secret) : null) ??
        (await store.sites.bySecret(inquiry.secret)),
      async (site) => {
        const finding = redeem(tools, site, inquiry)
        if (!finding.passed && finding.reason === 'secret-unknown') {
          const keys = networks.keysOf(request.raw, GUESSING)
          const guesses = await countNetwork(ledger, keys, GUESS_FADE_MS)
          if (guesses > GUESSES_MAX) reply.code(429).header('retry-after', 60)
        }
        return spendOnce(site, finding, inquiry.idempotencyKey)
      },
    )
  }

  // Spending comes last: a stranger's wrong secret must not use up a visitor's token.
  async function spendOnce(
    site: Site | null,
    finding: Finding,
    idempotencyKey = '',
  ): Promise<Finding | 'outdated'> {
    const counted = (told: Finding) => {
      countFinding(context.tally, site, told)
      return told
    }
    if (!site || !finding.passed || !finding.once) return counted(finding)
    const { token } = finding
    const { id, passedAt: issuedAt, expiresAt } = token
    const mark = idempotencyKey && hash('sha256', idempotencyKey, 'base64url').slice(0, 22)
    switch (await spendOf(context, site, { id, issuedAt, expiresAt, mark })) {
      case 'spent':
        return counted(finding)
      // The same question, whose answer did not arrive: it is given again, and counts once.
      case 'repeated':
        return finding
      case 'again':
        return counted({ passed: false, reason: 'token-spent', token })
      case 'forgotten':
        return counted({ passed: false, reason: 'token-expired', token })
      case 'outdated':
        return 'outdated'
    }
  }

  function write(reply: FastifyReply, finding: Finding) {
    return reply.header('cache-control', 'no-store').send(dialect.write(finding))
  }
}

function refused(reason: RefusedReason): Finding {
  return { passed: false, reason, token: null }
}
