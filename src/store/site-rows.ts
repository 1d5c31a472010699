import { createHash } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { OnFailure, Policy, Theme } from '../core/policy.ts'
import type { Mode, Site, SiteState } from '../core/site.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { Author, SiteRow, SiteSettings } from './store.ts'

type SiteColumns = Selectable<Schema['sites']>

/** A site, as a row and the host names beside it tell. */
export function siteOf(row: SiteColumns, hosts: readonly string[]): Site {
  return {
    sitekey: row.sitekey,
    name: row.name,
    hosts,
    mode: row.mode as Mode,
    state: row.state as SiteState,
    revision: row.revision,
    ...policyOf(row),
  }
}

/** The site's own, of a row. */
function policyOf(row: SiteColumns): Policy {
  return {
    effortFloor: row.effort_floor,
    effortCeiling: row.effort_ceiling,
    waitMs: row.wait_ms,
    tokenLifeMs: row.token_life_ms,
    kinds: row.kinds === '' ? [] : row.kinds.split(','),
    theme: row.theme as Theme,
    onFailure: row.on_failure as OnFailure,
    noscriptPerHour: row.noscript_per_hour,
  }
}

/** The columns that hold what a site's owners decide. */
export function columnsOf({ name, mode, ...policy }: Omit<SiteSettings, 'hosts'>) {
  return {
    name,
    mode,
    effort_floor: policy.effortFloor,
    effort_ceiling: policy.effortCeiling,
    wait_ms: policy.waitMs,
    token_life_ms: policy.tokenLifeMs,
    kinds: policy.kinds.join(','),
    theme: policy.theme,
    on_failure: policy.onFailure,
    noscript_per_hour: policy.noscriptPerHour,
  }
}

/** Takes the site's row for this transaction: others that change the site wait. Null if there is none. */
export async function lockSite(
  tx: Transaction<Schema>,
  sitekey: string,
): Promise<SiteColumns | null> {
  // An update locks on SQLite as on PostgreSQL, and gives back what is committed when it gets its turn.
  const row = await tx
    .updateTable('sites')
    .set((e) => ({ revision: e.ref('revision') }))
    .where('sitekey', '=', sitekey)
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/** Takes an account's row for this transaction. Always before a site's, so that no two wait for each other. */
export async function lockAccount(tx: Transaction<Schema>, id: string) {
  const row = await tx
    .updateTable('accounts')
    .set((e) => ({ changed_at: e.ref('changed_at') }))
    .where('id', '=', id)
    .returning(['id', 'state'])
    .executeTakeFirst()
  return row ?? null
}

/** Adds 1 to the site's revision, and returns it: to be announced after the commit. */
export async function raiseRevision(tx: Transaction<Schema>, sitekey: string): Promise<number> {
  const row = await tx
    .updateTable('sites')
    .set((e) => ({ revision: e('revision', '+', 1) }))
    .where('sitekey', '=', sitekey)
    .returning('revision')
    .executeTakeFirstOrThrow()
  return row.revision
}

/**
 * A revision above any that a site of this name may have had: nothing changes more than once a second for years. For what
 * comes back after it was gone, as all nodes remember the revision that it had.
 */
export function freshRevision(nowMs: number): number {
  const SINCE_2020_S = 1_577_836_800
  return Math.max(1, Math.floor(nowMs / 1_000) - SINCE_2020_S)
}

/**
 * Suspends or reinstates a site, within a transaction that has its own reasons. Returns the revision to announce after the
 * commit; null if there is nothing to change.
 *
 * @param suspendedBy whose decision it is: `operator`, or the account whose own suspension is the reason
 */
export async function changeState(
  tx: Transaction<Schema>,
  at: number,
  change: { sitekey: string; state: SiteState; suspendedBy: string; by: Author },
): Promise<number | null> {
  const { sitekey, state, by } = change
  const suspendedBy = state === 'suspended' ? change.suspendedBy : ''
  const row = await lockSite(tx, sitekey)
  if (!row || (row.state === state && row.suspended_by === suspendedBy)) return null
  await tx
    .updateTable('sites')
    .set({ state, suspended_by: suspendedBy })
    .where('sitekey', '=', sitekey)
    .execute()
  const revision = await raiseRevision(tx, sitekey)
  const act = state === 'suspended' ? 'site.suspend' : 'site.reinstate'
  await record(tx, at, { by, act, subject: sitekey, detail: { revision } })
  return revision
}

/** Removes a site with its hosts, secrets and members. Returns the revision to announce after the commit; null if it is not there. */
export async function removeSite(
  tx: Transaction<Schema>,
  at: number,
  { sitekey, by }: { sitekey: string; by: Author },
): Promise<number | null> {
  const row = await tx
    .deleteFrom('sites')
    .where('sitekey', '=', sitekey)
    .returning('revision')
    .executeTakeFirst()
  if (!row) return null
  const revision = row.revision + 1
  await record(tx, at, { by, act: 'site.remove', subject: sitekey, detail: { revision } })
  return revision
}

/** A secret's public id. Those that older versions made have none of their own: theirs follows from what is kept of them. */
export function secretId({ id, hash }: { id: string; hash: string }): string {
  return id || `sec_${createHash('sha256').update(hash).digest('hex').slice(0, 16)}`
}

/** Sites with their host names, a row for each; `readSites` puts them together. */
export function selectSites(db: Kysely<Schema>) {
  return db
    .selectFrom('sites')
    .leftJoin('site_hosts', 'site_hosts.sitekey', 'sites.sitekey')
    .selectAll('sites')
    .select('site_hosts.host')
}

/** The sites that were selected, in the order of their first rows. One statement reads a site and its hosts as of one moment. */
export function readSites(rows: readonly (SiteColumns & { host: string | null })[]): Site[] {
  return [...Map.groupBy(rows, (row) => row.sitekey).values()].map((group) =>
    siteOf(group[0]!, group.flatMap(({ host }) => host ?? []).sort()),
  )
}

/** The sites as they are listed, the oldest first unless `restrict` orders them. */
export async function listSites(
  db: Kysely<Schema>,
  nowMs: number,
  restrict: (all: ReturnType<typeof selectSites>) => ReturnType<typeof selectSites>,
): Promise<SiteRow[]> {
  const rows = await restrict(selectSites(db))
    .select((e) =>
      e
        .selectFrom('site_secrets')
        .select((f) => f.fn.countAll<number>().as('count'))
        .whereRef('site_secrets.sitekey', '=', 'sites.sitekey')
        .where((f) => f.or([f('expires_at', 'is', null), f('expires_at', '>', nowMs)]))
        .as('secrets'),
    )
    .orderBy('sites.created_at')
    .orderBy('sites.sitekey')
    .execute()
  const more = new Map(rows.map((row) => [row.sitekey, row]))
  return readSites(rows).map((site) => {
    const { created_at, secrets } = more.get(site.sitekey)!
    return { ...site, createdAt: created_at, secrets: secrets ?? 0 }
  })
}
