import { type Codes, type Dialect, readCommon, writeCodes, writeFacts } from './dialect.ts'
import { RECAPTCHA_CODES } from './recaptcha.ts'

/** hCaptcha's words, where they differ (its documentation, "Siteverify Error Codes Table"). */
const CODES: Codes = {
  ...RECAPTCHA_CODES,
  'token-expired': 'expired-input-response',
  'token-spent': 'already-seen-response',
  'sitekey-mismatch': 'sitekey-secret-mismatch',
}

/** hCaptcha's siteverify. Scores are its enterprise plan's, and left out. */
export const hcaptcha: Dialect = {
  paths: ['/siteverify', '/hcaptcha/siteverify'],

  read: (parameters) => ({
    ...readCommon(parameters),
    sitekey: parameters.get('sitekey') ?? '',
  }),

  write: (finding) => ({
    ...writeFacts(finding),
    // Whether the site's owner is paid for it.
    credit: false,
    ...writeCodes(finding, CODES),
  }),
}
