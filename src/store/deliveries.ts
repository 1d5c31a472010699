import { type Kysely, PostgresAdapter, type Selectable, sql, type Transaction } from 'kysely'
import type { Notice, NoticeKind } from '../notices/notice.ts'
import { record } from './audit.ts'
import { noticeVaults } from './notices.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { Author } from './store.ts'

export type Channel = 'mail' | 'webhook'
export type DeliveryState = 'waiting' | 'sent' | 'failed' | 'dropped'

/** A delivery's name. */
export interface DeliveryKey {
  noticeId: string
  channel: Channel
  /** An account's id, a webhook's, or a keyed hash of an address. */
  recipient: string
}

/** A delivery that somebody has taken, and nobody else has until then. */
export interface Held extends DeliveryKey {
  holder: string
  heldUntil: number
  /** With this one. */
  attempts: number
  notice: Notice
  /** Where the recipient has no account. */
  address: string | null
}

/** How a delivery stands. */
export interface DeliveryRow extends DeliveryKey {
  state: DeliveryState
  attempts: number
  nextAt: number
  doneAt: number | null
  why: string
}

/** A notice, and how many of its deliveries stand how. */
export interface NoticeRow {
  id: string
  kind: NoticeKind
  about: string
  createdAt: number
  counts: Record<Channel, Record<DeliveryState, number>>
}

/** What is to be delivered. Who takes a delivery has it alone until its end: no two nodes send the same at once. */
export interface DeliveryRows {
  /**
   * Takes deliveries that are due and nobody has, in the order in which they became due; of one moment by notice and
   * recipient.
   */
  take(channel: Channel, holder: string, limit: number, leaseMs: number): Promise<Held[]>
  /** It went. False if it is not held by this holder any more, as with all that follow. An address is forgotten with it. */
  sent(held: Held): Promise<boolean>
  /** It did not go, and is tried again. */
  again(held: Held, nextAt: number, why: string): Promise<boolean>
  /** It will not go. Operators are told, once a day for a kind: of letters, and not of those that tell them this. */
  fail(held: Held, why: string): Promise<boolean>
  /** There is nobody to send it to any more. */
  drop(held: Held, why: string): Promise<boolean>
  /** Lets go of all that anybody holds. For a service that is alone, when it starts: whoever held it is gone. */
  freeAll(): Promise<void>
  /** Since when the oldest is due that was not tried once; null for none. */
  dueSince(channel: Channel): Promise<number | null>
  /** Fails what has waited in vain since then. Says how many. */
  giveUp(channel: Channel, since: number, why: string): Promise<number>

  /** Newest first. @param before of the last one on the page before */
  notices(limit: number, before?: { createdAt: number; id: string }): Promise<NoticeRow[]>
  notice(id: string): Promise<NoticeRow | null>
  /** What failed for good, the newest first. */
  failed(limit: number, noticeId?: string): Promise<(DeliveryRow & { kind: NoticeKind })[]>
  /** Every delivery of a notice, without holding all in memory. */
  report(noticeId: string): AsyncIterable<DeliveryRow>
  /** Has what failed be tried again: one delivery, or all of a notice. Says how many. */
  retry(noticeId: string, one: Omit<DeliveryKey, 'noticeId'> | null, by: Author): Promise<number>
}

const DAY_MS = 86_400_000
const PAGE = 500
const FACTS_KEPT = 50
const CHANNELS: readonly Channel[] = ['mail', 'webhook']
const STATES: readonly DeliveryState[] = ['waiting', 'sent', 'failed', 'dropped']

type Columns = Selectable<Schema['deliveries']>
type Grip = Pick<Held, keyof DeliveryKey | 'holder' | 'heldUntil'>

/** The deliveries in a SQL database. */
export function sqlDeliveries(
  db: Kysely<Schema>,
  { rootKeys, random, now, notify }: Pick<SqlTools, 'rootKeys' | 'random' | 'now' | 'notify'>,
): DeliveryRows {
  const vaults = noticeVaults(rootKeys, random)
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter
  /** What notices say never changes: of a thousand letters about one, it is read once. */
  const known = new Map<string, Notice>()

  return {
    async take(channel, holder, limit, leaseMs) {
      const at = now()
      let due = db
        .selectFrom('deliveries')
        .select(['notice_id', 'channel', 'recipient'])
        .where('channel', '=', channel)
        .where('state', '=', 'waiting')
        .where('next_at', '<=', at)
        .where('held_until', '<=', at)
        .orderBy('next_at')
        .orderBy('notice_id')
        .orderBy('recipient')
        .limit(limit)
      // Of two nodes that look at once, each takes what the other does not. SQLite has one writer at a time.
      if (postgres) due = due.forUpdate().skipLocked()
      const rows = await db
        .updateTable('deliveries')
        .set((e) => ({ holder, held_until: at + leaseMs, attempts: e('attempts', '+', 1) }))
        .where(sql<boolean>`(notice_id, channel, recipient) IN (${due})`)
        .returningAll()
        .execute()
      const notices = await noticesOf(rows.map((row) => row.notice_id))
      const taken: Held[] = []
      for (const row of rows.sort(inOrder)) {
        const { attempts, notice_id, address_sealed } = row
        const held = { ...keyOf(row), holder, heldUntil: at + leaseMs, attempts }
        try {
          const notice = notices.get(notice_id)!()
          const address =
            address_sealed === null ? null : vaults.addresses.open(notice_id, address_sealed)
          taken.push({ ...held, notice, address })
        } catch {
          // One that nobody can read any more must not stand in the way of all others.
          const why = 'What it says is encrypted under a root key that is not here any more.'
          await end(db, held, { state: 'failed', why })
        }
      }
      return taken
    },

    sent: (held) => end(db, held, { state: 'sent', address_sealed: null, why: '' }),
    drop: (held, why) => end(db, held, { state: 'dropped', address_sealed: null, why }),

    async again(held, nextAt, why) {
      const row = await heldRow(db, held, { next_at: nextAt, holder: '', held_until: 0, why })
      return row.numUpdatedRows === 1n
    },

    fail: (held, why) =>
      db.transaction().execute(async (tx) => {
        if (!(await end(tx, held, { state: 'failed', why }))) return false
        if (held.channel === 'mail') await tellOperators(tx, held.notice.kind)
        return true
      }),

    async freeAll() {
      await db
        .updateTable('deliveries')
        .set({ holder: '', held_until: 0 })
        .where('state', '=', 'waiting')
        .where('holder', '!=', '')
        .execute()
    },

    async dueSince(channel) {
      const row = await db
        .selectFrom('deliveries')
        .select('next_at')
        .where('channel', '=', channel)
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now())
        .where('attempts', '=', 0)
        .orderBy('next_at')
        .limit(1)
        .executeTakeFirst()
      return row ? Number(row.next_at) : null
    },

    async giveUp(channel, since, why) {
      const { numUpdatedRows } = await db
        .updateTable('deliveries')
        .set({ state: 'failed', done_at: now(), why })
        .where('channel', '=', channel)
        .where('state', '=', 'waiting')
        .where('next_at', '<=', since)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    async notices(limit, before) {
      let rows = db.selectFrom('notices').select(['id', 'kind', 'about', 'created_at'])
      if (before) {
        const { createdAt, id } = before
        rows = rows.where((e) =>
          e.or([
            e('created_at', '<', createdAt),
            e.and([e('created_at', '=', createdAt), e('id', '<', id)]),
          ]),
        )
      }
      const found = await rows
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return counted(found)
    },

    async notice(id) {
      const found = await db
        .selectFrom('notices')
        .select(['id', 'kind', 'about', 'created_at'])
        .where('id', '=', id)
        .execute()
      return (await counted(found))[0] ?? null
    },

    async failed(limit, noticeId) {
      let rows = db
        .selectFrom('deliveries')
        .innerJoin('notices', 'notices.id', 'notice_id')
        .selectAll('deliveries')
        .select('notices.kind')
        .where('state', '=', 'failed')
      if (noticeId !== undefined) rows = rows.where('notice_id', '=', noticeId)
      const found = await rows
        .orderBy('done_at', 'desc')
        .orderBy('notice_id')
        .orderBy('recipient')
        .limit(limit)
        .execute()
      return found.map((row) => ({ ...read(row), kind: row.kind as NoticeKind }))
    },

    async *report(noticeId) {
      let last = { channel: '', recipient: '' }
      for (;;) {
        const page = await db
          .selectFrom('deliveries')
          .selectAll()
          .where('notice_id', '=', noticeId)
          .where((e) =>
            e.or([
              e('channel', '>', last.channel),
              e.and([e('channel', '=', last.channel), e('recipient', '>', last.recipient)]),
            ]),
          )
          .orderBy('channel')
          .orderBy('recipient')
          .limit(PAGE)
          .execute()
        yield* page.map(read)
        if (page.length < PAGE) return
        last = page.at(-1)!
      }
    },

    retry: (noticeId, one, by) =>
      db.transaction().execute(async (tx) => {
        const at = now()
        let failed = tx
          .updateTable('deliveries')
          .set({
            ...{ state: 'waiting', attempts: 0, next_at: at, holder: '', held_until: 0 },
            done_at: null,
          })
          .where('notice_id', '=', noticeId)
          .where('state', '=', 'failed')
        if (one) {
          failed = failed.where('channel', '=', one.channel).where('recipient', '=', one.recipient)
        }
        const { numUpdatedRows } = await failed.executeTakeFirstOrThrow()
        const count = Number(numUpdatedRows)
        if (count === 0) return 0
        const detail = { deliveries: count }
        await record(tx, at, { by, act: 'notice.retry', subject: noticeId, detail })
        return count
      }),
  }

  /** Once a day for a kind of letters. Never about those that say so themselves: they would go the same way. */
  async function tellOperators(tx: Transaction<Schema>, kind: NoticeKind): Promise<void> {
    if (kind === 'alert') return
    await notify(tx, now(), {
      ...{ kind: 'alert', about: `delivery/${kind}/${Math.floor(now() / DAY_MS)}` },
      facts: {
        about: 'delivery',
        text: 'Some letters could not be delivered. The console says which, and why.',
        path: '/console/promises/notices',
      },
      to: 'operators',
    })
  }

  async function end(from: Kysely<Schema>, held: Grip, changes: Partial<Columns>) {
    const done = { ...changes, done_at: now(), holder: '', held_until: 0 }
    return (await heldRow(from, held, done)).numUpdatedRows === 1n
  }

  function heldRow(from: Kysely<Schema>, held: Grip, changes: Partial<Columns>) {
    return from
      .updateTable('deliveries')
      .set(changes)
      .where('notice_id', '=', held.noticeId)
      .where('channel', '=', held.channel)
      .where('recipient', '=', held.recipient)
      .where('state', '=', 'waiting')
      .where('holder', '=', held.holder)
      .where('held_until', '=', held.heldUntil)
      .executeTakeFirstOrThrow()
  }

  /** What each of them says. To ask throws where it was closed under a root key that is gone. */
  async function noticesOf(ids: readonly string[]): Promise<ReadonlyMap<string, () => Notice>> {
    const found = new Map<string, () => Notice>()
    const unknown = []
    for (const id of new Set(ids)) {
      const notice = known.get(id)
      if (notice) found.set(id, () => notice)
      else unknown.push(id)
    }
    if (unknown.length === 0) return found
    if (known.size > FACTS_KEPT) known.clear()
    const rows = await db.selectFrom('notices').selectAll().where('id', 'in', unknown).execute()
    for (const { id, kind, about, created_at, facts_sealed } of rows) {
      found.set(id, () => {
        const facts = JSON.parse(vaults.facts.open(id, facts_sealed))
        const notice = { id, kind, about, createdAt: Number(created_at), facts } as Notice
        known.set(id, notice)
        return notice
      })
    }
    return found
  }

  async function counted(
    notices: { id: string; kind: string; about: string; created_at: number }[],
  ): Promise<NoticeRow[]> {
    if (notices.length === 0) return []
    const sums = await db
      .selectFrom('deliveries')
      .select(['notice_id', 'channel', 'state', (e) => e.fn.countAll<number>().as('count')])
      .where(
        'notice_id',
        'in',
        notices.map(({ id }) => id),
      )
      .groupBy(['notice_id', 'channel', 'state'])
      .execute()
    return notices.map(({ id, kind, about, created_at }) => {
      const counts = Object.fromEntries(
        CHANNELS.map((channel) => [
          channel,
          Object.fromEntries(
            STATES.map((state) => {
              const sum = sums.find(
                (one) => one.notice_id === id && one.channel === channel && one.state === state,
              )
              return [state, Number(sum?.count ?? 0)]
            }),
          ),
        ]),
      ) as NoticeRow['counts']
      return { id, kind: kind as NoticeKind, about, createdAt: Number(created_at), counts }
    })
  }
}

function keyOf(row: Columns): DeliveryKey {
  return {
    noticeId: row.notice_id,
    channel: row.channel as Channel,
    recipient: row.recipient,
  }
}

function read(row: Columns): DeliveryRow {
  return {
    ...keyOf(row),
    state: row.state as DeliveryState,
    attempts: row.attempts,
    nextAt: Number(row.next_at),
    doneAt: row.done_at === null ? null : Number(row.done_at),
    why: row.why,
  }
}

function inOrder(a: Columns, b: Columns): number {
  return (
    Number(a.next_at) - Number(b.next_at) ||
    compare(a.notice_id, b.notice_id) ||
    compare(a.recipient, b.recipient)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
