import { type Kysely, sql } from 'kysely'

/** What each site asks of its visitors' machines. Sites that are there already get what was the default at the time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [column, value] of Object.entries({
    effort_floor: 8,
    effort_ceiling: 64,
    wait_ms: 4_000,
  })) {
    await db.schema
      .alterTable('sites')
      .addColumn(column, 'integer', (c) => c.notNull().defaultTo(sql.lit(value)))
      .execute()
  }
}
