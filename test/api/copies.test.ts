import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, describe, it } from 'vitest'
import { systemRandom } from '../../src/random.ts'
import { sqliteStore, sqliteTables } from '../../src/store/sqlite.ts'
import { verify } from '../support/backend.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import {
  environment,
  type Program,
  ROOT_KEY,
  removeFolder,
  run,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { until } from '../support/until.ts'
import { quickToken } from '../support/visitor.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const KEYS = ROOT_KEY.toString('base64url')
const SITES = 3_000

/** Whoever fills the table of secrets waits for a lock. */
const STOP_AT_SECRETS = `
  CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
  CREATE FUNCTION stop_at_secrets() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.site_secrets'
        AND command_tag = 'CREATE TABLE') THEN
      CREATE TRIGGER stop BEFORE INSERT ON site_secrets EXECUTE FUNCTION wait();
    END IF; END $$;
  CREATE EVENT TRIGGER stop_at_secrets ON ddl_command_end EXECUTE FUNCTION stop_at_secrets()`

const folders: string[] = []
const programs: Program[] = []
let postgres: TestPostgres | undefined
afterEach(async () => {
  for (const program of programs.splice(0)) await program.stop()
  for (const folder of folders.splice(0)) removeFolder(folder)
})
afterAll(() => postgres?.close())

function folder(): string {
  const made = temporaryFolder()
  folders.push(made)
  return made
}

async function database(): Promise<string> {
  postgres ??= await startPostgres()
  return postgres.database()
}

async function running(data: string, settings: Record<string, string> = {}): Promise<Program> {
  const program = await startProgram(data, settings)
  programs.push(program)
  return program
}

function begin(args: string[], settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['src/cli/main.ts', ...args], {
    cwd: ROOT,
    env: environment({ ONE_CAPTCHA_ROOT_KEYS: KEYS, ...settings }),
  })
}

function cli(args: string[], settings: Record<string, string>) {
  return run(process.execPath, ['src/cli/main.ts', ...args], {
    ...{ ONE_CAPTCHA_ROOT_KEYS: KEYS, ...settings },
  })
}

async function addSite(settings: Record<string, string>) {
  const { out } = await cli(['sites', 'add', '--host', 'example.test', '--json'], settings)
  return JSON.parse(out) as { sitekey: string; secret: string }
}

/** What the service says of the site's own token, of that token again, and of a wrong secret. */
async function answers(service: Program, site: { sitekey: string; secret: string }) {
  const token = await quickToken({ service: service.url }, testSeal(), site)
  const ask = async (secret: string) =>
    (await verify(service.url, { secret, response: token })).finding
  const first = await ask(site.secret)
  return [first.success, (await ask(site.secret)).reason, (await ask('x')).reason]
}

const GOOD = [true, 'token-spent', 'secret-unknown']

describe('one-captcha backup and restore', () => {
  it('bring back, in a new folder, a store whose file was destroyed', async () => {
    const [data, shelf] = [folder(), folder()]
    const site = await addSite({ ONE_CAPTCHA_DATA: data })
    const service = await running(data)
    assert.deepEqual(await answers(service, site), GOOD)
    // While the service runs.
    const told = await cli(['backup', shelf, '--json'], { ONE_CAPTCHA_DATA: data })
    assert.equal(told.code, 0, told.err)
    const { file, rows } = JSON.parse(told.out)
    assert.deepEqual([rows.sites, rows.site_secrets], [1, 1])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(shelf).length, 1)
    const later = await addSite({ ONE_CAPTCHA_DATA: data })
    await service.stop()
    writeFileSync(join(data, 'store.sqlite'), 'what was left of the disk'.repeat(1_000))
    await assert.rejects(startProgram(data))

    const fresh = join(folder(), 'new')
    const restored = await cli(['restore', file], { ONE_CAPTCHA_DATA: fresh })
    assert.equal(restored.code, 0, restored.err)
    assert.match(restored.out, /sites +1\n/)
    const again = await running(fresh)
    assert.deepEqual(await answers(again, site), GOOD)
    assert.equal(
      (await verify(again.url, { secret: later.secret, response: 'x' })).finding.reason,
      'secret-unknown',
    )
    assert.equal((await cli(['audit', 'verify'], { ONE_CAPTCHA_DATA: fresh })).code, 0)
  })

  it('go from one driver to the other, with the same file', async () => {
    const [url, other, shelf] = [await database(), await database(), folder()]
    const from = { ONE_CAPTCHA_DATA: folder(), ONE_CAPTCHA_DATABASE_URL: url }
    const site = await addSite(from)
    const file = join(shelf, 'copy')
    assert.equal((await cli(['backup', file], from)).code, 0)
    const places: Record<string, string>[] = [{}, { ONE_CAPTCHA_DATABASE_URL: other }]
    for (const place of places) {
      const data = folder()
      const told = await cli(['restore', file], { ONE_CAPTCHA_DATA: data, ...place })
      assert.equal(told.code, 0, told.err)
      assert.deepEqual(await answers(await running(data, place), site), GOOD)
    }
  })

  it('refuse, in one sentence and without a trace, what cannot be', async () => {
    const [data, shelf, empty] = [folder(), folder(), folder()]
    await addSite({ ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_ROOT_KEYS: '' })
    const file = join(shelf, 'copy')
    const own = { ONE_CAPTCHA_ROOT_KEYS: '' }
    const withKey = await cli(['backup', file, '--with-key'], { ONE_CAPTCHA_DATA: data, ...own })
    assert.equal(withKey.code, 0, withKey.err)
    assert.deepEqual(readdirSync(shelf).sort(), ['copy', 'copy.root.key'])
    assert.equal(statSync(`${file}.root.key`).mode & 0o777, 0o600)
    const bytes = readFileSync(file)
    const cut = join(shelf, 'cut')
    writeFileSync(cut, bytes.subarray(0, bytes.length - 20))
    const altered = join(shelf, 'altered')
    writeFileSync(altered, bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1))
    const none = join(shelf, 'none')
    writeFileSync(none, 'no copy at all')
    const refused: [string[], Record<string, string>, RegExp][] = [
      [['backup', file], { ONE_CAPTCHA_DATA: data, ...own }, /is there already/],
      [['backup', join(shelf, 'x')], { ONE_CAPTCHA_DATA: empty }, /There is no store in/],
      [['backup', join(shelf, 'x')], { ONE_CAPTCHA_DATA: data }, /root key is not one/],
      [['backup'], { ONE_CAPTCHA_DATA: data, ...own }, /needs one FILE or FOLDER/],
      [['backup', join(shelf, 'x'), '--with-key'], { ONE_CAPTCHA_DATA: data }, /in ONE_CAPTCHA_/],
      [['restore', file], { ONE_CAPTCHA_DATA: data, ...own }, /not empty/],
      [['restore', file], { ONE_CAPTCHA_DATA: empty }, /under another root key/],
      [['restore', file], { ONE_CAPTCHA_DATA: empty, ...own }, /There is no root key/],
      [['restore', join(shelf, 'y')], { ONE_CAPTCHA_DATA: empty }, /There is no file/],
      [['import'], { ONE_CAPTCHA_DATA: empty }, /needs --from/],
      [['import', '--from', data], { ONE_CAPTCHA_DATA: empty }, /ONE_CAPTCHA_DATABASE_URL/],
      [['migrate', 'x'], { ONE_CAPTCHA_DATA: empty }, /takes nothing/],
    ]
    for (const [args, settings, says] of refused) {
      const { code, out, err } = await cli(args, settings)
      assert.ok(code === 1 || code === 2, args.join(' '))
      assert.match(err, says)
      assert.doesNotMatch(err, /\n {4}at /)
      assert.equal(out, '')
    }
    copyFileSync(`${file}.root.key`, join(empty, 'root.key'))
    for (const broken of [cut, altered, none]) {
      const { code, err } = await cli(['restore', broken], { ONE_CAPTCHA_DATA: empty, ...own })
      assert.equal(code, 1)
      assert.match(err, /cut short|damaged|no copy/)
    }
    assert.deepEqual(readdirSync(shelf).sort(), ['altered', 'copy', 'copy.root.key', 'cut', 'none'])
    assert.equal((await cli(['restore', file], { ONE_CAPTCHA_DATA: empty, ...own })).code, 0)
  })
})

describe('one-captcha import', () => {
  it('moves thousands of rows into PostgreSQL without losing one; killed half-way, it leaves nothing', async () => {
    const data = folder()
    const sites = await many(data)
    const url = await database()
    const into = { ONE_CAPTCHA_DATA: folder(), ONE_CAPTCHA_DATABASE_URL: url }
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    // The database itself stops it in the middle: at the first secret, when sites and their hosts are in.
    await client.query(STOP_AT_SECRETS)
    await client.query('SELECT pg_advisory_lock(42)')
    const killed = begin(['import', '--from', data], into)
    const ended = once(killed, 'close')
    const stands = "datname = current_database() AND application_name = 'one-captcha'"
    const standing = async (more = '') => {
      const query = `SELECT 1 FROM pg_stat_activity WHERE ${stands} ${more}`
      return (await client.query(query)).rows.length > 0
    }
    await until(() => standing("AND wait_event_type = 'Lock'"), 'it is in the middle', 60_000)
    killed.kill('SIGKILL')
    await ended
    await client.query('SELECT pg_advisory_unlock(42)')
    await until(async () => !(await standing()), 'the server has noticed', 60_000)
    await client.query('DROP EVENT TRIGGER stop_at_secrets')
    const left = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")
    assert.deepEqual(left.rows, [])

    const told = await cli(['import', '--from', data, '--json'], into)
    assert.equal(told.code, 0, told.err)
    const { rows } = JSON.parse(told.out)
    assert.deepEqual([rows.sites, rows.site_secrets, rows.site_hosts], [SITES, SITES, 2 * SITES])
    for (const [table, count] of Object.entries(rows)) {
      if (table.startsWith('audit_')) continue
      const answer = await client.query(`SELECT count(*)::int AS count FROM ${table}`)
      assert.equal(answer.rows[0].count, count, table)
    }
    await client.end()
    assert.match((await cli(['import', '--from', data], into)).err, /not empty/)
    assert.equal((await cli(['audit', 'verify'], into)).code, 0)
    const service = await running(folder(), { ONE_CAPTCHA_DATABASE_URL: url })
    for (const site of [sites[0]!, sites.at(-1)!]) {
      assert.deepEqual(await answers(service, site), GOOD)
    }
  })

  it('is refused under another key than the one in the folder, and says what to set', async () => {
    const data = folder()
    await addSite({ ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_ROOT_KEYS: '' })
    const into = { ONE_CAPTCHA_DATA: folder(), ONE_CAPTCHA_DATABASE_URL: await database() }
    const wrong = await cli(['import', '--from', data], into)
    assert.equal(wrong.code, 2)
    assert.match(wrong.err, /Set ONE_CAPTCHA_ROOT_KEYS to what is in it/)
    const key = readFileSync(join(data, 'root.key'), 'utf8').trim()
    const right = await cli(['import', '--from', data], { ...into, ONE_CAPTCHA_ROOT_KEYS: key })
    assert.equal(right.code, 0, right.err)
  })
})

describe('several services', () => {
  it('without a Redis are one too many: the second says what to set', async () => {
    const settings = { ONE_CAPTCHA_DATABASE_URL: await database() }
    const first = await running(folder(), settings)
    await assert.rejects(startProgram(folder(), settings), /set ONE_CAPTCHA_REDIS_URL/)
    // Killed without a word, the first makes room at once.
    await first.kill()
    await running(folder(), settings)
  })

  it('begin at once on an empty database as on one that is there', async () => {
    const url = await database()
    const told = await Promise.all(
      Array.from({ length: 4 }, () =>
        cli(['migrate'], { ONE_CAPTCHA_DATA: folder(), ONE_CAPTCHA_DATABASE_URL: url }),
      ),
    )
    assert.deepEqual(
      told.map(({ code }) => code),
      [0, 0, 0, 0],
    )
    const done = told.filter(({ out }) => /brought up to date/.test(out))
    assert.equal(done.length, 1)
    assert.equal(told.filter(({ out }) => out === 'The store is up to date.\n').length, 3)
  })
})

/** A folder with thousands of sites. */
async function many(data: string): Promise<{ sitekey: string; secret: string }[]> {
  const file = join(data, 'store.sqlite')
  const store = await sqliteStore(file, { rootKeys: [ROOT_KEY], random: systemRandom() })
  const first = await store.sites.add({ hosts: ['example.test'], mode: 'checkbox', effortFloor: 1 })
  const last = await store.sites.add({ hosts: ['example.test'], mode: 'checkbox', effortFloor: 1 })
  await store.close()
  const db = sqliteTables(file)
  await db.transaction().execute(async (tx) => {
    const site = await tx
      .selectFrom('sites')
      .selectAll()
      .where('sitekey', '=', first.sitekey)
      .executeTakeFirstOrThrow()
    for (let i = 2; i < SITES; i++) {
      const sitekey = `ock_${String(i).padStart(22, '0')}`
      await tx
        .insertInto('sites')
        .values({ ...site, sitekey })
        .execute()
      await tx
        .insertInto('site_hosts')
        .values([
          { sitekey, host: 'a.test' },
          { sitekey, host: 'b.test' },
        ])
        .execute()
      const secret = { hash: sitekey, id: '', sitekey, hint: '', created_at: 1 }
      await tx
        .insertInto('site_secrets')
        .values({ ...secret, expires_at: null, last_used_day: null })
        .execute()
    }
    await tx
      .insertInto('site_hosts')
      .values([first, last].map(({ sitekey }) => ({ sitekey, host: 'more.test' })))
      .execute()
  })
  await db.destroy()
  return [first, last]
}
