import type { Kysely } from 'kysely'
import type { Random } from '../core/random.ts'
import { sqlAccounts } from './accounts.ts'
import { sqlApiKeys } from './api-keys.ts'
import { sqlAuditLog } from './audit-log.ts'
import { sqlBreaches } from './breaches.ts'
import { sqlCounts } from './counts.ts'
import { sqlDeliveries } from './deliveries.ts'
import { sqlExaminations } from './examinations.ts'
import { sqlFeedback } from './feedback.ts'
import { sqlIncidents } from './incidents.ts'
import { sqlInvitations } from './invitations.ts'
import { sqlLooks } from './looks.ts'
import { sqlMailChoices } from './mail-choices.ts'
import { sqlMaintenances } from './maintenances.ts'
import { sqlMembers } from './members.ts'
import { makeNotify, type Notify } from './notices.ts'
import { sqlPasskeys } from './passkeys.ts'
import { sqlReadings } from './readings.ts'
import type { Recall } from './recall.ts'
import { sqlRecoveryCodes } from './recovery-codes.ts'
import { sqlRetention } from './retention.ts'
import type { Schema } from './schema.ts'
import { sqlSecrets } from './secrets.ts'
import { sqlSessions } from './sessions.ts'
import { sqlSettings } from './settings.ts'
import { sqlSites } from './sites.ts'
import type { Store } from './store.ts'
import { sqlTerms } from './terms.ts'
import { sqlWebhooks } from './webhooks.ts'

/** What every store needs beside its own address. */
export interface StoreOptions {
  /** The newest first; secrets are hashed under a key derived from it. */
  rootKeys: readonly Uint8Array[]
  random: Random
  now?: () => number
  /** Tells all nodes that a site is at this revision (`Ledger.announce`). */
  announce?: (sitekey: string, revision: number) => Promise<void>
  /** Hears what an operator should know. */
  onWarning?: (message: string) => void
}

/** What the queries of each noun are handed. */
export interface SqlTools {
  rootKeys: readonly Uint8Array[]
  random: Random
  now: () => number
  recall: Recall
  /** Has people be told something, in the transaction of what it is about. */
  notify: Notify
  /**
   * To be called after the commit of whatever changed a site's revision. When it returns, no node accepts anything of the
   * site as it was before.
   */
  announce(sitekey: string, revision: number): Promise<void>
}

/** A store in a SQL database: the queries are the same for all. */
export function sqlStore(
  db: Kysely<Schema>,
  options: StoreOptions,
  recall: Recall,
  close: () => Promise<void>,
): Store {
  const { rootKeys, random, now = Date.now } = options
  const notify = makeNotify({ rootKeys, random })
  const tools: SqlTools = { rootKeys, random, now, recall, notify, announce }
  return {
    sites: sqlSites(db, tools),
    secrets: sqlSecrets(db, tools),
    members: sqlMembers(db, tools),
    accounts: sqlAccounts(db, tools),
    passkeys: sqlPasskeys(db, tools),
    recoveryCodes: sqlRecoveryCodes(db, tools),
    sessions: sqlSessions(db, tools),
    invitations: sqlInvitations(db, tools),
    apiKeys: sqlApiKeys(db, tools),
    audit: sqlAuditLog(db),
    counts: sqlCounts(db, tools),
    settings: sqlSettings(db, tools),
    deliveries: sqlDeliveries(db, tools),
    webhooks: sqlWebhooks(db, tools),
    mailChoices: sqlMailChoices(db, tools),
    terms: sqlTerms(db, tools),
    retention: sqlRetention(db, tools),
    readings: sqlReadings(db),
    maintenances: sqlMaintenances(db, tools),
    incidents: sqlIncidents(db, tools),
    feedback: sqlFeedback(db, tools),
    breaches: sqlBreaches(db, tools),
    examinations: sqlExaminations(db, tools),
    looks: sqlLooks(db),
    forget: recall.forget,
    close,
  }

  async function announce(sitekey: string, revision: number): Promise<void> {
    recall.forget(sitekey, revision)
    try {
      await options.announce?.(sitekey, revision)
    } catch {
      // The change is made, and must hold when we say so. Without an announcement it does as soon as no node can recall
      // what was before.
      options.onWarning?.('A change could not be announced; it holds everywhere in some seconds.')
      await new Promise((resolve) => setTimeout(resolve, recall.ageMs))
    }
  }
}
