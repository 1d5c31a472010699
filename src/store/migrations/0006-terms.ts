import { type Kysely, PostgresAdapter, sql } from 'kysely'

/** Versions of the Terms, and who accepted which. The database itself refuses to change what was announced or accepted. */
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
  // It refers to no version: a copy is filled in with its texts first, as none may come to a version that is announced.
  await db.schema
    .createTable('terms_texts')
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('lang', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('terms_texts_key', ['number', 'lang'])
    .execute()
  // The founding text can be accepted too, and is no row.
  await db.schema
    .createTable('terms_acceptances')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('terms_acceptances_key', ['account_id', 'number'])
    .execute()
  await db.schema
    .createIndex('terms_acceptances_by_number')
    .on('terms_acceptances')
    .column('number')
    .execute()
  if (db.getExecutor().adapter instanceof PostgresAdapter) await guardPostgres(db)
  else await guardSqlite(db)
}

const ANNOUNCED = 'An announced version of the Terms is never changed.'
const ACCEPTED = 'An acceptance of the Terms is never changed.'

/** All that may happen to an announced version: that it is withdrawn, once, before it is in force. */
const WITHDRAWAL = `OLD.withdrawn_at IS NULL AND NEW.withdrawn_at < OLD.effective_at
  AND NEW.number = OLD.number AND NEW.summary = OLD.summary AND NEW.acceptance = OLD.acceptance
  AND NEW.created_at = OLD.created_at AND NEW.changed_at = OLD.changed_at
  AND NEW.announced_at = OLD.announced_at AND NEW.effective_at = OLD.effective_at`

const isAnnounced = (row: 'OLD' | 'NEW') =>
  `EXISTS (SELECT 1 FROM terms_versions WHERE number = ${row}.number AND announced_at IS NOT NULL)`

async function guardSqlite(db: Kysely<unknown>): Promise<void> {
  const guard = (name: string, on: string, when: string, raise: string) =>
    sql
      .raw(`CREATE TRIGGER ${name} BEFORE ${on} WHEN ${when} BEGIN SELECT RAISE(${raise}); END`)
      .execute(db)
  const refuse = (why: string) => `ABORT, '${why}'`
  await guard(
    'terms_versions_no_update',
    'UPDATE ON terms_versions',
    `OLD.announced_at IS NOT NULL AND (${WITHDRAWAL}) IS NOT TRUE`,
    refuse(ANNOUNCED),
  )
  await guard(
    'terms_versions_no_delete',
    'DELETE ON terms_versions',
    'OLD.announced_at IS NOT NULL',
    refuse(ANNOUNCED),
  )
  // `INSERT OR REPLACE` deletes without a word to the trigger above.
  await guard(
    'terms_versions_no_replace',
    'INSERT ON terms_versions',
    isAnnounced('NEW'),
    refuse(ANNOUNCED),
  )
  await guard(
    'terms_texts_no_update',
    'UPDATE ON terms_texts',
    `${isAnnounced('OLD')} OR ${isAnnounced('NEW')}`,
    refuse(ANNOUNCED),
  )
  await guard(
    'terms_texts_no_delete',
    'DELETE ON terms_texts',
    isAnnounced('OLD'),
    refuse(ANNOUNCED),
  )
  await guard(
    'terms_texts_no_insert',
    'INSERT ON terms_texts',
    isAnnounced('NEW'),
    refuse(ANNOUNCED),
  )
  await guard(
    'terms_acceptances_no_update',
    'UPDATE ON terms_acceptances',
    'TRUE',
    refuse(ACCEPTED),
  )
  await guard(
    'terms_acceptances_no_delete',
    'DELETE ON terms_acceptances',
    'TRUE',
    refuse(ACCEPTED),
  )
  await guard(
    'terms_acceptances_no_replace',
    'INSERT ON terms_acceptances',
    'EXISTS (SELECT 1 FROM terms_acceptances WHERE account_id = NEW.account_id AND number = NEW.number)',
    'IGNORE',
  )
}

async function guardPostgres(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db)
  const body = (lines: string) => `RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${lines} END $$`
  const refuse = (why: string) => `RAISE EXCEPTION '${why}';`
  await run(
    `CREATE FUNCTION terms_versions_guard() ${body(`
      IF OLD.announced_at IS NOT NULL THEN
        IF TG_OP = 'DELETE' THEN ${refuse(ANNOUNCED)} END IF;
        IF (${WITHDRAWAL}) IS NOT TRUE THEN ${refuse(ANNOUNCED)} END IF;
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;`)}`,
  )
  await run(
    `CREATE FUNCTION terms_texts_guard() ${body(`
      IF TG_OP <> 'INSERT' THEN
        IF ${isAnnounced('OLD')} THEN ${refuse(ANNOUNCED)} END IF;
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      IF ${isAnnounced('NEW')} THEN ${refuse(ANNOUNCED)} END IF;
      RETURN NEW;`)}`,
  )
  await run(`CREATE FUNCTION terms_refuse() ${body(refuse(ANNOUNCED))}`)
  await run(`CREATE FUNCTION terms_acceptances_refuse() ${body(refuse(ACCEPTED))}`)
  const trigger = (name: string, on: string, each: 'ROW' | 'STATEMENT', what: string) =>
    run(`CREATE TRIGGER ${name} BEFORE ${on} FOR EACH ${each} EXECUTE FUNCTION ${what}()`)
  await trigger(
    'terms_versions_no_change',
    'UPDATE OR DELETE ON terms_versions',
    'ROW',
    'terms_versions_guard',
  )
  await trigger(
    'terms_texts_no_change',
    'INSERT OR UPDATE OR DELETE ON terms_texts',
    'ROW',
    'terms_texts_guard',
  )
  for (const table of ['terms_versions', 'terms_texts']) {
    await trigger(`${table}_no_truncate`, `TRUNCATE ON ${table}`, 'STATEMENT', 'terms_refuse')
  }
  await trigger(
    'terms_acceptances_no_change',
    'UPDATE OR DELETE OR TRUNCATE ON terms_acceptances',
    'STATEMENT',
    'terms_acceptances_refuse',
  )
}
