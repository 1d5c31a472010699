import { isDeepStrictEqual } from 'node:util'
import type { Kysely, Transaction } from 'kysely'
import { assertPolicy, DEFAULT_POLICY } from '../core/policy.ts'
import type { Site } from '../core/site.ts'
import { hintOf, isSecret, newId, newSecret, newSitekey, secretHasher } from '../keys.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import {
  changeState,
  columnsOf,
  freshRevision,
  listSites,
  lockAccount,
  lockSite,
  raiseRevision,
  readSites,
  removeSite,
  secretId,
  selectSites,
  siteOf,
} from './site-rows.ts'
import type { SqlTools } from './sql.ts'
import { Outdated, type SiteSettings, type Sites } from './store.ts'

const DAY_MS = 86_400_000

/** What is recalled of a secret: with its site, so that both are of one moment. */
interface SecretFound {
  sitekey: string
  revision: number
  site: Site
  hash: string
  expiresAt: number | null
  lastUsedDay: number | null
}

/** The sites in a SQL database. */
export function sqlSites(db: Kysely<Schema>, tools: SqlTools): Sites {
  const { random, now, recall, announce } = tools
  const hashers = tools.rootKeys.map(secretHasher)
  const hash = hashers[0]!

  const sites: Sites = {
    async add({ hosts, owner, ...given }, by = 'service') {
      const settings = readSettings(given)
      const sitekey = newSitekey(random)
      const secret = newSecret(random)
      await db.transaction().execute(async (tx) => {
        if (owner !== undefined) await assertActive(tx, owner)
        await insertSite(tx, { sitekey, revision: 1, hosts, settings }, by)
        await insertSecret(tx, sitekey, secret)
        if (owner === undefined) return
        const member = { sitekey, account_id: owner, role: 'owner', created_at: now() }
        await tx.insertInto('site_members').values(member).execute()
        const detail = { account: owner, role: 'owner' }
        await record(tx, now(), { by, act: 'member.add', subject: sitekey, detail })
      })
      return { sitekey, secret }
    },

    async keep({ sitekey, secret, hosts, ...given }, by = 'service') {
      const settings = readSettings(given)
      // A site that was removed may come back by the same name, and every node remembers what revision it had.
      const revision = freshRevision(now())
      const made = await db.transaction().execute(async (tx) => {
        // Of several nodes that begin at once, one makes it, and the others wait here until it has.
        const site = { sitekey, revision, hosts, settings }
        const inserted = !(await lockSite(tx, sitekey)) && (await insertSite(tx, site, by))
        await insertSecret(tx, sitekey, secret)
        return inserted
      })
      if (made) await announce(sitekey, revision)
      else await sites.set(sitekey, { ...settings, hosts }, by)
    },

    async list(page) {
      if (!page) return listSites(db, now(), (all) => all)
      const keys = db
        .selectFrom('sites')
        .select('sitekey')
        .where('sitekey', '>', page.after)
        .orderBy('sitekey')
        .limit(page.limit)
      return listSites(db, now(), (all) =>
        all.where('sites.sitekey', 'in', keys).orderBy('sites.sitekey'),
      )
    },

    async row(sitekey) {
      const rows = await listSites(db, now(), (all) => all.where('sites.sitekey', '=', sitekey))
      return rows[0] ?? null
    },

    // A challenge by itself is worth nothing: what was known of the site before the store went away is good enough.
    byKey: (sitekey) => recall.get(`site ${sitekey}`, () => read(sitekey), true),

    async bySecret(secret) {
      if (!isSecret(secret)) return null
      const hashes = hashers.map((hasher) => hasher(secret))
      const found = await recall.get(`secret ${hashes[0]}`, () => readSecret(hashes))
      if (!found || (found.expiresAt !== null && found.expiresAt <= now())) return null
      noteUse(found)
      return found.site
    },

    async byHost(host) {
      const rows = await db
        .selectFrom('site_hosts')
        .innerJoin('sites', 'sites.sitekey', 'site_hosts.sitekey')
        .select('site_hosts.sitekey')
        .distinct()
        .where('site_hosts.host', 'in', [host, ...wildcardsOver(host)])
        .where('sites.state', '=', 'active')
        .limit(2)
        .execute()
      return rows.length === 1 ? read(rows[0]!.sitekey) : null
    },

    async set(sitekey, changes, by = 'service', expected) {
      const done = await db.transaction().execute(async (tx) => {
        const row = await lockSite(tx, sitekey)
        if (!row) return null
        if (expected !== undefined && row.revision !== expected) throw new Outdated()
        const before = siteOf(row, await hostsIn(tx, sitekey))
        const after = { ...before, ...changes }
        if (changes.hosts) after.hosts = [...new Set(changes.hosts)].sort()
        assertPolicy(after)
        const detail = differences(before, after)
        if (!detail) return { revision: null }
        await tx.updateTable('sites').set(columnsOf(after)).where('sitekey', '=', sitekey).execute()
        if (detail.hosts) {
          await tx.deleteFrom('site_hosts').where('sitekey', '=', sitekey).execute()
          await insertHosts(tx, sitekey, after.hosts)
        }
        const revision = await raiseRevision(tx, sitekey)
        await record(tx, now(), { by, act: 'site.set', subject: sitekey, detail })
        return { revision }
      })
      if (done?.revision) await announce(sitekey, done.revision)
      return done !== null
    },

    async rotate(sitekey, overlapMs, by = 'service') {
      const secret = newSecret(random)
      const made = await db.transaction().execute(async (tx) => {
        if (!(await lockSite(tx, sitekey))) return null
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
        const id = await insertSecret(tx, sitekey, secret)
        const revision = await raiseRevision(tx, sitekey)
        const detail = { id, overlapMs }
        await record(tx, now(), { by, act: 'secret.add', subject: sitekey, detail })
        return { id, revision }
      })
      if (!made) return null
      await announce(sitekey, made.revision)
      return { secret, id: made.id }
    },

    async setState(sitekey, state, by = 'service') {
      const done = await db.transaction().execute(async (tx) => {
        const row = await lockSite(tx, sitekey)
        if (!row) return null
        const change = { sitekey, state, suspendedBy: 'operator', by }
        return { revision: (await changeState(tx, now(), change)) ?? row.revision }
      })
      // Also where nothing is to be changed any more: who has changed it may not have come to telling it yet.
      if (done) await announce(sitekey, done.revision)
      return done !== null
    },

    async remove(sitekey, by = 'service') {
      const revision = await db
        .transaction()
        .execute((tx) => removeSite(tx, now(), { sitekey, by }))
      if (revision !== null) await announce(sitekey, revision)
      return revision !== null
    },
  }
  return sites

  async function read(sitekey: string): Promise<Site | null> {
    const rows = await selectSites(db).where('sites.sitekey', '=', sitekey).execute()
    return readSites(rows)[0] ?? null
  }

  async function readSecret(hashes: string[]): Promise<SecretFound | null> {
    // The index compares keyed hashes, not secrets: how long it takes tells nothing that could be searched for.
    const rows = await selectSites(db)
      .innerJoin('site_secrets', 'site_secrets.sitekey', 'sites.sitekey')
      .select(['hash', 'id', 'expires_at', 'last_used_day'])
      .where('hash', 'in', hashes)
      .execute()
    const [row] = rows
    if (!row) return null
    // A root key was replaced: this is the moment when the secret can be hashed under the new one.
    if (row.hash !== hashes[0]) {
      await db
        .updateTable('site_secrets')
        .set({ hash: hashes[0], id: secretId(row) })
        .where('hash', '=', row.hash)
        .execute()
    }
    const site = readSites(rows)[0]!
    return {
      sitekey: site.sitekey,
      revision: site.revision,
      site,
      hash: hashes[0]!,
      expiresAt: row.expires_at,
      lastUsedDay: row.last_used_day,
    }
  }

  /** Writes down, once a day, that the secret was used that day. Nobody waits for it, and nothing fails with it. */
  function noteUse(found: SecretFound): void {
    const today = Math.floor(now() / DAY_MS)
    if (found.lastUsedDay === today) return
    found.lastUsedDay = today
    db.updateTable('site_secrets')
      .set({ last_used_day: today })
      .where('hash', '=', found.hash)
      .execute()
      .catch(() => {})
  }

  async function hostsIn(tx: Transaction<Schema>, sitekey: string): Promise<string[]> {
    const rows = await tx
      .selectFrom('site_hosts')
      .select('host')
      .where('sitekey', '=', sitekey)
      .execute()
    return rows.map((row) => row.host).sort()
  }

  /** False if it is there already. */
  async function insertSite(
    tx: Transaction<Schema>,
    site: {
      sitekey: string
      revision: number
      hosts: readonly string[]
      settings: Omit<SiteSettings, 'hosts'>
    },
    by: string,
  ): Promise<boolean> {
    const { sitekey, revision, settings } = site
    const hosts = [...new Set(site.hosts)].sort()
    const inserted = await tx
      .insertInto('sites')
      .values({
        sitekey,
        revision,
        state: 'active',
        suspended_by: '',
        created_at: now(),
        ...columnsOf(settings),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('sitekey')
      .executeTakeFirst()
    if (!inserted) return false
    await insertHosts(tx, sitekey, hosts)
    const detail = { ...settings, hosts }
    await record(tx, now(), { by, act: 'site.add', subject: sitekey, detail })
    return true
  }

  async function insertHosts(tx: Transaction<Schema>, sitekey: string, hosts: readonly string[]) {
    if (hosts.length === 0) return
    await tx
      .insertInto('site_hosts')
      .values(hosts.map((host) => ({ sitekey, host })))
      .execute()
  }

  async function insertSecret(
    tx: Transaction<Schema>,
    sitekey: string,
    secret: string,
  ): Promise<string> {
    const id = newId(random, 'sec')
    await tx
      .insertInto('site_secrets')
      .values({
        hash: hash(secret),
        id,
        sitekey,
        hint: hintOf(secret),
        created_at: now(),
        expires_at: null,
        last_used_day: null,
      })
      // Only a site that is kept has a secret that may be there already: it is good again.
      .onConflict((conflict) => conflict.column('hash').doUpdateSet({ expires_at: null }))
      .execute()
    return id
  }
}

function readSettings(given: Partial<SiteSettings> & Pick<SiteSettings, 'mode'>) {
  const settings = { name: '', ...DEFAULT_POLICY, ...given }
  assertPolicy(settings)
  return settings
}

async function assertActive(tx: Transaction<Schema>, accountId: string): Promise<void> {
  const account = await lockAccount(tx, accountId)
  if (account?.state !== 'active') throw new Error('No active account has this id.')
}

/** What is different, before and after; null if nothing is. */
function differences(before: Site, after: Site): Record<string, [unknown, unknown]> | null {
  const fields = Object.keys(after) as (keyof Site)[]
  const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]))
  if (changed.length === 0) return null
  return Object.fromEntries(changed.map((field) => [field, [before[field], after[field]]]))
}

/** `*.b.c` and `*.c` for `a.b.c`. */
function wildcardsOver(host: string): string[] {
  const labels = host.split('.')
  return labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`)
}
