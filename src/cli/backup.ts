import { constants, copyFileSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { openTables, rootKeysOf } from '../opening.ts'
import { dump } from '../store/dump.ts'
import { StoreRefused } from '../store/store.ts'
import { readCopy, tellRows, writeCopy } from './copies.ts'
import { readArgs, UsageError } from './usage.ts'

/** `one-captcha backup`: copies the store into one file, of one moment, while the service runs. */
export async function backup(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    'with-key': { type: 'boolean' },
    json: { type: 'boolean' },
  })
  const [target, ...rest] = positionals
  if (!target || rest.length > 0) throw new UsageError('backup needs one FILE or FOLDER.')
  const config = readConfig(process.env)
  const withKey = values['with-key'] ?? false
  if (withKey && config.rootKeys) {
    throw new UsageError(
      '--with-key copies root.key of the data folder. Your keys are in ONE_CAPTCHA_ROOT_KEYS: keep them where you keep passwords.',
    )
  }
  const file = nameOf(target)
  if (existsSync(file)) throw new StoreRefused(`${file} is there already.`)
  const tables = openTables(config, true)
  try {
    await writeCopy(file, dump(tables.db, rootKeysOf(config, false), Date.now()))
  } finally {
    await tables.close()
  }
  const rows = await rowsIn(file)
  const key = withKey ? `${file}.root.key` : null
  if (key) copyFileSync(join(config.data, 'root.key'), key, constants.COPYFILE_EXCL)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ file, key, rows })}\n`
      : `The store is copied into ${file}:\n${tellRows(rows)}${
          key
            ? `Its root key is in ${key}. Whoever has both has everything: keep them apart.\n`
            : 'Without the root key it is of no use: keep that too, in another place.\n'
        }`,
  )
  return 0
}

/** A file, or one of a new name in a folder. */
function nameOf(target: string): string {
  if (!statSync(target, { throwIfNoEntry: false })?.isDirectory()) return target
  const moment = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  return join(target, `one-captcha-${moment}Z.jsonl.gz`)
}

/** Reads the whole file again: what cannot be read is no backup. */
async function rowsIn(file: string): Promise<Record<string, number>> {
  let last = ''
  for await (const line of readCopy(file)) last = line
  return JSON.parse(last).rows
}
