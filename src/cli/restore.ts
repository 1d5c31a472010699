import { existsSync, mkdirSync } from 'node:fs'
import { readConfig } from '../config.ts'
import { openTables, rootKeysOf } from '../opening.ts'
import { load } from '../store/load.ts'
import { readCopy, tellRows } from './copies.ts'
import { readArgs, UsageError } from './usage.ts'

/** `one-captcha restore`: fills an empty store with a backup. All or nothing. */
export async function restore(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } })
  const [file, ...rest] = positionals
  if (!file || rest.length > 0) throw new UsageError('restore needs one FILE.')
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  const config = readConfig(process.env)
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const rootKeys = rootKeysOf(config, false)
  const tables = openTables(config)
  try {
    const order = { rootKeys, nowMs: Date.now(), act: 'store.restore' }
    const rows = await tables.change((tx) => load(tx, readCopy(file), order))
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ rows })}\n`
        : `The store is as it was:\n${tellRows(rows)}` +
            'Everybody is logged out, and invitations have to be sent anew. What was revoked since the backup is good again: look through keys and secrets.\n',
    )
    return 0
  } finally {
    await tables.close()
  }
}
