import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** The command was not written as it must be. The message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads a command's options and words. Throws `UsageError` for what it does not know. */
export function readArgs<const O extends ParseArgsOptionsConfig>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
