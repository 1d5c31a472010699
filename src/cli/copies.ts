import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { LoadError } from '../store/load.ts'
import { StoreRefused } from '../store/store.ts'

/** Writes lines into a new file, compressed, for its owner's eyes: whole, and on the disk, or not at all. */
export async function writeCopy(file: string, lines: AsyncIterable<string>): Promise<void> {
  const draft = `${file}.${crypto.randomUUID()}`
  try {
    const into = createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(Readable.from(lines), createGzip(), into)
    if (existsSync(file)) throw new StoreRefused(`${file} is there already.`)
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Reads them again. Throws `LoadError` where the file is cut short or is none of ours. */
export async function* readCopy(file: string): AsyncGenerator<string> {
  const from = createReadStream(file)
  const unpacked = from.pipe(createGunzip())
  from.on('error', (error) => unpacked.destroy(error))
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of unpacked) {
      // Not `readline`: it takes characters for the end of a line that may be in a name.
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!/^Z_|^ERR_ENCODING/.test(code)) throw error
    throw new LoadError('The copy is cut short or damaged. Take another one.')
  }
  if (rest !== '') throw new LoadError('The copy is cut short. Take another one.')
}

/** Rows as a table for people. */
export function tellRows(rows: Record<string, number>): string {
  const filled = Object.entries(rows).filter(([, count]) => count > 0)
  return filled.map(([table, count]) => `  ${table.padEnd(16)} ${count}\n`).join('')
}
