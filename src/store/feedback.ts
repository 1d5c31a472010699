import type { Kysely, Selectable, Transaction } from 'kysely'
import { keyedHasher, newId, newSecret, sortOf } from '../keys.ts'
import { makeVault } from '../vault.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { Author } from './store.ts'

/** What feedback can be about: how the service works, what the Terms say, a weakness in it, or somebody's misuse of it. */
export const FEEDBACK_KINDS = ['service', 'terms', 'security', 'abuse'] as const
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number]

/** Nobody has looked at it, or at what its sender added; looked at; answered; and the end, after which it is kept for a while and deleted. */
export const FEEDBACK_STATES = ['new', 'open', 'answered', 'closed'] as const
export type FeedbackState = (typeof FEEDBACK_STATES)[number]

/** What somebody has told the operator. */
export interface FeedbackRow {
  id: string
  kind: FeedbackKind
  state: FeedbackState
  /** What of the Terms it is about; null where it is about something else. */
  about: TermsPlace | null
  text: string
  /** Where answers go by mail; null where none was given, and once it is closed. */
  address: string | null
  createdAt: number
  changedAt: number
  /** When it was first answered. */
  answeredAt: number | null
  closedAt: number | null
}

/** A clause of a version; '' for all of it. */
export interface TermsPlace {
  number: number
  clause: string
}

/** What was said about it since. */
export interface FeedbackEntry {
  id: string
  /** A `message` of its sender's, a `reply` to them, or a `note` among operators. */
  sort: 'message' | 'reply' | 'note'
  /** An operator's account; '' for the sender. */
  by: string
  text: string
  at: number
}

export type FeedbackThread = FeedbackRow & { entries: FeedbackEntry[] }

/** How much there was, and how soon it was answered. */
export interface FeedbackNumbers {
  counts: { kind: FeedbackKind; state: FeedbackState; count: number }[]
  /** The median time to the first answer; null where none was answered. */
  answerMs: number | null
}

/** What people told the operator, sealed. */
export interface FeedbackRows {
  /** Keeps it, and tells the operators. The receipt is in the answer and nowhere else: only a keyed hash of it is kept. */
  add(
    feedback: Pick<FeedbackRow, 'kind' | 'about' | 'text' | 'address'>,
    by?: Author,
  ): Promise<{ id: string; receipt: string }>
  /** Without what operators note among themselves. */
  byReceipt(receipt: string): Promise<FeedbackThread | null>
  byId(id: string): Promise<FeedbackThread | null>
  /** Newest first; `before` is the id of the last that was seen. */
  list(query: {
    state?: FeedbackState
    kind?: FeedbackKind
    before?: string
    limit: number
  }): Promise<FeedbackRow[]>
  /** How many there are of each kind in each state. @param since those that came from then on */
  numbers(since?: number): Promise<FeedbackNumbers>

  /** A further message of the sender's. It is new again by that. `full` if there are too many. */
  addMessage(receipt: string, text: string): Promise<'added' | 'missing' | 'closed' | 'full'>
  /** Answers its sender: by mail too, where an address was given. False if there is no such feedback, or it is closed. */
  reply(id: string, text: string, by: Author): Promise<boolean>
  note(id: string, text: string, by: Author): Promise<boolean>
  /** Closed, its address is deleted. False if there is no such feedback, or it is so already. */
  setState(id: string, state: 'open' | 'closed', by: Author): Promise<boolean>
  remove(id: string, by: Author): Promise<boolean>
  /** All of it, and all that was said about it. */
  removeByReceipt(receipt: string): Promise<boolean>
  /** The receipt has been found where it should not be: nobody reads with it any more. */
  endReceipt(receipt: string, by: Author): Promise<boolean>
  /** Tells the operators of what came since they were told last, at most once an hour. */
  alert(): Promise<void>
  /** Has all of it under the newest root key. A receipt follows when it is next shown. */
  renew(): Promise<void>
}

const HOUR_MS = 3_600_000
/** Bounds what one receipt can fill. */
const ENTRIES_MAX = 100
const RENEWED_AT_ONCE = 100
/** More than this many answers say no more about how soon they come. */
const SAMPLE_MAX = 5_000
const BY_SENDER = 'sender'

/** The feedback in a SQL database. Whatever somebody wrote is encrypted, and none of it is in the audit log. */
export function sqlFeedback(
  db: Kysely<Schema>,
  { rootKeys, random, now, notify }: Pick<SqlTools, 'rootKeys' | 'random' | 'now' | 'notify'>,
): FeedbackRows {
  const hashers = rootKeys.map((root) => keyedHasher(root, 'feedback receipts'))
  const vaults = {
    text: makeVault(rootKeys, 'feedback text', random),
    address: makeVault(rootKeys, 'feedback address', random),
    entry: makeVault(rootKeys, 'feedback entry', random),
  }

  return {
    async add({ kind, about, text, address }, by = BY_SENDER) {
      const id = newId(random, 'fbk')
      const receipt = newSecret(random, 'receipt')
      const at = now()
      await db.transaction().execute(async (tx) => {
        await record(tx, at, { by, act: 'feedback.add', subject: id, detail: { kind } })
        await tx
          .insertInto('feedback')
          .values({
            ...{ id, kind, state: 'new', created_at: at, changed_at: at },
            ...{ terms_number: about?.number ?? null, clause: about?.clause ?? '' },
            text_sealed: vaults.text.close(id, text),
            address_sealed: address === null ? null : vaults.address.close(id, address),
            ...{ receipt_hash: hashers[0]!(receipt), answered_at: null, closed_at: null },
          })
          .execute()
        await alertIfDue(tx, at)
      })
      return { id, receipt }
    },

    async byReceipt(receipt) {
      const row = await rowOf(db, receipt)
      if (!row) return null
      const [hash] = hashesOf(receipt)
      if (row.receipt_hash !== hash) {
        await db
          .updateTable('feedback')
          .set({ receipt_hash: hash })
          .where('id', '=', row.id)
          .where('receipt_hash', '=', row.receipt_hash)
          .execute()
      }
      const entries = await entriesOf(row.id)
      return { ...read(row), entries: entries.filter(({ sort }) => sort !== 'note') }
    },

    async byId(id) {
      const row = await db
        .selectFrom('feedback')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? { ...read(row), entries: await entriesOf(id) } : null
    },

    async list({ state, kind, before, limit }) {
      let query = db.selectFrom('feedback').selectAll()
      if (state) query = query.where('state', '=', state)
      if (kind) query = query.where('kind', '=', kind)
      if (before) {
        const seen = await db
          .selectFrom('feedback')
          .select(['id', 'created_at'])
          .where('id', '=', before)
          .executeTakeFirst()
        if (!seen) return []
        query = query.where((e) =>
          e.or([
            e('created_at', '<', seen.created_at),
            e.and([e('created_at', '=', seen.created_at), e('id', '<', seen.id)]),
          ]),
        )
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(read)
    },

    async numbers(since = 0) {
      const counts = await db
        .selectFrom('feedback')
        .select((e) => ['kind', 'state', e.fn.countAll().as('count')])
        .where('created_at', '>=', since)
        .groupBy(['kind', 'state'])
        .execute()
      const times = await db
        .selectFrom('feedback')
        .select((e) => e('answered_at', '-', e.ref('created_at')).as('ms'))
        .where('created_at', '>=', since)
        .where('answered_at', 'is not', null)
        .orderBy('created_at', 'desc')
        .limit(SAMPLE_MAX)
        .execute()
      return {
        counts: counts.map(({ kind, state, count }) => ({
          ...{ kind: kind as FeedbackKind, state: state as FeedbackState, count: Number(count) },
        })),
        answerMs: medianOf(times.map(({ ms }) => Number(ms))),
      }
    },

    addMessage: (receipt, text) =>
      db.transaction().execute(async (tx) => {
        const found = await rowOf(tx, receipt)
        if (!found) return 'missing' as const
        // Of two at once, the second waits here for the first, and counts it.
        const open = await tx
          .updateTable('feedback')
          .set((e) => ({ changed_at: e.ref('changed_at') }))
          .where('id', '=', found.id)
          .where('state', '!=', 'closed')
          .executeTakeFirst()
        if (open.numUpdatedRows !== 1n) return 'closed' as const
        if ((await countEntries(tx, found.id)) >= ENTRIES_MAX) return 'full' as const
        await tx
          .updateTable('feedback')
          .set({ state: 'new', changed_at: now() })
          .where('id', '=', found.id)
          .execute()
        await addEntry(tx, found.id, 'message', text, '')
        await record(tx, now(), { by: BY_SENDER, act: 'feedback.message', subject: found.id })
        await alertIfDue(tx, now())
        return 'added' as const
      }),

    reply: (id, text, by) =>
      db.transaction().execute(async (tx) => {
        const at = now()
        const row = await tx
          .updateTable('feedback')
          .set((e) => ({
            ...{ state: 'answered', changed_at: at },
            answered_at: e.fn.coalesce('answered_at', e.val(at)),
          }))
          .where('id', '=', id)
          .where('state', '!=', 'closed')
          .returning(['kind', 'address_sealed'])
          .executeTakeFirst()
        if (!row) return false
        const entry = await addEntry(tx, id, 'reply', text, by)
        if (row.address_sealed !== null) {
          await notify(tx, at, {
            ...{ kind: 'feedback', about: `feedback/${id}/${entry}` },
            facts: { kind: row.kind, answer: text },
            to: { address: vaults.address.open(id, row.address_sealed) },
          })
        }
        await record(tx, at, { by, act: 'feedback.reply', subject: id })
        return true
      }),

    note: (id, text, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('feedback')
          .set((e) => ({
            changed_at: now(),
            // Who writes a note about it has looked at it.
            state: e
              .case()
              .when('state', '=', 'new')
              .then('open')
              .else(e.ref('state'))
              .end()
              .$castTo<string>(),
          }))
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst()
        if (!row) return false
        await addEntry(tx, id, 'note', text, by)
        await record(tx, now(), { by, act: 'feedback.note', subject: id })
        return true
      }),

    setState: (id, state, by) =>
      db.transaction().execute(async (tx) => {
        const at = now()
        const closed = state === 'closed'
        const done = await tx
          .updateTable('feedback')
          .set({
            ...{ state, changed_at: at, closed_at: closed ? at : null },
            ...(closed ? { address_sealed: null } : {}),
          })
          .where('id', '=', id)
          .where('state', '!=', state)
          .executeTakeFirst()
        if (done.numUpdatedRows !== 1n) return false
        await record(tx, at, { by, act: closed ? 'feedback.close' : 'feedback.open', subject: id })
        return true
      }),

    remove: (id, by) => db.transaction().execute((tx) => removeIn(tx, id, by)),

    removeByReceipt: (receipt) =>
      db.transaction().execute(async (tx) => {
        const row = await rowOf(tx, receipt)
        return row ? removeIn(tx, row.id, BY_SENDER) : false
      }),

    async endReceipt(receipt, by) {
      if (sortOf(receipt) !== 'receipt') return false
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('feedback')
          .set({ receipt_hash: null })
          .where('receipt_hash', 'in', hashesOf(receipt))
          .returning('id')
          .executeTakeFirst()
        if (!row) return false
        await record(tx, now(), { by, act: 'feedback.receipt', subject: row.id })
        return true
      })
    },

    async alert() {
      // Mostly there is nothing to tell: no transaction for that.
      if (await isAlertDue(db, now())) {
        await db.transaction().execute((tx) => alertIfDue(tx, now()))
      }
    },

    async renew() {
      for await (const { id, text_sealed, address_sealed } of pagesOf('feedback')) {
        if (!vaults.text.isOld(text_sealed)) continue
        await db
          .updateTable('feedback')
          .set({
            text_sealed: vaults.text.close(id, vaults.text.open(id, text_sealed)),
            address_sealed:
              address_sealed && vaults.address.close(id, vaults.address.open(id, address_sealed)),
          })
          .where('id', '=', id)
          // Closed meanwhile, it has no address any more.
          .where('address_sealed', address_sealed === null ? 'is' : '=', address_sealed)
          .execute()
      }
      for await (const { id, text_sealed } of pagesOf('feedback_entries')) {
        if (!vaults.entry.isOld(text_sealed)) continue
        await db
          .updateTable('feedback_entries')
          .set({ text_sealed: vaults.entry.close(id, vaults.entry.open(id, text_sealed)) })
          .where('id', '=', id)
          .execute()
      }
    },
  }

  /** All rows of a table, some at a time, by id. */
  async function* pagesOf<Table extends 'feedback' | 'feedback_entries'>(
    table: Table,
  ): AsyncGenerator<Selectable<Schema[Table]>> {
    for (let after = ''; ; ) {
      const rows = (await db
        .selectFrom(table as 'feedback')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(RENEWED_AT_ONCE)
        .execute()) as unknown as (Selectable<Schema[Table]> & { id: string })[]
      yield* rows
      if (rows.length < RENEWED_AT_ONCE) return
      after = rows.at(-1)!.id
    }
  }

  function hashesOf(receipt: string): string[] {
    return hashers.map((hash) => hash(receipt))
  }

  async function rowOf(tx: Kysely<Schema>, receipt: string) {
    if (sortOf(receipt) !== 'receipt') return undefined
    return tx
      .selectFrom('feedback')
      .selectAll()
      .where('receipt_hash', 'in', hashesOf(receipt))
      .executeTakeFirst()
  }

  async function entriesOf(id: string): Promise<FeedbackEntry[]> {
    const rows = await db
      .selectFrom('feedback_entries')
      .selectAll()
      .where('feedback_id', '=', id)
      .orderBy('at')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      ...{ id: row.id, sort: row.sort as FeedbackEntry['sort'], by: row.by, at: Number(row.at) },
      text: vaults.entry.open(row.id, row.text_sealed),
    }))
  }

  async function countEntries(tx: Kysely<Schema>, id: string): Promise<number> {
    const { count } = await tx
      .selectFrom('feedback_entries')
      .select((e) => e.fn.countAll().as('count'))
      .where('feedback_id', '=', id)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async function addEntry(
    tx: Kysely<Schema>,
    feedbackId: string,
    sort: FeedbackEntry['sort'],
    text: string,
    by: Author,
  ): Promise<string> {
    const id = newId(random, 'fbe')
    await tx
      .insertInto('feedback_entries')
      .values({
        ...{ id, feedback_id: feedbackId, sort, by, at: now() },
        text_sealed: vaults.entry.close(id, text),
      })
      .execute()
    return id
  }

  async function removeIn(tx: Transaction<Schema>, id: string, by: Author): Promise<boolean> {
    // What was said about it goes with it.
    const done = await tx.deleteFrom('feedback').where('id', '=', id).executeTakeFirst()
    if (done.numDeletedRows !== 1n) return false
    // Letters too, gone out or not: they have the answers, and the address that they go to.
    await tx
      .deleteFrom('notices')
      .where('kind', '=', 'feedback')
      .where('about', 'like', `feedback/${id}/%`)
      .execute()
    await record(tx, now(), { by, act: 'feedback.remove', subject: id })
    return true
  }

  /** After `record`, whose queue lets one transaction at a time come here. */
  async function alertIfDue(tx: Transaction<Schema>, at: number): Promise<void> {
    if (!(await isAlertDue(tx, at))) return
    await notify(tx, at, {
      ...{ kind: 'alert', about: `feedback/${Math.floor(at / HOUR_MS)}`, to: 'operators' },
      facts: {
        about: 'feedback',
        text: 'There is feedback that nobody has looked at.',
        path: '/console/promises/feedback',
      },
    })
  }

  /** True if something is new since the operators were told last, and that was an hour ago. */
  async function isAlertDue(tx: Kysely<Schema>, at: number): Promise<boolean> {
    const last = await tx
      .selectFrom('notices')
      .select((e) => e.fn.max('created_at').as('at'))
      .where('kind', '=', 'alert')
      .where('about', 'like', 'feedback/%')
      .executeTakeFirst()
    const lastAt = Number(last?.at ?? 0)
    if (lastAt > 0 && lastAt > at - HOUR_MS) return false
    const waiting = await tx
      .selectFrom('feedback')
      .select('id')
      .where('state', '=', 'new')
      .where('changed_at', '>', lastAt)
      .limit(1)
      .executeTakeFirst()
    return waiting !== undefined
  }

  function read(row: Selectable<Schema['feedback']>): FeedbackRow {
    const { id, terms_number: number, address_sealed: address } = row
    return {
      ...{ id, kind: row.kind as FeedbackKind, state: row.state as FeedbackState },
      about: number === null ? null : { number: Number(number), clause: row.clause },
      text: vaults.text.open(id, row.text_sealed),
      address: address === null ? null : vaults.address.open(id, address),
      ...{ createdAt: Number(row.created_at), changedAt: Number(row.changed_at) },
      ...{ answeredAt: momentOf(row.answered_at), closedAt: momentOf(row.closed_at) },
    }
  }
}

function momentOf(value: number | null): number | null {
  return value === null ? null : Number(value)
}

function medianOf(values: number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : Math.round((sorted[middle - 1]! + sorted[middle]!) / 2)
}
