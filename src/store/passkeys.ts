import type { Kysely, Selectable } from 'kysely'
import { recordOf, tellHolder } from './account-rows.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import { type Passkey, type PasskeyRows, Taken } from './store.ts'

const DAY_MS = 86_400_000

/** The passkeys in a SQL database. What is kept of one is public: it opens nothing. */
export function sqlPasskeys(
  db: Kysely<Schema>,
  tools: Pick<SqlTools, 'now' | 'random' | 'notify'>,
): PasskeyRows {
  const { now } = tools
  return {
    async of(accountId) {
      const rows = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(read)
    },

    async byId(id) {
      const row = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? { ...read(row), accountId: row.account_id } : null
    },

    async add(accountId, { id, name, publicKey, counter, transports }, by = accountId) {
      await db.transaction().execute(async (tx) => {
        const row = {
          ...{ id, account_id: accountId, name, public_key: publicKey, counter },
          transports: transports.join(' '),
          created_at: now(),
          last_used_day: null,
        }
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('passkeys')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow()
        if (!numInsertedOrUpdatedRows) throw new Taken('This passkey is in use already.')
        await recordOf(tx, now(), by)('passkey.add', accountId)
        await tellHolder(tools, tx, now(), accountId, { change: 'passkeyAdded' })
      })
    },

    async use(id, counter) {
      // One statement decides: two copies of a key that show the same count cannot both be first. Most keys that are kept
      // in more than one place do not count at all, and say 0.
      const used = await db
        .updateTable('passkeys')
        .set({ counter, last_used_day: Math.floor(now() / DAY_MS) })
        .where('id', '=', id)
        .where((e) => (counter === 0 ? e('counter', '=', 0) : e('counter', '<', counter)))
        .executeTakeFirst()
      return used.numUpdatedRows > 0n
    },

    async remove(accountId, id, by = accountId) {
      return db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('passkeys')
          .where('account_id', '=', accountId)
          .where('id', '=', id)
          .executeTakeFirst()
        if (gone.numDeletedRows === 0n) return false
        await recordOf(tx, now(), by)('passkey.remove', accountId)
        await tellHolder(tools, tx, now(), accountId, { change: 'passkeyRemoved' })
        return true
      })
    },
  }
}

function read(row: Selectable<Schema['passkeys']>): Passkey {
  return {
    id: row.id,
    name: row.name,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports.split(' ').filter(Boolean),
    createdAt: Number(row.created_at),
    lastUsedDay: row.last_used_day,
  }
}
