import type { Kysely } from 'kysely'

/** The register of breaches, whom each concerns, what was told to everybody, and what the doctor found when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('breaches')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('noticed_at', 'bigint', (c) => c.notNull())
    .addColumn('authority_told_at', 'bigint')
    .addColumn('people_told_at', 'bigint')
    .addColumn('people_told', 'integer', (c) => c.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('breach_facts')
    .addColumn('breach_id', 'text', (c) =>
      c.notNull().references('breaches.id').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('facts_sealed', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('breach_facts_key', ['breach_id', 'revision'])
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
    .createTable('breach_statements')
    .addColumn('breach_id', 'text', (c) =>
      c.notNull().references('breaches.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('breach_statements_key', ['breach_id', 'number'])
    .execute()
  await db.schema
    .createTable('examinations')
    .addColumn('at', 'bigint', (c) => c.primaryKey())
    .addColumn('failing', 'integer', (c) => c.notNull())
    .addColumn('warnings', 'integer', (c) => c.notNull())
    .addColumn('checks', 'text', (c) => c.notNull())
    .execute()
}
