import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterAll, describe, it } from 'vitest'
import { DEFAULT_POLICY, PolicyError } from '../core/policy.ts'
import type { Mode } from '../core/site.ts'
import { systemRandom } from '../random.ts'
import { migrations } from './migrations/index.ts'
import type { Schema } from './schema.ts'
import { sqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'one-captcha-store-'))
const open: Store[] = []
let files = 0
let now = 1_000_000
afterAll(async () => {
  await Promise.all(open.map((store) => store.close()))
  rmSync(folder, { recursive: true })
})

const KEY = Buffer.alloc(32, 1)
const freshFile = () => join(folder, `${files++}.sqlite`)

async function openStore(file = freshFile(), rootKeys = [KEY]): Promise<Store> {
  const store = await sqliteStore(file, { rootKeys, random: systemRandom(), now: () => now })
  open.push(store)
  return store
}

const add = (store: Store, hosts: string[], mode: Mode = 'checkbox') =>
  store.sites.add({ hosts, mode })

describe('the sites in the store', () => {
  it('are found by key and by secret, and by nothing that is merely like them', async () => {
    const store = await openStore()
    const { sitekey, secret } = await add(store, ['b.test', 'a.test', 'a.test'], 'invisible')
    const site = {
      sitekey,
      hosts: ['a.test', 'b.test'],
      mode: 'invisible',
      ...DEFAULT_POLICY,
    }
    assert.deepEqual(await store.sites.byKey(sitekey), site)
    assert.deepEqual(await store.sites.bySecret(secret), site)
    for (const other of [
      '',
      sitekey.toLowerCase(),
      `${sitekey} `,
      `${sitekey}' OR '1'='1`,
      secret,
    ]) {
      assert.equal(await store.sites.byKey(other), null)
    }
    const swapped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
    for (const other of ['', sitekey, swapped, secret.toUpperCase(), ` ${secret}`, "' OR 1=1 --"]) {
      assert.equal(await store.sites.bySecret(other), null)
    }
  })

  it('are found by host name where exactly one lists it, itself or by a wildcard', async () => {
    const store = await openStore()
    const a = await add(store, ['a.test', 'shared.test'])
    const wild = await add(store, ['*.b.test', 'shared.test'])
    const deep = await add(store, ['*.c.b.test'])
    const by = async (host: string) => (await store.sites.byHost(host))?.sitekey
    assert.equal(await by('a.test'), a.sitekey)
    assert.equal(await by('x.b.test'), wild.sitekey)
    assert.equal(await by('x.y.b.test'), wild.sitekey)
    assert.equal(await by('c.b.test'), wild.sitekey)
    for (const host of [
      'shared.test',
      'x.c.b.test',
      'b.test',
      'www.a.test',
      'test',
      '',
      '*.b.test.',
    ]) {
      assert.equal(await by(host), undefined, host)
    }
    // Twice in one site is once.
    await store.sites.set(deep.sitekey, { hosts: ['*.d.test', 'x.d.test'] })
    assert.equal(await by('x.d.test'), deep.sitekey)
  })

  it('take new host names in place of the old', async () => {
    const store = await openStore()
    const { sitekey } = await add(store, ['a.test'])
    assert.equal(await store.sites.set(sitekey, { hosts: ['b.test'] }), true)
    assert.deepEqual((await store.sites.byKey(sitekey))!.hosts, ['b.test'])
    assert.equal(await store.sites.byHost('a.test'), null)
    assert.equal(await store.sites.set('ock_none', { hosts: ['b.test'] }), false)
  })

  it('have the policy that they were given, the default one where none was', async () => {
    const store = await openStore()
    const given = { effortFloor: 2, waitMs: 10_000 }
    const { sitekey } = await store.sites.add({ hosts: ['a.test'], mode: 'puzzle', ...given })
    const expected = { effortFloor: 2, effortCeiling: 64, waitMs: 10_000 }
    assert.deepEqual(await store.sites.byKey(sitekey), {
      sitekey,
      hosts: ['a.test'],
      mode: 'puzzle',
      ...expected,
    })
    assert.partialDeepStrictEqual((await store.sites.list())[0]!, expected)
    assert.partialDeepStrictEqual((await store.sites.byHost('a.test'))!, expected)
  })

  it('are changed in what is given alone, for other processes at once', async () => {
    const file = freshFile()
    const [here, there] = [await openStore(file), await openStore(file)]
    const { sitekey } = await add(here, ['a.test'])
    const before = (await there.sites.byKey(sitekey))!
    assert.equal(await here.sites.set(sitekey, { effortCeiling: 128 }), true)
    assert.deepEqual(await there.sites.byKey(sitekey), { ...before, effortCeiling: 128 })
    assert.equal(await here.sites.set(sitekey, { mode: 'puzzle', effortFloor: 128 }), true)
    const after = { ...before, mode: 'puzzle', effortFloor: 128, effortCeiling: 128 }
    assert.deepEqual(await there.sites.byKey(sitekey), after)
    assert.equal(await here.sites.set(sitekey, {}), true)
    assert.deepEqual(await there.sites.byKey(sitekey), after)
  })

  it('never have a policy that is none: nothing is added, and nothing half-changed', async () => {
    const store = await openStore()
    await assert.rejects(
      store.sites.add({ hosts: ['a.test'], mode: 'puzzle', effortFloor: 65 }),
      PolicyError,
    )
    assert.deepEqual(await store.sites.list(), [])
    const { sitekey } = await add(store, ['a.test'])
    const before = await store.sites.byKey(sitekey)
    for (const wrong of [{ effortFloor: 65 }, { effortCeiling: 7 }, { waitMs: 999 }]) {
      const changes = { hosts: ['b.test'], mode: 'puzzle' as const, ...wrong }
      await assert.rejects(store.sites.set(sitekey, changes), PolicyError)
      assert.deepEqual(await store.sites.byKey(sitekey), before)
    }
  })

  it('that were registered before there were policies get the default one', async () => {
    const file = freshFile()
    const old = new Database(file)
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: old }) })
    const { '0001-sites': first } = migrations
    const provider = { getMigrations: async () => ({ '0001-sites': first! }) }
    assert.equal((await new Migrator({ db, provider }).migrateToLatest()).error, undefined)
    old.exec("INSERT INTO sites (sitekey, mode, created_at) VALUES ('ock_old', 'invisible', 1)")
    await db.destroy()
    const store = await openStore(file)
    assert.deepEqual(await store.sites.byKey('ock_old'), {
      sitekey: 'ock_old',
      hosts: [],
      mode: 'invisible',
      ...DEFAULT_POLICY,
    })
  })

  it('have two good secrets while a rotation overlaps, and never a shortened one that lives longer again', async () => {
    const store = await openStore()
    const { sitekey, secret: first } = await add(store, ['a.test'])
    const good = async (secret: string) => (await store.sites.bySecret(secret)) !== null
    const second = (await store.sites.rotate(sitekey, 100))!.secret
    assert.deepEqual([await good(first), await good(second)], [true, true])
    assert.equal((await store.sites.list())[0]!.secrets, 2)
    // A second rotation with a longer overlap does not give the first secret more time.
    const third = (await store.sites.rotate(sitekey, 1_000))!.secret
    now += 100
    assert.deepEqual(
      [await good(first), await good(second), await good(third)],
      [false, true, true],
    )
    now += 900
    assert.deepEqual([await good(second), await good(third)], [false, true])
    assert.equal((await store.sites.list())[0]!.secrets, 1)
    const fourth = (await store.sites.rotate(sitekey, 0))!.secret
    assert.deepEqual([await good(third), await good(fourth)], [false, true])
    assert.equal(await store.sites.rotate('ock_none', 0), null)
  })

  it('keep their secrets when the root key is replaced, and move them to the new one when they are used', async () => {
    const file = freshFile()
    const fresh = Buffer.alloc(32, 2)
    const before = await openStore(file)
    const used = await add(before, ['a.test'])
    const unused = await add(before, ['b.test'])
    const between = await openStore(file, [fresh, KEY])
    assert.equal((await between.sites.bySecret(used.secret))!.sitekey, used.sitekey)
    assert.equal((await between.sites.bySecret(used.secret))!.sitekey, used.sitekey)
    const later = await openStore(file, [fresh])
    assert.equal((await later.sites.bySecret(used.secret))!.sitekey, used.sitekey)
    assert.equal(await later.sites.bySecret(unused.secret), null)
  })

  it('are gone with their hosts and secrets when removed, for other processes too', async () => {
    const file = freshFile()
    const [here, there] = [await openStore(file), await openStore(file)]
    const { sitekey, secret } = await add(here, ['a.test'])
    assert.ok(await there.sites.bySecret(secret))
    assert.ok(await there.sites.byKey(sitekey))
    assert.equal(await here.sites.remove(sitekey), true)
    assert.equal(await here.sites.remove(sitekey), false)
    assert.equal(await there.sites.bySecret(secret), null)
    assert.equal(await there.sites.byKey(sitekey), null)
    const db = new Database(file, { readonly: true })
    for (const table of ['sites', 'site_hosts', 'site_secrets']) {
      assert.equal(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), 0, table)
    }
    db.close()
  })

  // Processes side by side are tried in test/crash/together.test.ts.
  it('change side by side', async () => {
    const store = await openStore()
    const { sitekey } = await add(store, ['a.test'])
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => [
        store.sites.rotate(sitekey, 1_000),
        store.sites.set(sitekey, { hosts: [`h${i}.test`] }),
        add(store, [`n${i}.test`]),
      ]).flat(),
    )
    assert.equal((await store.sites.list()).length, 21)
    assert.equal((await store.sites.byKey(sitekey))!.hosts.length, 1)
  })

  it('never have their secrets written down, not even in part', async () => {
    const file = freshFile()
    const store = await openStore(file)
    const { sitekey, secret } = await add(store, ['a.test'])
    const next = (await store.sites.rotate(sitekey, 1_000))!.secret
    await store.sites.bySecret(next)
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name))
      for (const one of [secret, next]) {
        assert.equal(bytes.includes(one.slice(9, 21)), false, name)
        assert.equal(bytes.includes(one.slice(-12)), false, name)
      }
    }
    assert.ok(readFileSync(`${file}-wal`).includes(sitekey))
  })
})
