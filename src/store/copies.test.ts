import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { afterAll, describe, it } from 'vitest'
import {
  type Place,
  type Places,
  postgresPlaces,
  STORE_KEY,
  sqlitePlaces,
} from '../../test/support/stores.ts'
import { type AnyTables, dump, linesOf, tablesOf } from './dump.ts'
import { load } from './load.ts'
import { migrate } from './migrate.ts'
import { lockTables } from './postgres.ts'
import { rootKeyId } from './root-keys.ts'
import type { Schema } from './schema.ts'
import { StoreRefused } from './store.ts'

const kinds: Record<string, Places> = { SQLite: sqlitePlaces(), PostgreSQL: postgresPlaces() }
afterAll(() => Promise.all(Object.values(kinds).map((places) => places.close())))

const LATER = 1_900_000_000_000
/** Characters that end a line elsewhere, that some encodings cannot hold, and that JSON and SQL treat in their own ways. */
const NAME = 'Ä "shop"\n\u2028\u{1F98A}\\ \'; DROP TABLE sites; --'

/** A store in use: something in every table. */
async function filled(places: Places): Promise<Place & { sitekey: string; secret: string }> {
  const place = await places.fresh()
  const store = await place.open()
  const db = place.tables()
  await fillOnce(db)
  const { sitekey, secret } = await store.sites.add({
    ...{ hosts: ['a.test', '*.b.test'], mode: 'puzzle', name: NAME, owner: 'acc_1' },
  })
  await store.sites.rotate(sitekey, 60_000)
  await store.settings.set({ sitesMax: 5 })
  await db
    .insertInto('site_counts')
    .values(
      Array.from({ length: 500 }, (_, i) => ({
        ...{ sitekey, span: 'hour', starts_at: 1_800_000_000_000 + i, name: 'passed' },
        ...{ label: '', count: i / 3 },
      })),
    )
    .execute()
  return { ...place, sitekey, secret }
}

async function fillOnce(db: Kysely<Schema>): Promise<void> {
  const any = db as unknown as Kysely<AnyTables>
  const values: Record<string, string | number> = {
    ...{ account_id: 'acc_1', state: 'active', breach_id: 'breaches_1', notice_id: 'notices_1' },
    ...{ incident_id: 'incidents_1', feedback_id: 'feedback_1' },
  }
  for (const { name } of await tablesOf(db)) {
    if (/^(audit_|root_keys|sites$|site_|settings)/.test(name)) continue
    const { columns } = (await db.introspection.getTables()).find((one) => one.name === name)!
    const row = columns.map(({ name: column, dataType }) => {
      const number = /int|double|real|numeric/i.test(dataType)
      if (column === 'sitekey') return [column, null]
      if (column === 'id' && !number) return [column, name === 'accounts' ? 'acc_1' : `${name}_1`]
      return [column, values[column] ?? (number ? 1_700_000_000_001 % 2 ** 31 : `${column} of it`)]
    })
    await any.insertInto(name).values(Object.fromEntries(row)).execute()
  }
}

const copyOf = async (place: Place): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of linesOf(dump(place.tables(true), [STORE_KEY], LATER))) lines.push(line)
  return lines
}

async function* each(lines: string[]) {
  yield* lines
}

const loadInto = (
  place: Place,
  lines: AsyncIterable<string>,
  { rootKeys = [STORE_KEY], act = 'store.import' } = {},
) =>
  place
    .tables()
    .transaction()
    .execute(async (tx) => {
      if (place.address.startsWith('postgres')) await lockTables(tx)
      return load(tx, lines, { rootKeys, nowMs: LATER, act })
    })

/** All that is in a place, in one order; without what a load writes down itself. */
async function contents(place: Place): Promise<Record<string, string[]>> {
  const db = place.tables() as unknown as Kysely<AnyTables>
  const all: Record<string, string[]> = {}
  for (const { name } of await tablesOf(db as never)) {
    const rows = await db.selectFrom(name).selectAll().execute()
    all[name] = rows
      .filter((row) => row.act !== 'store.import')
      .map((row) => {
        const { revision: _, ...rest } = row
        return JSON.stringify(Object.entries(rest).sort())
      })
      .sort()
  }
  delete all.audit_head
  return all
}

for (const [from, sources] of Object.entries(kinds)) {
  for (const [to, targets] of Object.entries(kinds)) {
    describe(`a copy from ${from} to ${to}`, () => {
      it('has every row, and the same answers', async () => {
        const source = await filled(sources)
        const target = await targets.fresh()
        const told = await loadInto(target, each(await copyOf(source)))
        const before = await contents(source)
        assert.deepEqual(await contents(target), before)
        for (const [table, rows] of Object.entries(before)) {
          assert.ok(rows.length > 0, `${table} is empty: the test shows nothing of it`)
          assert.equal(told[table], rows.length, table)
        }
        const store = await target.open()
        const site = (await store.sites.bySecret(source.secret))!
        assert.deepEqual([site.sitekey, site.name], [source.sitekey, NAME])
        assert.equal(await store.audit.verify(), null)
        assert.equal((await store.settings.read()).sitesMax, 5)
      })
    })
  }
}

for (const [name, places] of Object.entries(kinds)) {
  describe(`a copy into ${name}`, () => {
    it('is refused whole if anything of it is missing, altered or doubled, and leaves nothing', async () => {
      const lines = await copyOf(await filled(places))
      const at = (what: string) => lines.findIndex((line) => line.includes(what))
      const without = (i: number) => lines.toSpliced(i, 1)
      const wrong: [string, string[]][] = [
        ['nothing', []],
        ['the head alone', lines.slice(0, 1)],
        ['all but the foot', lines.slice(0, -1)],
        ['half', lines.slice(0, lines.length / 2)],
        ['no head', lines.slice(1)],
        ['a row less', without(at('"a.test"'))],
        ['a row twice', lines.toSpliced(at('["hour"') + 1, 0, lines[at('["hour"')]!)],
        ['another host', lines.map((line) => line.replace('"*.b.test"', '"*.evil.test"'))],
        ['another table', lines.map((line) => line.replace('{"table":"settings"', '{"table":"x"'))],
        ['more after it', [...lines, '[1]']],
        ['no JSON', lines.with(5, 'x')],
        ['null', lines.with(5, 'null')],
        ['a short row', lines.with(at('["ock_'), '["ock_x"]')],
      ]
      const target = await places.fresh()
      for (const [what, some] of wrong) {
        const says = /damaged|cut short|no copy/
        await assert.rejects(loadInto(target, each(some)), says, what)
        assert.deepEqual(await tablesOf(target.tables()), [], what)
      }
      await loadInto(target, each(lines))
    })

    it('is refused from whoever does not have the root key, however well it adds up', async () => {
      const lines = await copyOf(await filled(places))
      const target = await places.fresh()
      const stranger = Buffer.alloc(32, 9)
      const rootKeys = [stranger]
      await assert.rejects(loadInto(target, each(lines), { rootKeys }), /under another root key/)
      const foot = JSON.parse(lines.at(-1)!)
      const forged = lines.with(-1, JSON.stringify({ ...foot, seal: '0'.repeat(64) }))
      await assert.rejects(loadInto(target, each(forged)), /without the root key/)
      const own = lines.with(0, lines[0]!.replace(rootKeyId(STORE_KEY), rootKeyId(stranger)))
      await assert.rejects(loadInto(target, each(own), { rootKeys }), StoreRefused)
      await loadInto(target, each(lines), { rootKeys: [stranger, STORE_KEY] })
    })

    it('is refused where something is already, but not where tables alone are', async () => {
      const source = await filled(places)
      const lines = await copyOf(source)
      await assert.rejects(loadInto(source, each(lines)), /not empty/)
      const target = await places.fresh()
      await target.open()
      await loadInto(target, each(lines))
    })

    it('made by an older version is brought up to date; one of a newer version is refused', async () => {
      const old = await places.fresh()
      await migrate(old.tables(), '0002-policies')
      const row = { sitekey: 'ock_old', mode: 'invisible', created_at: 1 }
      const db = old.tables() as unknown as Kysely<AnyTables>
      await db.insertInto('sites').values(row).execute()
      const lines = await copyOf(old)
      const target = await places.fresh()
      await loadInto(target, each(lines))
      assert.equal((await (await target.open()).sites.byKey('ock_old'))!.mode, 'invisible')
      const newer = lines.with(0, lines[0]!.replace('0002-policies', '9999-newer'))
      await assert.rejects(loadInto(await places.fresh(), each(newer)), /by a newer version/)
      const migrated = await places.fresh()
      await migrated.open()
      await assert.rejects(loadInto(migrated, each(lines)), /newer than the copy/)
    })

    it('has every table that the migrations make, and nothing of what else is in the database', async () => {
      const place = await filled(places)
      const db = place.tables()
      const made = (await db.introspection.getTables())
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('kysely_'))
      const copied = async () => (await tablesOf(db)).map(({ name }) => name)
      assert.deepEqual((await copied()).sort(), made.sort())
      await db.schema.createTable('somebody_elses').addColumn('note', 'text').execute()
      await db.schema.createView('passing_by').as(db.selectFrom('sites').selectAll()).execute()
      const elses = db as unknown as Kysely<AnyTables>
      await elses.insertInto('somebody_elses').values({ note: 'theirs' }).execute()
      assert.deepEqual((await copied()).sort(), made.sort())
      const lines = await copyOf(place)
      assert.ok(!lines.join().includes('theirs'))
      const target = await places.fresh()
      await target.tables().schema.createTable('theirs').addColumn('note', 'text').execute()
      await loadInto(target, each(lines))
    })

    it('is not made by a version that may not know all tables', async () => {
      const place = await filled(places)
      const db = place.tables() as unknown as Kysely<AnyTables>
      const row = { name: '9999-newer', timestamp: '2100-01-01T00:00:00.000Z' }
      await db.insertInto('kysely_migration').values(row).execute()
      await assert.rejects(copyOf(place), /by a newer version/)
    })

    it('of which the audit log was rewritten is refused', async () => {
      const source = await filled(places)
      const db = source.tables()
      await db
        .updateTable('audit_head')
        .set({ hash: 'f'.repeat(64) })
        .execute()
      const target = await places.fresh()
      await assert.rejects(loadInto(target, each(await copyOf(source))), /audit log .* not hold/)
    })

    it('brings back no session and no invitation when it is a backup, and no revision that nodes have seen', async () => {
      const source = await filled(places)
      const lines = await copyOf(source)
      const target = await places.fresh()
      await loadInto(target, each(lines), { act: 'store.restore' })
      const store = await target.open()
      const all = await contents(target)
      assert.deepEqual([all.sessions, all.invitations], [[], []])
      const before = (await (await source.open()).sites.byKey(source.sitekey))!.revision
      assert.ok((await store.sites.byKey(source.sitekey))!.revision > before + 1_000_000)
      assert.equal((await store.audit.list({ limit: 1 }))[0]!.act, 'store.restore')
    })

    it('is of one moment, while others go on writing', async () => {
      const source = await filled(places)
      const store = await source.open()
      const lines: string[] = []
      for await (const line of linesOf(dump(source.tables(true), [STORE_KEY], LATER))) {
        // After its first line, whose reading began the moment.
        if (lines.push(line) === 2) await store.sites.set(source.sitekey, { name: 'after' })
      }
      const target = await places.fresh()
      await loadInto(target, each(lines))
      assert.equal((await (await target.open()).sites.byKey(source.sitekey))!.name, NAME)
      assert.equal((await store.sites.byKey(source.sitekey))!.name, 'after')
    })
  })
}
