import type { Kysely } from 'kysely'
import { OPTIONAL_KINDS, type OptionalKind } from '../notices/notice.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { Author } from './store.ts'

/** Which of the optional letters an account does not want. */
export interface MailChoices {
  refused(accountId: string): Promise<OptionalKind[]>
  /** False if it was so before, or there is no such account. */
  set(accountId: string, kind: OptionalKind, wanted: boolean, by?: Author): Promise<boolean>
}

/** What letters are refused, in a SQL database. */
export function sqlMailChoices(db: Kysely<Schema>, { now }: Pick<SqlTools, 'now'>): MailChoices {
  return {
    async refused(accountId) {
      const rows = await db
        .selectFrom('mail_refusals')
        .select('kind')
        .where('account_id', '=', accountId)
        .execute()
      return OPTIONAL_KINDS.filter((kind) => rows.some((row) => row.kind === kind))
    },

    set: (accountId, kind, wanted, by = accountId) =>
      db.transaction().execute(async (tx) => {
        const at = now()
        // Taken first: of an account that ends meanwhile nothing is written down.
        const account = await tx
          .updateTable('accounts')
          .set((e) => ({ changed_at: e.ref('changed_at') }))
          .where('id', '=', accountId)
          .where('state', '!=', 'terminated')
          .executeTakeFirst()
        if (account.numUpdatedRows !== 1n) return false
        if (wanted) {
          const gone = await tx
            .deleteFrom('mail_refusals')
            .where('account_id', '=', accountId)
            .where('kind', '=', kind)
            .executeTakeFirst()
          if (gone.numDeletedRows === 0n) return false
        } else {
          const added = await tx
            .insertInto('mail_refusals')
            .values({ account_id: accountId, kind, at })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
          if (added.numInsertedOrUpdatedRows !== 1n) return false
        }
        const detail = { kind, wanted }
        await record(tx, at, { by, act: 'account.mail', subject: accountId, detail })
        return true
      }),
  }
}
