import { type Found, type Heard, nothing, readReply, type UnavailableReason } from './reply.ts'

export type { UnavailableReason } from './reply.ts'

/** What to ask, and whom. */
export interface VerifyOptions {
  /** The site's secret. It belongs into the environment, and never into a page. */
  secret: string
  /** Where the service is, such as `https://captcha.example.org`. */
  service: string | URL
  /** The host name, or names, of the pages that the token may come from. */
  hostname?: string | readonly string[] | undefined
  /** The action, or actions, that the token may be for. */
  action?: string | readonly string[] | undefined
  /** The site that the token has to be of: finds a secret that belongs to another one. */
  sitekey?: string | undefined
  /** For how long one try may take. There are at most two. */
  timeoutMs?: number | undefined
  /** Who passes when the service cannot be asked: nobody (`closed`), or everybody (`open`). */
  onFailure?: 'closed' | 'open' | undefined
  /** Ends the call. Who asked no longer wants to know, so nobody passes. */
  signal?: AbortSignal | undefined
  /** Another `fetch` than the runtime's. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
}

/** The visitor passed, and this was the token's only use. */
export interface Passed {
  outcome: 'passed'
  passed: true
  hostname: string
  action: string
  cdata: string
  /** When the visitor passed, in epoch milliseconds. */
  passedAt: number
}

export type RefusedReason =
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'token-spent'
  | 'hostname-mismatch'
  | 'action-mismatch'
  | 'sitekey-mismatch'
  | 'secret-missing'
  | 'secret-unknown'
  | 'site-suspended'
  | 'request-unreadable'
  // The address leads elsewhere, where the secret does not go.
  | 'redirected'
  // A newer service may have further reasons.
  | (string & {})

/** The token is not good. */
export interface Refused {
  outcome: 'refused'
  passed: false
  reason: RefusedReason
  /** The same in siteverify's `error-codes`. */
  codes: string[]
}

/** The service could not be asked. Whether the visitor passes was decided by `onFailure`. */
export interface Unavailable {
  outcome: 'unavailable'
  passed: boolean
  reason: UnavailableReason
  decidedBy: 'closed' | 'open'
}

export type Finding = Passed | Refused | Unavailable

const TIMEOUT_MS = 5_000
/** The service takes no longer ones; a real one is a tenth of it. */
const TOKEN_LENGTH_MAX = 8_192

/**
 * Asks the service whether a token is good. Each token is good once: ask last, after all other checks of the form.
 *
 * Every outcome is a value. Only misuse is thrown: no secret, no address, a call from a browser.
 *
 * @param token the form's field `one-captcha-response`, as it came
 */
export async function verify(token: unknown, options: VerifyOptions): Promise<Finding> {
  const address = addressOf(options)
  const onFailure = options.onFailure ?? 'closed'
  if (token !== undefined && token !== null && typeof token !== 'string') {
    return refused('token-invalid', 'invalid-input-response')
  }
  // While the service is away, pages cannot get tokens. Who lets everybody pass then, has to ask whether it is.
  if (!token && onFailure === 'closed') return refused('token-missing', 'missing-input-response')
  if (token && token.length > TOKEN_LENGTH_MAX) {
    return refused('token-invalid', 'invalid-input-response')
  }
  const heard = await askTwice(address, bodyOf(token ?? '', options), options)
  if (heard.kind === 'finding') return judge(heard.finding, options)
  const decidedBy = heard.reason === 'aborted' ? 'closed' : onFailure
  return { outcome: 'unavailable', passed: decidedBy === 'open', reason: heard.reason, decidedBy }
}

/** Where siteverify is, after a look at all options. Throws for what only a programmer can do wrong. */
export function addressOf(options: VerifyOptions): string {
  if (typeof document !== 'undefined') {
    misuse('verify belongs into the backend: in a browser everybody could read the secret')
  }
  const { secret, service, onFailure = 'closed', timeoutMs = TIMEOUT_MS } = options ?? {}
  if (typeof secret !== 'string' || !secret) misuse('secret is missing: the secret of the site')
  if (!service) misuse('service is missing: the address of the service')
  if (onFailure !== 'closed' && onFailure !== 'open') misuse("onFailure is 'closed' or 'open'")
  if (!(timeoutMs > 0 && timeoutMs <= 600_000)) misuse('timeoutMs is from 1 to 600,000')
  if (!globalThis.crypto?.randomUUID)
    misuse('this runtime has no Web Crypto: Node.js has it from version 20')
  const text = String(service)
  const url = URL.canParse(text) ? new URL(text) : misuse('service is no address')
  if (!/^https?:$/.test(url.protocol)) misuse('service has to begin with https:// or http://')
  if (url.username || url.password || url.search || url.hash) {
    misuse('service is the address alone, without a password, a query or a hash')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1/siteverify`
}

function misuse(message: string): never {
  throw new TypeError(`one-captcha: ${message}.`)
}

function bodyOf(token: string, options: VerifyOptions): string {
  const body = new URLSearchParams({ secret: options.secret, response: token })
  // Where only one will do, the service can refuse without spending the token.
  if (typeof options.hostname === 'string') body.set('hostname', options.hostname)
  if (typeof options.action === 'string') body.set('action', options.action)
  if (options.sitekey) body.set('sitekey', options.sitekey)
  body.set('idempotency_key', crypto.randomUUID())
  return body.toString()
}

/** The second call has the same body, and so the same idempotency key: the first may have spent the token. */
async function askTwice(url: string, body: string, options: VerifyOptions): Promise<Heard> {
  const first = await ask(url, body, options)
  if (first.kind === 'finding' || first.again === null) return first
  await pause(first.again, options.signal)
  return ask(url, body, options)
}

async function ask(url: string, body: string, options: VerifyOptions): Promise<Heard> {
  if (options.signal?.aborted) return nothing('aborted', null)
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = options
  const life = new AbortController()
  const end = () => life.abort()
  options.signal?.addEventListener('abort', end, { once: true })
  const timer = setTimeout(end, timeoutMs)
  // Not left to fetch alone: one that was handed in may not know of signals.
  const ended = new Promise<never>((_, reject) => {
    life.signal.addEventListener('abort', () => reject(new Error('ended')), { once: true })
  })
  try {
    const asked = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
      // A redirect is not followed: the secret is for this service alone.
      redirect: 'manual',
      signal: life.signal,
    })
    return await Promise.race([asked.then(readReply), ended])
  } catch {
    if (options.signal?.aborted) return nothing('aborted', null)
    return nothing(life.signal.aborted ? 'timeout' : 'network-error')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', end)
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}

/** Looks again at what the service was asked to look at: an older one, or a proxy, may not have. */
function judge(found: Found, options: VerifyOptions): Finding {
  if (!found.success) {
    return { outcome: 'refused', passed: false, reason: found.reason, codes: found.codes }
  }
  const { hostname, action, cdata, passedAt } = found
  const lower = (name: string) => name.toLowerCase()
  if (!isAmong(lower(hostname), options.hostname, lower)) {
    return refused('hostname-mismatch', 'invalid-input-response')
  }
  if (!isAmong(action, options.action)) return refused('action-mismatch', 'invalid-input-response')
  return { outcome: 'passed', passed: true, hostname, action, cdata, passedAt }
}

function isAmong(
  value: string,
  expected: string | readonly string[] | undefined,
  form = (text: string) => text,
): boolean {
  if (expected === undefined) return true
  return (typeof expected === 'string' ? [expected] : expected).some((one) => form(one) === value)
}

function refused(reason: RefusedReason, code: string): Refused {
  return { outcome: 'refused', passed: false, reason, codes: [code] }
}
