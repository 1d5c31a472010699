import type { Kysely } from 'kysely'
import { assertPolicy, DEFAULT_POLICY, type Policy } from '../core/policy.ts'
import type { Random } from '../core/random.ts'
import type { Mode, Site } from '../core/site.ts'
import { isSecret, newSecret, newSitekey, secretHasher } from '../keys.ts'
import type { Recall } from './recall.ts'
import type { Schema } from './schema.ts'
import type { Sites } from './store.ts'

/** The sites in a SQL database. */
export function sqlSites(
  db: Kysely<Schema>,
  rootKeys: readonly Uint8Array[],
  random: Random,
  now: () => number,
  recall: Recall,
): Sites {
  const hashers = rootKeys.map(secretHasher)
  const hash = hashers[0]!

  return {
    async add({ hosts, mode, ...given }) {
      const policy = { ...DEFAULT_POLICY, ...given }
      assertPolicy(policy)
      const sitekey = newSitekey(random)
      const secret = newSecret(random)
      await db.transaction().execute(async (tx) => {
        const site = { sitekey, mode, created_at: now(), ...policyColumns(policy) }
        await tx.insertInto('sites').values(site).execute()
        await insertHosts(tx, sitekey, hosts)
        await insertSecret(tx, sitekey, secret)
      })
      return { sitekey, secret }
    },

    async list() {
      const rows = await db.selectFrom('sites').selectAll().orderBy('created_at').execute()
      return Promise.all(
        rows.map(async (row) => ({
          sitekey: row.sitekey,
          hosts: await hostsOf(row.sitekey),
          mode: row.mode as Mode,
          ...policyOf(row),
          createdAt: Number(row.created_at),
          secrets: await goodSecrets(row.sitekey),
        })),
      )
    },

    byKey: (sitekey) => recall(`sitekey ${sitekey}`, () => read(sitekey)),

    async bySecret(secret) {
      if (!isSecret(secret)) return null
      const hashes = hashers.map((hasher) => hasher(secret))
      const row = await recall(`secret ${hashes[0]}`, () => readSecret(hashes))
      if (!row || (row.expires_at !== null && row.expires_at <= now())) return null
      return recall(`sitekey ${row.sitekey}`, () => read(row.sitekey))
    },

    async byHost(host) {
      const rows = await db
        .selectFrom('site_hosts')
        .select('sitekey')
        .distinct()
        .where('host', 'in', [host, ...wildcardsOver(host)])
        .limit(2)
        .execute()
      return rows.length === 1 ? read(rows[0]!.sitekey) : null
    },

    async set(sitekey, { hosts, mode, ...policy }) {
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('sites')
          .selectAll()
          .where('sitekey', '=', sitekey)
          .executeTakeFirst()
        if (!row) return false
        const changed = { ...policyOf(row), ...policy }
        assertPolicy(changed)
        await tx
          .updateTable('sites')
          .set({ mode: mode ?? row.mode, ...policyColumns(changed) })
          .where('sitekey', '=', sitekey)
          .execute()
        if (hosts) {
          await tx.deleteFrom('site_hosts').where('sitekey', '=', sitekey).execute()
          await insertHosts(tx, sitekey, hosts)
        }
        return true
      })
    },

    async rotate(sitekey, overlapMs) {
      const secret = newSecret(random)
      const found = await db.transaction().execute(async (tx) => {
        const site = await tx
          .selectFrom('sites')
          .select('sitekey')
          .where('sitekey', '=', sitekey)
          .executeTakeFirst()
        if (!site) return false
        const endsAt = now() + overlapMs
        await tx
          .updateTable('site_secrets')
          .set({ expires_at: endsAt })
          .where('sitekey', '=', sitekey)
          .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', endsAt)]))
          .execute()
        await tx
          .deleteFrom('site_secrets')
          .where('sitekey', '=', sitekey)
          .where('expires_at', '<=', now())
          .execute()
        await insertSecret(tx, sitekey, secret)
        return true
      })
      return found ? { secret } : null
    },

    async remove(sitekey) {
      const gone = await db.deleteFrom('sites').where('sitekey', '=', sitekey).executeTakeFirst()
      return gone.numDeletedRows > 0n
    },
  }

  async function read(sitekey: string): Promise<Site | null> {
    const row = await db
      .selectFrom('sites')
      .selectAll()
      .where('sitekey', '=', sitekey)
      .executeTakeFirst()
    if (!row) return null
    return { sitekey, hosts: await hostsOf(sitekey), mode: row.mode as Mode, ...policyOf(row) }
  }

  async function readSecret(hashes: string[]) {
    // The index compares keyed hashes, not secrets: how long it takes tells nothing that could be searched for.
    const row = await db
      .selectFrom('site_secrets')
      .select(['hash', 'sitekey', 'expires_at'])
      .where('hash', 'in', hashes)
      .executeTakeFirst()
    // A root key was replaced: this is the moment when the secret can be hashed under the new one.
    if (row && row.hash !== hashes[0]) {
      await db
        .updateTable('site_secrets')
        .set({ hash: hashes[0] })
        .where('hash', '=', row.hash)
        .execute()
    }
    return row ?? null
  }

  async function hostsOf(sitekey: string): Promise<string[]> {
    const rows = await db
      .selectFrom('site_hosts')
      .select('host')
      .where('sitekey', '=', sitekey)
      .orderBy('host')
      .execute()
    return rows.map((row) => row.host)
  }

  async function goodSecrets(sitekey: string): Promise<number> {
    const row = await db
      .selectFrom('site_secrets')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('sitekey', '=', sitekey)
      .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now())]))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async function insertHosts(tx: Kysely<Schema>, sitekey: string, hosts: readonly string[]) {
    const unique = [...new Set(hosts)]
    if (unique.length === 0) return
    await tx
      .insertInto('site_hosts')
      .values(unique.map((host) => ({ sitekey, host })))
      .execute()
  }

  async function insertSecret(tx: Kysely<Schema>, sitekey: string, secret: string) {
    await tx
      .insertInto('site_secrets')
      .values({ hash: hash(secret), sitekey, created_at: now(), expires_at: null })
      .execute()
  }
}

function policyOf(row: Schema['sites']): Policy {
  const { effort_floor, effort_ceiling, wait_ms } = row
  return { effortFloor: effort_floor, effortCeiling: effort_ceiling, waitMs: wait_ms }
}

function policyColumns({ effortFloor, effortCeiling, waitMs }: Policy) {
  return { effort_floor: effortFloor, effort_ceiling: effortCeiling, wait_ms: waitMs }
}

/** `*.b.c` and `*.c` for `a.b.c`. */
function wildcardsOver(host: string): string[] {
  const labels = host.split('.')
  return labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`)
}
