import type { Kysely, Selectable } from 'kysely'
import type { Random } from '../core/random.ts'
import { hintOf, keyedHasher, newId, newSecret, sortOf } from '../keys.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { ApiKey, ApiKeyRows, Scope } from './store.ts'

const DAY_MS = 86_400_000

/** The keys to the management API in a SQL database. */
export function sqlApiKeys(
  db: Kysely<Schema>,
  tools: { rootKeys: readonly Uint8Array[]; random: Random; now: () => number },
): ApiKeyRows {
  const { random, now } = tools
  const hashers = tools.rootKeys.map((root) => keyedHasher(root, 'api keys'))

  return {
    async add({ accountId, sitekey, name, scopes, expiresAt }, by = 'service') {
      const key = newSecret(random, 'apiKey')
      const row = {
        id: newId(random, 'key'),
        account_id: accountId,
        sitekey,
        name,
        scopes: scopes.join(' '),
        hint: hintOf(key),
        created_at: now(),
        expires_at: expiresAt,
        last_used_day: null,
      }
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('api_keys')
          .values({ hash: hashers[0]!(key), ...row })
          .execute()
        const detail = { id: row.id, sitekey, scopes, expiresAt }
        await record(tx, now(), { by, act: 'key.add', subject: accountId, detail })
      })
      return { key, row: read(row) }
    },

    async byKey(key) {
      if (sortOf(key) !== 'apiKey') return null
      const hashes = hashers.map((hash) => hash(key))
      // Never recalled: a key that was ended, or whose account was, is dead for the very next request on every node.
      const row = await db
        .selectFrom('api_keys')
        .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
        .selectAll('api_keys')
        .where('api_keys.hash', 'in', hashes)
        .where('accounts.state', '=', 'active')
        .executeTakeFirst()
      if (!row || (row.expires_at !== null && Number(row.expires_at) <= now())) return null
      const today = Math.floor(now() / DAY_MS)
      if (row.last_used_day !== today || row.hash !== hashes[0]) {
        // The day of its use, without any address; and a hash under the newest root key, now that the key is at hand.
        await db
          .updateTable('api_keys')
          .set({ last_used_day: today, hash: hashes[0] })
          .where('id', '=', row.id)
          .execute()
      }
      return read({ ...row, last_used_day: today })
    },

    async of(accountId) {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now())]))
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(read)
    },

    async end(accountId, id, by = 'service') {
      return db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('api_keys')
          .where('account_id', '=', accountId)
          .where('id', '=', id)
          .executeTakeFirst()
        if (gone.numDeletedRows === 0n) return false
        await record(tx, now(), { by, act: 'key.end', subject: accountId, detail: { id } })
        return true
      })
    },

    async endLeaked(key, by = 'reporter') {
      if (sortOf(key) !== 'apiKey') return false
      const hashes = hashers.map((hash) => hash(key))
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .deleteFrom('api_keys')
          .where('hash', 'in', hashes)
          .returning(['id', 'account_id'])
          .executeTakeFirst()
        if (!row) return false
        const detail = { id: row.id, leaked: true }
        await record(tx, now(), { by, act: 'key.end', subject: row.account_id, detail })
        return true
      })
    },
  }
}

function read(row: Omit<Selectable<Schema['api_keys']>, 'hash'>): ApiKey {
  return {
    id: row.id,
    accountId: row.account_id,
    sitekey: row.sitekey,
    name: row.name,
    scopes: row.scopes.split(' ').filter(Boolean) as Scope[],
    hint: row.hint,
    createdAt: Number(row.created_at),
    expiresAt: row.expires_at === null ? null : Number(row.expires_at),
    lastUsedDay: row.last_used_day,
  }
}
