import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { type Check, failing, ok, warning } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { codeOf } from '../doctor/settings.ts'
import { openLedger, openTables, rootKeysOf } from '../opening.ts'
import { sqlAuditLog } from '../store/audit-log.ts'
import { sqlLooks } from '../store/looks.ts'
import { migrationsOf } from '../store/migrate.ts'
import { migrations } from '../store/migrations/index.ts'
import type { Schema } from '../store/schema.ts'
import { readArgs } from './usage.ts'

/** `one-captcha doctor`: looks at the settings, the files and the store, changes nothing, and says what to do. 1 if something fails. */
export async function doctor(args: string[]): Promise<number> {
  const { values } = readArgs(args, { json: { type: 'boolean' } })
  const checks = await lookAtAll()
  const failing = checks.some((check) => check.state === 'failing')
  if (values.json) process.stdout.write(`${JSON.stringify({ ok: !failing, checks })}\n`)
  else
    for (const { state, name, message } of checks)
      process.stdout.write(`${state.padEnd(8)} ${name}: ${message}\n`)
  return failing ? 1 : 0
}

async function lookAtAll(): Promise<Check[]> {
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n').map((message) => failing('settings', message))
  }
  const whole = ['store.sqlite', 'ledger.sqlite'].flatMap((name) =>
    integrity(join(config.data, name), name),
  )
  const db = openForReading(config)
  try {
    const tables = db ? await lookAtTables(db, config) : []
    const readable = db !== null && tables.every(({ state }) => state !== 'failing')
    return await examine({
      ...{ config, now: Date.now, ownUrl: null, more: [...whole, ...tables] },
      stored: readable
        ? {
            ...{ config, now: Date.now, looks: sqlLooks(db), audit: sqlAuditLog(db) },
            rootKeys: () => rootKeysOf(config, false),
          }
        : null,
      ledgerClock: config.redisUrl ? () => clockOf(config) : undefined,
    })
  } finally {
    await db?.destroy()
  }
}

function integrity(file: string, name: string): Check[] {
  if (!existsSync(file)) return []
  try {
    const db = new Database(file, { readonly: true, timeout: 2_000 })
    try {
      const answer = db.pragma('quick_check', { simple: true })
      return [
        answer === 'ok'
          ? ok(name, 'is whole')
          : failing(name, 'is damaged: stop the service and restore a backup'),
      ]
    } finally {
      db.close()
    }
  } catch (error) {
    return [failing(name, `cannot be opened: ${codeOf(error)}`)]
  }
}

/** Null where there is nothing yet. It changes nothing: neither are the tables brought up to date nor a root key admitted. */
function openForReading(config: Config): Kysely<Schema> | null {
  if (config.databaseUrl) return openTables(config, true).db
  const file = join(config.data, 'store.sqlite')
  if (!existsSync(file)) return null
  // Opened at the first question, so that a file that is none is told as what it is.
  const database = async () => new Database(file, { readonly: true, timeout: 2_000 })
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
}

async function lookAtTables(db: Kysely<Schema>, config: Config): Promise<Check[]> {
  const which = config.databaseUrl ? 'PostgreSQL' : 'store.sqlite'
  try {
    const done = await migrationsOf(db)
    const pending = Object.keys(migrations).filter((name) => !done.includes(name))
    const ahead = done.filter((name) => !Object.hasOwn(migrations, name))
    const reached = config.databaseUrl ? [ok('store', 'PostgreSQL answers')] : []
    if (pending.length > 0)
      return [
        ...reached,
        failing('tables', `${pending.join(', ')} are to come: the next start brings them`),
      ]
    return [
      ...reached,
      ahead.length > 0
        ? warning('tables', `a newer version was here (${ahead.join(', ')}); this one goes on`)
        : ok('tables', `are up to date (${done.at(-1)})`),
    ]
  } catch (error) {
    // Never the message: it may have the address with its password.
    return [failing('store', `${which} cannot be read: ${codeOf(error)}`)]
  }
}

/** Asks the ledger that is a server's. Only reads. */
async function clockOf(config: Config): Promise<number> {
  const ledger = await openLedger(config)
  try {
    return await ledger.clock!()
  } finally {
    await ledger.close()
  }
}
