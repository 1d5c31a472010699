import type { RefusedReason } from '../core/outcome.ts'
import type { Finding } from '../core/redeem.ts'
import { type Dialect, timestamp } from './dialect.ts'

/** reCAPTCHA's words for why a token is not good (its documentation, "Error code reference"). */
const RECAPTCHA_CODES: Record<RefusedReason, string> = {
  'secret-missing': 'missing-input-secret',
  'secret-unknown': 'invalid-input-secret',
  // To others' clients, a suspended site is as good as none.
  'site-suspended': 'invalid-input-secret',
  'token-missing': 'missing-input-response',
  'token-invalid': 'invalid-input-response',
  'hostname-mismatch': 'invalid-input-response',
  'action-mismatch': 'invalid-input-response',
  'token-expired': 'timeout-or-duplicate',
  'token-spent': 'timeout-or-duplicate',
  'request-unreadable': 'bad-request',
  'service-failed': 'internal-error',
}

/** reCAPTCHA v2's siteverify. */
export const recaptcha: Dialect = {
  paths: ['/recaptcha/api/siteverify'],

  read: (parameters) => ({
    secret: parameters.get('secret') ?? '',
    token: parameters.get('response') ?? '',
    hostname: '',
    action: '',
  }),

  write: writeFacts,
}

/**
 * The part that all dialects share. `error-codes` is absent on success (a widely installed client takes its mere presence
 * for failure), and `challenge_ts` and `hostname` are always there (the schemas of others demand them).
 */
export function writeFacts(finding: Finding): Record<string, unknown> {
  const facts = {
    success: finding.passed,
    challenge_ts: finding.token ? timestamp(finding.token.passedAt) : null,
    hostname: finding.token?.host ?? null,
  }
  return finding.passed ? facts : { ...facts, 'error-codes': [RECAPTCHA_CODES[finding.reason]] }
}
