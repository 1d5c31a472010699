import type { Kysely } from 'kysely'

/** What people tell the operator, and what they are answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('feedback')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('terms_number', 'integer')
    .addColumn('clause', 'text', (c) => c.notNull())
    .addColumn('text_sealed', 'text', (c) => c.notNull())
    .addColumn('address_sealed', 'text')
    .addColumn('receipt_hash', 'text', (c) => c.unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .addColumn('answered_at', 'bigint')
    .addColumn('closed_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('feedback_by_time')
    .on('feedback')
    .columns(['created_at', 'id'])
    .execute()
  await db.schema
    .createTable('feedback_entries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('feedback_id', 'text', (c) =>
      c.notNull().references('feedback.id').onDelete('cascade'),
    )
    .addColumn('sort', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('text_sealed', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('feedback_entries_by_feedback')
    .on('feedback_entries')
    .columns(['feedback_id', 'at'])
    .execute()
}
