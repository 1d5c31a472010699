import { type Kysely, sql } from 'kysely'

/** How many tokens an hour a site gives out without JavaScript: none, until its owners say otherwise. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sites')
    .addColumn('noscript_per_hour', 'integer', (c) => c.notNull().defaultTo(sql.lit(0)))
    .execute()
}
