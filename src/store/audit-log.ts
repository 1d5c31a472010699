import { setImmediate } from 'node:timers/promises'
import type { Kysely, Selectable } from 'kysely'
import { chain } from './audit.ts'
import type { Schema } from './schema.ts'
import type { AuditEvent, AuditLog } from './store.ts'

const PAGE = 500

/** The hash that the first event's covers. */
export const GENESIS = '0'.repeat(64)

/** The audit log in a SQL database. Writing it is `record`'s. */
export function sqlAuditLog(db: Kysely<Schema>): AuditLog {
  return {
    async head() {
      const { seq, hash } = await readHead()
      return { seq, hash }
    },

    async list({ subjects, before, limit }) {
      const rows = await db
        .selectFrom('audit_events')
        .selectAll()
        .$if(subjects !== undefined, (q) => q.where('subject', 'in', subjects!))
        .$if(before !== undefined, (q) => q.where('seq', '<', before!))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.map(read)
    },

    async *all() {
      for await (const row of rows()) yield read(row)
    },

    async verify(kept) {
      const head = await readHead()
      if (head.last > head.seq) return { seq: head.last, why: 'is beyond the head of the log' }
      if (kept && kept.seq > head.seq) {
        return { seq: head.seq, why: `is the last: the log was cut, it led to ${kept.seq} once` }
      }
      let at = { seq: 0, hash: GENESIS }
      const leadsThrough = () => kept?.seq !== at.seq || kept.hash === at.hash
      if (!leadsThrough()) return { seq: 0, why: 'is where every log begins, with another hash' }
      for await (const row of rows(head.seq)) {
        const seq = Number(row.seq)
        if (seq !== at.seq + 1) return { seq: at.seq + 1, why: 'is missing' }
        if (chain(at.hash, { ...row, seq, at: Number(row.at) }) !== row.hash) {
          return { seq, why: 'is not as it was written' }
        }
        at = { seq, hash: row.hash }
        if (!leadsThrough()) return { seq, why: 'has another hash than the one that was kept' }
      }
      if (at.seq < head.seq) return { seq: at.seq + 1, why: 'is missing' }
      if (at.hash !== head.hash) return { seq: at.seq, why: 'is not what the head of the log says' }
      return null
    },
  }

  /** The head and the last event's number, both of one moment: changes go on meanwhile. */
  async function readHead() {
    const row = await db
      .selectFrom('audit_head')
      .select((e) => [
        'seq',
        'hash',
        e
          .selectFrom('audit_events')
          .select((one) => one.fn.max('seq').as('last'))
          .as('last'),
      ])
      .where('id', '=', 1)
      .executeTakeFirst()
    return {
      seq: Number(row?.seq ?? 0),
      hash: row?.hash ?? '',
      last: Number(row?.last ?? 0),
    }
  }

  /** The oldest first, a page at a time. */
  async function* rows(to = Number.MAX_SAFE_INTEGER) {
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const page = await db
        .selectFrom('audit_events')
        .selectAll()
        .where('seq', '>', after)
        .where('seq', '<=', to)
        .orderBy('seq')
        .limit(PAGE)
        .execute()
      yield* page
      // A long log is read for a long time: others get their turn meanwhile.
      await setImmediate()
      if (page.length < PAGE) return
      after = Number(page.at(-1)!.seq)
    }
  }
}

function read(row: Selectable<Schema['audit_events']>): AuditEvent {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    by: row.by,
    act: row.act,
    subject: row.subject,
    detail: JSON.parse(row.detail),
    hash: row.hash,
  }
}
