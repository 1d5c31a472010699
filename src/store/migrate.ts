import { type Kysely, sql, type Transaction } from 'kysely'
import { migrations } from './migrations/index.ts'
import { admitRootKeys } from './root-keys.ts'
import type { Schema } from './schema.ts'
import type { StoreOptions } from './sql.ts'
import { StoreRefused } from './store.ts'

/** The names are those of kysely's own migrator, which older versions used. */
interface Journal {
  kysely_migration: { name: string; timestamp: string }
}

/**
 * Brings a store up to date when it is opened, and admits our root keys. Within a transaction that holds the lock for it: all
 * or nothing, and one process at a time.
 */
export async function prepare(tx: Transaction<Schema>, options: StoreOptions): Promise<void> {
  const { applied, ahead } = await migrate(tx)
  await admitRootKeys(tx, options.rootKeys, (options.now ?? Date.now)())
  if (applied.length > 0)
    options.onWarning?.(`The store is brought up to date: ${applied.join(', ')}.`)
  if (ahead.length > 0) {
    options.onWarning?.(
      `The store was brought up to date by a newer version (${ahead.join(', ')}). This version goes on with it.`,
    )
  }
}

/**
 * Runs the migrations that are missing. Tells also those that this version does not know: a newer one was here, and as
 * migrations only add, this one can go on.
 *
 * @param upTo the last migration to run; all, where none is given
 */
export async function migrate(
  tx: Kysely<Schema>,
  upTo?: string,
): Promise<{ applied: string[]; ahead: string[] }> {
  const db = tx as unknown as Kysely<Journal>
  await db.schema
    .createTable('kysely_migration')
    .ifNotExists()
    .addColumn('name', 'varchar(255)', (c) => c.notNull().primaryKey())
    .addColumn('timestamp', 'varchar(255)', (c) => c.notNull())
    .execute()
  const done = await migrationsOf(tx)
  const ahead = done.filter((name) => !Object.hasOwn(migrations, name))
  const applied: string[] = []
  for (const [name, { up }] of Object.entries(migrations)) {
    if (upTo !== undefined && name > upTo) break
    if (done.includes(name)) continue
    if (ahead.length > 0) {
      throw new StoreRefused(
        `The store has ${ahead.join(', ')} but not ${name}: it is of another branch.`,
      )
    }
    await up(db)
    await db
      .insertInto('kysely_migration')
      .values({ name, timestamp: new Date().toISOString() })
      .execute()
    applied.push(name)
  }
  return { applied, ahead }
}

/** The migrations that the tables have been through, in order; throws where there are no tables. */
export async function migrationsOf(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)
  return rows.map((row) => row.name).sort()
}
