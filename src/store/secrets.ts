import type { Kysely, Transaction } from 'kysely'
import { isSecret, secretHasher } from '../keys.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import { lockSite, raiseRevision, secretId } from './site-rows.ts'
import type { SqlTools } from './sql.ts'
import type { Author, Secrets } from './store.ts'

/** The secrets of sites in a SQL database. */
export function sqlSecrets(db: Kysely<Schema>, { rootKeys, now, announce }: SqlTools): Secrets {
  const hashers = rootKeys.map(secretHasher)

  return {
    async list(sitekey) {
      const rows = await goodOf(db, sitekey)
      return rows.map((row) => ({
        id: secretId(row),
        hint: row.hint,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        lastUsedDay: row.last_used_day,
      }))
    },

    async end(sitekey, id, by = 'service') {
      const revision = await db.transaction().execute(async (tx) => {
        if (!(await lockSite(tx, sitekey))) return null
        const good = await goodOf(tx, sitekey)
        const row = good.find((one) => secretId(one) === id)
        // One that ends soon is no other: the site would stand without any in a while, and nobody would know why.
        const lasting = good.some((one) => one !== row && one.expires_at === null)
        return row && lasting ? drop(tx, { ...row, sitekey }, by) : null
      })
      if (revision !== null) await announce(sitekey, revision)
      return revision !== null
    },

    async endLeaked(secret, by = 'service') {
      if (!isSecret(secret)) return false
      const hashes = hashers.map((hash) => hash(secret))
      const found = await db
        .selectFrom('site_secrets')
        .select('sitekey')
        .where('hash', 'in', hashes)
        .executeTakeFirst()
      if (!found) return false
      const { sitekey } = found
      const revision = await db.transaction().execute(async (tx) => {
        await lockSite(tx, sitekey)
        const row = (await goodOf(tx, sitekey)).find((one) => hashes.includes(one.hash))
        return row ? drop(tx, { ...row, sitekey }, by) : null
      })
      if (revision !== null) await announce(sitekey, revision)
      return revision !== null
    },
  }

  /** Those that are good now, the oldest first. */
  function goodOf(from: Kysely<Schema>, sitekey: string) {
    return from
      .selectFrom('site_secrets')
      .select(['hash', 'id', 'hint', 'created_at', 'expires_at', 'last_used_day'])
      .where('sitekey', '=', sitekey)
      .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now())]))
      .orderBy('created_at')
      .orderBy('hash')
      .execute()
  }

  async function drop(
    tx: Transaction<Schema>,
    row: { hash: string; id: string; sitekey: string },
    by: Author,
  ): Promise<number> {
    await tx.deleteFrom('site_secrets').where('hash', '=', row.hash).execute()
    const revision = await raiseRevision(tx, row.sitekey)
    const detail = { id: secretId(row) }
    await record(tx, now(), { by, act: 'secret.end', subject: row.sitekey, detail })
    return revision
  }
}
