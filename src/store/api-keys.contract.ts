import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlApiKeys } from './api-keys.ts'
import { sqlAuditLog } from './audit-log.ts'
import type { Schema } from './schema.ts'
import type { ApiKeyRows } from './store.ts'

const DAY_MS = 86_400_000
const random = systemRandom()

/** What management keys promise. Each driver's test calls this with a way to open a database that has the tables. */
export function apiKeysContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`management keys in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let keys: ApiKeyRows
    let nowMs: number

    beforeEach(async () => {
      db = await open()
      nowMs = 20_000 * DAY_MS
      keys = sqlApiKeys(db, { rootKeys, random, now: () => nowMs })
      for (const id of ['acc_a', 'acc_b']) {
        const account = { id, login: id, role: 'developer', state: 'active' }
        await db
          .insertInto('accounts')
          .values({ ...account, created_at: 1, changed_at: 1 } as Schema['accounts'])
          .execute()
      }
    })

    const add = (expiresAt: number | null = null) =>
      keys.add(
        {
          accountId: 'acc_a',
          sitekey: null,
          name: 'terraform',
          scopes: ['sites:read', 'sites:write'],
          expiresAt,
        },
        'acc_a',
      )

    it('are found by what they are, and by nothing near it', async () => {
      const { key, row } = await add()
      assert.match(key, /^oca_[0-9A-Za-z]{49}$/)
      assert.equal(row.hint, key.slice(-4))
      assert.deepEqual(await keys.byKey(key), { ...row, lastUsedDay: 20_000 })
      for (const other of ['', 'oca_', `${key}a`, key.slice(0, -1), key.toLowerCase(), row.id]) {
        assert.equal(await keys.byKey(other), null)
      }
    })

    it('end when they were said to, or when they are ended', async () => {
      const { key, row } = await add(nowMs + DAY_MS)
      nowMs += DAY_MS - 1
      assert.ok(await keys.byKey(key))
      nowMs += 1
      assert.equal(await keys.byKey(key), null)
      assert.deepEqual(await keys.of('acc_a'), [])
      const other = await add()
      assert.equal(await keys.end('acc_b', other.row.id), false, "not by somebody else's hand")
      assert.equal(await keys.end('acc_a', other.row.id), true)
      assert.equal(await keys.byKey(other.key), null)
      assert.equal(await keys.end('acc_a', row.id), true)
    })

    it('are dead while their account is not active, at once [ASVS 7.4.2]', async () => {
      const { key } = await add()
      for (const [state, found] of [
        ['suspended', false],
        ['active', true],
        ['terminated', false],
      ] as const) {
        await db.updateTable('accounts').set({ state }).where('id', '=', 'acc_a').execute()
        assert.equal((await keys.byKey(key)) !== null, found, state)
      }
    })

    it('say on which day they were used last, and nothing finer', async () => {
      const { key, row } = await add()
      assert.equal(row.lastUsedDay, null)
      await keys.byKey(key)
      nowMs += 3 * DAY_MS + 5
      await keys.byKey(key)
      assert.equal((await keys.of('acc_a'))[0]!.lastUsedDay, 20_003)
    })

    it('are found under a root key that was replaced, and then kept under the new one', async () => {
      const { key, row } = await add()
      const fresh = random.bytes(32)
      const tools = { random, now: () => nowMs }
      const both = sqlApiKeys(db, { rootKeys: [fresh, ...rootKeys], ...tools })
      assert.equal((await both.byKey(key))!.id, row.id)
      const alone = sqlApiKeys(db, { rootKeys: [fresh], ...tools })
      assert.equal((await alone.byKey(key))!.id, row.id)
      assert.equal(await keys.byKey(key), null)
    })

    it('end for whoever shows one that leaked', async () => {
      const { key, row } = await add()
      const other = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
      assert.equal(await keys.endLeaked(other), false)
      assert.equal(await keys.endLeaked(key), true)
      assert.equal(await keys.endLeaked(key), false)
      assert.equal(await keys.byKey(key), null)
      const [event] = await sqlAuditLog(db).list({ limit: 1 })
      assert.partialDeepStrictEqual(event, {
        ...{ by: 'reporter', act: 'key.end', subject: 'acc_a' },
        detail: { id: row.id, leaked: true },
      })
    })

    it('are kept as hashes alone [ASVS 14.2.4]', async () => {
      const { key } = await add()
      const stored = JSON.stringify([
        await db.selectFrom('api_keys').selectAll().execute(),
        await db.selectFrom('audit_events').selectAll().execute(),
      ])
      assert.ok(!stored.includes(key.slice(4, 14)))
    })
  })
}
