import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import type { BreachFacts } from '../breaches/breach.ts'
import { failing, ok, warning } from '../doctor/check.ts'
import type { NoticeFacts } from '../notices/notice.ts'
import { systemRandom } from '../random.ts'
import { record } from './audit.ts'
import { sqlAuditLog } from './audit-log.ts'
import { sqlBreaches } from './breaches.ts'
import { sqlExaminations } from './examinations.ts'
import { sqlLooks } from './looks.ts'
import { makeNotify } from './notices.ts'
import type { Schema } from './schema.ts'

const HOUR_MS = 3_600_000
const random = systemRandom()

const FACTS: BreachFacts = {
  ...{ title: 'A disk was lost', nature: 'It lay on a train.', happenedAt: null, noticedAt: 0 },
  ...{ data: 'logins', people: 'developers', peopleCount: 3, recordsCount: null },
  ...{ consequences: 'letters that lie', measures: 'new disks', advice: '', contact: 'Grace' },
  ...{ risk: 'high', reason: '', lateReason: '' },
}
const TOLD: NoticeFacts['breach'] = {
  ...{ id: 'brc', noticedAt: 1, nature: 'n', data: 'd', consequences: 'c', measures: 'm' },
  ...{ advice: '', contact: 'g', number: 1 },
}

/** What the register of breaches and the doctor's book promise. Each driver's test calls this with a way to open a database. */
export function breachesContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`the register of breaches in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let nowMs: number
    const register = (keys = rootKeys) => {
      const notify = makeNotify({ rootKeys: keys, random })
      return sqlBreaches(db, { rootKeys: keys, random, now: () => nowMs, notify })
    }
    const add = (facts: Partial<BreachFacts> = {}) =>
      register().add({ ...FACTS, noticedAt: nowMs, ...facts }, 'acc_op')
    const account = (id: string, more: Partial<Schema['accounts']> = {}) =>
      db
        .insertInto('accounts')
        .values({
          ...{ id, login: id.toLowerCase(), role: 'developer', state: 'active', password: null },
          ...{ email_sealed: `sealed ${id}`, email_hash: null, email_confirmed_at: 1 },
          ...{ totp_sealed: null, totp_step: null, created_at: 1, changed_at: 1, ...more },
        })
        .execute()
    const deliveries = async (about: string) =>
      (
        await db
          .selectFrom('deliveries')
          .innerJoin('notices', 'notices.id', 'deliveries.notice_id')
          .select('recipient')
          .where('about', '=', about)
          .orderBy('recipient')
          .execute()
      ).map(({ recipient }) => recipient)
    const acts = async (id: string) =>
      (await sqlAuditLog(db).list({ subjects: [id], limit: 50 })).reverse()

    beforeEach(async () => {
      db = await open()
      nowMs = 500_000 * HOUR_MS
    })

    it('keeps every state of what was known, encrypted, and says in the log only that it changed', async () => {
      const { id } = await add()
      const later = { ...FACTS, noticedAt: nowMs, nature: 'It was stolen.', recordsCount: 12 }
      assert.equal(await register().set(id, later, 1, 'acc_two'), true)
      const breach = (await register().byId(id))!
      assert.deepEqual([breach.revision, breach.facts.nature], [2, 'It was stolen.'])
      const history = await register().history(id)
      assert.deepEqual(
        history.map(({ revision, by, facts }) => [revision, by, facts.nature]),
        [
          [2, 'acc_two', 'It was stolen.'],
          [1, 'acc_op', 'It lay on a train.'],
        ],
      )
      const events = await acts(id)
      assert.deepEqual(
        events.map(({ act }) => act),
        ['breach.add', 'breach.set'],
      )
      assert.deepEqual(events[1]!.detail, { revision: 2, facts: ['nature', 'recordsCount'] })
      const tables = ['breaches', 'breach_facts', 'audit_events'] as const
      const rows = await Promise.all(tables.map((one) => db.selectFrom(one).selectAll().execute()))
      assert.ok(!/train|stolen|disk|Grace/.test(JSON.stringify(rows)))
      assert.equal(await sqlAuditLog(db).verify(), null)
    })

    it('lets one of two change a state, and tells the other', async () => {
      const { id } = await add()
      const change = (nature: string) => register().set(id, { ...FACTS, nature }, 1, 'acc_op')
      const outcomes = await Promise.all([change('one'), change('two'), change('three')])
      assert.deepEqual(outcomes.sort(), [false, false, true])
      assert.equal((await register().history(id)).length, 2)
    })

    it('writes down whom it concerns, by site, by login and id, or everybody, each once', async () => {
      const { id } = await add()
      for (const one of ['acc_A', 'acc_B', 'acc_C']) await account(one)
      await account('acc_S', { state: 'suspended', email_sealed: null })
      await account('acc_T', { state: 'terminated', login: null, email_sealed: null })
      const site = { sitekey: 'ock_1', mode: 'checkbox', created_at: 1, effort_floor: 1 }
      await db
        .insertInto('sites')
        .values({ ...site, effort_ceiling: 2, wait_ms: 1 } as Schema['sites'])
        .execute()
      const member = { sitekey: 'ock_1', account_id: 'acc_C', role: 'viewer', created_at: 1 }
      await db.insertInto('site_members').values(member).execute()
      const concern = (whom: Parameters<ReturnType<typeof register>['concern']>[1]) =>
        register().concern(id, whom, 'acc_op')
      assert.equal(await concern({ accounts: ['acc_A', 'acc_b', 'nobody'] }), 2)
      assert.equal(await concern({ accounts: ['acc_A'] }), 0)
      assert.equal(await concern({ sites: ['ock_none'] }), 0)
      assert.equal(await concern({ sites: ['ock_none', 'ock_1'] }), 1)
      assert.equal(await concern('everybody'), 1)
      const breach = (await register().byId(id))!
      assert.deepEqual([breach.accounts, breach.reachable], [4, 3])
      assert.deepEqual(
        (await register().accounts(id, '', 2)).map((one) => one.login),
        ['acc_a', 'acc_b'],
      )
      assert.equal(await register().unconcern(id, 'acc_op'), true)
      assert.equal((await register().byId(id))!.accounts, 0)
      assert.equal(await concern({ accounts: [] }), 0)
      assert.equal(await register().concern('brc_none', 'everybody', 'acc_op'), 0)
    })

    it('tells each of those concerned once, however many press at once, also the suspended', async () => {
      const { id } = await add()
      await account('acc_A')
      await account('acc_S', { state: 'suspended' })
      await account('acc_N', { email_sealed: null })
      await account('acc_X')
      const names = ['acc_A', 'acc_S', 'acc_N']
      await register().concern(id, { accounts: names }, 'acc_op')
      const tell = (before: number, revision = 1) =>
        register().tellPeople(id, { before, revision, facts: TOLD }, 'acc_op')
      const outcomes = await Promise.all([tell(0), tell(0), tell(0), tell(0)])
      assert.deepEqual(outcomes.sort(), [false, false, false, true])
      assert.deepEqual(await deliveries(`breach/${id}/1`), ['acc_A', 'acc_S'])
      const told = (await register().byId(id))!
      assert.deepEqual([told.peopleTold, told.peopleToldAt], [1, nowMs])
      assert.equal(await register().unconcern(id, 'acc_op'), false, 'that stays written down')

      assert.equal(await tell(0), false, 'it was told once already')
      assert.equal(await tell(1, 2), false, 'of a state that is not there')
      nowMs += HOUR_MS
      assert.equal(await tell(1), true)
      assert.deepEqual(await deliveries(`breach/${id}/2`), ['acc_A', 'acc_S'])
      const again = (await register().byId(id))!
      assert.deepEqual([again.peopleTold, again.peopleToldAt], [2, nowMs - HOUR_MS])
      const events = (await acts(id)).filter(({ act }) => act === 'breach.people')
      assert.deepEqual(
        events.map(({ detail }) => detail),
        [
          { number: 1, accounts: 3 },
          { number: 2, accounts: 3 },
        ],
      )
    })

    it('notes when the authority was told, the first time, and why it was late only if it was', async () => {
      const { id } = await add()
      assert.equal(await register().authorityTold(id, nowMs + 72 * HOUR_MS, 'why', 'acc_op'), true)
      const inTime = (await register().byId(id))!
      assert.deepEqual(
        [inTime.authorityToldAt, inTime.facts.lateReason],
        [nowMs + 72 * HOUR_MS, ''],
      )
      assert.equal(await register().authorityTold(id, nowMs + 80 * HOUR_MS, 'why', 'acc_op'), true)
      assert.equal((await register().byId(id))!.authorityToldAt, nowMs + 72 * HOUR_MS)
      const late = await add()
      await register().authorityTold(late.id, nowMs + 72 * HOUR_MS + 1, 'nobody was here', 'acc_op')
      assert.equal((await register().byId(late.id))!.facts.lateReason, 'nobody was here')
    })

    it('publishes a statement once for each number, with its hash in the log, and never changes it', async () => {
      const { id } = await add()
      const say = (before: number) =>
        register().publish(id, { title: 'Lost', text: `Number ${before + 1}.`, before }, 'acc_op')
      const outcomes = await Promise.all([say(0), say(0), say(0)])
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal((await say(1))?.number, 2)
      const [second, first] = await register().statements(id)
      assert.deepEqual([first!.text, second!.text], ['Number 1.', 'Number 2.'])
      const event = (await acts(id)).find(({ act }) => act === 'breach.publish')!
      assert.deepEqual(event.detail, { number: 1, hash: first!.hash })
      assert.equal(
        await register().publish('brc_none', { title: 't', text: 't', before: 0 }, 'a'),
        null,
      )
    })

    it('reminds the operators once at 48, 66 and 72 hours, however many nodes ask, and not after that', async () => {
      await account('acc_op', { role: 'operator' })
      const begun = nowMs
      const { id } = await add()
      await add({ title: 'no risk', risk: 'none', reason: 'empty' })
      const closed = await add({ title: 'closed' })
      await register().setClosed(closed.id, true, 1, 'acc_op')
      const told = await add({ title: 'told' })
      await register().authorityTold(told.id, nowMs, '', 'acc_op')
      const reminded = async (hours: number) => {
        nowMs = begun + hours * HOUR_MS
        await Promise.all([register().remind(), register().remind(), register().remind()])
        const rows = await db.selectFrom('notices').select('about').orderBy('about').execute()
        return rows.map(({ about }) => about)
      }
      assert.deepEqual(await reminded(48 - 1 / HOUR_MS), [])
      assert.deepEqual(await reminded(48), [`breach/${id}/48`])
      assert.deepEqual(await reminded(65), [`breach/${id}/48`])
      assert.deepEqual(await reminded(66), [`breach/${id}/48`, `breach/${id}/66`])
      const all = [`breach/${id}/48`, `breach/${id}/66`, `breach/${id}/72`]
      assert.deepEqual(await reminded(72), all)
      assert.deepEqual(await reminded(500), all)
      assert.deepEqual(await deliveries(`breach/${id}/72`), ['acc_op'])
    })

    it('changes nothing of what is closed, until it is opened again', async () => {
      const { id } = await add()
      assert.equal(await register().setClosed(id, true, 2, 'acc_op'), false, 'another state')
      assert.equal(await register().setClosed(id, true, 1, 'acc_op'), true)
      assert.equal(await register().setClosed(id, true, 1, 'acc_op'), false)
      assert.equal(await register().set(id, FACTS, 1, 'acc_op'), false)
      assert.equal(await register().authorityTold(id, 1, '', 'acc_op'), false)
      const order = { before: 0, revision: 1, facts: TOLD }
      assert.equal(await register().tellPeople(id, order, 'acc_op'), false)
      assert.equal(await register().setClosed(id, false, 1, 'acc_op'), true)
      assert.equal(await register().set(id, FACTS, 1, 'acc_op'), true)
    })

    it('moves what is encrypted under the newest root key, so that the old one can go', async () => {
      const { id } = await add()
      const keys = [random.bytes(32), ...rootKeys]
      await register(keys).renew()
      assert.equal((await register([keys[0]!]).byId(id))!.facts.title, 'A disk was lost')
      await assert.rejects(register().byId(id))
    })
  })

  describe(`the doctor’s book in ${name}`, () => {
    it('has the newest first, and tells the operators of what fails once a day', async () => {
      const db = await open()
      let nowMs = 20_000 * 24 * HOUR_MS
      const notify = makeNotify({ rootKeys: [random.bytes(32)], random })
      const book = sqlExaminations(db, { now: () => nowMs, notify })
      assert.equal(await book.last(), null)
      const alerts = async () =>
        (await db.selectFrom('notices').select('about').execute()).map(({ about }) => about)
      await book.add([ok('a', 'is well'), warning('b', 'is old')])
      assert.deepEqual(await alerts(), [])
      for (let i = 0; i < 3; i++) {
        nowMs += HOUR_MS
        await book.add([failing('audit log', 'event 3 is not as it was written'), ok('a', 'is')])
      }
      assert.deepEqual(await alerts(), ['doctor/20000'])
      nowMs += 24 * HOUR_MS
      await Promise.all([book.add([failing('a', 'x')]), book.add([failing('a', 'x')])])
      assert.deepEqual((await alerts()).sort(), ['doctor/20000', 'doctor/20001'])
      const [last, before] = await book.list(2)
      assert.deepEqual(await book.last(), last)
      assert.deepEqual([last!.at, last!.failing, last!.warnings], [nowMs, 1, 0])
      assert.deepEqual(before!.checks, [
        failing('audit log', 'event 3 is not as it was written'),
        ok('a', 'is'),
      ])
    })
  })
  describe(`what the doctor sees in ${name}`, () => {
    it('is how many secrets are old, letters stale, operators active, and whether Terms were announced', async () => {
      const db = await open()
      const now = 2_000_000_000_000
      const notify = makeNotify({ rootKeys: [random.bytes(32)], random })
      const looks = sqlLooks(db)
      assert.deepEqual(await looks.rootKeys(), [])
      assert.equal(await looks.hasTerms(now), false)
      assert.equal(await looks.operators(), 0)
      assert.deepEqual(await looks.deliveries(now, 0), { waiting: 0, failed: 0 })
      const theirs = await looks.clock()
      assert.equal(theirs === null, name === 'SQLite')

      const site = async (sitekey: string, by: string, createdAt: number) => {
        const row = { sitekey, mode: 'checkbox', created_at: 1, effort_floor: 1, effort_ceiling: 2 }
        await db
          .insertInto('sites')
          .values({ ...row, wait_ms: 1 } as Schema['sites'])
          .execute()
        const secret = { hash: sitekey, id: sitekey, sitekey, hint: '', created_at: createdAt }
        await db
          .insertInto('site_secrets')
          .values({ ...secret, expires_at: null, last_used_day: null })
          .execute()
        await db
          .transaction()
          .execute((tx) => record(tx, 1, { by, act: 'site.add', subject: sitekey }))
      }
      await site('ock_old', 'cli', now - 1)
      await site('ock_new', 'cli', now)
      await site('ock_ours', 'service', now - 1)
      assert.equal(await looks.secretsBefore(now), 1)

      const op = { id: 'acc_op', login: 'op', role: 'operator', state: 'active', password: null }
      await db
        .insertInto('accounts')
        .values({
          ...{ ...op, email_sealed: 's', email_hash: null, email_confirmed_at: 1 },
          ...{ totp_sealed: null, totp_step: null, created_at: 1, changed_at: 1 },
        })
        .execute()
      assert.equal(await looks.operators(), 1)
      const facts = { about: 'doctor', text: '', path: '' } as const
      await db
        .transaction()
        .execute((tx) => notify(tx, now, { kind: 'alert', about: 'a', facts, to: 'operators' }))
      assert.deepEqual(await looks.deliveries(now, now), { waiting: 0, failed: 0 })
      assert.deepEqual(await looks.deliveries(now + 1, now), { waiting: 1, failed: 0 })
      await db.updateTable('deliveries').set({ state: 'failed', done_at: now }).execute()
      assert.deepEqual(await looks.deliveries(now + 1, now), { waiting: 0, failed: 1 })
      assert.deepEqual(await looks.deliveries(now + 1, now + 1), { waiting: 0, failed: 0 })
    })
  })
}
