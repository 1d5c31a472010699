import type { Kysely } from 'kysely'

/** The register of breaches, whom each concerns, and what the doctor found when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('breaches')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('noticed_at', 'bigint', (c) => c.notNull())
    .addColumn('facts_sealed', 'text', (c) => c.notNull())
    .addColumn('authority_told_at', 'bigint')
    .addColumn('people_told_at', 'bigint')
    .addColumn('public_text', 'text', (c) => c.notNull())
    .addColumn('published_at', 'bigint')
    .addColumn('closed_at', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('breach_accounts')
    .addColumn('breach_id', 'text', (c) =>
      c.notNull().references('breaches.id').onDelete('cascade'),
    )
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addPrimaryKeyConstraint('breach_accounts_key', ['breach_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('examinations')
    .addColumn('at', 'bigint', (c) => c.primaryKey())
    .addColumn('failing', 'integer', (c) => c.notNull())
    .addColumn('warnings', 'integer', (c) => c.notNull())
    .addColumn('checks', 'text', (c) => c.notNull())
    .execute()
}
