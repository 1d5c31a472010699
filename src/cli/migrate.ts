import { readConfig } from '../config.ts'
import { openStore } from '../opening.ts'
import { readArgs, UsageError } from './usage.ts'

/** `one-captcha migrate`: brings the store up to date ahead of a new version's start. Older nodes go on meanwhile. */
export async function migrate(args: string[]): Promise<number> {
  if (readArgs(args, {}).positionals.length > 0) throw new UsageError('migrate takes nothing.')
  let told = false
  const onWarning = (message: string) => {
    told = true
    process.stdout.write(`${message}\n`)
  }
  await (await openStore(readConfig(process.env), undefined, { onWarning })).close()
  if (!told) process.stdout.write('The store is up to date.\n')
  return 0
}
