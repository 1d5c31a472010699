import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { newSecret } from '../keys.ts'
import { systemRandom } from '../random.ts'
import { sqlAuditLog } from './audit-log.ts'
import { type FeedbackRows, sqlFeedback } from './feedback.ts'
import { makeNotify } from './notices.ts'
import type { Schema } from './schema.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const random = systemRandom()

/** What feedback promises. Each driver's test calls this with a way to open a database that has the tables. */
export function feedbackContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`feedback in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let feedback: FeedbackRows
    let nowMs: number

    const rowsUnder = (keys: Uint8Array[]) =>
      sqlFeedback(db, {
        ...{ rootKeys: keys, random, now: () => nowMs },
        notify: makeNotify({ rootKeys: keys, random }),
      })
    beforeEach(async () => {
      db = await open()
      nowMs = 1_800_000_000_000
      feedback = rowsUnder(rootKeys)
    })

    const add = (more: Partial<Parameters<FeedbackRows['add']>[0]> = {}) =>
      feedback.add({ kind: 'service', about: null, text: 'It is slow.', address: null, ...more })
    const told = (kind: string) =>
      db.selectFrom('notices').selectAll().where('kind', '=', kind).execute()

    it('is read with its receipt, and by operators with what they note', async () => {
      const { id, receipt } = await add({ kind: 'terms', about: { number: 3, clause: '2.1' } })
      assert.match(id, /^fbk_\w{16}$/)
      assert.match(receipt, /^ocr_\w{49}$/)
      await feedback.note(id, 'Known.', 'acc_a')
      await feedback.reply(id, 'It is faster now.', 'acc_a')
      const seen = (await feedback.byReceipt(receipt))!
      assert.deepEqual(
        [seen.id, seen.kind, seen.state, seen.about, seen.text, seen.address],
        [id, 'terms', 'answered', { number: 3, clause: '2.1' }, 'It is slow.', null],
      )
      assert.deepEqual(
        seen.entries.map(({ sort, text, by }) => [sort, text, by]),
        [['reply', 'It is faster now.', 'acc_a']],
      )
      const whole = (await feedback.byId(id))!
      assert.deepEqual(whole.entries.map(({ sort }) => sort).sort(), ['note', 'reply'])
    })

    it('is read with no other receipt, mistyped or made up', async () => {
      const { receipt } = await add()
      for (const other of [
        newSecret(random, 'receipt'),
        newSecret(random, 'apiKey'),
        receipt.slice(0, -1),
        receipt.toUpperCase(),
        '',
      ]) {
        assert.equal(await feedback.byReceipt(other), null)
        assert.equal(await feedback.removeByReceipt(other), false)
        assert.equal(await feedback.addMessage(other, 'x'), 'missing')
      }
    })

    it('is found under a root key that was replaced, and under no other', async () => {
      const { receipt } = await add({ address: 'ada@example.org' })
      const newer = rowsUnder([random.bytes(32), ...rootKeys])
      assert.equal((await newer.byReceipt(receipt))!.address, 'ada@example.org')
      assert.equal(await rowsUnder([random.bytes(32)]).byReceipt(receipt), null)
    })

    it('moves under a new root key, and is then read without the old one', async () => {
      const all = []
      for (let i = 0; i < 120; i++) all.push(await add({ text: `Text ${i}` }))
      const { id, receipt } = await add({ address: 'ada@example.org' })
      await feedback.note(id, 'A note', 'acc_a')
      await feedback.reply(id, 'An answer', 'acc_a')
      await feedback.setState(all[0]!.id, 'closed', 'acc_a')
      const newest = random.bytes(32)
      const both = rowsUnder([newest, ...rootKeys])
      await both.renew()
      assert.equal((await both.byReceipt(receipt))!.entries.length, 1)
      const later = rowsUnder([newest])
      const thread = (await later.byReceipt(receipt))!
      assert.deepEqual(
        [thread.text, thread.address, thread.entries[0]!.text],
        ['It is slow.', 'ada@example.org', 'An answer'],
      )
      assert.equal((await later.list({ limit: 200 })).length, 121)
      assert.equal((await later.byId(id))!.entries.length, 2)
      // A receipt that nobody has shown meanwhile leads nowhere without the key that it was hashed under.
      assert.equal(await later.byReceipt(all[1]!.receipt), null)
    })

    it('goes from new to open, answered and closed, and is new again when its sender adds something', async () => {
      const { id, receipt } = await add({ address: 'ada@example.org' })
      const state = async () => (await feedback.byId(id))?.state
      assert.equal(await state(), 'new')
      await feedback.note(id, 'Looking at it.', 'acc_a')
      assert.equal(await state(), 'open')
      nowMs += HOUR_MS
      await feedback.reply(id, 'Done.', 'acc_a')
      assert.equal(await state(), 'answered')
      assert.equal(await feedback.addMessage(receipt, 'Not quite.'), 'added')
      assert.equal(await state(), 'new')
      nowMs += HOUR_MS
      await feedback.reply(id, 'Now?', 'acc_b')
      // The first answer is what counts for how soon there was one.
      assert.equal((await feedback.byId(id))!.answeredAt, 1_800_000_000_000 + HOUR_MS)
      assert.equal(await feedback.setState(id, 'closed', 'acc_a'), true)
      assert.equal(await feedback.setState(id, 'closed', 'acc_a'), false)
      const closed = (await feedback.byId(id))!
      assert.deepEqual([closed.state, closed.closedAt, closed.address], ['closed', nowMs, null])
      assert.equal(await feedback.addMessage(receipt, 'Once more.'), 'closed')
      assert.equal(await feedback.reply(id, 'Late.', 'acc_a'), false)
      assert.equal(await feedback.setState(id, 'open', 'acc_a'), true)
      assert.equal((await feedback.byId(id))!.closedAt, null)
    })

    it('has an answer go by mail where an address was given, once per answer', async () => {
      const silent = await add()
      await feedback.reply(silent.id, 'Read it with your receipt.', 'acc_a')
      assert.equal((await told('feedback')).length, 0)
      const { id } = await add({ address: 'ada@example.org' })
      await feedback.reply(id, 'One.', 'acc_a')
      await feedback.reply(id, 'Two.', 'acc_a')
      assert.equal((await told('feedback')).length, 2)
      const rows = await db.selectFrom('deliveries').selectAll().execute()
      assert.equal(rows.length, 2)
      assert.ok(rows.every(({ recipient }) => !recipient.includes('ada')))
    })

    it('is deleted with all that was said about it, by its sender or an operator, once', async () => {
      const [mine, other] = [await add(), await add()]
      await feedback.addMessage(mine.receipt, 'More.')
      await feedback.reply(mine.id, 'Thanks.', 'acc_a')
      const gone = await Promise.all([1, 2, 3].map(() => feedback.removeByReceipt(mine.receipt)))
      assert.equal(gone.filter(Boolean).length, 1)
      assert.equal(await feedback.byReceipt(mine.receipt), null)
      assert.equal((await db.selectFrom('feedback_entries').selectAll().execute()).length, 0)
      assert.equal(await feedback.remove(other.id, 'acc_a'), true)
      assert.equal(await feedback.remove(other.id, 'acc_a'), false)
      assert.equal(await feedback.note(other.id, 'x', 'acc_a'), false)
    })

    it('is read by nobody with a receipt that was found lying about', async () => {
      const { id, receipt } = await add()
      assert.equal(await feedback.endReceipt(receipt, 'reporter'), true)
      assert.equal(await feedback.endReceipt(receipt, 'reporter'), false)
      assert.equal(await feedback.byReceipt(receipt), null)
      assert.equal(await feedback.removeByReceipt(receipt), false)
      assert.ok(await feedback.byId(id))
    })

    it('takes so many messages for one receipt, and no more, however many come at once', async () => {
      const { receipt, id } = await add()
      for (let i = 0; i < 97; i++) await feedback.addMessage(receipt, 'x')
      const last = await Promise.all(
        Array.from({ length: 8 }, () => feedback.addMessage(receipt, 'y')),
      )
      assert.equal(last.filter((one) => one === 'added').length, 3)
      assert.equal((await feedback.byId(id))!.entries.length, 100)
    })

    it('is listed newest first, page by page, also what came in one millisecond', async () => {
      const ids: string[] = []
      for (let i = 0; i < 7; i++) {
        if (i > 3) nowMs += 1
        ids.push((await add({ kind: i % 2 ? 'abuse' : 'service' })).id)
      }
      const seen: string[] = []
      for (let before: string | undefined; ; ) {
        const rows = await feedback.list({ limit: 2, before })
        seen.push(...rows.map(({ id }) => id))
        before = rows.at(-1)?.id
        if (rows.length < 2) break
      }
      assert.deepEqual([...seen].sort(), [...ids].sort())
      assert.deepEqual(seen.slice(0, 3), ids.slice(-3).reverse())
      assert.equal((await feedback.list({ kind: 'abuse', limit: 9 })).length, 3)
      assert.equal((await feedback.list({ state: 'closed', limit: 9 })).length, 0)
      assert.deepEqual(await feedback.list({ before: 'fbk_none', limit: 9 }), [])
    })

    it('is counted by kind and state since a day, with the median time to an answer', async () => {
      assert.deepEqual(await feedback.numbers(), { counts: [], answerMs: null })
      await add({ kind: 'abuse' })
      nowMs += 10 * HOUR_MS
      const since = nowMs
      const all = [await add(), await add(), await add()]
      for (const [nth, { id }] of all.entries()) {
        nowMs = since + (nth + 1) ** 2 * MINUTE_MS
        await feedback.reply(id, 'Thanks.', 'acc_a')
      }
      assert.deepEqual(await feedback.numbers(since), {
        counts: [{ kind: 'service', state: 'answered', count: 3 }],
        answerMs: 4 * MINUTE_MS,
      })
      assert.equal((await feedback.numbers()).counts.length, 2)
    })

    it('tells operators at most once an hour, and later of what came in between', async () => {
      const alerts = async () => (await told('alert')).length
      await Promise.all([add(), add(), add()])
      assert.equal(await alerts(), 1)
      nowMs += 59 * MINUTE_MS
      await add()
      await feedback.alert()
      assert.equal(await alerts(), 1)
      nowMs += MINUTE_MS
      await Promise.all([feedback.alert(), feedback.alert()])
      assert.equal(await alerts(), 2)
      nowMs += HOUR_MS
      await feedback.alert()
      assert.equal(await alerts(), 2)
    })

    it('takes the letters that answered it along when it is deleted, sent or not, with the address in them', async () => {
      const mine = await add({ address: 'mine@example.org' })
      const other = await add({ address: 'other@example.org' })
      for (const { id } of [mine, mine, other])
        await feedback.reply(id, 'It is faster now.', 'acc_a')
      assert.equal(await feedback.removeByReceipt(mine.receipt), true)
      const left = await told('feedback')
      assert.deepEqual(
        left.map(({ about }) => about.split('/')[1]),
        [other.id],
      )
      const letters = await db.selectFrom('deliveries').selectAll().execute()
      assert.deepEqual(
        letters.map(({ notice_id }) => notice_id),
        [left[0]!.id],
      )
      assert.equal(await feedback.remove(other.id, 'acc_a'), true)
      assert.deepEqual(await told('feedback'), [])
    })

    it('keeps nothing that can be read without the root key, and leaves ids and kinds alone in the audit log', async () => {
      const text = 'PLAIN-TEXT-MARK'
      const { id, receipt } = await add({ text, address: 'mark@example.org' })
      await feedback.addMessage(receipt, text)
      await feedback.note(id, text, 'acc_a')
      await feedback.reply(id, text, 'acc_a')
      const tables = [
        'feedback',
        'feedback_entries',
        'notices',
        'deliveries',
        'audit_events',
      ] as const
      const rows = await Promise.all(
        tables.map((table) => db.selectFrom(table).selectAll().execute()),
      )
      const stored = JSON.stringify(rows)
      for (const mark of [text, 'mark@example', receipt.slice(4, 20)]) {
        assert.ok(!stored.includes(mark), mark)
      }
      const events = await sqlAuditLog(db).list({ limit: 9 })
      assert.deepEqual(
        events.map(({ act, by, subject, detail }) => [act, by, subject === id, detail]),
        [
          ['feedback.reply', 'acc_a', true, {}],
          ['feedback.note', 'acc_a', true, {}],
          ['feedback.message', 'sender', true, {}],
          ['feedback.add', 'sender', true, { kind: 'service' }],
        ],
      )
    })
  })
}
