import assert from 'node:assert/strict'
import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { chain, record } from './audit.ts'
import { GENESIS, sqlAuditLog } from './audit-log.ts'
import type { Schema } from './schema.ts'
import type { AuditLog } from './store.ts'

const EVENTS = 1_200

/** What the audit log promises. Each driver's test calls this with a way to open a database that has the tables. */
export function auditLogContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`the audit log in ${name} [ASVS 16.4.2]`, () => {
    let db: Kysely<Schema>
    let log: AuditLog

    beforeEach(async () => {
      db = await open()
      log = sqlAuditLog(db)
    })

    const write = (count: number, subject = 'ock_a') =>
      db.transaction().execute(async (tx) => {
        for (let i = 0; i < count; i++) {
          await record(tx, 1_000 + i, { by: 'cli', act: 'site.set', subject, detail: { i } })
        }
      })
    /** What an administrator can do who has the database to himself. */
    const unguard = async () => {
      const triggers = ['audit_events_no_update', 'audit_events_no_delete']
      if (name === 'SQLite') {
        for (const trigger of triggers) await sql`DROP TRIGGER ${sql.raw(trigger)}`.execute(db)
      } else {
        await sql`DROP TRIGGER audit_events_no_change ON audit_events`.execute(db)
      }
    }
    const rows = () => db.selectFrom('audit_events').selectAll().orderBy('seq').execute()

    it('holds, however long it is, and says what its head is', async () => {
      assert.deepEqual(await log.head(), { seq: 0, hash: GENESIS })
      assert.equal(await log.verify(), null)
      await write(EVENTS)
      assert.equal(await log.verify(), null)
      const head = await log.head()
      assert.equal(head.seq, EVENTS)
      assert.equal(await log.verify(head), null)
      await write(3)
      assert.equal(await log.verify(head), null, 'and goes on through a head that was kept')
      assert.equal(await log.verify({ seq: 0, hash: GENESIS }), null)
      assert.equal((await log.verify({ seq: 0, hash: 'f' }))?.seq, 0)
    })

    it('lets others have their turn while a long one is read', async () => {
      await write(EVENTS)
      let turns = 0
      let reading = true
      const count = () => {
        turns += 1
        if (reading) setImmediate(count)
      }
      count()
      assert.equal(await log.verify(), null)
      reading = false
      assert.ok(turns > EVENTS / 500, `there were ${turns}`)
    })

    it('is numbered without a gap, also when many changes come at once', async () => {
      await Promise.all(Array.from({ length: 20 }, () => write(3)))
      assert.deepEqual(
        (await rows()).map((row) => Number(row.seq)),
        Array.from({ length: 60 }, (_, i) => i + 1),
      )
      assert.equal(await log.verify(), null)
    })

    it('has no event of a change that was not made', async () => {
      await write(1)
      const before = await log.head()
      const failed = db.transaction().execute(async (tx) => {
        await record(tx, 1, { by: 'cli', act: 'site.add', subject: 'ock_b' })
        throw new Error('the change fails')
      })
      await assert.rejects(failed)
      assert.deepEqual(await log.head(), before)
      assert.equal(await log.verify(), null)
    })

    it('lists the newest first, by subject and by page', async () => {
      await write(4, 'ock_a')
      await write(4, 'ock_b')
      const seqs = async (query: Parameters<AuditLog['list']>[0]) =>
        (await log.list(query)).map((event) => event.seq)
      assert.deepEqual(await seqs({ limit: 3 }), [8, 7, 6])
      assert.deepEqual(await seqs({ limit: 3, before: 6 }), [5, 4, 3])
      assert.deepEqual(await seqs({ limit: 9, subjects: ['ock_a'] }), [4, 3, 2, 1])
      assert.deepEqual(await seqs({ limit: 2, subjects: ['ock_a', 'ock_b'], before: 6 }), [5, 4])
      const [event] = await log.list({ limit: 1, subjects: ['ock_a'] })
      assert.partialDeepStrictEqual(event, { at: 1_003, by: 'cli', detail: { i: 3 } })
    })

    it('can be read from the first event to the last, and each hash computed by whoever reads', async () => {
      await write(EVENTS)
      let before = GENESIS
      let count = 0
      for await (const event of log.all()) {
        assert.equal(event.seq, ++count)
        assert.equal(chain(before, { ...event, detail: JSON.stringify(event.detail) }), event.hash)
        before = event.hash
      }
      assert.equal(count, EVENTS)
    })

    it('refuses to be changed by a statement, as long as its guard stands', async () => {
      await write(3)
      await assert.rejects(db.updateTable('audit_events').set({ by: 'nobody' }).execute())
      await assert.rejects(db.deleteFrom('audit_events').where('seq', '=', 3).execute())
      if (name === 'SQLite') {
        const replace = sql`INSERT OR REPLACE INTO audit_events
          SELECT seq, at, 'nobody', act, subject, detail, hash FROM audit_events`
        await assert.rejects(replace.execute(db), /is never changed/)
      }
      assert.equal((await rows()).length, 3)
      assert.equal(await log.verify(), null)
    })

    it('names the event of which one character was changed, wherever', async () => {
      await write(600)
      await unguard()
      const changes = { by: 'clj', act: 'site.sed', subject: 'ock_b', detail: '{"i":9}' } as const
      for (const [column, value] of Object.entries(changes)) {
        for (const seq of [1, 500, 501, 600]) {
          const row = (await rows())[seq - 1]!
          const set = (to: unknown) =>
            db
              .updateTable('audit_events')
              .set({ [column]: to })
              .where('seq', '=', seq)
              .execute()
          await set(value)
          assert.deepEqual(await log.verify(), { seq, why: 'is not as it was written' }, column)
          await set(row[column as 'by'])
        }
      }
      await db.updateTable('audit_events').set({ at: 1 }).where('seq', '=', 7).execute()
      assert.equal((await log.verify())?.seq, 7)
    })

    it('names a deleted event, the first and the last too', async () => {
      await write(5)
      await unguard()
      const kept = await rows()
      for (const seq of [5, 3, 1]) {
        await db.deleteFrom('audit_events').where('seq', '=', seq).execute()
        assert.deepEqual(await log.verify(), { seq, why: 'is missing' })
        await db
          .insertInto('audit_events')
          .values(kept[seq - 1]!)
          .execute()
        assert.equal(await log.verify(), null)
      }
    })

    it('names the first of two events that changed places, or of what was put in between', async () => {
      await write(5)
      await unguard()
      const kept = await rows()
      const put = async (seq: number, from: number) => {
        const { seq: _, ...rest } = kept[from - 1]!
        await db.updateTable('audit_events').set(rest).where('seq', '=', seq).execute()
      }
      await put(2, 4)
      await put(4, 2)
      assert.equal((await log.verify())?.seq, 2)
      await put(2, 2)
      await put(4, 4)
      await db
        .insertInto('audit_events')
        .values({ ...kept[4]!, seq: 6 })
        .execute()
      assert.deepEqual(await log.verify(), { seq: 6, why: 'is beyond the head of the log' })
      await db.deleteFrom('audit_events').where('seq', '=', 6).execute()
      await db
        .insertInto('audit_events')
        .values({ ...kept[4]!, seq: -1 })
        .execute()
      assert.notEqual(await log.verify(), null)
    })

    it('tells a tail that was rewritten with good hashes: by its head, or by a head that was kept', async () => {
      await write(5)
      const kept = await log.head()
      await unguard()
      const all = await rows()
      let before = all[2]!.hash
      for (const row of all.slice(3)) {
        const seq = Number(row.seq)
        const event = { ...row, seq, at: Number(row.at), by: 'somebody else' }
        before = chain(before, event)
        await db
          .updateTable('audit_events')
          .set({ by: event.by, hash: before })
          .where('seq', '=', seq)
          .execute()
      }
      assert.equal((await log.verify())?.seq, 5)
      await db.updateTable('audit_head').set({ hash: before }).execute()
      assert.equal(await log.verify(), null, 'all that is in the database fits')
      assert.deepEqual(await log.verify(kept), {
        seq: 5,
        why: 'has another hash than the one that was kept',
      })
    })

    it('tells a tail that was cut: by its head, or by a head that was kept', async () => {
      await write(5)
      const kept = await log.head()
      await unguard()
      await db.deleteFrom('audit_events').where('seq', '>', 3).execute()
      assert.deepEqual(await log.verify(), { seq: 4, why: 'is missing' })
      const [last] = await log.list({ limit: 1 })
      await db.updateTable('audit_head').set({ seq: 3, hash: last!.hash }).execute()
      assert.equal(await log.verify(), null, 'all that is in the database fits')
      assert.match((await log.verify(kept))!.why, /was cut/)
    })

    it('tells a head that was taken away', async () => {
      await write(2)
      await db.deleteFrom('audit_head').execute()
      assert.notEqual(await log.verify(), null)
    })
  })
}
