import { type Kysely, sql } from 'kysely'

/** Every change, chained; counts per site; what an operator has chosen; the root keys that this store is under. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_events')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('act', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('audit_events_subject')
    .on('audit_events')
    .columns(['subject', 'seq'])
    .execute()

  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute()
  await sql`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, ${sql.lit('0'.repeat(64))})`.execute(
    db,
  )

  await db.schema
    .createTable('site_counts')
    .addColumn('sitekey', 'text', (c) => c.notNull())
    .addColumn('span', 'text', (c) => c.notNull())
    .addColumn('starts_at', 'bigint', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('count', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('site_counts_key', ['sitekey', 'span', 'starts_at', 'name', 'label'])
    .execute()
  await db.schema
    .createIndex('site_counts_age')
    .on('site_counts')
    .columns(['span', 'starts_at'])
    .execute()

  await db.schema
    .createTable('settings')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('root_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
}
