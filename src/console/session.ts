import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Opened } from '../accounts/accounts.ts'

/** `__Host-`: only this very host can have set it, over https (or this machine), for all of its paths. */
export const SESSION_COOKIE = '__Host-one-captcha-session'

/** Says that this browser has logged in before, and to which account, to whoever has our root key and asks. */
const KNOWN_COOKIE = '__Host-one-captcha-known'
const KNOWN_S = 180 * 86_400

const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const

/** The token that a request's cookie holds; '' where there is none. */
export function sessionToken(request: FastifyRequest): string {
  return request.cookies[SESSION_COOKIE] ?? ''
}

/** Puts a session into the browser. The token is there and nowhere else. */
export function keepSession(reply: FastifyReply, { token, expiresAt, mark }: Opened, now: number) {
  const maxAge = Math.max(0, Math.floor((expiresAt - now) / 1000))
  reply.setCookie(SESSION_COOKIE, token, { ...ATTRIBUTES, maxAge })
  if (mark) reply.setCookie(KNOWN_COOKIE, mark, { ...ATTRIBUTES, maxAge: KNOWN_S })
}

/** What this browser kept of an earlier log-in; '' where there was none. It outlasts sessions: that is what it is for. */
export function keptMark(request: FastifyRequest): string {
  return request.cookies[KNOWN_COOKIE] ?? ''
}

/** Takes the session out of the browser, and what it has kept of our pages. */
export function dropSession(reply: FastifyReply) {
  reply.clearCookie(SESSION_COOKIE, ATTRIBUTES)
  reply.header('clear-site-data', '"cache"')
}

/**
 * What each form of a session carries: another site can send a form, but cannot read ours. It is computed from the
 * session's token, so that it ends with it; 256 random bits are a key, and are not to be had back from this.
 */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('one-captcha console form').digest('base64url')
}

/** True if a form carries what its session's forms do. */
export function isCsrf(sent: string, token: string): boolean {
  const [mine, theirs] = [Buffer.from(csrfOf(token)), Buffer.from(sent)]
  return mine.length === theirs.length && timingSafeEqual(mine, theirs)
}

/**
 * True if a form comes from one of our own pages, as the browser tells. This alone guards the forms of those who are not
 * logged in: there is no session yet to bind a token to, and a stranger's page could fetch a token of its own.
 *
 * @param publicUrl where the service says it is, if it does
 */
export function isOurs(request: FastifyRequest, publicUrl: string | null): boolean {
  const site = request.headers['sec-fetch-site']
  // Told of by the browser for every trustworthy address; where it is, it decides.
  if (site !== undefined) return site === 'same-origin'
  const { origin } = request.headers
  // Every browser names an origin with a form. Whatever does not is none, and has the management API.
  if (origin === undefined || !URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return host === request.host || (publicUrl !== null && origin === publicUrl)
}

/** Where somebody may be sent after logging in: a page of the console. Whatever else is asked for is its first page. */
export function safeNext(input: string | undefined): string {
  const path = input ?? ''
  const ours = /^\/console(?:\/[\w.~-]+)*(?:\?[\w.~=&%-]*)?$/.test(path) && !path.includes('..')
  return ours && path.length <= 500 ? path : '/console'
}

/** True if a browser will keep our cookie: over https, or on this machine. Browsers say so themselves, by `Sec-Fetch-*`. */
export function isTrustworthy(request: FastifyRequest, publicUrl: string | null): boolean {
  if (request.headers['sec-fetch-mode'] !== undefined) return true
  return (
    publicUrl?.startsWith('https:') === true ||
    /^(localhost|[\w-]+\.localhost|127\.[\d.]+|\[::1\])$/.test(request.hostname)
  )
}
