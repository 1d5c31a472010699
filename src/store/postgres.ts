import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely'
import pg from 'pg'
import { holdPlace } from './alone.ts'
import { prepare } from './migrate.ts'
import { recallFor } from './recall.ts'
import type { Schema } from './schema.ts'
import { type StoreOptions, sqlStore } from './sql.ts'
import { type Store, StoreUnavailable } from './store.ts'

const CONNECTIONS_MAX = 10
/** A request that waits longer than this for a connection is told that the store is away. */
const CONNECT_MS = 3_000
/** The server gives up a statement first, then we give up the server. */
const STATEMENT_MS = 5_000
const ANSWER_MS = 6_000
/** For how long one change waits for another. A node that is frozen in the middle of one loses it before that. */
const LOCK_MS = 4_000
const IDLE_IN_CHANGE_MS = 3_000
/** For how long a node that starts waits for another that brings the tables up to date. */
const PREPARE_MS = 120_000

/** The advisory lock under which tables are changed. */
const TABLES_LOCK = 7_366_001

const INT8 = 20

/**
 * Opens the store in a PostgreSQL database, and brings its tables up to date. Many nodes may do so at once.
 *
 * @param options.place `alone` for a service whose ledger nobody shares: no other may be there; `shared` for one of several
 */
export async function postgresStore(
  url: string,
  options: StoreOptions & { place?: 'alone' | 'shared' },
): Promise<Store> {
  const recall = recallFor()
  const place = options.place
    ? await holdPlace(url, options.place, recall.clear, options.onWarning)
    : null
  try {
    const patient = postgresTables(url)
    try {
      await patient.transaction().execute(async (tx) => {
        await lockTables(tx)
        await prepare(tx, options)
      })
    } finally {
      await patient.destroy()
    }
  } catch (error) {
    await place?.close()
    throw error
  }

  const pool = new pg.Pool({
    ...common(url),
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_IN_CHANGE_MS,
  })
  const db = tables(pool, () => place === null || place.held())
  return sqlStore(db, options, recall, async () => {
    await db.destroy()
    await place?.close()
  })
}

/** The tables without the store over them, and without limits on time: for what takes long, and is done seldom. */
export function postgresTables(url: string): Kysely<Schema> {
  return tables(new pg.Pool({ ...common(url), max: 1, connectionTimeoutMillis: CONNECT_MS }))
}

/** Takes the lock under which tables are changed, until the end of the transaction. */
export async function lockTables(tx: Kysely<Schema>): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${`${PREPARE_MS}`}, true)`.execute(tx)
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(TABLES_LOCK)})`.execute(tx)
}

function common(url: string): pg.PoolConfig {
  return {
    connectionString: url,
    keepAlive: true,
    application_name: 'one-captcha',
    // Counts and moments are far from where numbers end. For this pool alone: others in the process may think otherwise.
    types: {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
    } as pg.CustomTypesConfig,
  }
}

function tables(pool: pg.Pool, usable: () => boolean = () => true): Kysely<Schema> {
  // A connection that ends is no fault by itself: whoever uses it hears of it from the query, and the next one gets another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: guarded(pool, usable) }) })
}

/** The pool, with our words for what fails: and a connection that failed is used by nobody again. */
function guarded(pool: pg.Pool, usable: () => boolean): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      if (!usable()) {
        throw new StoreUnavailable('This service has lost its place at the database.')
      }
      const client = await pool.connect().catch((error) => {
        const { message, code = '' } = error as NodeJS.ErrnoException
        throw new StoreUnavailable(`The database cannot be reached: ${message || code}.`, {
          cause: error,
        })
      })
      let broken = false
      const query = async (text: string, values: unknown[]) => {
        try {
          return await client.query(text, values)
        } catch (error) {
          // PostgreSQL tells which values a fault was about: they are no business of a log's.
          if (error instanceof pg.DatabaseError) error.detail = undefined
          if (!isAway(error)) throw error
          broken = true
          throw new StoreUnavailable('The database does not answer.', { cause: error })
        }
      }
      return {
        query: query as never,
        release: (destroy?: boolean) => client.release(broken || destroy),
      }
    },
  }
}

/**
 * True if it is the server that fails, and not what was asked of it: it is shutting down, full, only a copy of another, or
 * slow; or the connection is gone. So it is where two changes wait for each other, and one is undone: it may be tried again.
 */
function isAway(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true
  const { code = '' } = error
  return /^(08|53|57|58)/.test(code) || ['25006', '25P03', '40001', '40P01', '55P03'].includes(code)
}
