import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import type { NewNotice, NoticeFacts } from '../notices/notice.ts'
import { systemRandom } from '../random.ts'
import { sqlAccounts } from './accounts.ts'
import { sqlDeliveries } from './deliveries.ts'
import { sqlMailChoices } from './mail-choices.ts'
import { makeNotify } from './notices.ts'
import type { Schema } from './schema.ts'
import type { AccountRole, DeliveryRows } from './store.ts'
import { sqlWebhooks } from './webhooks.ts'

const LEASE_MS = 30_000
const DAY_MS = 86_400_000
const random = systemRandom()

const TERMS: NoticeFacts['terms'] = {
  ...{ event: 'announced', number: 2, summary: 'A marked summary.', effectiveAt: 5 },
  acceptance: 'use',
}

/** What notices and their deliveries promise. Each driver's test calls this with a way to open a database with the tables. */
export function deliveriesContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`notices and deliveries in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let nowMs: number
    let deliveries: DeliveryRows

    beforeEach(async () => {
      db = await open()
      nowMs = 20_000 * DAY_MS
      deliveries = sqlDeliveries(db, tools())
    })

    const tools = (roots: readonly Uint8Array[] = rootKeys) => ({
      ...{ rootKeys: roots, random, now: () => nowMs, announce: async () => {} },
      notify: makeNotify({ rootKeys: roots, random }),
    })
    const accounts = () => sqlAccounts(db, tools())
    const tell = (notice: Partial<NewNotice> = {}) =>
      db.transaction().execute((tx) =>
        tools().notify(tx, nowMs, {
          ...{ kind: 'terms', about: 'terms/2/announced', facts: TERMS, to: 'everybody' },
          ...notice,
        } as NewNotice),
      )
    const take = (limit = 10, holder = 'node-a') => deliveries.take('mail', holder, limit, LEASE_MS)

    async function add(login: string, role: AccountRole = 'developer') {
      const { id } = await accounts().add({ login, role, password: null })
      await accounts().setEmail(id, `${login}@example.test`)
      return id
    }
    const states = async () =>
      (await db.selectFrom('deliveries').select(['recipient', 'state']).execute()).map(
        ({ recipient, state }) => [recipient, state],
      )

    it('are written for everybody who is active and has an address, and once for one cause', async () => {
      const [ada, bob] = [await add('ada'), await add('bob')]
      await accounts().add({ login: 'no-address', role: 'developer', password: null })
      await accounts().setState(await add('cyd'), 'suspended')
      await accounts().terminate(await add('dan'))
      await db.deleteFrom('notices').execute()
      assert.equal(await tell(), true)
      assert.equal(await tell(), false)
      assert.deepEqual((await states()).map(([id]) => id).sort(), [ada, bob].sort())
      assert.equal(await tell({ about: 'terms/2/in-force' }), true)
    })

    it('go with their cause: what is taken back tells nobody', async () => {
      await add('ada')
      const failing = db.transaction().execute(async (tx) => {
        await tools().notify(tx, nowMs, {
          ...{ kind: 'terms', about: 'x', facts: TERMS, to: 'everybody' },
        })
        throw new Error('The change failed.')
      })
      await assert.rejects(failing, /The change failed/)
      assert.deepEqual(await take(), [])
    })

    it('keep what they say and to whom unreadable in the tables', async () => {
      await add('ada')
      await tell({ to: { address: 'stranger@example.test' } })
      const rows = JSON.stringify([
        await db.selectFrom('notices').selectAll().execute(),
        await db.selectFrom('deliveries').selectAll().execute(),
      ])
      assert.doesNotMatch(rows, /marked|stranger|example\.test/)
      const [held] = await take()
      assert.deepEqual([held!.address, held!.notice.facts], ['stranger@example.test', TERMS])
      assert.equal(await deliveries.sent(held!), true)
      const [row] = await db.selectFrom('deliveries').selectAll().execute()
      assert.deepEqual([row!.state, row!.address_sealed], ['sent', null])
    })

    it('are taken in the order in which they are due, of one moment by recipient, and by one holder', async () => {
      for (const login of ['ada', 'bob', 'cyd']) await add(login)
      await tell()
      nowMs += 1
      await tell({ about: 'terms/2/in-force' })
      // As the database sorts them.
      const ids = await db.selectFrom('accounts').select('id').orderBy('id').execute()
      const expected = ['announced', 'in-force'].flatMap((event) =>
        ids.map(({ id }) => `terms/2/${event} ${id}`),
      )
      const names = async (limit: number, holder: string) =>
        (await take(limit, holder)).map((held) => `${held.notice.about} ${held.recipient}`).sort()
      assert.deepEqual(await names(2, 'node-a'), expected.slice(0, 2).sort())
      assert.deepEqual(await names(2, 'node-b'), expected.slice(2, 4).sort())
      assert.deepEqual(await names(9, 'node-c'), expected.slice(4).sort())
      assert.deepEqual(await take(9, 'node-a'), [])
    })

    it('are taken once, however many take at the same moment', async () => {
      for (let i = 0; i < 12; i++) await add(`user-${i}`)
      await tell()
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, i) => deliveries.take('mail', `node-${i}`, 4, LEASE_MS)),
      )
      const names = taken.flat().map(({ recipient }) => recipient)
      assert.equal(new Set(names).size, names.length)
      const rest = await take(20, 'node-z')
      assert.equal(names.length + rest.length, 12)
    })

    it('are free again when their holder’s time is over, and then are not the first holder’s to end', async () => {
      await add('ada')
      await tell()
      const [first] = await take()
      nowMs += LEASE_MS - 1
      assert.deepEqual(await take(10, 'node-b'), [])
      nowMs += 1
      const [second] = await take(10, 'node-b')
      assert.deepEqual([second!.recipient, second!.attempts], [first!.recipient, 2])
      for (const act of [
        deliveries.sent(first!),
        deliveries.again(first!, nowMs, ''),
        deliveries.fail(first!, ''),
        deliveries.drop(first!, ''),
      ])
        assert.equal(await act, false)
      assert.equal(await deliveries.sent(second!), true)
      assert.equal(await deliveries.sent(second!), false)
    })

    it('are let go at once by a service that is alone and starts anew', async () => {
      await add('ada')
      await tell()
      await take(1, 'the service before')
      await deliveries.freeAll()
      assert.equal((await take()).length, 1)
    })

    it('are tried again at their time, and not before', async () => {
      await add('ada')
      await tell()
      const [held] = await take()
      assert.equal(await deliveries.again(held!, nowMs + 60_000, 'Busy.'), true)
      nowMs += 59_999
      assert.deepEqual(await take(), [])
      nowMs += 1
      assert.equal((await take())[0]!.attempts, 2)
    })

    it('that failed for good are told to operators once a day for a kind, never of that itself, and can be tried again', async () => {
      const [ada] = [await add('ada'), await add('bob')]
      const boss = await add('boss', 'operator')
      await tell({ to: { accounts: [ada] } })
      await tell({ about: 'second', to: { accounts: [ada] } })
      for (const held of await take()) {
        assert.equal(await deliveries.fail(held, 'The mail server did not take it.'), true)
      }
      const alerts = await take()
      assert.deepEqual(
        alerts.map(({ recipient, notice }) => [recipient, notice.kind, notice.about]),
        [[boss, 'alert', `delivery/terms/${nowMs / DAY_MS}`]],
      )
      await deliveries.fail(alerts[0]!, 'No.')
      assert.deepEqual(await take(), [])

      const dead = await deliveries.failed(10)
      assert.equal(dead.length, 3)
      const { noticeId, recipient, why, kind } = dead.find((one) => one.kind === 'terms')!
      assert.deepEqual([recipient, why, kind], [ada, 'The mail server did not take it.', 'terms'])
      assert.equal(
        await deliveries.retry(noticeId, { channel: 'mail', recipient: boss }, 'acc_o'),
        0,
      )
      assert.equal(await deliveries.retry(noticeId, { channel: 'mail', recipient }, 'acc_o'), 1)
      assert.equal(await deliveries.retry(noticeId, null, 'acc_o'), 0)
      assert.deepEqual(
        (await take()).map((held) => [held.noticeId, held.attempts]),
        [[noticeId, 1]],
      )
      const event = await db
        .selectFrom('audit_events')
        .selectAll()
        .where('act', '=', 'notice.retry')
        .executeTakeFirstOrThrow()
      assert.deepEqual(
        [event.by, event.subject, event.detail],
        ['acc_o', noticeId, '{"deliveries":1}'],
      )
    })

    it('are counted by notice, the newest first, and listed one by one', async () => {
      for (let i = 0; i < 3; i++) await add(`user-${i}`)
      await tell()
      nowMs += 1
      await tell({ about: 'second' })
      const [a, b] = await take(3)
      await deliveries.sent(a!)
      await deliveries.drop(b!, 'Gone.')
      const [newest, oldest] = await deliveries.notices(10)
      assert.deepEqual([newest!.about, oldest!.about], ['second', 'terms/2/announced'])
      assert.deepEqual(oldest!.counts.mail, { waiting: 1, sent: 1, failed: 0, dropped: 1 })
      assert.deepEqual(
        (await deliveries.notices(1, newest)).map(({ id }) => id),
        [oldest!.id],
      )
      assert.deepEqual(await deliveries.notice(oldest!.id), oldest)
      const rows = []
      for await (const row of deliveries.report(oldest!.id)) rows.push(row.state)
      assert.deepEqual(rows.sort(), ['dropped', 'sent', 'waiting'])
    })

    it('leave out whom a letter of an optional kind is not wanted by, and reach all others', async () => {
      const [ada, bob] = [await add('ada'), await add('bob')]
      const choices = sqlMailChoices(db, tools())
      assert.equal(await choices.set(ada, 'incident', false), true)
      assert.equal(await choices.set(ada, 'incident', false), false)
      assert.deepEqual(await choices.refused(ada), ['incident'])
      await tell({ kind: 'incident', about: 'inc_1' } as Partial<NewNotice>)
      assert.deepEqual(
        (await take()).map(({ recipient }) => recipient),
        [bob],
      )
      await tell()
      assert.equal((await take()).length, 2)
      await choices.set(ada, 'incident', true)
      assert.deepEqual(await choices.refused(ada), [])
      assert.equal(await choices.set('acc_nobody', 'incident', false), false)
    })

    it('that nobody can read any more fail, and do not stand in the way of others', async () => {
      await add('ada')
      await tell()
      deliveries = sqlDeliveries(db, tools([random.bytes(32)]))
      assert.deepEqual(await take(), [])
      const [dead] = await deliveries.failed(10)
      assert.match(dead!.why, /root key/)
    })

    it('fail once they have waited in vain for too long', async () => {
      await add('ada')
      await tell()
      assert.equal(await deliveries.dueSince('mail'), nowMs)
      assert.equal(await deliveries.giveUp('mail', nowMs - 1, 'No mail server.'), 0)
      assert.equal(await deliveries.giveUp('mail', nowMs, 'No mail server.'), 1)
      assert.equal(await deliveries.dueSince('mail'), null)
    })

    it('tell an account’s holder of each change that somebody else could have made, and keep nothing where nobody hears', async () => {
      const quiet = await accounts().add({ login: 'quiet', role: 'developer', password: null })
      await accounts().setPassword(quiet.id, 'hash')
      assert.deepEqual(await deliveries.notices(10), [])

      const ada = await add('ada')
      const said = async () => {
        const held = await take()
        for (const one of held) await deliveries.sent(one)
        return held.map(({ notice, address, recipient }) => [
          (notice.facts as NoticeFacts['account']).change,
          address ?? recipient,
        ])
      }
      await accounts().setPassword(ada, 'hash')
      assert.deepEqual(await said(), [['password', ada]])
      await accounts().setEmail(ada, 'new@example.test')
      // The one whose address it was.
      assert.deepEqual(await said(), [['email', 'ada@example.test']])
      await accounts().setTotp(ada, 'SECRET', 1)
      assert.deepEqual(await said(), [['totpOn', ada]])
      await accounts().setState(ada, 'suspended', 'acc_o', 'Because of spam.')
      assert.deepEqual(await said(), [['suspended', ada]])
      await accounts().setState(ada, 'suspended', 'acc_o')
      assert.deepEqual(await said(), [])
      await accounts().setState(ada, 'active', 'acc_o')
      assert.deepEqual(await said(), [['reinstated', ada]])
      await accounts().terminate(ada, 'acc_o', 'Because of spam.')
      assert.deepEqual(await said(), [['terminated', 'new@example.test']])
      const log = JSON.stringify(await db.selectFrom('audit_events').selectAll().execute())
      assert.doesNotMatch(log, /spam|example\.test/)
    })

    it('lead to webhooks that listen to their kind, and tell their account when one is turned off', async () => {
      const ada = await add('ada')
      const webhooks = sqlWebhooks(db, tools())
      const order = {
        accountId: ada,
        url: 'https://hooks.example.test/marked',
        secret: 'whsec_AAAA',
      }
      const hook = await webhooks.add({ ...order, kinds: ['terms', 'account'] })
      await webhooks.add({ ...order, kinds: ['breach'] })
      const rows = JSON.stringify(await db.selectFrom('webhooks').selectAll().execute())
      assert.doesNotMatch(rows, /marked|whsec|hooks\.example/)
      assert.equal(await webhooks.secretOf(hook.id), 'whsec_AAAA')
      await tell()
      const taken = await deliveries.take('webhook', 'node-a', 10, LEASE_MS)
      assert.deepEqual(
        taken.map(({ recipient }) => recipient),
        [hook.id],
      )
      assert.equal(await webhooks.turnOff(hook.id, 'It answered 410.'), true)
      assert.equal(await webhooks.turnOff(hook.id, 'It answered 410.'), false)
      assert.deepEqual((await take()).map(({ notice }) => notice.kind).sort(), ['account', 'terms'])
      await tell({ about: 'second' })
      assert.deepEqual(await deliveries.take('webhook', 'node-a', 10, LEASE_MS), [])
      assert.equal(await webhooks.set('acc_other', hook.id, { state: 'on' }), false)
      assert.equal(await webhooks.set(ada, hook.id, { state: 'on' }), true)
      assert.equal((await webhooks.byId(hook.id))!.why, '')
      await accounts().terminate(ada)
      assert.deepEqual(await webhooks.of(ada), [])
    })

    it('move webhooks under a new root key when they are met', async () => {
      const ada = await add('ada')
      const next = random.bytes(32)
      const order = { accountId: ada, url: 'https://hooks.example.test/', secret: 'whsec_AAAA' }
      const { id } = await sqlWebhooks(db, tools()).add({ ...order, kinds: ['terms'] })
      assert.equal((await sqlWebhooks(db, tools([next, ...rootKeys])).of(ada))[0]!.url, order.url)
      assert.equal(await sqlWebhooks(db, tools([next])).secretOf(id), 'whsec_AAAA')
    })
  })
}
