import type { Kysely, Transaction } from 'kysely'
import { keyedHasher } from '../keys.ts'
import { recordOf, tellHolder } from './account-rows.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { RecoveryCodeRows } from './store.ts'

/** The recovery codes in a SQL database: keyed hashes, each of one account's code. */
export function sqlRecoveryCodes(
  db: Kysely<Schema>,
  tools: Pick<SqlTools, 'rootKeys' | 'now' | 'random' | 'notify'>,
): RecoveryCodeRows {
  const { rootKeys, now } = tools
  const hashers = rootKeys.map((root) => keyedHasher(root, 'recovery codes'))
  const hashesOf = (accountId: string, code: string) =>
    hashers.map((hash) => hash(`${accountId}\n${code}`))

  return {
    async set(accountId, codes, by = accountId) {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('recovery_codes').where('account_id', '=', accountId).execute()
        const rows = codes.map((code) => ({
          hash: hashesOf(accountId, code)[0]!,
          account_id: accountId,
          created_at: now(),
        }))
        if (rows.length > 0) await tx.insertInto('recovery_codes').values(rows).execute()
        await recordOf(tx, now(), by)('recovery.set', accountId, { codes: codes.length })
        // The first ones come with the app, and are told of with it.
        if (await hasTotp(tx, accountId))
          await tellHolder(tools, tx, now(), accountId, { change: 'recovery' })
      })
    },

    async left(accountId) {
      const row = await db
        .selectFrom('recovery_codes')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('account_id', '=', accountId)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    async use(accountId, code) {
      return db.transaction().execute(async (tx) => {
        // Deleting it is the claim: of two who show it at once, one gets the row.
        const gone = await tx
          .deleteFrom('recovery_codes')
          .where('account_id', '=', accountId)
          .where('hash', 'in', hashesOf(accountId, code))
          .executeTakeFirst()
        if (gone.numDeletedRows === 0n) return false
        await recordOf(tx, now(), accountId)('recovery.use', accountId)
        return true
      })
    },
  }
}

async function hasTotp(tx: Transaction<Schema>, accountId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select('totp_sealed')
    .where('id', '=', accountId)
    .executeTakeFirst()
  return row?.totp_sealed != null
}
