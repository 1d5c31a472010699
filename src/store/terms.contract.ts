import assert from 'node:assert/strict'
import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { hashOf } from '../terms/draft.ts'
import type { DraftText } from '../terms/terms.ts'
import { sqlAccounts } from './accounts.ts'
import { sqlAuditLog } from './audit-log.ts'
import { makeNotify } from './notices.ts'
import type { Schema } from './schema.ts'
import { sqlTerms, TermsRefused, type TermsRows } from './terms.ts'

const DAY_MS = 86_400_000
const NOTICE_MS = 14 * DAY_MS
const random = systemRandom()

const draft = (more: Partial<DraftText> = {}): DraftText => ({
  ...{ summary: 'Clearer words.', acceptance: 'use' },
  texts: [
    { lang: 'en', text: '# Terms\n' },
    { lang: 'zh', text: '# 条款\n' },
  ],
  ...more,
})

/** What the Terms' versions promise. Each driver's test calls this with a way to open a database that has the tables. */
export function termsContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`the Terms in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let terms: TermsRows
    let nowMs: number

    const tools = () => ({ now: () => nowMs, notify: makeNotify({ rootKeys, random }) })

    beforeEach(async () => {
      db = await open()
      nowMs = 1_000_000_000
      terms = sqlTerms(db, tools())
    })

    const accounts = () =>
      sqlAccounts(db, { ...tools(), rootKeys, random, announce: async () => {} })
    const account = (login: string) => accounts().add({ login, role: 'developer', password: null })
    const announce = (effectiveAt: number | null = null) =>
      terms.announce({ effectiveAt, noticeMs: NOTICE_MS }, 'acc_a')
    const refuses = (act: Promise<unknown>, reason: TermsRefused['reason'], words: RegExp) =>
      assert.rejects(act, (error) => {
        assert.ok(error instanceof TermsRefused, String(error))
        assert.equal(error.reason, reason)
        assert.match(error.message, words)
        return true
      })
    const acts = async () =>
      (await sqlAuditLog(db).list({ limit: 99 })).map(({ act, subject }) => `${act} ${subject}`)
    const notices = async () =>
      (await db.selectFrom('notices').select('about').orderBy('about').execute()).map(
        ({ about }) => about,
      )

    it('have one draft, which begins with the next number and is thrown away without a trace but the log', async () => {
      assert.equal(await terms.draft(), null)
      assert.equal(await terms.discard('acc_a'), false)
      const first = await terms.write(draft(), 'acc_a', null)
      const again = await terms.write(draft({ summary: 'Other.' }), 'acc_a', first.changedAt)
      assert.deepEqual([first.number, again.number], [1, 1])
      assert.ok(again.changedAt > first.changedAt)
      assert.deepEqual(await terms.draft(), {
        ...again,
        texts: draft().texts.map((one) => ({ ...one, hash: '' })),
      })
      assert.deepEqual(await terms.list(), [])
      assert.equal(await terms.discard('acc_a'), true)
      assert.equal(await terms.draft(), null)
      assert.deepEqual(await acts(), [
        'terms.discard terms/1',
        'terms.write terms/1',
        'terms.write terms/1',
      ])
    })

    it('let nobody write over what they have not seen, or announce it', async () => {
      await refuses(terms.write(draft(), 'acc_a', 5), 'outdated', /changed the draft/)
      const seen = await terms.write(draft(), 'acc_a', null)
      await refuses(terms.write(draft(), 'acc_a', null), 'outdated', /changed the draft/)
      await terms.write(draft(), 'acc_b', seen.changedAt)
      const order = { effectiveAt: null, noticeMs: NOTICE_MS, changedAt: seen.changedAt }
      await refuses(terms.announce(order, 'acc_a'), 'outdated', /changed the draft/)
      assert.deepEqual(await terms.list(), [])
    })

    it('are announced with their hashes, an event and a notice, all or none', async () => {
      await refuses(announce(), 'missing', /no draft/)
      await terms.write(draft({ summary: '' }), 'acc_a')
      await refuses(announce(), 'other', /what is different/)
      await terms.write(draft(), 'acc_a')
      const row = await announce()
      assert.deepEqual([row.announcedAt, row.effectiveAt], [nowMs, nowMs])
      assert.deepEqual(
        await terms.texts(1),
        draft().texts.map((one) => ({ ...one, hash: hashOf(one.text) })),
      )
      assert.equal((await acts())[0], 'terms.announce terms/1')
      assert.deepEqual(await notices(), ['terms/1/announced'])
      assert.equal(await terms.draft(), null)
    })

    it('have the first in force at once, and every other after the notice period', async () => {
      assert.equal(await terms.earliest(NOTICE_MS), null)
      await terms.write(draft(), 'acc_a')
      await refuses(announce(nowMs - 1), 'date', /is over/)
      await announce(nowMs)
      await terms.write(draft(), 'acc_a')
      nowMs += 5
      assert.equal(await terms.earliest(NOTICE_MS), nowMs + NOTICE_MS)
      await refuses(announce(nowMs + NOTICE_MS - 1), 'date', /14 days before/)
      await refuses(announce(nowMs + 731 * DAY_MS), 'date', /two years/)
      const second = await announce(nowMs + NOTICE_MS)
      assert.deepEqual([second.number, second.effectiveAt], [2, nowMs + NOTICE_MS])
    })

    it('are announced one at a time, and never for an earlier day than the one before', async () => {
      await terms.write(draft(), 'acc_a')
      await announce(nowMs + DAY_MS)
      await terms.write(draft(), 'acc_a')
      await refuses(announce(nowMs + 400 * DAY_MS), 'other', /Version 1 is announced/)
      nowMs += DAY_MS
      const { effectiveAt } = await terms.announce({ effectiveAt: null, noticeMs: 0 }, 'acc_a')
      assert.equal(effectiveAt, nowMs + 1)
    })

    it('are announced once by two who do it at the same time', async () => {
      await terms.write(draft(), 'acc_a')
      const done = await Promise.allSettled([announce(), announce(), announce()])
      assert.deepEqual(done.map(({ status }) => status).sort(), [
        ...['fulfilled', 'rejected', 'rejected'],
      ])
      assert.deepEqual(await notices(), ['terms/1/announced'])
    })

    it('are withdrawn until a minute before they are in force, and the number is never used again', async () => {
      await refuses(terms.withdraw(1, 'acc_a'), 'missing', /no announced version/)
      await terms.write(draft(), 'acc_a')
      await refuses(terms.withdraw(1, 'acc_a'), 'missing', /no announced version/)
      const day = nowMs + DAY_MS
      await announce(day)
      nowMs = day - 60_000
      await terms.withdraw(1, 'acc_a')
      await refuses(terms.withdraw(1, 'acc_a'), 'other', /withdrawn already/)
      assert.deepEqual(await notices(), ['terms/1/announced', 'terms/1/withdrawn'])
      // Nothing was in force: the next may be at once.
      const next = await terms.write(draft(), 'acc_a')
      assert.equal(next.number, 2)
      await announce(nowMs + 60_001)
      nowMs += 2
      await refuses(terms.withdraw(2, 'acc_a'), 'other', /within a minute/)
      nowMs += DAY_MS
      await refuses(terms.withdraw(2, 'acc_a'), 'other', /in force/)
    })

    it('are not changed by any statement once they are announced [Terms 1.2]', async () => {
      await terms.write(draft(), 'acc_a')
      await announce(nowMs + DAY_MS)
      const before = [await terms.list(), await terms.texts(1)]
      for (const statement of [
        `UPDATE terms_texts SET text = 'x'`,
        `UPDATE terms_texts SET text = 'x' WHERE lang = 'zh'`,
        'UPDATE terms_texts SET number = 9',
        'DELETE FROM terms_texts',
        `INSERT INTO terms_texts (number, place, lang, text, hash) VALUES (1, 2, 'de', 'x', '')`,
        `UPDATE terms_versions SET summary = 'x'`,
        `UPDATE terms_versions SET acceptance = 'click'`,
        'UPDATE terms_versions SET number = 2',
        'UPDATE terms_versions SET announced_at = NULL',
        'UPDATE terms_versions SET effective_at = 1',
        'UPDATE terms_versions SET effective_at = effective_at + 1, withdrawn_at = 1',
        'UPDATE terms_versions SET withdrawn_at = effective_at',
        'UPDATE terms_versions SET withdrawn_at = NULL',
        'DELETE FROM terms_versions',
        ...(name === 'SQLite'
          ? [
              `INSERT OR REPLACE INTO terms_versions SELECT number, 'x', acceptance, created_at, changed_at, announced_at,
                effective_at, withdrawn_at FROM terms_versions`,
              `INSERT OR REPLACE INTO terms_texts SELECT number, place, lang, 'x', hash FROM terms_texts`,
            ]
          : ['TRUNCATE terms_versions', 'TRUNCATE terms_texts']),
      ]) {
        await assert.rejects(sql.raw(statement).execute(db), /is never changed/, statement)
      }
      await terms.withdraw(1, 'acc_a')
      await assert.rejects(
        sql.raw('UPDATE terms_versions SET withdrawn_at = 2').execute(db),
        /is never changed/,
      )
      assert.deepEqual([(await terms.list()).length, await terms.texts(1)], [1, before[1]])
      // A draft beside it is still free.
      await terms.write(draft(), 'acc_a')
      assert.equal(await terms.discard('acc_a'), true)
    })

    it('are accepted once per account and version, by one of many who try at once [Terms 1.2]', async () => {
      const { id } = await account('anna')
      const acceptance = { number: 3, hash: 'h', way: 'use' } as const
      const wrote = await Promise.all(
        Array.from({ length: 100 }, () => terms.accept(id, acceptance)),
      )
      assert.equal(wrote.filter(Boolean).length, 1)
      nowMs += 1
      assert.equal(await terms.accept(id, { ...acceptance, way: 'click' }), false)
      assert.equal(await terms.accept(id, { number: 4, hash: 'i', way: 'click' }, 'key_1'), true)
      assert.deepEqual(await terms.acceptances(id), [
        { number: 4, hash: 'i', way: 'click', at: nowMs },
        { number: 3, hash: 'h', way: 'use', at: nowMs - 1 },
      ])
      assert.deepEqual(
        [await terms.hasAccepted(id, 3), await terms.hasAccepted(id, 5)],
        [true, false],
      )
      const events = await sqlAuditLog(db).list({ subjects: [id], limit: 9 })
      assert.deepEqual(
        events.map(({ act, by, detail }) => [act, by, detail.number]),
        [
          ['terms.accept', 'key_1', 4],
          ['terms.accept', id, 3],
          ['account.add', id, undefined],
        ],
      )
    })

    it('are agreed to with the account that is made, or there is none [Terms 1.1]', async () => {
      const agrees = { number: 2, hash: 'h' }
      const { id } = await accounts().add({
        ...{ login: 'cyd', role: 'developer', password: null, agrees },
      })
      assert.deepEqual(await terms.acceptances(id), [{ ...agrees, way: 'sign-up', at: nowMs }])
      assert.equal((await acts())[0], `terms.accept ${id}`)
    })

    it('count who accepted among those who are there, and keep it of those who are not [Terms 7.2]', async () => {
      const [anna, ben] = [await account('anna'), await account('ben')]
      for (const { id } of [anna, ben]) await terms.accept(id, { number: 1, hash: 'h', way: 'use' })
      assert.deepEqual(await terms.accepted(1), { use: 2, click: 0, 'sign-up': 0 })
      assert.deepEqual(await terms.audience(), { accounts: 2, letters: 0 })
      await accounts().setEmail(anna.id, 'anna@example.test')
      await accounts().terminate(ben.id)
      assert.deepEqual(await terms.accepted(1), { use: 1, click: 0, 'sign-up': 0 })
      assert.deepEqual(await terms.audience(), { accounts: 1, letters: 1 })
      assert.equal((await terms.acceptances(ben.id)).length, 1)
    })

    it('have no acceptance changed or taken away by any statement [Terms 7.2]', async () => {
      const { id } = await account('anna')
      await terms.accept(id, { number: 1, hash: 'h', way: 'use' })
      for (const statement of [
        `UPDATE terms_acceptances SET way = 'click'`,
        'DELETE FROM terms_acceptances',
        ...(name === 'SQLite' ? [] : ['TRUNCATE terms_acceptances']),
      ]) {
        await assert.rejects(sql.raw(statement).execute(db), /is never changed/, statement)
      }
      if (name === 'SQLite') {
        await sql
          .raw(
            `INSERT OR REPLACE INTO terms_acceptances SELECT account_id, number, 'x', way, 9 FROM terms_acceptances`,
          )
          .execute(db)
      }
      const [kept] = await terms.acceptances(id)
      assert.deepEqual([kept!.hash, kept!.at], ['h', nowMs])
    })
  })
}
