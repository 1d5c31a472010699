import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { LoggedIn } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { LedgerUnavailable } from '../ledger/ledger.ts'
import { StoreUnavailable } from '../store/store.ts'
import { Failure } from './failure.tsx'
import { EMPTY, type Form, Mistaken, readable, readForm } from './form.ts'
import { Prove } from './prove.tsx'
import { sayNext, takeSaid } from './said.ts'
import {
  csrfOf,
  dropSession,
  isCsrf,
  isOurs,
  isTrustworthy,
  keepSession,
  keptMark,
  safeNext,
  sessionToken,
} from './session.ts'
import { type Answer, actorOf, Provider, type Visit } from './visit.ts'

/** Everything is ours and from here. Scripts cannot write markup (Trusted Types); the widget's own policy is let in. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types one-captcha',
].join('; ')

type Handler<Who extends LoggedIn | null> = (visit: Visit<Who>) => Answer | Promise<Answer>

/** A page: how it is shown, and what each of its forms does, by the form's name. */
export interface PageParts<Who extends LoggedIn | null = LoggedIn> {
  get: Handler<Who>
  post?: Record<string, Handler<Who>>
  /** How many bytes its forms may carry, where that is more than usual: for those alone who may see the page. */
  bytesMax?: number
  /** For operators alone; to others it is as if it were not there. */
  operator?: boolean
  /** For those too who have not accepted the Terms in force: to look at it is no use of the service. */
  beforeTerms?: boolean
  /** `first`: asks who it is before showing anything. Else a form asks when it is sent, if what it does is dangerous. */
  proof?: 'first'
}

/** The console's part of the server: where its pages are registered. */
export interface Scope {
  app: FastifyInstance
  context: Context
}

/** Makes a part of the server in which pages can be registered. All of their addresses begin with `/console`. */
export async function consoleScope(app: FastifyInstance, context: Context): Promise<Scope> {
  await app.register(cookie)
  // Nothing but forms: what another site can send without being asked about must be no other way in.
  app.removeAllContentTypeParsers()
  await app.register(formbody)
  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    if (!isOurs(request, context.config.publicUrl))
      throw new BadRequest('forbidden', 'This form was not sent from a page of this console.')
  })
  app.addHook('onSend', async (_, reply) => {
    // Without an origin with our own forms we could not tell them from others'.
    reply.header('referrer-policy', 'same-origin')
  })
  app.setErrorHandler((error: FastifyError, request, reply) => fail(context, request, reply, error))
  app.setNotFoundHandler((request, reply) =>
    fail(context, request, reply, new BadRequest('not-found', 'There is no such page.')),
  )
  return { app, context }
}

/** Registers a page for those who are logged in. Others log in first, and come back to it. */
export function page(scope: Scope, path: string, parts: PageParts): void {
  register(scope, path, parts as PageParts<LoggedIn | null>, false)
}

/** Registers a page for everybody. */
export function openPage(scope: Scope, path: string, parts: PageParts<LoggedIn | null>): void {
  register(scope, path, parts, true)
}

function register(
  { app, context }: Scope,
  path: string,
  parts: PageParts<LoggedIn | null>,
  open: boolean,
) {
  const schema = { hide: true }
  app.get(path, { schema }, async (request, reply) => {
    const visit = await enter(request, reply)
    return visit && answer(reply, visit, await look(visit))
  })
  if (!parts.post) return
  const more = parts.bytesMax && { bodyLimit: parts.bytesMax, onRequest: onlyThem }
  app.post(path, { schema, ...more }, async (request, reply) => {
    let visit = await enter(request, reply)
    if (!visit) return
    try {
      if (visit.who && !isCsrf(visit.form.text('csrf'), sessionToken(request)))
        throw new Mistaken({
          '': 'This page was open for a while, and your session has changed since. Please send it once more.',
        })
      // Who is nobody yet has nothing to prove, whatever their form says.
      if (visit.who && isProof(visit.form)) {
        const proved = await prove(visit, reply)
        if (!proved) return answer(reply, visit, { show: <Prove wrong />, status: 422 })
        visit = proved
        if (visit.form.name === 'proof') return answer(reply, visit, { go: visit.url })
      }
      if (parts.proof === 'first' && visit.who && !visit.who.elevated)
        return answer(reply, visit, { show: <Prove />, status: 403 })
      const handler = Object.hasOwn(parts.post!, visit.form.name)
        ? parts.post![visit.form.name]!
        : null
      if (!handler) throw new BadRequest('body-invalid', 'This form is not one of this page’s.')
      return answer(reply, visit, await handler(visit))
    } catch (error) {
      const mistakes = mistakesIn(error)
      if (mistakes === 'proof') return answer(reply, visit, { show: <Prove />, status: 403 })
      if (!mistakes) throw error
      if (mistakes.retryAfterS) reply.header('retry-after', mistakes.retryAfterS)
      visit = but(visit, { form: { ...visit.form, mistakes: mistakes.mistakes } })
      return answer(reply, visit, atStatus(await look(visit), mistakes.status))
    }
  })

  /** A large body is read of those alone who may send it. */
  async function onlyThem(request: FastifyRequest) {
    const who = await context.accounts.byToken(sessionToken(request))
    if (!who || (parts.operator && who.account.role !== 'operator'))
      throw new BadRequest('not-found', 'There is no such page.')
  }

  /** Who calls, if they may; otherwise they are on their way to log in. */
  async function enter(request: FastifyRequest, reply: FastifyReply) {
    const visit = await visitOf(context, request, reply)
    if (!open && !visit.who) {
      reply.header('cache-control', 'no-store')
      const next = safeNext(visit.url)
      reply.redirect(`/console/log-in?next=${encodeURIComponent(next)}`, 303)
      return null
    }
    if (parts.operator && visit.who?.account.role !== 'operator')
      throw new BadRequest('not-found', 'There is no such page.')
    if (!open && visit.who && !parts.beforeTerms) {
      if (!(await context.terms.use(visit.who.account.id))) {
        reply.header('cache-control', 'no-store')
        const next = safeNext(visit.url)
        reply.redirect(`/console/terms?next=${encodeURIComponent(next)}`, 303)
        return null
      }
    }
    return visit
  }

  async function look(visit: Visit<LoggedIn | null>): Promise<Answer> {
    if (parts.proof === 'first' && visit.who && !visit.who.elevated)
      return { show: <Prove />, status: 403 }
    try {
      return await parts.get(visit)
    } catch (error) {
      if (mistakesIn(error) === 'proof') return { show: <Prove />, status: 403 }
      throw error
    }
  }
}

async function visitOf(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  known = true,
): Promise<Visit<LoggedIn | null>> {
  const token = sessionToken(request)
  const who = !known || token === '' ? null : await context.accounts.byToken(token)
  const { publicUrl } = context.config
  const query = request.query as Record<string, unknown>
  const now = context.tools.now()
  const visit: Visit<LoggedIn | null> = {
    context,
    request,
    who,
    get actor() {
      // Of the visit that is asked: who it is may have changed since (`but`).
      if (!this.who) throw new BadRequest('forbidden', 'Please log in first.')
      return actorOf(this.who)
    },
    get caller() {
      return {
        network: context.networks.keysOf(request.raw, 'accounts'),
        mark: keptMark(request),
      }
    },
    url: request.url,
    params: request.params as Record<string, string>,
    query: (name) => {
      const value = Object.hasOwn(query, name) ? query[name] : ''
      return typeof value === 'string' ? readable(value) : ''
    },
    form: request.method === 'POST' ? readForm(request.body) : EMPTY,
    csrf: who ? csrfOf(token) : '',
    said: takeSaid(request, reply),
    origin: publicUrl ?? `${request.protocol}://${request.host}`,
    trustworthy: isTrustworthy(request, publicUrl),
    now,
    open: (opened) => keepSession(reply, opened, now),
    close: () => dropSession(reply),
  }
  return visit
}

function isProof(form: Form): boolean {
  return ['proof-password', 'proof-code', 'proof-passkey'].some((field) => form.has(field))
}

/** Who they are is proved again, and the session goes on under a new token. Null if it is not. */
async function prove(visit: Visit<LoggedIn | null>, reply: FastifyReply) {
  const { context, form, who, caller, now } = visit
  if (!who) return null
  const pending = form.text('proof-pending')
  const opened = await context.accounts.elevate(caller, who, {
    password: form.exact('proof-password') || undefined,
    code: form.text('proof-code') || undefined,
    passkey: form.text('proof-passkey')
      ? { pending, answer: readAnswer(form.text('proof-passkey')) }
      : undefined,
  })
  if (!opened) return null
  keepSession(reply, opened, now)
  const proved = await context.accounts.byToken(opened.token)
  return proved && but(visit, { who: proved, csrf: csrfOf(opened.token) })
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The same call, but for these parts. What it computes when asked stays so. */
function but(
  visit: Visit<LoggedIn | null>,
  changes: Partial<Visit<LoggedIn | null>>,
): Visit<LoggedIn | null> {
  return Object.defineProperties({} as Visit<LoggedIn | null>, {
    ...Object.getOwnPropertyDescriptors(visit),
    ...Object.getOwnPropertyDescriptors(changes),
  })
}

/** What is to be said about a form, if the error is about what somebody sent; `proof` where they must say who they are. */
function mistakesIn(error: unknown) {
  if (error instanceof Mistaken)
    return { mistakes: error.mistakes, status: 422, retryAfterS: undefined }
  if (!(error instanceof BadRequest)) return null
  if (error.code === 'proof-needed') return 'proof'
  if (error.code === 'not-found') return null
  const mistakes = new Map([[error.field ?? '', error.message]])
  return {
    mistakes,
    status: error.status === 400 ? 422 : error.status,
    retryAfterS: error.retryAfterS,
  }
}

function atStatus(answer: Answer, status: number): Answer {
  return 'props' in answer ? { show: answer as VNode, status } : answer
}

function answer(reply: FastifyReply, visit: Visit<LoggedIn | null>, given: Answer) {
  reply.header('cache-control', 'no-store')
  if ('go' in given) {
    if (given.say) sayNext(reply, given.say)
    return reply.redirect(given.go, 303)
  }
  if ('json' in given) return reply.send(given.json)
  if ('file' in given) {
    const name = given.file.replace(/[^\w.-]/g, '')
    return reply
      .type(given.type)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(given.body)
  }
  const [page, status] = 'show' in given ? [given.show, given.status] : [given, 200]
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('x-frame-options', 'DENY')
    .send(`<!doctype html>${renderToString(<Provider value={visit}>{page}</Provider>)}`)
}

/** The one place where an error becomes a page. */
async function fail(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError | BadRequest,
) {
  const unavailable = error instanceof LedgerUnavailable || error instanceof StoreUnavailable
  const status =
    error instanceof BadRequest
      ? error.status
      : unavailable
        ? 503
        : error.statusCode && error.statusCode < 500
          ? error.statusCode
          : 500
  if (status >= 500)
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  if (unavailable) reply.header('retry-after', 5)
  if (error instanceof BadRequest && error.retryAfterS)
    reply.header('retry-after', error.retryAfterS)
  // Where the store does not answer it cannot say who asks either.
  const visit = await visitOf(context, request, reply).catch(() =>
    visitOf(context, request, reply, false),
  )
  const said = error instanceof BadRequest ? error.message : null
  return answer(reply, visit, {
    show: <Failure status={status} said={said} id={request.id} />,
    status,
  })
}
