import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { issue } from '../core/issue.ts'
import { CHALLENGE } from '../core/pressure.ts'
import { allowsHost, readOrigin, type Site } from '../core/site.ts'
import { assertActive } from '../core/standing.ts'
import { testSite } from '../core/test-keys.ts'
import { countIssued } from '../stats/events.ts'
import { feelCall } from './pressure.ts'
import { ChallengeInquiry, ErrorReply, IssuedReply } from './schemas.ts'

const TOKEN_LIFE_MS = 120_000
const RETRY_MS_MAX = 3_600_000

/** Issues a visitor's first challenge. */
export function challenges(app: FastifyInstance, context: Context) {
  const schema = {
    summary: 'Issue a challenge to a page',
    tags: ['widget'],
    body: ChallengeInquiry,
    response: { 200: IssuedReply, '4xx': ErrorReply, '5xx': ErrorReply },
  }
  app.post<{ Body: Static<typeof ChallengeInquiry> }>(
    '/v1/challenges',
    { schema },
    async (request) => {
      // Out of memory: nothing else is worth asking while everybody waits.
      const paused = context.status.paused()
      if (paused) throw maintenance(paused.endsAt, context.tools.now())
      const { sitekey, action = '', cdata = '', kind, tokenLifeMs = TOKEN_LIFE_MS } = request.body
      const host = originHost(request)
      const site = await siteFor(sitekey, host)
      assertActive(site)
      assertAllowed(site, host)
      const pressure = await feelCall(context, request.raw, site, CHALLENGE)
      const withoutPuzzle = kind === 'pow'
      const issued = issue(context.tools, site, pressure, {
        host,
        action,
        cdata,
        // A page may ask for a shorter life than the site's owners chose, not for a longer one.
        tokenLifeMs: Math.min(tokenLifeMs, site.tokenLifeMs),
        withoutPuzzle,
      })
      countIssued(context.tally, site, action, pressure)
      const soon = context.status.soon()
      return soon ? { ...issued, maintenance: soon } : issued
    },
  )

  async function siteFor(sitekey: string | undefined, host: string): Promise<Site> {
    if (sitekey === undefined) {
      // The founding embed contract has no sitekey: the page's host name tells the site where it can.
      const site = await context.store.sites.byHost(host)
      if (site) return site
      throw new BadRequest(
        'sitekey-missing',
        'sitekey is needed: no single site lists this host name.',
        'sitekey',
      )
    }
    const site = await findSite(context, sitekey)
    if (!site)
      throw new BadRequest('sitekey-unknown', 'sitekey is not one of a site here.', 'sitekey')
    return site
  }
}

/** It was announced that visitors are to come back later. */
export function maintenance(endsAt: number, now: number): BadRequest {
  const error = new BadRequest(
    'maintenance',
    'This service is being looked after, as announced. Come back when it is over.',
  )
  error.until = endsAt
  // It may be over earlier: who waits for it asks once an hour.
  error.retryAfterS = Math.ceil(Math.min(Math.max(endsAt - now, 1_000), RETRY_MS_MAX) / 1_000)
  return error
}

/** The site with this key, a test site where those are switched on; null if there is none. */
export async function findSite(context: Context, sitekey: string): Promise<Site | null> {
  return (
    (context.config.testKeys ? testSite(sitekey) : null) ??
    (await context.store.sites.byKey(sitekey))
  )
}

/** The host name of the page that asks. A browser always tells it, and lets no page lie. */
export function originHost(request: FastifyRequest): string {
  const host = readOrigin(request.headers.origin)
  if (host) return host
  throw new BadRequest(
    'host-not-allowed',
    'The Origin header must name the page: http or https, and a host.',
    'origin',
  )
}

/** Throws `host-not-allowed` unless a page on this host may use the site's key. */
export function assertAllowed(site: Site, host: string): void {
  if (allowsHost(site, host)) return
  throw new BadRequest(
    'host-not-allowed',
    "This page's host name is not one of the site's.",
    'origin',
  )
}
