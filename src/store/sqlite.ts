import Database from 'better-sqlite3'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { prepare } from './migrate.ts'
import { recallWhile } from './recall.ts'
import type { Schema } from './schema.ts'
import { type StoreOptions, sqlStore } from './sql.ts'
import { type Store, StoreUnavailable } from './store.ts'

/**
 * Opens the store in a SQLite file, and brings its tables up to date. The command line may hold the same file at the
 * same time as the service: every read sees what was last committed.
 */
export async function sqliteStore(file: string, options: StoreOptions): Promise<Store> {
  const sqlite = openFile(file)
  const db = tables(guarded(sqlite, true))

  try {
    // It takes the write lock when it begins: all or nothing, and by one process at a time.
    await db.transaction().execute((tx) => prepare(tx, options))
  } catch (error) {
    await db.destroy()
    throw error
  }

  // `data_version` changes with other connections' commits, `total_changes` with our own.
  const versions = sqlite.prepare<[], { ours: number; theirs: number }>(
    'SELECT total_changes() AS ours, data_version AS theirs FROM pragma_data_version',
  )
  const version = () => {
    const { ours, theirs } = versions.get()!
    return ours + theirs * 2 ** 32
  }
  return sqlStore(db, options, recallWhile(version), () => db.destroy())
}

/**
 * The tables without the store over them.
 *
 * @param reading true if nothing will be written: then a transaction sees one moment, and lets others write
 */
export function sqliteTables(file: string, reading = false): Kysely<Schema> {
  return tables(guarded(openFile(file), !reading))
}

function openFile(file: string): Database.Database {
  const sqlite = new Database(file, { timeout: 5_000 })
  useWal(sqlite)
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  // What is deleted is overwritten: SQLite would only forget where it was, and a login or a name would stay readable.
  sqlite.pragma('secure_delete = ON')
  return sqlite
}

function tables(database: SqliteDatabase): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
}

/**
 * Has the file keep a write-ahead log. Where another process has just begun with it, SQLite refuses at once in place of
 * waiting its time-out: then this asks again, for as long.
 */
function useWal(sqlite: Database.Database): void {
  for (let tries = 1; ; tries++) {
    try {
      sqlite.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || tries === 100) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}

/**
 * The file, with our words for what fails.
 *
 * @param eager true to have transactions take the write lock when they begin. One that reads first and then finds that
 *   another process has written in between could not wait for its turn: SQLite refuses it at once
 */
function guarded(sqlite: Database.Database, eager: boolean): SqliteDatabase {
  return {
    prepare(text) {
      const statement = tell(() =>
        sqlite.prepare<unknown[]>(eager && text === 'begin' ? 'begin immediate' : text),
      )
      return {
        reader: statement.reader,
        all: (values) => tell(() => statement.all(...values)),
        run: (values) => tell(() => statement.run(...values)),
        iterate: (values) => statement.iterate(...values) as IterableIterator<unknown>,
      }
    },
    close: () => sqlite.close(),
  }
}

/** Another process holds the file for too long, or the disk fails or is full: no fault of what was asked for. */
function tell<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (!/^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(code)) throw error
    throw new StoreUnavailable(`The store's file cannot be used (${code}).`, { cause: error })
  }
}
