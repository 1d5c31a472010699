import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Config } from '../config.ts'
import { openLedger, openTables, rootKeysOf } from '../context.ts'
import { type Check, failing, ok, warning } from '../doctor/check.ts'
import { sqlAuditLog } from '../store/audit-log.ts'
import { migrationsOf } from '../store/migrate.ts'
import { migrations } from '../store/migrations/index.ts'
import { assertKnown } from '../store/root-keys.ts'
import type { Schema } from '../store/schema.ts'

/** Looks at what the store holds, and changes nothing: it neither brings the tables up to date nor admits a root key. */
export async function examineStore(config: Config): Promise<Check[]> {
  const db = openForReading(config)
  if (!db) return []
  try {
    const tables = await lookAtTables(db)
    if (tables.state === 'failing') return [tables]
    const reached = config.databaseUrl ? [ok('store', 'PostgreSQL answers')] : []
    return [...reached, tables, ...(await lookAtRows(db, config))]
  } catch (error) {
    // Never the message: it may have the address with its password. What lies below ours says more.
    const { code = (error as Error).name } = ((error as Error).cause ?? error) as { code?: string }
    const which = config.databaseUrl ? 'PostgreSQL' : 'store.sqlite'
    return [failing('store', `${which} cannot be read: ${code}`)]
  } finally {
    await db.destroy()
  }
}

/** Whether what must not happen twice can be asked, where it is a server's. */
export async function examineLedger(config: Config): Promise<Check[]> {
  if (!config.redisUrl) return []
  try {
    const ledger = await openLedger(config)
    try {
      // Only reads.
      await ledger.count('doctor', 1_000, 0)
    } finally {
      await ledger.close()
    }
    return [ok('ledger', 'Redis answers')]
  } catch {
    return [failing('ledger', 'Redis does not answer: nothing can be accepted')]
  }
}

/** Null where there is nothing yet. */
function openForReading(config: Config): Kysely<Schema> | null {
  if (config.databaseUrl) return openTables(config, true).db
  const file = join(config.data, 'store.sqlite')
  if (!existsSync(file)) return null
  // Opened at the first question, so that a file that is none is told as what it is.
  const database = async () => new Database(file, { readonly: true, timeout: 2_000 })
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
}

async function lookAtTables(db: Kysely<Schema>): Promise<Check> {
  const done = await migrationsOf(db)
  const pending = Object.keys(migrations).filter((name) => !done.includes(name))
  const ahead = done.filter((name) => !Object.hasOwn(migrations, name))
  if (pending.length > 0) {
    return failing('tables', `${pending.join(', ')} are to come: the next start brings them`)
  }
  return ahead.length > 0
    ? warning('tables', `a newer version was here (${ahead.join(', ')}); this one goes on`)
    : ok('tables', `are up to date (${done.at(-1)})`)
}

async function lookAtRows(db: Kysely<Schema>, config: Config): Promise<Check[]> {
  const checks: Check[] = []
  const ids = await db.selectFrom('root_keys').select('id').execute()
  try {
    assertKnown(
      ids.map((row) => row.id),
      rootKeysOf(config, false),
    )
    checks.push(ok('root key of the store', 'is one that the service has'))
  } catch (error) {
    checks.push(failing('root key of the store', (error as Error).message))
  }

  const log = sqlAuditLog(db)
  const fault = await log.verify()
  const { seq, hash } = await log.head()
  checks.push(
    fault
      ? failing('audit log', `event ${fault.seq} ${fault.why}: somebody has changed the log`)
      : ok('audit log', `holds; keep its head: ${seq}:${hash}`),
  )

  const operator = await db
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'operator')
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (config.console && !operator) {
    checks.push(
      warning(
        'operator',
        'there is none yet: follow the link of the first start, or run: one-captcha accounts invite --role operator',
      ),
    )
  }
  return checks
}
