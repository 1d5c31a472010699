import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeAll, beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlAccounts } from './accounts.ts'
import type { AnyTables } from './dump.ts'
import { makeNotify } from './notices.ts'
import { fieldsOf, PURPOSES } from './purposes.ts'
import { RULES, type Rule, type RuleName, sqlRetention } from './retention.ts'
import type { Schema } from './schema.ts'

const DAY_MS = 86_400_000
const NOW = 20_000 * DAY_MS
const PERIODS = { feedbackDays: 30 }

type Row = AnyTables[string]

/** Which rows a rule is about, where not all of its table, and one of the same age that stays. */
const OF: Partial<Record<RuleName, { some: Row; other: Row }>> = {
  'open feedback': { some: { closed_at: null }, other: { closed_at: NOW } },
  'personal notices': { some: { kind: 'account' }, other: { kind: 'terms' } },
}

/** Those that are tried here; the others are `Counts`' own. */
const SWEPT = (Object.keys(RULES) as RuleName[]).filter((rule) => !('by' in RULES[rule]))

/** That each field has a purpose, and goes when its time is over. Each driver's test calls this. */
export function retentionContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`what is kept in ${name}`, () => {
    let db: Kysely<AnyTables>
    let now: number
    let add: (table: string, row: Row & { name?: string }) => Promise<void>
    const sweep = () =>
      sqlRetention(db as unknown as Kysely<Schema>, { now: () => now }).sweep(PERIODS)
    const rows = async (table: string) => (await db.selectFrom(table).selectAll().execute()).length

    // One database for all: what a test leaves is open, or to come.
    beforeAll(async () => {
      db = (await open()) as unknown as Kysely<AnyTables>
      add = await adder(db)
    })
    beforeEach(() => {
      now = NOW
    })

    it('is said of every table and column that is there, and of none that is not', async () => {
      const said = Object.keys(PURPOSES).flatMap((table) =>
        fieldsOf(table as keyof Schema).map(({ column }) => `${table}.${column}`),
      )
      const there = (await db.introspection.getTables())
        .filter(({ name, isView }) => !isView && !OTHERS.test(name))
        .flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`))
      assert.deepEqual(said.sort(), there.sort())
    })

    it.each(SWEPT)('goes when its time is over, and not before: %s', async (rule) => {
      const { table, since, afterMs, times = 1 }: Rule = RULES[rule]
      const since0 = NOW - (afterMs ?? times * PERIODS.feedbackDays * DAY_MS)
      const { some, other } = OF[rule] ?? { some: {}, other: null }
      await add(table, { name: 'old', ...some, [since]: since0 })
      await add(table, { name: 'new', ...some, [since]: since0 + 1 })
      if (other) await add(table, { name: 'other', ...other, [since]: since0 })
      const all = await rows(table)

      now = NOW - 1
      assert.deepEqual(await sweep(), {})
      assert.equal(await rows(table), all)
      now = NOW
      assert.deepEqual(await sweep(), { [rule]: 1 })
      assert.equal(await rows(table), all - 1)
      now = NOW + 1
      assert.deepEqual(await sweep(), { [rule]: 1 })
      assert.equal(await rows(table), all - 2)
    })

    it('takes along what belongs to it', async () => {
      await db.deleteFrom('feedback').execute()
      const closed = { name: 'old', closed_at: 0 }
      await add('feedback', closed)
      await add('feedback_entries', { name: 'entry', feedback_id: 'old-id' })
      await add('breaches', closed)
      await add('breach_accounts', { name: 'concerned', breach_id: 'old-id' })
      await sweep()
      for (const table of ['feedback', 'feedback_entries', 'breaches', 'breach_accounts'])
        assert.equal(await rows(table), 0, table)
    })

    it('stays while it is not closed, and while a letter has not gone', async () => {
      await add('feedback', { name: 'open', closed_at: null, changed_at: NOW, created_at: 0 })
      await add('breaches', { name: 'open', closed_at: null, changed_at: 0, created_at: 0 })
      await add('notices', { name: 'one', kind: 'account', created_at: 0 })
      await add('deliveries', { notice_id: 'one-id', state: 'waiting', done_at: null })
      assert.deepEqual(await sweep(), {})
      await db.updateTable('deliveries').set({ state: 'failed', done_at: NOW }).execute()
      assert.deepEqual(await sweep(), { 'personal notices': 1 })
      assert.equal(await rows('deliveries'), 0)
    })

    it('goes with its account, in the moment in which it ends; of the account its number stays', async () => {
      await add('accounts', { name: 'chief', role: 'operator', state: 'active' })
      const theirs = { account_id: 'ada-id', invited_by: 'ada-id' }
      const mail = { email_sealed: null, email_hash: null }
      await add('accounts', { name: 'ada', role: 'developer', state: 'active', ...mail })
      const tables = (Object.keys(PURPOSES) as (keyof Schema)[]).filter((table) =>
        fieldsOf(table).some(({ column }) => column in theirs),
      )
      for (const table of tables) {
        const role = table === 'site_members' ? 'viewer' : 'any'
        await add(table, { name: "ada's", ...theirs, role })
      }
      const tools = { rootKeys: [Buffer.alloc(32)], random: systemRandom(), now: () => now }
      const accounts = sqlAccounts(db as unknown as Kysely<Schema>, {
        ...{ ...tools, announce: async () => {}, notify: makeNotify(tools) },
      })
      assert.equal(await accounts.terminate('ada-id'), true)

      for (const table of tables) {
        const column = fieldsOf(table).find((field) => field.column in theirs)!.column
        const left = await db.selectFrom(table).selectAll().where(column, '=', 'ada-id').execute()
        assert.equal(left.length, STAYS.includes(table) ? 1 : 0, table)
      }
      const row = (await db
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', 'ada-id')
        .executeTakeFirst())!
      for (const { column, kept } of fieldsOf('accounts'))
        assert.equal(row[column] === null, 'with' in kept, column)
    })

    it('goes in batches, once, also where several nodes sweep at the same time', async () => {
      const count = 1_203
      const many = Array.from({ length: count }, (_, at) => ({ at, failing: 0, warnings: 0 }))
      await db
        .insertInto('examinations')
        .values(many.map((row) => ({ ...row, checks: '[]' })))
        .execute()
      const gone = await Promise.all([sweep(), sweep(), sweep()])
      const sum = gone.reduce((all, { examinations = 0 }) => all + examinations, 0)
      assert.equal(sum, count)
      assert.equal(await rows('examinations'), 0)
      assert.deepEqual(await sweep(), {})
    })
  })
}

/** What is under an account's number after its end: that it agreed, and that a breach concerned it. */
const STAYS: (keyof Schema)[] = ['terms_acceptances', 'breach_accounts']

/** The journal of the migrations, and what a database has for itself. */
const OTHERS = /^(kysely_migration|sqlite_)/

/** What others refer to. */
const PARENTS: Record<string, string> = {
  account_id: 'accounts',
  sitekey: 'sites',
  notice_id: 'notices',
  breach_id: 'breaches',
}

/** Adds rows: what is not given of one is made from its name, and what it refers to is there. Moments are to come. */
async function adder(db: Kysely<AnyTables>) {
  const tables = await db.introspection.getTables()
  return async function add(table: string, { name = 'row', ...given }: Row & { name?: string }) {
    const { columns } = tables.find((one) => one.name === table)!
    const row: Row = {}
    for (const { name: column, dataType } of columns) {
      const made = /int/i.test(dataType) ? NOW + DAY_MS : `${name}-${column}`
      row[column] = given[column] === undefined ? made : given[column]
      const parent = PARENTS[column]
      if (!parent || parent === table) continue
      const key = parent === 'sites' ? 'sitekey' : 'id'
      const there = await db.selectFrom(parent).where(key, '=', row[column]).selectAll().execute()
      if (there.length === 0) await add(parent, { name: `${name}'s`, [key]: row[column]! })
    }
    // A column that an integer of four bytes is enough for.
    for (const { name: column, dataType } of columns)
      if (/^int(eger|4)$/i.test(dataType) && Number(row[column]) > 2 ** 31) row[column] = 1
    await db.insertInto(table).values(row).execute()
  }
}
