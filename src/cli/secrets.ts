import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hintOf, type SecretSort, secretsIn, sortOf } from '../keys.ts'
import { readArgs, UsageError } from './usage.ts'

const PASSED_OVER = new Set(['node_modules', '.git'])
const BYTES_MAX = 10_000_000

const WORDS: Record<SecretSort, string> = {
  secret: "a site's secret",
  apiKey: 'a management key',
  invitation: 'an invitation',
  receipt: 'a receipt for feedback',
}

/** `one-captcha secrets scan PATH …`: looks for our secrets in files, and never shows one whole. 1 if there are any. */
export async function secrets(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } })
  const [act, ...paths] = positionals
  if (act !== 'scan' || paths.length === 0) throw new UsageError('secrets needs: scan PATH …')
  const findings = paths.flatMap((path) => [...filesIn(path)].flatMap(scan))
  const lines = findings.map(
    ({ file, line, sort, hint }) => `${file}:${line}: ${WORDS[sort]} …${hint}`,
  )
  if (values.json) process.stdout.write(`${JSON.stringify(findings)}\n`)
  else process.stdout.write(`${lines.join('\n') || 'None of our secrets is there.'}\n`)
  return findings.length > 0 ? 1 : 0
}

function scan(file: string) {
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((text, i) =>
      [...secretsIn(text)].map((secret) => ({
        file,
        line: i + 1,
        sort: sortOf(secret)!,
        hint: hintOf(secret),
      })),
    )
}

function* filesIn(path: string): Generator<string> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new UsageError(`There is nothing at ${path}.`)
  if (stat.isFile() && stat.size <= BYTES_MAX) yield path
  if (!stat.isDirectory()) return
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    // A link may lead round in a circle, or out of what was asked for.
    if (entry.isSymbolicLink() || PASSED_OVER.has(entry.name)) continue
    yield* filesIn(join(path, entry.name))
  }
}
