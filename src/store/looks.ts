import { type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** What the doctor wants to know of the store. Reads alone. */
export interface Looks {
  /** The database server's clock; null where there is no server. */
  clock(): Promise<number | null>
  /** By their public names. */
  rootKeys(): Promise<{ id: string; createdAt: number }[]>
  /** How many operators can act. */
  operators(): Promise<number>
  /** Secrets that are good and were made before this moment; not of our own sites, whose keys follow from the root key. */
  secretsBefore(at: number): Promise<number>
  /** Whether a version of the Terms is in force that was announced. */
  hasTerms(at: number): Promise<boolean>
  /** Letters and the like that were to go out before one moment and still wait, or have failed for good since another. */
  deliveries(
    waitingSince: number,
    failedSince: number,
  ): Promise<{ waiting: number; failed: number }>
}

/** Looks into a SQL database. */
export function sqlLooks(db: Kysely<Schema>): Looks {
  return {
    async clock() {
      if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return null
      const { rows } = await sql<{
        at: number
      }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS at`.execute(db)
      return Number(rows[0]!.at)
    },

    async rootKeys() {
      const rows = await db.selectFrom('root_keys').selectAll().execute()
      return rows.map((row) => ({ id: row.id, createdAt: Number(row.created_at) }))
    },

    async operators() {
      const { count } = await db
        .selectFrom('accounts')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('role', '=', 'operator')
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async secretsBefore(at) {
      const { count } = await db
        .selectFrom('site_secrets')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('created_at', '<', at)
        .where('expires_at', 'is', null)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('audit_events')
                .select('audit_events.seq')
                .whereRef('audit_events.subject', '=', 'site_secrets.sitekey')
                .where('audit_events.act', '=', 'site.add')
                .where('audit_events.by', '=', 'service'),
            ),
          ),
        )
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async hasTerms(at) {
      const row = await db
        .selectFrom('terms_versions')
        .select('number')
        .where('effective_at', '<=', at)
        .where('announced_at', 'is not', null)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirst()
      return row !== undefined
    },

    async deliveries(waitingSince, failedSince) {
      const { waiting } = await db
        .selectFrom('deliveries')
        .innerJoin('notices', 'notices.id', 'deliveries.notice_id')
        .select((e) => e.fn.countAll<number>().as('waiting'))
        .where('deliveries.state', '=', 'waiting')
        .where('notices.created_at', '<', waitingSince)
        .executeTakeFirstOrThrow()
      const { failed } = await db
        .selectFrom('deliveries')
        .select((e) => e.fn.countAll<number>().as('failed'))
        .where('state', '=', 'failed')
        .where('done_at', '>=', failedSince)
        .executeTakeFirstOrThrow()
      return { waiting: Number(waiting), failed: Number(failed) }
    },
  }
}
