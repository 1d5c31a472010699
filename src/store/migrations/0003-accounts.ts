import { type Kysely, sql } from 'kysely'

/**
 * Accounts, what they log in with, and what they may do; the standing of sites, and several secrets to tell apart. Every
 * new column has a default, so that nodes of the version before can go on writing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [column, value] of Object.entries({
    name: '',
    state: 'active',
    suspended_by: '',
    kinds: '',
    theme: 'auto',
    on_failure: 'closed',
  })) {
    await db.schema
      .alterTable('sites')
      .addColumn(column, 'text', (c) => c.notNull().defaultTo(sql.lit(value)))
      .execute()
  }
  for (const [column, value] of Object.entries({ revision: 1, token_life_ms: 600_000 })) {
    await db.schema
      .alterTable('sites')
      .addColumn(column, 'integer', (c) => c.notNull().defaultTo(sql.lit(value)))
      .execute()
  }
  for (const column of ['id', 'hint']) {
    await db.schema
      .alterTable('site_secrets')
      .addColumn(column, 'text', (c) => c.notNull().defaultTo(sql.lit('')))
      .execute()
  }
  await db.schema.alterTable('site_secrets').addColumn('last_used_day', 'integer').execute()

  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('login', 'text', (c) => c.unique())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('password', 'text')
    .addColumn('email_sealed', 'text')
    .addColumn('email_hash', 'text')
    .addColumn('email_confirmed_at', 'bigint')
    .addColumn('totp_sealed', 'text')
    .addColumn('totp_step', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .execute()
  await index(db, 'accounts', 'email_hash')

  await db.schema
    .createTable('site_members')
    .addColumn('sitekey', 'text', (c) =>
      c.notNull().references('sites.sitekey').onDelete('cascade'),
    )
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('site_members_key', ['sitekey', 'account_id'])
    .execute()
  await index(db, 'site_members', 'account_id')

  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('transports', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_day', 'integer')
    .execute()
  await index(db, 'passkeys', 'account_id')

  await db.schema
    .createTable('recovery_codes')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await index(db, 'recovery_codes', 'account_id')

  await db.schema
    .createTable('sessions')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('elevated_until', 'bigint', (c) => c.notNull())
    .execute()
  await index(db, 'sessions', 'account_id')

  await db.schema
    .createTable('invitations')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('sitekey', 'text', (c) => c.references('sites.sitekey').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('invited_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  await index(db, 'invitations', 'sitekey')

  await db.schema
    .createTable('api_keys')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('sitekey', 'text', (c) => c.references('sites.sitekey').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('hint', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_day', 'integer')
    .execute()
  await index(db, 'api_keys', 'account_id')
}

async function index(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  await db.schema.createIndex(`${table}_${column}`).on(table).column(column).execute()
}
