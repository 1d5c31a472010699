import type { ExpressionBuilder, Kysely, Selectable, Transaction } from 'kysely'
import { keyedHasher, newId } from '../keys.ts'
import { makeVault } from '../vault.ts'
import { endSessions, recordOf } from './account-rows.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { SessionRow, SessionRows } from './store.ts'

const HOUR_MS = 3_600_000
/** Unused for so long, a session is over: an hour less at times, as its use is kept to the hour. */
export const IDLE_MAX_MS = 12 * HOUR_MS
/** One person has a few devices; more is a program gone wrong, and bounds what is kept. */
const SESSIONS_MAX = 50

/** The sessions in a SQL database: keyed hashes of what the cookies hold. Nothing is recalled, so what ends has ended. */
export function sqlSessions(
  db: Kysely<Schema>,
  { rootKeys, random, now }: Pick<SqlTools, 'rootKeys' | 'random' | 'now'>,
): SessionRows {
  const hashers = rootKeys.map((root) => keyedHasher(root, 'sessions'))
  const passwords = makeVault(rootKeys, 'password', random)
  const hour = () => Math.floor(now() / HOUR_MS) * HOUR_MS

  return {
    async add(token, { accountId, way, expiresAt, elevatedUntil }, password) {
      await db.deleteFrom('sessions').where(over).execute()
      return db.transaction().execute(async (tx) => {
        // With the account's row taken: a log-in with a password that is being replaced, or to an account that is being
        // suspended, comes either before, and its session ends with all others, or after, and there is none.
        const account = await tx
          .updateTable('accounts')
          .set((e) => ({ changed_at: e.ref('changed_at') }))
          .where('id', '=', accountId)
          .where('state', '=', 'active')
          .returning('password')
          .executeTakeFirst()
        if (!account) return null
        if (password !== undefined) {
          const current = account.password && passwords.open(accountId, account.password)
          if (current !== password) return null
        }
        await dropOldest(tx, accountId)
        const row = {
          ...{ id: newId(random, 'ses'), account_id: accountId, way },
          ...{ created_at: now(), seen_at: hour(), expires_at: expiresAt },
          elevated_until: elevatedUntil,
        }
        await tx
          .insertInto('sessions')
          .values({ hash: hashers[0]!(token), ...row })
          .execute()
        return read(row)
      })
    },

    async byToken(token) {
      const row = await db
        .selectFrom('sessions')
        .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
        .selectAll('sessions')
        .where('hash', 'in', hashesOf(token))
        .where('accounts.state', '=', 'active')
        .where('sessions.expires_at', '>', now())
        .where('sessions.seen_at', '>', now() - IDLE_MAX_MS)
        .executeTakeFirst()
      if (!row) return null
      if (Number(row.seen_at) < hour() || row.hash !== hashers[0]!(token)) {
        // Where it has ended in this very moment nothing is changed: the row is gone.
        await db
          .updateTable('sessions')
          .set({ seen_at: hour(), hash: hashers[0]!(token) })
          .where('hash', '=', row.hash)
          .execute()
      }
      return read({ ...row, seen_at: hour() })
    },

    async of(accountId) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('account_id', '=', accountId)
        .where((e) => e.not(over(e)))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(read)
    },

    async elevate(id, token, until) {
      const raised = await db
        .updateTable('sessions')
        .set({ hash: hashers[0]!(token), elevated_until: until })
        .where('id', '=', id)
        .executeTakeFirst()
      return raised.numUpdatedRows > 0n
    },

    async end(accountId, id, by) {
      return db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('sessions')
          .where('account_id', '=', accountId)
          .where('id', '=', id)
          .executeTakeFirst()
        if (gone.numDeletedRows === 0n) return false
        if (by) await recordOf(tx, now(), by)('session.end', accountId, { id })
        return true
      })
    },

    async endOthers(accountId, keep, by = accountId) {
      return db.transaction().execute(async (tx) => {
        const sessions = await endSessions(tx, accountId, keep)
        if (sessions > 0) await recordOf(tx, now(), by)('session.end', accountId, { sessions })
        return sessions
      })
    },

    async endAll(keep, by) {
      return db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('sessions').where('id', '!=', keep).executeTakeFirst()
        const sessions = Number(gone.numDeletedRows)
        await recordOf(tx, now(), by)('session.endAll', 'service', { sessions })
        return sessions
      })
    },
  }

  function over(e: ExpressionBuilder<Schema, 'sessions'>) {
    return e.or([e('expires_at', '<=', now()), e('seen_at', '<=', now() - IDLE_MAX_MS)])
  }

  /** A token has one form; nothing else is looked for. */
  function hashesOf(token: string): string[] {
    return hashers.map((hash) => hash(token))
  }
}

async function dropOldest(tx: Transaction<Schema>, accountId: string): Promise<void> {
  const others = await tx
    .selectFrom('sessions')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .execute()
  const ids = others.slice(SESSIONS_MAX - 1).map(({ id }) => id)
  if (ids.length > 0) await tx.deleteFrom('sessions').where('id', 'in', ids).execute()
}

function read(row: Omit<Selectable<Schema['sessions']>, 'hash'>): SessionRow {
  return {
    id: row.id,
    accountId: row.account_id,
    way: row.way as SessionRow['way'],
    createdAt: Number(row.created_at),
    seenAt: Number(row.seen_at),
    expiresAt: Number(row.expires_at),
    elevatedUntil: Number(row.elevated_until),
  }
}
