import type { Tools } from './issue.ts'
import type { RefusedReason } from './outcome.ts'
import { allowsHost, type Site } from './site.ts'
import { isTestKey } from './test-keys.ts'
import { readToken, type Token } from './token.ts'

/** What we tell a site's backend about a token. */
export type Finding =
  | {
      passed: true
      token: Token /** False for test tokens, which pass as often as they are shown. */
      once: boolean
    }
  | { passed: false; reason: RefusedReason; token: Token | null }

/** What a site's backend asks. Absent and empty are the same. */
export interface Inquiry {
  secret: string
  token: string
  /** What the backend expects, if it says. */
  hostname: string
  action: string
  /** The site that it takes the token to be of, if it says. */
  sitekey?: string
  /** Whoever asks again with the same one, at most 100 characters, is told the same again. */
  idempotencyKey?: string
}

/**
 * Decides whether a token is good for this site, except for whether it is its first use: that is the ledger's, last.
 *
 * @param site whose secret was given; null if it is nobody's
 */
export function redeem(tools: Tools, site: Site | null, inquiry: Inquiry): Finding {
  if (!inquiry.secret) return refused('secret-missing')
  if (!site) return refused('secret-unknown')
  if (site.state === 'suspended') return refused('site-suspended')
  if (!inquiry.token) return refused('token-missing')

  const text = tools.seal.open('token', inquiry.token)
  const token = text === null ? null : readToken(text)
  if (site.test) return redeemTest(site, token, tools.now())

  if (inquiry.sitekey && inquiry.sitekey !== site.sitekey) return refused('sitekey-mismatch')
  // The same word for forged and for another site's: a stranger's token tells nothing about itself.
  if (!token || token.sitekey !== site.sitekey) return refused('token-invalid')
  if (token.expiresAt <= tools.now()) return refused('token-expired', token)
  if (!allowsHost(site, token.host) || (inquiry.hostname && inquiry.hostname !== token.host)) {
    return refused('hostname-mismatch', token)
  }
  if (inquiry.action && inquiry.action !== token.action) return refused('action-mismatch', token)
  return { passed: true, token, once: true }
}

/** The public test secrets: they answer as told for test tokens and made-up ones, and never for a real one. */
function redeemTest(site: Site, token: Token | null, now: number): Finding {
  if (token && !isTestKey(token.sitekey)) return refused('token-invalid')
  if (site.test === 'block') return refused('token-invalid', token)
  if (site.test === 'spent') return refused('token-spent', token)
  const made = {
    id: '',
    sitekey: site.sitekey,
    host: 'localhost',
    action: '',
    cdata: '',
    passedAt: now,
    expiresAt: now,
  }
  return { passed: true, token: token ?? made, once: false }
}

function refused(reason: RefusedReason, token: Token | null = null): Finding {
  return { passed: false, reason, token }
}
