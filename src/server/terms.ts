import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { clausesIn } from '../terms/clauses.ts'
import { termsFeed } from '../terms/feed.ts'
import { textFor } from '../terms/languages.ts'
import { pathOfText } from '../terms/manifest.ts'
import type { Version } from '../terms/terms.ts'
import { ErrorReply } from './schemas.ts'
import { isUnchanged } from './unchanged.ts'

/** A version that holds at once is named after this time at the latest. */
const NUMBER_MS = 1_000

const At = Type.Union([Type.Integer(), Type.Null()], { description: 'Epoch milliseconds.' })
const TextView = Type.Object({
  lang: Type.String(),
  binding: Type.Boolean(),
  sha256: Type.String({ description: 'Of the text’s UTF-8 bytes, hex.' }),
  path: Type.String({ description: 'Where those bytes are.' }),
})
const VersionView = Type.Object({
  number: Type.Integer({ description: '0 is the text that the software comes with.' }),
  state: Type.String(),
  summary: Type.String({ description: 'What is different, in the operator’s words.' }),
  acceptance: Type.String({ description: '`use` or `click`.' }),
  announcedAt: At,
  effectiveAt: At,
  endedAt: At,
  withdrawnAt: At,
  texts: Type.Array(TextView),
})
const Clauses = Type.Array(
  Type.Object({ id: Type.String(), number: Type.String(), title: Type.String() }),
)
const WholeView = Type.Object({
  ...VersionView.properties,
  texts: Type.Array(Type.Object({ ...TextView.properties, text: Type.String(), clauses: Clauses })),
})
const TermsReply = Type.Object({
  current: WholeView,
  upcoming: Type.Union([WholeView, Type.Null()]),
  versions: Type.Array(VersionView, { description: 'All that were announced, the newest first.' }),
})
const Listed = Type.Object({
  document: Type.String(),
  version: Type.Optional(Type.Integer()),
  state: Type.Optional(Type.String()),
  announcedAt: Type.Optional(At),
  effectiveAt: Type.Optional(At),
  endedAt: Type.Optional(At),
  texts: Type.Array(
    Type.Object({ lang: Type.String(), path: Type.String(), sha256: Type.String() }),
  ),
})
const ManifestReply = Type.Object({
  manifest: Type.Object({
    service: Type.String(),
    operator: Type.String(),
    inForce: Type.Array(Listed),
    announced: Type.Array(Listed),
    superseded: Type.Array(Listed),
  }),
  signatures: Type.Array(
    Type.Object({
      algorithm: Type.Literal('Ed25519'),
      publicKey: Type.String({ description: 'PEM.' }),
      signature: Type.String({
        description: 'Base64, of the manifest’s canonical JSON (RFC 8785).',
      }),
    }),
  ),
})

const described = (summary: string, description: string, reply: object) => ({
  schema: {
    ...{ summary, description: `${description} Pages of any origin may ask.`, tags: ['anybody'] },
    response: { 200: reply, '4xx': ErrorReply, '5xx': ErrorReply },
  },
})

/** The Terms for programs: as JSON, as a feed, byte for byte, and the signed list of all documents. */
export function terms(app: FastifyInstance, { terms, manifest, config }: Context) {
  const hidden = { schema: { hide: true } }

  app.get(
    '/terms.json',
    described(
      'The Terms of Use',
      'The version in force with its text, the one that is announced, and what else there was.',
      TermsReply,
    ),
    async (request, reply) => {
      const versions = await terms.versions()
      const { current, upcoming } = terms.known()
      return sendJson(request, reply, {
        current: wholeOf(current),
        upcoming: upcoming && wholeOf(upcoming),
        versions: versions.map(viewOf),
      })
    },
  )

  app.get<{ Params: { number: string } }>(
    '/terms/versions/:number.json',
    described('A version of the Terms of Use', 'With its text in every language.', WholeView),
    async (request, reply) => sendJson(request, reply, wholeOf(await versionIn(request))),
  )

  app.get<{ Params: { number: string }; Querystring: { lang?: unknown } }>(
    '/terms/versions/:number.md',
    hidden,
    async (request, reply) => {
      const { text } = textFor(await versionIn(request), request.query.lang)
      return send(request, reply, 'text/markdown; charset=utf-8', text)
    },
  )

  app.get(
    '/terms/manifest.json',
    described(
      'Every document in force, signed',
      'Each text’s hash; who verifies the signature knows that nothing was changed or left out (docs/terms.md).',
      ManifestReply,
    ),
    async (request, reply) => sendJson(request, reply, await manifest()),
  )

  app.get('/terms/feed.atom', hidden, async (request, reply) => {
    const origin = config.publicUrl ?? `${request.protocol}://${request.host}`
    const feed = termsFeed(await terms.versions(), origin, config.operator)
    return send(request, reply, 'application/atom+xml; charset=utf-8', feed)
  })

  async function versionIn({ params }: FastifyRequest): Promise<Version> {
    const number = readNumber((params as { number: string }).number)
    if (number === null)
      throw new BadRequest('field-invalid', 'number must be a whole number from 0 on.', 'number')
    const version = await terms.version(number)
    if (!version) throw new BadRequest('not-found', 'There is no such version.')
    return version
  }
}

/** Says with every reply of the API under which Terms it is given: a program that calls it has no page to read them on. */
export function termsHeaders(app: FastifyInstance, { terms, tools, widget }: Context) {
  let number = ''
  let until = Number.NEGATIVE_INFINITY

  app.addHook('onRequest', (request, reply, done) => {
    const path = request.routeOptions.url
    if (path?.startsWith('/v1/') && !widget.has(path)) {
      reply.header('link', '</terms>; rel="terms-of-service", </privacy>; rel="privacy-policy"')
      reply.header('terms-version', numberNow())
    }
    done()
  })

  /** Worked out once a second, and at the moment that the next one comes into force. */
  function numberNow(): string {
    const now = tools.now()
    if (now < until) return number
    const { current, upcoming } = terms.known()
    number = String(current.number)
    until = Math.min(now + NUMBER_MS, upcoming?.effectiveAt ?? Number.POSITIVE_INFINITY)
    return number
  }
}

/** A version's number as an address has it: in one way only. Null for what is none. */
export function readNumber(text: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null
}

function viewOf(version: Version) {
  const { number, state, summary, acceptance, announcedAt, effectiveAt, endedAt } = version
  return {
    ...{ number, state, summary, acceptance, announcedAt, effectiveAt, endedAt },
    withdrawnAt: version.withdrawnAt,
    texts: version.texts.map(({ lang, hash }, at) => ({
      ...{ lang, binding: at === 0, sha256: hash, path: pathOfText(number, lang) },
    })),
  }
}

function wholeOf(version: Version) {
  const view = viewOf(version)
  const all = clausesIn(version.texts)
  return {
    ...view,
    texts: view.texts.map((one, at) => {
      const { text } = version.texts[at]!
      const clauses = all[at]!.map(({ id, number, title }) => ({ id, number, title }))
      return { ...one, text, clauses }
    }),
  }
}

function sendJson(request: FastifyRequest, reply: FastifyReply, value: object) {
  return send(request, reply, 'application/json; charset=utf-8', JSON.stringify(value))
}

/** What is public may be read by pages of any origin. */
function send(request: FastifyRequest, reply: FastifyReply, type: string, body: string) {
  reply.header('access-control-allow-origin', '*')
  return isUnchanged(request, reply, body) ? reply : reply.type(type).send(body)
}
