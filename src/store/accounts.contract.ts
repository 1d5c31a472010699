import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { sqlAccounts } from './accounts.ts'
import { sqlAuditLog } from './audit-log.ts'
import { makeNotify } from './notices.ts'
import { sqlPasskeys } from './passkeys.ts'
import { sqlRecoveryCodes } from './recovery-codes.ts'
import type { Schema } from './schema.ts'
import { sqlSessions } from './sessions.ts'
import { type Account, type AccountRole, Taken } from './store.ts'

const HOUR_MS = 3_600_000
const random = systemRandom()

/** What accounts, and all that is kept of them, promise. Each driver's test calls this with a way to open a database. */
export function accountsContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`accounts in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let nowMs: number
    let announced: string[]

    const tools = (roots: readonly Uint8Array[] = rootKeys) => ({
      ...{ rootKeys: roots, random, now: () => nowMs },
      notify: makeNotify({ rootKeys: roots, random }),
      announce: async (sitekey: string, revision: number) => {
        announced.push(`${sitekey} ${revision}`)
      },
    })
    const accounts = (roots = rootKeys) => sqlAccounts(db, tools(roots))
    const sessions = (roots = rootKeys) => sqlSessions(db, tools(roots))
    const add = (login: string, role: AccountRole = 'developer', more = {}) =>
      accounts().add({ login, role, password: `hash of ${login}`, ...more })
    const stored = async () =>
      JSON.stringify(
        await Promise.all(
          (['accounts', 'sessions', 'recovery_codes', 'passkeys', 'audit_events'] as const).map(
            (table) => db.selectFrom(table).selectAll().execute(),
          ),
        ),
      )
    const outcomes = async (acts: Promise<unknown>[]) =>
      (await Promise.allSettled(acts)).map((one) =>
        one.status === 'fulfilled' ? one.value : one.reason?.name,
      )

    beforeEach(async () => {
      db = await open()
      nowMs = 500_000 * HOUR_MS
      announced = []
    })

    const addSite = async (sitekey: string, ...owners: Account[]) => {
      const site = { sitekey, mode: 'checkbox', created_at: 1, effort_floor: 1, effort_ceiling: 2 }
      await db
        .insertInto('sites')
        .values({ ...site, wait_ms: 1 } as Schema['sites'])
        .execute()
      for (const { id } of owners) {
        await db
          .insertInto('site_members')
          .values({ sitekey, account_id: id, role: 'owner', created_at: 1 })
          .execute()
      }
    }
    const stateOf = async (sitekey: string) => {
      const row = await db
        .selectFrom('sites')
        .select('state')
        .where('sitekey', '=', sitekey)
        .executeTakeFirst()
      return row?.state ?? 'gone'
    }

    it('are found by login, id and confirmed address', async () => {
      const ada = await add('ada')
      assert.partialDeepStrictEqual(ada, { login: 'ada', role: 'developer', state: 'active' })
      assert.partialDeepStrictEqual(ada, { hasPassword: true, hasTotp: false, email: null })
      assert.deepEqual(await accounts().byLogin('ada'), ada)
      assert.deepEqual(await accounts().byId(ada.id), ada)
      assert.equal(await accounts().byLogin('bob'), null)
      assert.equal(await accounts().passwordOf(ada.id), 'hash of ada')
      assert.equal(await accounts().passwordOf('acc_none'), null)

      await accounts().setEmail(ada.id, 'Ada@Example.org')
      const [found] = await accounts().allByEmail(' ada@example.ORG')
      assert.partialDeepStrictEqual(found, { id: ada.id, email: 'Ada@Example.org' })
      assert.equal(found!.emailConfirmedAt, nowMs)
      await accounts().setEmail(ada.id, null)
      assert.deepEqual(await accounts().allByEmail('ada@example.org'), [])
    })

    it('give a login to one, and none that looks like it, however many ask at once', async () => {
      const heard = await outcomes(Array.from({ length: 8 }, () => add('lol')))
      assert.equal(heard.filter((one) => one === 'Taken').length, 7)
      for (const login of ['lol', '1o1', 'l0l']) await assert.rejects(add(login), Taken)
      assert.ok(await add('lul'))
    })

    it('have one first operator, however many would be at once', async () => {
      const logins = ['ada', 'bob', 'cyd', 'dan']
      const heard = await outcomes(logins.map((login) => add(login, 'operator', { first: true })))
      assert.equal(heard.filter((one) => one === 'Taken').length, 3)
      assert.equal(await accounts().countOperators(), 1)
    })

    it('never lose the last operator who can act, however many leave at once', async () => {
      const ada = await add('ada', 'operator')
      const bob = await add('bob', 'operator')
      const left = await Promise.all([
        accounts().setState(ada.id, 'suspended'),
        accounts().setRole(bob.id, 'developer'),
      ])
      assert.deepEqual(left.sort(), [false, true])
      assert.equal(await accounts().countOperators(), 1)
      const last = (await accounts().list('', 10)).find(
        ({ role, state }) => role === 'operator' && state === 'active',
      )!
      assert.equal(await accounts().terminate(last.id), false)
      assert.deepEqual(await accounts().byId(last.id), last)
    })

    it('keep passwords, addresses and TOTP secrets so that a copy of the database tells nothing [ASVS 11.4.2, 14.2.4]', async () => {
      const ada = await add('ada')
      await accounts().setEmail(ada.id, 'ada@example.org')
      await accounts().setTotp(ada.id, 'JBSWY3DPEHPK3PXP', 7)
      await sessions().add('a token', session(ada))
      await sqlRecoveryCodes(db, tools()).set(ada.id, ['abcd-efgh'])
      const text = await stored()
      for (const secret of ['hash of', 'example', 'JBSWY', 'a token', 'abcd-efgh'])
        assert.ok(!text.includes(secret), secret)
      // Under another root key nothing opens; and nothing opens in another account's row.
      await assert.rejects(accounts([random.bytes(32)]).passwordOf(ada.id))
      const bob = await add('bob')
      const { password } = await db
        .selectFrom('accounts')
        .select('password')
        .where('id', '=', ada.id)
        .executeTakeFirstOrThrow()
      await db.updateTable('accounts').set({ password }).where('id', '=', bob.id).execute()
      await assert.rejects(accounts().passwordOf(bob.id))
    })

    it('move under a new root key when they are met, so that the old one can go', async () => {
      const ada = await add('ada')
      await accounts().setEmail(ada.id, 'ada@example.org')
      await accounts().setTotp(ada.id, 'JBSWY3DPEHPK3PXP', 7)
      await sessions().add('token', session(ada))
      const fresh = random.bytes(32)
      const both = accounts([fresh, ...rootKeys])
      assert.equal((await both.allByEmail('ada@example.org')).length, 1)
      assert.equal((await both.byLogin('ada'))!.email, 'ada@example.org')
      const bob = await add('bob')
      await both.list('', 10)
      assert.equal(await accounts([fresh]).passwordOf(bob.id), 'hash of bob')
      assert.ok(await sessions([fresh, ...rootKeys]).byToken('token'))
      const alone = accounts([fresh])
      assert.equal((await alone.byId(ada.id))!.email, 'ada@example.org')
      assert.equal((await alone.allByEmail('ada@example.org')).length, 1)
      assert.equal(await alone.passwordOf(ada.id), 'hash of ada')
      assert.deepEqual(await alone.totpOf(ada.id), { secret: 'JBSWY3DPEHPK3PXP', step: 7 })
      assert.ok(await sessions([fresh]).byToken('token'))
    })

    it('end all sessions with their password [ASVS 7.4.3], and change it from what it was alone', async () => {
      const ada = await add('ada')
      const bob = await add('bob')
      await sessions().add('ada 1', session(ada))
      await sessions().add('bob 1', session(bob))
      assert.equal(await accounts().setPassword(ada.id, 'new', ada.id, 'not it'), false)
      assert.ok(await sessions().byToken('ada 1'))
      const all = Array.from({ length: 4 }, (_, i) =>
        accounts().setPassword(ada.id, `new ${i}`, ada.id, 'hash of ada'),
      )
      assert.equal((await Promise.all(all)).filter(Boolean).length, 1)
      assert.equal(await sessions().byToken('ada 1'), null)
      assert.ok(await sessions().byToken('bob 1'))
      // A log-in that looked at the password before it was changed comes too late.
      assert.equal(await sessions().add('late', session(ada), 'hash of ada'), null)
      await accounts().rehash(ada.id, 'hash of ada', 'other')
      assert.match((await accounts().passwordOf(ada.id))!, /^new/)
    })

    it('leave no session of a password that is changed at the same moment', async () => {
      const ada = await add('ada')
      for (let i = 0; i < 10; i++) {
        const before = (await accounts().passwordOf(ada.id))!
        await Promise.all([
          accounts().setPassword(ada.id, `password ${i}`),
          ...Array.from({ length: 4 }, (_, j) =>
            sessions().add(`token ${i} ${j}`, session(ada), before),
          ),
        ])
        assert.deepEqual(await sessions().of(ada.id), [])
      }
    })

    it('use a step of the clock once, and none before it [ASVS 6.5.1]', async () => {
      const ada = await add('ada')
      assert.equal(await accounts().useTotpStep(ada.id, 100), false, 'without TOTP')
      await accounts().setTotp(ada.id, 'JBSWY3DPEHPK3PXP', 99)
      const same = Array.from({ length: 8 }, () => accounts().useTotpStep(ada.id, 100))
      assert.equal((await Promise.all(same)).filter(Boolean).length, 1)
      assert.equal(await accounts().useTotpStep(ada.id, 99), false)
      assert.equal(await accounts().useTotpStep(ada.id, 101), true)
    })

    it('use a recovery code once, and by its owner [ASVS 6.5.1]', async () => {
      const ada = await add('ada')
      const bob = await add('bob')
      const codes = sqlRecoveryCodes(db, tools())
      await codes.set(ada.id, ['one', 'two'])
      await codes.set(bob.id, ['one'])
      const same = Array.from({ length: 8 }, () => codes.use(ada.id, 'one'))
      assert.equal((await Promise.all(same)).filter(Boolean).length, 1)
      assert.deepEqual([await codes.left(ada.id), await codes.left(bob.id)], [1, 1])
      assert.equal(await codes.use(ada.id, 'three'), false)
      await accounts().setTotp(ada.id, null, 0)
      assert.equal(await codes.left(ada.id), 0)
    })

    it('refuse a passkey whose count goes back, and one that is in use', async () => {
      const ada = await add('ada')
      const keys = sqlPasskeys(db, tools())
      const key = { id: 'k1', name: 'phone', publicKey: 'AAAA', transports: ['internal', 'hybrid'] }
      await keys.add(ada.id, { ...key, counter: 5 })
      await assert.rejects(keys.add(ada.id, { ...key, counter: 5 }), Taken)
      assert.equal(await keys.use('k1', 5), false)
      assert.equal(await keys.use('k1', 0), false)
      const same = Array.from({ length: 8 }, () => keys.use('k1', 6))
      assert.equal((await Promise.all(same)).filter(Boolean).length, 1)
      assert.equal((await keys.byId('k1'))!.accountId, ada.id)
      assert.equal((await keys.of(ada.id))[0]!.lastUsedDay, Math.floor(nowMs / (24 * HOUR_MS)))
      await keys.add(ada.id, { ...key, id: 'k2', counter: 0 })
      assert.deepEqual([await keys.use('k2', 0), await keys.use('k2', 0)], [true, true])
      assert.equal(await keys.remove('acc_other', 'k1'), false)
      assert.equal(await keys.remove(ada.id, 'k1'), true)
    })

    it('have sessions that idle out, end, and are renewed under a new token [ASVS 7.2.4, 7.3.1, 7.3.2, 7.4.1]', async () => {
      const ada = await add('ada')
      const one = (await sessions().add('one', session(ada)))!
      await sessions().add('two', session(ada))
      nowMs += 11 * HOUR_MS
      assert.equal((await sessions().byToken('one'))!.seenAt, nowMs)
      nowMs += HOUR_MS
      assert.equal(await sessions().byToken('two'), null)
      assert.equal((await sessions().of(ada.id)).length, 1)

      assert.equal(await sessions().elevate(one.id, 'three', nowMs + 5), true)
      assert.equal(await sessions().byToken('one'), null)
      assert.partialDeepStrictEqual(await sessions().byToken('three'), {
        ...{ id: one.id, elevatedUntil: nowMs + 5 },
      })
      assert.equal(await sessions().end('acc_other', one.id), false)
      assert.equal(await sessions().end(ada.id, one.id), true)
      assert.equal(await sessions().byToken('three'), null)
      assert.equal(await sessions().elevate(one.id, 'four', nowMs), false)

      const last = (await sessions().add('five', session(ada)))!
      await sessions().add('six', session(ada))
      assert.equal(await sessions().endOthers(ada.id, last.id), 1)
      for (; nowMs < last.expiresAt; nowMs += HOUR_MS) assert.ok(await sessions().byToken('five'))
      assert.equal(await sessions().byToken('five'), null)
    })

    it('have a bounded number of sessions each', async () => {
      const ada = await add('ada')
      for (let i = 0; i < 55; i++) {
        nowMs += 1
        await sessions().add(`token ${i}`, session(ada))
      }
      assert.equal((await sessions().of(ada.id)).length, 50)
      assert.equal(await sessions().byToken('token 4'), null)
      assert.ok(await sessions().byToken('token 54'))
    })

    it('are suspended with their sessions, and the sites that nobody else answers for [ASVS 7.4.2]', async () => {
      const [ada, bob] = [await add('ada'), await add('bob')]
      await addSite('ock_own', ada)
      await addSite('ock_both', ada, bob)
      await sessions().add('token', session(ada))
      assert.equal(await accounts().setState(ada.id, 'suspended'), true)
      assert.equal(await sessions().byToken('token'), null)
      assert.equal(await sessions().add('next', session(ada)), null)
      assert.deepEqual(
        [await stateOf('ock_own'), await stateOf('ock_both')],
        ['suspended', 'active'],
      )
      assert.deepEqual(announced, ['ock_own 2'])
      await accounts().setState(bob.id, 'suspended')
      assert.equal(await stateOf('ock_both'), 'suspended')

      await accounts().setState(ada.id, 'active')
      assert.deepEqual([await stateOf('ock_own'), await stateOf('ock_both')], ['active', 'active'])
      assert.equal(await sessions().byToken('token'), null)
    })

    it('suspend a site of two owners who are suspended at once', async () => {
      const [ada, bob] = [await add('ada'), await add('bob')]
      for (let i = 0; i < 5; i++) {
        await addSite(`ock_${i}`, ada, bob)
        await Promise.all([ada, bob].map(({ id }) => accounts().setState(id, 'suspended')))
        assert.equal(await stateOf(`ock_${i}`), 'suspended')
        await accounts().setState(bob.id, 'active')
        assert.equal(await stateOf(`ock_${i}`), 'active')
        await accounts().setState(ada.id, 'active')
      }
    })

    it('leave what an operator has suspended suspended', async () => {
      const ada = await add('ada')
      await addSite('ock_own', ada)
      await db.updateTable('sites').set({ state: 'suspended', suspended_by: 'operator' }).execute()
      await accounts().setState(ada.id, 'suspended')
      await accounts().setState(ada.id, 'active')
      assert.equal(await stateOf('ock_own'), 'suspended')
    })

    it('end for good, and nothing tells whose they were [ASVS 14.2.7]', async () => {
      const [ada, bob] = [await add('ada.lovelace'), await add('bob')]
      await accounts().setEmail(ada.id, 'ada@example.org')
      await sessions().add('token', session(ada))
      await addSite('ock_own', ada)
      await addSite('ock_both', ada, bob)
      assert.equal(await accounts().terminate(ada.id, ada.id), true)
      assert.deepEqual([await stateOf('ock_own'), await stateOf('ock_both')], ['gone', 'active'])
      const [heard] = await sqlAuditLog(db).list({ subjects: ['ock_both'], limit: 1 })
      assert.partialDeepStrictEqual(heard, {
        ...{ act: 'member.remove', by: ada.id, detail: { account: ada.id, role: 'owner' } },
      })
      assert.equal(await sessions().byToken('token'), null)
      assert.ok(!(await stored()).includes('lovelace'))
      assert.partialDeepStrictEqual(await accounts().byId(ada.id), {
        ...{ state: 'terminated', login: '', email: null, hasPassword: false },
      })
      for (const again of [
        accounts().setState(ada.id, 'active'),
        accounts().terminate(ada.id),
        accounts().setPassword(ada.id, 'x'),
        accounts().setEmail(ada.id, 'ada@example.org'),
        accounts().setRole(ada.id, 'operator'),
      ]) {
        assert.equal(await again, false)
      }
      assert.ok(await add('ada.lovelace'), 'the login is free again')
    })

    it('have each change written down by id, and nothing personal', async () => {
      const ada = await add('ada.lovelace')
      await accounts().setEmail(ada.id, 'ada@example.org')
      await accounts().setPassword(ada.id, 'new')
      await accounts().setTotp(ada.id, 'JBSWY3DPEHPK3PXP', 1)
      await accounts().setRole(ada.id, 'operator', 'cli')
      const events = await sqlAuditLog(db).list({ limit: 10 })
      assert.deepEqual(
        events.map(({ act, by, subject }) => [act, by, subject]),
        [
          ['account.role', 'cli', ada.id],
          ['account.totp', ada.id, ada.id],
          ['account.password', ada.id, ada.id],
          ['account.email', ada.id, ada.id],
          ['account.add', ada.id, ada.id],
        ],
      )
      assert.ok(!/lovelace|example|JBSW/.test(JSON.stringify(events)))
      assert.equal(await sqlAuditLog(db).verify(), null)
    })

    function session({ id }: Account) {
      const expiresAt = nowMs + 14 * 24 * HOUR_MS
      return { accountId: id, way: 'password', expiresAt, elevatedUntil: 0 } as const
    }
  })
}
