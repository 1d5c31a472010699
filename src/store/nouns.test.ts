import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { accountsContract } from './accounts.contract.ts'
import { apiKeysContract } from './api-keys.contract.ts'
import { auditLogContract } from './audit-log.contract.ts'
import { breachesContract } from './breaches.contract.ts'
import { countsContract } from './counts.contract.ts'
import { deliveriesContract } from './deliveries.contract.ts'
import { feedbackContract } from './feedback.contract.ts'
import { invitationsContract } from './invitations.contract.ts'
import { migrate } from './migrate.ts'
import { retentionContract } from './retention.contract.ts'
import type { Schema } from './schema.ts'
import { statusContract } from './status.contract.ts'
import { termsContract } from './terms.contract.ts'

for (const contract of [
  auditLogContract,
  breachesContract,
  invitationsContract,
  apiKeysContract,
  accountsContract,
  countsContract,
  deliveriesContract,
  feedbackContract,
  retentionContract,
  statusContract,
  termsContract,
]) {
  contract('SQLite', async () => {
    const database = new Database(':memory:')
    database.pragma('foreign_keys = ON')
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
    await migrate(db)
    return db
  })
}
