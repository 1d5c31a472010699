import type { Kysely } from 'kysely'

/** Versions of the Terms, and who accepted which. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('terms_versions')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('summary', 'text', (c) => c.notNull())
    .addColumn('acceptance', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .addColumn('announced_at', 'bigint')
    .addColumn('effective_at', 'bigint')
    .addColumn('withdrawn_at', 'bigint')
    .execute()
  await db.schema
    .createTable('terms_texts')
    .addColumn('number', 'integer', (c) =>
      c.notNull().references('terms_versions.number').onDelete('cascade'),
    )
    .addColumn('lang', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('terms_texts_key', ['number', 'lang'])
    .execute()
  await db.schema
    .createTable('terms_acceptances')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('number', 'integer', (c) => c.notNull().references('terms_versions.number'))
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('terms_acceptances_key', ['account_id', 'number'])
    .execute()
}
