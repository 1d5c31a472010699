import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { afterEach, beforeEach, describe, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openTables } from '../../src/opening.ts'
import { systemRandom } from '../../src/random.ts'
import { dump } from '../../src/store/dump.ts'
import { makeVault } from '../../src/vault.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import {
  type Program,
  ROOT_KEY,
  removeFolder,
  startProgram,
  temporaryFolder,
} from '../support/program.ts'
import { until } from '../support/until.ts'
import { developers, PUBLIC, promises, type Secrets, VISITOR_MARKS, visits } from './journeys.ts'
import { type Search, searchFor } from './marks.ts'

const SETTINGS = {
  ONE_CAPTCHA_LOG_LEVEL: 'trace',
  ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
  ONE_CAPTCHA_PUBLIC_URL: PUBLIC,
  ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org',
  ONE_CAPTCHA_WEBHOOKS_PRIVATE: 'on',
  ONE_CAPTCHA_CALM: '1000',
  ONE_CAPTCHA_METRICS_TOKEN: 'only-for-this-audit',
}
const EMAIL = 'marked.operator@mail.example'

let mailbox: Mailbox
beforeEach(async () => {
  mailbox = await openMailbox()
})
afterEach(() => mailbox?.close())

describe('whole journeys', () => {
  it('leave nothing of anybody in any file, table, log or metric of one node, but the address that is encrypted', async () => {
    const data = temporaryFolder()
    const program = await startProgram(data, { ...SETTINGS, ONE_CAPTCHA_SMTP_URL: mailbox.url })
    try {
      const secrets = await travel([program])
      const search = searchFor({ ...VISITOR_MARKS, ...secrets })
      assert.ok(search.forms > 1_000, `${search.forms} forms`)
      const metrics = await metricsOf(program)
      await program.stop()
      const config = { ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64') }
      assertClean(search, [
        ...filesIn(data),
        ['the tables', await tablesOf(config)],
        ['the log', Buffer.from(program.output())],
        ['the metrics', metrics],
      ])
      const db = new Database(join(data, 'store.sqlite'))
      assertEncrypted(db.prepare('SELECT id, email_sealed FROM accounts').all())

      // The same search finds what is planted.
      db.prepare('INSERT INTO settings VALUES (?, ?, 0)').run('leak', base64(EMAIL))
      db.close()
      const file = readFileSync(join(data, 'store.sqlite'))
      assert.deepEqual(search.in(file), ['an operator’s address, as base64'])
      const agent = Buffer.from(VISITOR_MARKS['a visitor’s agent'] as string)
      const log = `${program.output()}{"level":50,"msg":"${agent.toString('hex')}"}\n`
      assert.deepEqual(search.in(Buffer.from(log)), ['a visitor’s agent, as hex'])
    } finally {
      await program.kill()
      removeFolder(data)
    }
  })

  it('leave nothing of anybody in PostgreSQL, in Redis, or in the files, logs and metrics of several nodes', {
    timeout: 240_000,
  }, async () => {
    const nodes = await startNodes(2, { ...SETTINGS, ONE_CAPTCHA_SMTP_URL: mailbox.url })
    try {
      const before = new Set(filesIn(nodes.postgres.folder).map(print))
      const secrets = await travel(nodes.programs)
      const search = searchFor({ ...VISITOR_MARKS, ...secrets })
      const places: Place[] = []
      for (const [i, program] of nodes.programs.entries()) {
        places.push([`the metrics of node ${i}`, await metricsOf(program)])
        await program.stop()
        places.push([`the log of node ${i}`, Buffer.from(program.output())])
        places.push(...filesIn(program.data))
      }
      // Redis writes each command down before it answers, and PostgreSQL all it knows at a checkpoint.
      places.push(...filesIn(nodes.redis.folder))
      const config = configOf(nodes)
      await ask(config, 'CHECKPOINT')
      const files = filesIn(nodes.postgres.folder).filter((file) => !before.has(print(file)))
      assert.ok(files.length > 20, `${files.length} files of PostgreSQL have changed`)
      places.push(...files, ['the tables', await tablesOf(config)])
      assertClean(search, places)
      assertEncrypted(await ask(config, 'SELECT id, email_sealed FROM accounts'))

      // The same search finds what is planted.
      await ask(config, `INSERT INTO settings VALUES ('leak', '${base64(EMAIL)}', 0)`)
      assert.deepEqual(search.in(await tablesOf(config)), ['an operator’s address, as base64'])
      const address = VISITOR_MARKS['a visitor’s address'] as string
      nodes.redis.ask('SET', 'leak', createHash('sha256').update(address).digest('hex'))
      const leaked = filesIn(nodes.redis.folder).flatMap(([, bytes]) => search.in(bytes))
      assert.deepEqual(leaked, ['a visitor’s address, as sha256'])
    } finally {
      await nodes.close()
    }
  })
})

type Place = [name: string, bytes: Buffer]

/** All journeys, one after another. */
async function travel(programs: readonly Program[]): Promise<Secrets> {
  const link = () => programs.map(({ output }) => /http\S+(\/console\/sign-up\S+)/.exec(output()))
  await until(() => link().some((found) => found !== null), 'a link for the first operator')
  const firstPath = link().find((found) => found !== null)![1]!
  const stage = { urls: programs.map(({ url }) => url), mailbox, firstPath }
  const { secrets, site, operator, key } = await developers(stage)
  const told = await promises(stage, operator, key)
  return { ...secrets, ...told, ...(await visits(stage, site)) }
}

function assertClean(search: Search, places: Iterable<Place>) {
  const found = [...places].flatMap(([name, bytes]) =>
    search.in(bytes).map((what) => `${name}: ${what}`),
  )
  assert.deepEqual(found, [])
}

/** The address is there after all, and only who has the key can read it. */
function assertEncrypted(rows: unknown[]) {
  const vault = makeVault([ROOT_KEY], 'e-mail', systemRandom())
  const addresses = (rows as { id: string; email_sealed: string | null }[])
    .filter(({ email_sealed }) => email_sealed !== null)
    .map(({ id, email_sealed }) => vault.open(id, email_sealed!))
  assert.deepEqual(addresses, [EMAIL])
  const [{ id, email_sealed }] = rows as [{ id: string; email_sealed: string }]
  const wrong = makeVault([Buffer.alloc(32, 9)], 'e-mail', systemRandom())
  assert.throws(() => wrong.open(id, email_sealed))
}

function filesIn(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file)])
}

function print([name, bytes]: Place): string {
  return `${name} ${createHash('sha256').update(bytes).digest('hex')}`
}

/** Every row, as it is read: also what a database keeps compressed. */
async function tablesOf(settings: Record<string, string>): Promise<Buffer> {
  const tables = openTables(readConfig(settings), true)
  try {
    let text = ''
    for await (const line of dump(tables.db, [ROOT_KEY], Date.now())) text += line
    return Buffer.from(text)
  } finally {
    await tables.close()
  }
}

async function metricsOf({ url }: Program): Promise<Buffer> {
  const response = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${SETTINGS.ONE_CAPTCHA_METRICS_TOKEN}` },
  })
  assert.equal(response.status, 200)
  return Buffer.from(await response.text())
}

function configOf({ databaseUrl }: Nodes): Record<string, string> {
  return {
    ONE_CAPTCHA_DATABASE_URL: databaseUrl,
    ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
  }
}

async function ask(settings: Record<string, string>, statement: string): Promise<unknown[]> {
  const client = new pg.Client(settings.ONE_CAPTCHA_DATABASE_URL)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

function base64(text: string): string {
  return Buffer.from(`to: ${text}`).toString('base64')
}
