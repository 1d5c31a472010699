import { type Dialect, readCommon, readIdempotencyKey, writeFacts } from './dialect.ts'
import { RECAPTCHA_CODES } from './recaptcha.ts'

/** Turnstile's siteverify: its words are reCAPTCHA's, and its list of them is there on success too, and empty. */
export const turnstile: Dialect = {
  paths: ['/turnstile/v0/siteverify'],

  read: (parameters) => ({
    ...readCommon(parameters),
    idempotencyKey: readIdempotencyKey(parameters),
  }),

  write: (finding) => ({
    ...writeFacts(finding),
    'error-codes': finding.passed ? [] : [RECAPTCHA_CODES[finding.reason]],
    action: finding.token?.action ?? '',
    cdata: finding.token?.cdata ?? '',
  }),
}
