import { type Dialect, readCommon, readIdempotencyKey, writeCodes, writeFacts } from './dialect.ts'
import { RECAPTCHA_CODES } from './recaptcha.ts'

/** Our own siteverify: the facts that all clients know, what the page bound in, and the reason in our words. */
export const oneCaptcha: Dialect = {
  paths: ['/v1/siteverify'],

  read: (parameters) => ({
    ...readCommon(parameters),
    hostname: parameters.get('hostname')?.toLowerCase() ?? '',
    action: parameters.get('action') ?? '',
    sitekey: parameters.get('sitekey') ?? '',
    idempotencyKey: readIdempotencyKey(parameters),
  }),

  write: (finding) => ({
    ...writeFacts(finding),
    ...writeCodes(finding, RECAPTCHA_CODES),
    ...(finding.token && { action: finding.token.action, cdata: finding.token.cdata }),
    ...(!finding.passed && { reason: finding.reason }),
  }),
}
