import type { Kysely } from 'kysely'

/** Sites, their host names, and the keyed hashes of their secrets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sites')
    .addColumn('sitekey', 'text', (c) => c.primaryKey())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('site_hosts')
    .addColumn('sitekey', 'text', (c) =>
      c.notNull().references('sites.sitekey').onDelete('cascade'),
    )
    .addColumn('host', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('site_hosts_key', ['sitekey', 'host'])
    .execute()
  await db.schema.createIndex('site_hosts_host').on('site_hosts').column('host').execute()

  await db.schema
    .createTable('site_secrets')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('sitekey', 'text', (c) =>
      c.notNull().references('sites.sitekey').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .execute()
  await db.schema.createIndex('site_secrets_sitekey').on('site_secrets').column('sitekey').execute()
}
