import type { Manage } from './manage.ts'
import type { Parts } from './parts.ts'
import { assertWhole } from './read.ts'

const EVENTS_MAX = 500

/** Looking into the audit log. */
export function auditDeeds({
  store,
  gate,
}: Parts): Pick<Manage, 'audit' | 'auditHead' | 'auditExport'> {
  return {
    async audit(actor, { sitekey, everything, before, limit }) {
      assertWhole(limit, 'limit', 1, EVENTS_MAX)
      if (everything) {
        gate.pass(actor, 'audit.all')
        return store.audit.list({ before, limit })
      }
      if (sitekey !== undefined) {
        await gate.enter(actor, 'audit.site', sitekey)
        return store.audit.list({ subjects: [sitekey], before, limit })
      }
      gate.pass(actor, 'audit.own')
      const { onlySite, account } = actor
      if (onlySite !== null) {
        await gate.enter(actor, 'audit.site', onlySite)
        return store.audit.list({ subjects: [onlySite], before, limit })
      }
      const sites = await store.members.sitesOf(account.id)
      const subjects = [account.id, ...sites.map((site) => site.sitekey)]
      return store.audit.list({ subjects, before, limit })
    },

    async auditHead(actor) {
      gate.pass(actor, 'audit.head')
      return store.audit.head()
    },

    auditExport(actor) {
      gate.pass(actor, 'audit.all')
      return store.audit.all()
    },
  }
}
