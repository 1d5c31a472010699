import type { Dialect } from './dialect.ts'
import { writeFacts } from './recaptcha.ts'

/** Our own siteverify: the facts that all clients know, what the page bound in, and the reason in our words. */
export const oneCaptcha: Dialect = {
  paths: ['/v1/siteverify'],

  read: (parameters) => ({
    secret: parameters.get('secret') ?? '',
    token: parameters.get('response') ?? '',
    hostname: parameters.get('hostname')?.toLowerCase() ?? '',
    action: parameters.get('action') ?? '',
  }),

  write: (finding) => ({
    ...writeFacts(finding),
    ...(finding.token && { action: finding.token.action, cdata: finding.token.cdata }),
    ...(!finding.passed && { reason: finding.reason }),
  }),
}
