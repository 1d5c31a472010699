import formbody from '@fastify/formbody'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Context } from '../../context.ts'
import { BadRequest } from '../../core/bad-request.ts'
import { readReturn, type Step } from '../../core/noscript.ts'
import type { Theme } from '../../core/policy.ts'
import { readOrigin, type Site } from '../../core/site.ts'
import { LedgerUnavailable } from '../../ledger/ledger.ts'
import { findSite, maintenance } from '../../server/challenges.ts'
import {
  assertOpen,
  goOn,
  type Outcome,
  openStep,
  startStep,
} from '../../server/noscript/journey.ts'
import { readDeed, readLook, readWish } from '../../server/noscript/wish.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { assets } from '../assets.ts'
import {
  LaterPage,
  type Look,
  OverPage,
  PicturePage,
  RefusedPage,
  StartPage,
  TokenPage,
  WaitPage,
} from './frame.tsx'
import { STYLES } from './styles.ts'
import { languageFor, wordsIn } from './words.ts'

const PATH = '/v1/noscript'
const AWAY_S = 5

/**
 * The way to a token for browsers without JavaScript: a frame that sites show in `noscript`, or a page of its own that brings
 * the token back to the site. It sets no cookie, and reads none; all that is known of a visitor is in the step that they send.
 */
export function noscript(app: FastifyInstance, context: Context) {
  const schema = { hide: true }
  assets(app, Object.values(STYLES))

  // A scope of its own, so that no other route takes forms because of this one.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(formbody)
    scope.addHook('onRequest', async (_, reply) => {
      reply.header('cache-control', 'no-store')
      // Pages that are isolated may frame it too.
      reply.header('cross-origin-embedder-policy', 'require-corp')
      reply.header('cross-origin-resource-policy', 'cross-origin')
    })
    scope.setErrorHandler(fail)

    scope.get(PATH, { schema }, async (request, reply) => {
      assertNotPaused()
      const { action, cdata, hl, theme, ...wish } = readWish(request.query)
      const site = await findSite(context, wish.sitekey)
      const target = site && wish.returnTo !== '' ? targetOf(request, site, wish.returnTo) : null
      const host = site ? (target?.hostname ?? hostOf(request, site)) : ''
      assertOpen(site, host)
      const language = languageFor(hl, request.headers['accept-language'])
      const returnTo = target?.href ?? ''
      const facts = { sitekey: site.sitekey, host, action, cdata, returnTo, language, theme }
      const step = startStep(context, facts)
      return send(reply, site, <StartPage look={lookOf(facts, site)} step={step} />)
    })

    scope.post(PATH, { schema }, async (request, reply) => {
      assertOwnPage(request)
      const { sealed, deed } = readDeed(request.body)
      const step = openStep(context, sealed)
      if (!step) throw new BadRequest('challenge-invalid', 'This step was not made here.')
      if (step.way === '') assertNotPaused()
      const site = await findSite(context, step.sitekey)
      assertOpen(site, step.host)
      const ended = step.expiresAt <= context.tools.now() && deed.do !== 'start'
      const outcome: Outcome = ended
        ? { page: 'over', ended: 'forgotten' }
        : await goOn(context, request.raw, { step, sealed }, deed)
      return answer(reply, site, step, outcome)
    })
  })

  function assertNotPaused() {
    const paused = context.status.paused()
    if (paused) throw maintenance(paused.endsAt, context.tools.now())
  }

  function answer(reply: FastifyReply, site: Site, step: Step, outcome: Outcome) {
    const look = lookOf(step, site)
    const { widget } = look.say
    const note = 'note' in outcome && outcome.note ? widget[outcome.note] : undefined
    switch (outcome.page) {
      case 'start':
        return send(reply, site, <StartPage look={look} step={outcome.step} note={note} />)
      case 'picture':
        return send(reply, site, <PicturePage look={look} {...outcome} note={note} />)
      case 'wait':
        return send(reply, site, <WaitPage look={look} {...outcome} />)
      case 'token':
        return send(
          reply,
          site,
          <TokenPage look={look} {...outcome} returnTo={step.returnTo} />,
          step.returnTo !== '',
        )
      case 'later':
        reply.code(429).header('retry-after', outcome.retryAfterS)
        return send(reply, site, <LaterPage look={look} step={outcome.step} />)
      case 'over':
        reply.code(outcome.ended === 'spent' ? 409 : 410)
        return send(reply, site, <OverPage look={look} step={startStep(context, step)} />)
    }
  }

  /** The one place where an error becomes a page. It may be framed by anyone: there is nothing in it to press. */
  function fail(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
    const { hl, theme } = readLook(request.query)
    const language = languageFor(hl, request.headers['accept-language'])
    const look = { say: wordsIn(language), theme, test: false }
    const { status, page, retryAfterS } = asPage(error, look)
    if (status >= 500 && !(error instanceof BadRequest)) {
      request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    }
    if (retryAfterS) reply.header('retry-after', retryAfterS)
    return send(reply.code(status), null, page)
  }
}

/** Throws where a browser says that a step was sent by another page than ours: it is not the visitor who has come so far. */
function assertOwnPage({ headers }: FastifyRequest) {
  if ((headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin') return
  throw new BadRequest('challenge-invalid', 'This step was sent by a page of somebody else.')
}

function asPage(error: FastifyError, look: Look) {
  if (error instanceof BadRequest) {
    const { code, status, message, retryAfterS, until } = error
    if (status === 503)
      return { status, retryAfterS, page: <LaterPage look={look} until={until} /> }
    return code === 'challenge-invalid' || code === 'body-invalid'
      ? { status, page: <OverPage look={look} step={null} /> }
      : { status, page: <RefusedPage look={look} why={message} /> }
  }
  if (error instanceof LedgerUnavailable || error instanceof StoreUnavailable) {
    return { status: 503, retryAfterS: AWAY_S, page: <LaterPage look={look} /> }
  }
  const status = error.statusCode ?? 500
  return status < 500
    ? { status, page: <OverPage look={look} step={null} /> }
    : { status: 500, page: <LaterPage look={look} /> }
}

function lookOf({ language, theme }: Pick<Step, 'language' | 'theme'>, site: Site): Look {
  return { say: wordsIn(language), theme: theme as Theme, test: site.test !== undefined }
}

/**
 * Where the token goes. Throws `field-invalid`: to anywhere else, this would be a way to lead people astray. And
 * `host-not-allowed` unless they come from the site: a stranger would have them send a form of the stranger's making to it.
 */
function targetOf({ headers }: FastifyRequest, site: Site, input: string): URL {
  const target = readReturn(site, input)
  if (target) {
    if (readReturn(site, headers.referer ?? '')) return target
    throw new BadRequest(
      'host-not-allowed',
      'Only pages of the site lead here, and say so: with referrerpolicy="origin" on the link, or that policy on the redirection.',
    )
  }
  throw new BadRequest(
    'field-invalid',
    site.test
      ? 'return must be an address on localhost, for a test key.'
      : "return must be an http or https address on one of the site's host names.",
    'return',
  )
}

/**
 * The host name of the page around the frame. A browser tells it where the frame's `referrerpolicy` lets it. Where it does
 * not, no page of another host can show the frame (`frame-ancestors`), and the first of the site's names is taken.
 */
function hostOf({ headers }: FastifyRequest, site: Site): string {
  const { referer } = headers
  const named = referer && URL.canParse(referer) ? readOrigin(new URL(referer).origin) : null
  if (named) return named
  // Nobody shall be led here from anywhere, to solve what another wants solved.
  if (headers['sec-fetch-dest'] === 'document') {
    throw new BadRequest('host-not-allowed', 'Open this from the page that it belongs to.')
  }
  const first = site.test ? 'localhost' : site.hosts.find((host) => !host.startsWith('*.'))
  if (first) return first
  throw new BadRequest(
    'host-not-allowed',
    'The page must be named: put referrerpolicy="origin" on the frame.',
  )
}

/**
 * Sends a page of the frame. Only the site's own pages can show it; no script runs in it.
 *
 * @param site null for what says only that something is wrong
 * @param leaves whether its form leads to the site
 */
function send(reply: FastifyReply, site: Site | null, page: VNode, leaves = false) {
  const around = site ? sourcesOf(site) : '*'
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    // Also where the site's page redirects to from there.
    `form-action ${leaves ? around : "'self'"}`,
    "base-uri 'none'",
    `frame-ancestors ${around}`,
  ]
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .send(`<!doctype html>${renderToString(page)}`)
}

/** A site's host names as a policy names them. It has no words for addresses in brackets. */
function sourcesOf(site: Site): string {
  if (site.test) return '*'
  const hosts = site.hosts.filter((host) => !host.startsWith('['))
  return hosts.map((host) => `http://${host}:* https://${host}:*`).join(' ') || "'none'"
}
