import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { openTables, rootKeysOf } from '../opening.ts'
import { dump, linesOf } from '../store/dump.ts'
import { load } from '../store/load.ts'
import { tellRows } from './copies.ts'
import { readArgs, UsageError } from './usage.ts'

/** `one-captcha import`: moves the store of a data folder into the PostgreSQL database of the settings. All or nothing. */
export async function importStore(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    from: { type: 'string' },
    json: { type: 'boolean' },
  })
  const { from } = values
  if (!from || positionals.length > 0) throw new UsageError('import needs --from FOLDER.')
  const config = readConfig(process.env)
  if (!config.databaseUrl) {
    throw new UsageError('import needs ONE_CAPTCHA_DATABASE_URL: where the store goes to.')
  }
  const rootKeys = rootKeysOf(config)
  assertSameKey(from, rootKeys)
  const old = { ...config, data: from, databaseUrl: null }
  const source = openTables(old, true)
  const guard = openTables(old)
  const target = openTables(config)
  try {
    // Whoever still runs on the folder cannot write what would be left behind.
    const rows = await guard.change(() =>
      target.change((tx) =>
        load(tx, linesOf(dump(source.db, rootKeys, Date.now())), {
          ...{ rootKeys, nowMs: Date.now(), act: 'store.import' },
        }),
      ),
    )
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ rows })}\n`
        : `Every row is in the database, and was counted there:\n${tellRows(rows)}The folder is as it was. Start no service on it any more.\n`,
    )
    return 0
  } finally {
    for (const one of [source, guard, target]) await one.close()
  }
}

function assertSameKey(folder: string, rootKeys: readonly Uint8Array[]): void {
  const file = join(folder, 'root.key')
  if (!existsSync(file)) return
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (rootKeys.some((one) => key.equals(one))) return
  throw new UsageError(
    `The store is under the key in ${file}. Set ONE_CAPTCHA_ROOT_KEYS to what is in it, for the service too.`,
  )
}
