import type { RefusedReason } from '../core/outcome.ts'
import type { Finding, Inquiry } from '../core/redeem.ts'
import { secondOf } from '../moments.ts'

/** How one CAPTCHA's clients ask whether a token is good, and what they expect to hear. */
export interface Dialect {
  readonly paths: readonly string[]
  /** Picks what we need from the parameters, each of which was given once. Unknown ones are ignored. */
  read(parameters: ReadonlyMap<string, string>): Inquiry
  /** The JSON of the reply. Outside names live here, and only here. */
  write(finding: Finding): Record<string, unknown>
}

/** A dialect's word for each reason why a token is not good. */
export type Codes = Record<RefusedReason, string>

const IDEMPOTENCY_KEY_MAX = 100

/** What all dialects ask in the same words. What one of them does not have stays empty. */
export function readCommon(parameters: ReadonlyMap<string, string>): Inquiry {
  return {
    secret: parameters.get('secret') ?? '',
    token: parameters.get('response') ?? '',
    hostname: '',
    action: '',
  }
}

/** A longer one is none: then the second call is told that the token was used. */
export function readIdempotencyKey(parameters: ReadonlyMap<string, string>): string {
  const key = parameters.get('idempotency_key') ?? ''
  return key.length <= IDEMPOTENCY_KEY_MAX ? key : ''
}

/**
 * The part that all dialects share. `challenge_ts` and `hostname` are always there: the schemas of some clients demand them.
 */
export function writeFacts(finding: Finding) {
  return {
    success: finding.passed,
    challenge_ts: finding.token ? secondOf(finding.token.passedAt) : null,
    hostname: finding.token?.host ?? null,
  }
}

/** `error-codes` as most have it: absent on success, as a widely installed client takes its mere presence for failure. */
export function writeCodes(finding: Finding, codes: Codes): { 'error-codes'?: string[] } {
  return finding.passed ? {} : { 'error-codes': [codes[finding.reason]] }
}
