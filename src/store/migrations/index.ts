import type { Migration } from 'kysely/migration'
import { up as sites } from './0001-sites.ts'
import { up as policies } from './0002-policies.ts'
import { up as accounts } from './0003-accounts.ts'
import { up as audit } from './0004-audit.ts'
import { up as auditGuard } from './0005-audit-guard.ts'
import { up as terms } from './0006-terms.ts'
import { up as notices } from './0007-notices.ts'
import { up as status } from './0008-status.ts'
import { up as breaches } from './0009-breaches.ts'
import { up as feedback } from './0010-feedback.ts'
import { up as auditReplace } from './0011-audit-replace.ts'
import { up as noscript } from './0012-noscript.ts'

/** Every migration, in order. A new one is a new numbered file and a line here; an old one is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-sites': { up: sites },
  '0002-policies': { up: policies },
  '0003-accounts': { up: accounts },
  '0004-audit': { up: audit },
  '0005-audit-guard': { up: auditGuard },
  '0006-terms': { up: terms },
  '0007-notices': { up: notices },
  '0008-status': { up: status },
  '0009-breaches': { up: breaches },
  '0010-feedback': { up: feedback },
  '0011-audit-replace': { up: auditReplace },
  '0012-noscript': { up: noscript },
}
