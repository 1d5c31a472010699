import { type Codes, type Dialect, readCommon, writeCodes, writeFacts } from './dialect.ts'

/** reCAPTCHA's words for why a token is not good (its documentation, "Error code reference"). */
export const RECAPTCHA_CODES: Codes = {
  'secret-missing': 'missing-input-secret',
  'secret-unknown': 'invalid-input-secret',
  // To others' clients, a suspended site is as good as none.
  'site-suspended': 'invalid-input-secret',
  'token-missing': 'missing-input-response',
  'token-invalid': 'invalid-input-response',
  'sitekey-mismatch': 'invalid-input-secret',
  'hostname-mismatch': 'invalid-input-response',
  'action-mismatch': 'invalid-input-response',
  'token-expired': 'timeout-or-duplicate',
  'token-spent': 'timeout-or-duplicate',
  'request-unreadable': 'bad-request',
  'service-failed': 'internal-error',
}

/** We do not score people: who passed has passed. Version 3's clients ask for a number, by default for at least 0.5. */
const SCORE = 0.9

/**
 * reCAPTCHA's siteverify, versions 2 and 3. Every token has a score and an action here, empty where the page gave none: clients of
 * version 3 that miss either take the token for version 2's, and then hold it to no action at all.
 */
export const recaptcha: Dialect = {
  paths: ['/recaptcha/api/siteverify'],

  read: readCommon,

  write: (finding) => ({
    ...writeFacts(finding),
    ...(finding.token && {
      score: finding.passed ? SCORE : 0,
      action: finding.token.action,
    }),
    ...writeCodes(finding, RECAPTCHA_CODES),
  }),
}
