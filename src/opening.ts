import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Kysely, Transaction } from 'kysely'
import { steadyClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Ledger } from './ledger/ledger.ts'
import { redisLedger } from './ledger/redis.ts'
import { sqliteLedger } from './ledger/sqlite.ts'
import { systemRandom } from './random.ts'
import { lockTables, postgresStore, postgresTables } from './store/postgres.ts'
import type { Schema } from './store/schema.ts'
import { sqliteStore, sqliteTables } from './store/sqlite.ts'
import { type Store, StoreRefused } from './store/store.ts'

/** The store, opened; its `close` ends all that was opened for it. */
export interface OpenStore {
  store: Store
  rootKeys: Uint8Array[]
  close(): Promise<void>
}

/**
 * Opens what must last, and the keys to it: also all that the command line needs.
 *
 * @param ledger what changes are announced through; where none is given, one is opened for the first of them
 */
export async function openStore(
  config: Config,
  now?: () => number,
  { ledger, onWarning }: { ledger?: Ledger; onWarning?: (message: string) => void } = {},
): Promise<OpenStore> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  // A new key beside a store that is there would only hide that its own is lost.
  const rootKeys = rootKeysOf(config, !existsSync(join(config.data, 'store.sqlite')))
  let own: Promise<Ledger> | undefined
  const announce = async (sitekey: string, revision: number) => {
    own ??= ledger ? undefined : openLedger(config, now, onWarning)
    return (ledger ?? (await own))!.announce(sitekey, revision)
  }
  const options = { rootKeys, random: systemRandom(), now, announce, onWarning }
  // The command line may change what the one service without a shared ledger serves; another service may not be there.
  const place = !ledger ? undefined : config.redisUrl === null ? 'alone' : 'shared'
  const store = config.databaseUrl
    ? await postgresStore(config.databaseUrl, { ...options, place })
    : await sqliteStore(join(config.data, 'store.sqlite'), options)
  if (!config.databaseUrl) ownersOnly(join(config.data, 'store.sqlite'))
  return {
    store,
    rootKeys,
    async close() {
      await store.close()
      await (await own?.catch(() => undefined))?.close()
    },
  }
}

/** The tables, without the store over them. */
export interface Tables {
  db: Kysely<Schema>
  /** Runs what fills or changes all of them: one at a time, and all or nothing. */
  change<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens the tables for a copy of all that is in them.
 *
 * @param reading true if nothing will be written; then they must be there
 */
export function openTables(config: Config, reading = false): Tables {
  const file = join(config.data, 'store.sqlite')
  if (!config.databaseUrl && reading && !existsSync(file)) {
    throw new StoreRefused(`There is no store in ${config.data}.`)
  }
  const url = config.databaseUrl
  const db = url ? postgresTables(url) : sqliteTables(file, reading)
  if (!url) ownersOnly(file)
  return {
    db,
    change: (work) =>
      db.transaction().execute(async (tx) => {
        if (url) await lockTables(tx)
        return work(tx)
      }),
    close: () => db.destroy(),
  }
}

/**
 * The root keys, the newest first.
 *
 * @param makes whether one is made where there is none
 */
export function rootKeysOf(config: Config, makes = true): Uint8Array[] {
  if (config.rootKeys) return config.rootKeys
  if (!makes && !existsSync(join(config.data, 'root.key'))) {
    throw new StoreRefused(
      `There is no root key: put the root.key that belongs to the store into ${config.data}, or set ONE_CAPTCHA_ROOT_KEYS.`,
    )
  }
  return [rootKeyIn(config.data)]
}

/** Opens what must not happen twice or too often. */
export async function openLedger(
  config: Config,
  now: () => number = steadyClock(),
  onWarning?: (message: string) => void,
): Promise<Ledger> {
  if (config.redisUrl) {
    return redisLedger(config.redisUrl, { now, replicas: config.redisReplicas, onWarning })
  }
  const file = join(config.data, 'ledger.sqlite')
  const ledger = sqliteLedger(file, now)
  ownersOnly(file)
  return ledger
}

/** The root key in the data folder, made on first start. */
function rootKeyIn(data: string): Buffer {
  const file = join(data, 'root.key')
  if (!existsSync(file)) {
    // Whole or not at all, whenever the power fails; and `link` fails if it is there: two first starts make one key.
    const draft = join(data, `root.key.${crypto.randomUUID()}`)
    const key = Buffer.from(systemRandom().bytes(32)).toString('base64url')
    writeFileSync(draft, `${key}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length !== 32)
    throw new Error(`${file} does not hold a key of 32 bytes in base64. Restore it from a backup.`)
  return key
}

function ownersOnly(file: string) {
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(name, 0o600)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
