import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const SRC = dirname(fileURLToPath(import.meta.url))

/** The folders in which the Terms are kept: they see the store and the mailer as interfaces, and no HTTP of ours. */
const RULED =
  /^(server|cli|console|pages|widget|painting|kinds|pow|dialects)\/|^(ledger|store)\/(sqlite|postgres|memory|redis)|^(context|opening|start|main)\.ts|^(fastify|better-sqlite3|kysely|pg|ioredis|sharp)/

/** What each room must not know. `roomOf` decides which room a file is in. */
const FORBIDDEN: Record<string, RegExp> = {
  // Decided from values alone: no HTTP, no SQL, no disk, no clock, no chance.
  core: /^(server|store|ledger|cli|console|pages|mail|widget|painting)\/|^(context|opening|config|start|main|demo-site)\.ts|^(node:(?!crypto$)|fastify|kysely|better-sqlite3|sharp)/,
  dialects:
    /^(server|store|ledger|cli|console|pages|mail|widget|painting|kinds|pow)\/|^(context|opening|config|start|main)\.ts|^(node:|fastify|kysely)/,
  kinds:
    /^(server|store|ledger|cli|console|pages|mail|widget)\/|^(context|opening|config|start|main)\.ts|^(node:(?!crypto$)|fastify|kysely|sharp)/,
  ledger:
    /^(server|store|cli|console|pages|mail|widget|painting|kinds|pow|dialects)\/|^(context|opening|config|start|main)\.ts|^fastify/,
  store:
    /^(server|ledger|cli|console|pages|mail|widget|painting|kinds|pow|dialects)\/|^(context|opening|config|start|main)\.ts|^fastify/,
  painting:
    /^(server|store|ledger|cli|console|pages|mail|widget|kinds|pow|dialects|core\/(?!random|outcome))/,
  terms: RULED,
  notices: RULED,
  status: RULED,
  breaches: RULED,
  feedback: RULED,
  doctor: RULED,
  licenses: RULED,
  docs: RULED,
  privacy: RULED,
  server:
    /^(ledger|store|painting)\/(sqlite|postgres|memory|redis|pool)|^(better-sqlite3|pg|ioredis|kysely|sharp|piscina)/,
  pages:
    /^(ledger|store|painting)\/(sqlite|postgres|memory|redis|pool)|^(better-sqlite3|pg|ioredis|kysely|sharp|piscina)/,
  console:
    /^(ledger|store|painting)\/(sqlite|memory|redis|postgres|pool|sql)\b|^(better-sqlite3|kysely|pg|ioredis|sharp|piscina)/,
  browser:
    /^(server|store|ledger|cli|console\/(?!client)|pages\/(?!docs\/client)|mail|accounts|manage|painting|dialects)\/|^(seal|keys|random|context|opening|config|start|main)\.ts|^(node:|fastify|kysely|better-sqlite3|sharp|esbuild)/,
}

describe('imports', () => {
  it('point one way', () => {
    const wrong = files().flatMap((file) =>
      importsOf(file)
        .filter((target) => FORBIDDEN[roomOf(file)]?.test(target))
        .map((target) => `${file} must not import ${target}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('name the drivers where everything is built or opened alone', () => {
    const drivers =
      /^(ledger\/(sqlite|memory|redis)|store\/(sqlite|postgres)|painting\/pool|mail\/smtp)\.ts$/
    const knowing = files().filter(
      (file) =>
        !/\.(test|contract)\.tsx?$/.test(file) &&
        importsOf(file).some((target) => drivers.test(target)),
    )
    assert.deepEqual(knowing, ['context.ts', 'opening.ts'])
  })

  it('have chance from a cryptographic source alone', () => {
    const careless = files().filter((file) =>
      /\bMath\.random\b/.test(
        readFileSync(join(SRC, file), 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''),
      ),
    )
    assert.deepEqual(
      careless.filter((file) => file !== 'boundaries.test.ts'),
      [],
    )
  })
})

function files(): string[] {
  return globSync('**/*.{ts,tsx}', { cwd: SRC })
    .filter((file) => !file.endsWith('.d.ts'))
    .sort()
}

/** The room a file is in. What runs on a page is one room, wherever it lies; tests and builds are in none. */
function roomOf(file: string): string {
  if (
    /\.(test|contract)\.tsx?$/.test(file) ||
    /^widget\/(build|size|work\/document)\.ts$/.test(file)
  )
    return ''
  if (/^(widget|console\/client|pages\/docs\/client)\/|^kinds\/[^/]+\/view\.ts$/.test(file))
    return 'browser'
  return file.split('/')[0]!
}

/** What a file imports: paths as seen from `src`, and package names. Types alone do not count: they are gone when it runs. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  const statement =
    /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...text.matchAll(statement)]
    .map((match) => (match[1] ?? match[2])!)
    .map((target) =>
      target.startsWith('.') ? relative(SRC, join(SRC, dirname(file), target)) : target,
    )
}
