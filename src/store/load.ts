import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import { record } from './audit.ts'
import { sqlAuditLog } from './audit-log.ts'
import { type AnyTables, countRows, type Foot, type Head, sealOf, tablesOf } from './dump.ts'
import { migrate, migrationsOf } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { admitRootKeys, assertKnown, rootKeyId } from './root-keys.ts'
import type { Schema } from './schema.ts'
import { freshRevision } from './site-rows.ts'
import { StoreRefused, StoreUnavailable } from './store.ts'

/** The copy cannot be loaded. The message says why, and what to do; nothing was changed. */
export class LoadError extends StoreRefused {
  override readonly name = 'LoadError'
}

/** What migrations and the opening of a store leave in it. */
const NEVER_EMPTY = ['audit_head', 'root_keys']
const INSERT_VALUES = 5_000

/**
 * Fills an empty store with a copy. All or nothing: it is one transaction, and before its end the copy's length, sums, seal
 * and chain of audit events must hold.
 *
 * @param tx has the lock under which tables are changed
 * @param act what the audit log says was done: `store.restore` or `store.import`
 * @returns how many rows each table got
 */
export async function load(
  tx: Transaction<Schema>,
  lines: AsyncIterable<string>,
  { rootKeys, nowMs, act }: { rootKeys: readonly Uint8Array[]; nowMs: number; act: string },
): Promise<Record<string, number>> {
  const sha256 = createHash('sha256')
  const rows: Record<string, number> = {}
  let head: Head | null = null
  let foot: Foot | null = null
  let filling: Filling | null = null
  for await (const line of lines) {
    if (foot) throw new LoadError('The copy goes on after its end: it is damaged.')
    const value = parse(line)
    if (head && !Array.isArray(value) && 'sha256' in value) {
      foot = value as unknown as Foot
      continue
    }
    sha256.update(`${line}\n`)
    if (!head) {
      head = await begin(tx, value as unknown as Head, rootKeys)
    } else if (Array.isArray(value)) {
      if (!filling) throw damaged()
      await filling.add(value)
    } else {
      await filling?.end()
      filling = await fill(tx, value as { table: string; columns: string[] }, rows)
    }
  }
  await filling?.end()
  if (!head || !foot) throw new LoadError('The copy is cut short. Take another one.')
  await check(tx, { head, foot, rows, digest: sha256.digest('hex'), rootKeys })
  await migrate(tx)
  await admitRootKeys(tx, rootKeys, nowMs)
  await makeCurrent(tx, nowMs, act)
  return rows
}

/** Reads the head, and makes the tables as they were when it was written. */
async function begin(
  tx: Transaction<Schema>,
  head: Head,
  rootKeys: readonly Uint8Array[],
): Promise<Head> {
  if (head.format !== 'one-captcha store' || !Array.isArray(head.migrations)) {
    throw new LoadError('This is no copy of a store.')
  }
  const newer = head.migrations.filter((name) => !Object.hasOwn(migrations, name))
  if (head.version !== 1 || newer.length > 0) {
    throw new LoadError('The copy was made by a newer version. Load it with that version.')
  }
  if (!rootKeys.some((key) => rootKeyId(key) === head.rootKey)) {
    throw new LoadError(
      'The copy was made under another root key, and is of no use without it. Put the root.key that belongs to it into ' +
        'the data folder, or set ONE_CAPTCHA_ROOT_KEYS.',
    )
  }
  await migrate(tx, head.migrations.at(-1) ?? '')
  if (!isDeepStrictEqual(await migrationsOf(tx), head.migrations)) {
    throw new LoadError(
      'The tables are newer than the copy. Load it into a database without tables; they are brought up to date then.',
    )
  }
  for (const { name } of await tablesOf(tx)) {
    if (!NEVER_EMPTY.includes(name) && (await countRows(tx, name)) > 0) {
      throw new LoadError('The store is not empty. Load the copy into a new folder or database.')
    }
  }
  for (const { name } of await tablesOf(tx)) {
    if (NEVER_EMPTY.includes(name)) {
      await (tx as unknown as Transaction<AnyTables>).deleteFrom(name).execute()
    }
  }
  return head
}

interface Filling {
  add(row: unknown[]): Promise<void>
  end(): Promise<void>
}

/** Fills one table, many rows at a time. */
async function fill(
  tx: Transaction<Schema>,
  { table, columns }: { table: string; columns: string[] },
  rows: Record<string, number>,
): Promise<Filling> {
  const known = (await tablesOf(tx)).find(({ name }) => name === table)
  // Names go into statements: only those that the tables have.
  if (!known || !Array.isArray(columns) || columns.some((one) => !known.columns.includes(one))) {
    throw damaged()
  }
  if (Object.hasOwn(rows, table)) throw damaged()
  rows[table] = 0
  const many = Math.floor(INSERT_VALUES / columns.length)
  let batch: AnyTables[string][] = []
  async function flush() {
    if (batch.length === 0) return
    try {
      await (tx as unknown as Transaction<AnyTables>).insertInto(table).values(batch).execute()
    } catch (error) {
      // A row that is there twice, or refers to none: what was copied held together.
      throw error instanceof StoreUnavailable ? error : damaged(error)
    }
    rows[table]! += batch.length
    batch = []
  }
  return {
    async add(row) {
      if (row.length !== columns.length) throw damaged()
      batch.push(
        Object.fromEntries(columns.map((column, i) => [column, row[i] as string | number])),
      )
      if (batch.length >= many) await flush()
    },
    end: flush,
  }
}

/** Whether what was filled in is what was copied. */
async function check(
  tx: Transaction<Schema>,
  loaded: {
    head: Head
    foot: Foot
    rows: Record<string, number>
    digest: string
    rootKeys: readonly Uint8Array[]
  },
): Promise<void> {
  const { head, foot, rows, digest } = loaded
  if (digest !== foot.sha256) throw damaged()
  const key = loaded.rootKeys.find((one) => rootKeyId(one) === head.rootKey)!
  if (sealOf(key, digest) !== foot.seal) {
    throw new LoadError('The copy was altered by somebody without the root key. Do not trust it.')
  }
  for (const [table, count] of Object.entries(foot.rows)) {
    if (rows[table] !== count || (await countRows(tx, table)) !== count) throw damaged()
  }
  if (!Object.hasOwn(rows, 'audit_events')) return
  const wrong = await sqlAuditLog(tx).verify()
  if (wrong) {
    throw new LoadError(`The audit log in the copy does not hold: event ${wrong.seq} ${wrong.why}.`)
  }
  const ids = await tx.selectFrom('root_keys').select('id').execute()
  assertKnown(
    ids.map(({ id }) => id),
    loaded.rootKeys,
  )
}

/** What was there is there again; what has happened since must not be undone by that. */
async function makeCurrent(tx: Transaction<Schema>, nowMs: number, act: string): Promise<void> {
  // Ledgers may remember higher revisions from after the copy was made, and would hold these sites for outdated.
  const least = freshRevision(nowMs)
  await tx.updateTable('sites').set({ revision: least }).where('revision', '<', least).execute()
  if (act === 'store.restore') {
    // Sessions that were ended and links that were used since would be good again.
    await tx.deleteFrom('sessions').execute()
    await tx.deleteFrom('invitations').execute()
  }
  await record(tx, nowMs, { by: 'cli', act, subject: 'store' })
}

function parse(line: string): Record<string, unknown> | unknown[] {
  try {
    const value = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw damaged()
}

function damaged(cause?: unknown): LoadError {
  return new LoadError('The copy is damaged. Take another one.', { cause })
}
