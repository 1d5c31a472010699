import { createHash } from 'node:crypto'
import { CompiledQuery, type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely'
import { keyedHasher } from '../keys.ts'
import { migrationsOf } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { assertKnown, rootKeyId } from './root-keys.ts'
import type { Schema } from './schema.ts'
import { StoreRefused } from './store.ts'

/** What a copy's first line says. */
export interface Head {
  format: 'one-captcha store'
  version: 1
  at: string
  /** What the tables had been through. */
  migrations: string[]
  /** The root key whose seal is at the end. */
  rootKey: string
}

/** What its last line says. */
export interface Foot {
  rows: Record<string, number>
  /** Of all lines before this one. */
  sha256: string
  /** The same, keyed: nobody without the root key can make a copy that is taken for ours. */
  seal: string
}

/** Rows by any table's and column's name: copies go by what the tables are, and not by what this version thinks they are. */
export type AnyTables = Record<string, Record<string, string | number | null>>

/** What others refer to comes before what refers to it. */
const FIRST = [
  'accounts',
  'sites',
  // Before the versions: to one that is announced the database lets no text come.
  'terms_texts',
  'terms_versions',
  'notices',
  'incidents',
  'breaches',
  'feedback',
]
/** Our tables; whatever else is in the database is somebody else's, such as an extension's. A test holds the list to be whole. */
const TABLES = new Set([
  ...FIRST,
  'api_keys',
  'audit_events',
  'audit_head',
  'breach_accounts',
  'breach_facts',
  'breach_statements',
  'breaches',
  'deliveries',
  'examinations',
  'feedback',
  'feedback_entries',
  'incident_updates',
  'incidents',
  'invitations',
  'mail_refusals',
  'maintenances',
  'notices',
  'passkeys',
  'readings',
  'recovery_codes',
  'root_keys',
  'sessions',
  'settings',
  'site_counts',
  'site_hosts',
  'site_members',
  'site_secrets',
  'terms_acceptances',
  'terms_texts',
  'terms_versions',
  'webhooks',
])
const FETCH_ROWS = 1_000

/**
 * Writes a copy of all tables: lines of JSON, the same for every driver. First the head; then for each table its name and
 * columns, and its rows; at last the foot. All of one moment, while others go on writing.
 *
 * @param rootKeys the newest first: it seals the copy
 */
export async function* dump(
  db: Kysely<Schema>,
  rootKeys: readonly Uint8Array[],
  nowMs: number,
): AsyncGenerator<string> {
  const rootKey = rootKeys[0]!
  const tx = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute()
  try {
    const sha256 = createHash('sha256')
    const rows: Record<string, number> = {}
    const line = (value: unknown) => {
      const text = `${JSON.stringify(value)}\n`
      sha256.update(text)
      return text
    }
    const tables = await tablesOf(tx)
    if (tables.some(({ name }) => name === 'root_keys')) {
      const ids = await tx.selectFrom('root_keys').select('id').execute()
      assertKnown(
        ids.map(({ id }) => id),
        rootKeys,
      )
    }
    const head: Head = {
      format: 'one-captcha store',
      version: 1,
      at: new Date(nowMs).toISOString(),
      migrations: await migrationsOf(tx),
      rootKey: rootKeyId(rootKey),
    }
    // It may have tables that this version does not know: a copy without them would be no copy.
    if (head.migrations.some((name) => !Object.hasOwn(migrations, name))) {
      throw new StoreRefused(
        'The store was brought up to date by a newer version. Copy it with that version.',
      )
    }
    yield line(head)
    for (const { name: table, columns } of tables) {
      yield line({ table, columns })
      rows[table] = 0
      for await (const row of rowsOf(tx, table)) {
        yield line(columns.map((column) => row[column]))
        rows[table] += 1
      }
    }
    const digest = sha256.digest('hex')
    const foot: Foot = { rows, sha256: digest, seal: sealOf(rootKey, digest) }
    yield `${JSON.stringify(foot)}\n`
  } finally {
    await tx.rollback().execute()
  }
}

/** The lines of a copy without their ends, as `load` takes them. */
export async function* linesOf(copy: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of copy) yield line.slice(0, -1)
}

/** What proves that a copy was made by somebody with this root key. */
export function sealOf(rootKey: Uint8Array, sha256: string): string {
  return keyedHasher(rootKey, 'copies of the store')(sha256)
}

/** The tables and their columns, in an order in which they can be filled. */
export async function tablesOf(db: Kysely<Schema>): Promise<{ name: string; columns: string[] }[]> {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter
  const ours = postgres ? await schemaOf(db) : undefined
  return (await db.introspection.getTables())
    .filter(({ name, isView, schema }) => TABLES.has(name) && !isView && schema === ours)
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }))
    .sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1))
}

/** The schema in which a database keeps what names none. */
async function schemaOf(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`SELECT current_schema() AS name`.execute(db)
  return rows[0]!.name
}

/** How many rows a table has. */
export async function countRows(db: Kysely<Schema>, table: string): Promise<number> {
  const { count } = await (db as unknown as Kysely<AnyTables>)
    .selectFrom(table)
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** All rows, a few at a time. */
async function* rowsOf(tx: Transaction<Schema>, table: string): AsyncGenerator<AnyTables[string]> {
  if (!(tx.getExecutor().adapter instanceof PostgresAdapter)) {
    yield* (tx as unknown as Kysely<AnyTables>).selectFrom(table).selectAll().stream()
    return
  }
  await sql`DECLARE copied NO SCROLL CURSOR FOR SELECT * FROM ${sql.table(table)}`.execute(tx)
  for (;;) {
    const fetch = CompiledQuery.raw(`FETCH ${FETCH_ROWS} FROM copied`)
    const { rows } = await tx.executeQuery<AnyTables[string]>(fetch)
    yield* rows
    if (rows.length < FETCH_ROWS) break
  }
  await sql`CLOSE copied`.execute(tx)
}
