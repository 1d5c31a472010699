import type { Kysely, Selectable, Transaction } from 'kysely'
import { hashOf } from '../terms/draft.ts'
import type { Acceptance, DraftText, Version, VersionText } from '../terms/terms.ts'
import { type Author, record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'

/** A version as it is kept: what it is now follows from its moments. */
export interface TermsRow {
  number: number
  summary: string
  acceptance: Version['acceptance']
  changedAt: number
  announcedAt: number | null
  effectiveAt: number | null
  withdrawnAt: number | null
}

/** Versions of the Terms, and who accepted them. What was announced is never changed; the database sees to that too. */
export interface TermsRows {
  /** All that were announced, by number; also those that were taken back. */
  list(): Promise<TermsRow[]>
  /** What a version says; the first text is the one that binds. */
  texts(number: number): Promise<VersionText[]>
  draft(): Promise<(TermsRow & { texts: VersionText[] }) | null>
  /**
   * Keeps the draft; there is one.
   *
   * @param from the change that it was written from; `TermsRefused` if there was another meanwhile. Null for none yet
   */
  write(draft: DraftText, by: Author, from?: number | null): Promise<TermsRow>
  /** False if there is no draft. */
  discard(by: Author): Promise<boolean>
  /**
   * Announces the draft, and has everybody told, in one transaction. Rejects with `TermsRefused`.
   *
   * @param order.effectiveAt null for as early as may be
   * @param order.changedAt the change of the draft that was looked at; any, where none is given
   */
  announce(
    order: { effectiveAt: number | null; noticeMs: number; changedAt?: number },
    by: Author,
  ): Promise<TermsRow>
  /** Takes back what is announced and not in force yet. Rejects with `TermsRefused`. */
  withdraw(number: number, by: Author): Promise<void>
  /** When the next version may be in force at the earliest; null for at once. */
  earliest(noticeMs: number): Promise<number | null>

  /** Writes down, once, that an account agreed. False if it had. */
  accept(
    accountId: string,
    acceptance: { number: number; hash: string; way: Acceptance['way'] },
    by?: Author,
  ): Promise<boolean>
  hasAccepted(accountId: string, number: number): Promise<boolean>
  /** The newest first. */
  acceptances(accountId: string): Promise<Acceptance[]>
  /** How many of the accounts that are active accepted a version, by way. */
  accepted(number: number): Promise<Record<Acceptance['way'], number>>
  /** How many accounts are active, and how many of them have an address for mail. */
  audience(): Promise<{ accounts: number; letters: number }>
}

/** It cannot be done as things are. The message says why, and what can be. */
export class TermsRefused extends Error {
  override readonly name = 'TermsRefused'
  readonly reason: 'missing' | 'outdated' | 'date' | 'other'

  constructor(reason: TermsRefused['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** No announcement is for further ahead. */
const AHEAD_MAX_MS = 730 * 86_400_000
/** Up to here a version can be taken back: every node must have heard of it before it would be in force. */
const WITHDRAW_MS = 60_000

/** Versions of the Terms in a SQL database. */
export function sqlTerms(
  db: Kysely<Schema>,
  { now, notify }: Pick<SqlTools, 'now' | 'notify'>,
): TermsRows {
  return {
    list: () => listFrom(db),
    texts: (number) => textsFrom(db, number),
    draft: async () => {
      const row = await draftFrom(db)
      return row ? { ...read(row), texts: await textsFrom(db, row.number) } : null
    },

    async write({ summary, acceptance, texts }, by, from) {
      return db.transaction().execute(async (tx) => {
        await queue(tx)
        const before = await draftFrom(tx)
        if (from !== undefined && from !== (before ? Number(before.changed_at) : null))
          throw outdated()
        const number = before?.number ?? (await lastNumber(tx)) + 1
        // Grows with every change, however fast they follow: it is what tells one from another.
        const at = Math.max(now(), Number(before?.changed_at ?? 0) + 1)
        const row = {
          ...{ number, summary, acceptance },
          ...{ created_at: Number(before?.created_at ?? at), changed_at: at },
          ...{ announced_at: null, effective_at: null, withdrawn_at: null },
        }
        if (before)
          await tx.updateTable('terms_versions').set(row).where('number', '=', number).execute()
        else await tx.insertInto('terms_versions').values(row).execute()
        await tx.deleteFrom('terms_texts').where('number', '=', number).execute()
        await tx
          .insertInto('terms_texts')
          .values(texts.map((one, place) => ({ number, place, ...one, hash: '' })))
          .execute()
        const detail = { languages: texts.map(({ lang }) => lang), acceptance }
        await record(tx, now(), { by, act: 'terms.write', subject: `terms/${number}`, detail })
        return read(row)
      })
    },

    async discard(by) {
      return db.transaction().execute(async (tx) => {
        await queue(tx)
        const draft = await draftFrom(tx)
        if (!draft) return false
        const { number } = draft
        await tx.deleteFrom('terms_texts').where('number', '=', number).execute()
        await tx.deleteFrom('terms_versions').where('number', '=', number).execute()
        await record(tx, now(), { by, act: 'terms.discard', subject: `terms/${number}` })
        return true
      })
    },

    async announce({ effectiveAt: wanted, noticeMs, changedAt }, by) {
      return db.transaction().execute(async (tx) => {
        await queue(tx)
        const at = now()
        const draft = await draftFrom(tx)
        if (!draft) throw new TermsRefused('missing', 'There is no draft to announce.')
        if (changedAt !== undefined && changedAt !== Number(draft.changed_at)) throw outdated()
        if (draft.summary === '')
          throw new TermsRefused('other', 'Say first, in the summary, what is different.')
        const earliestAt = earliestOf(await listFrom(tx), at, noticeMs)
        const effectiveAt = wanted ?? earliestAt ?? at
        if (effectiveAt < (earliestAt ?? at)) throw tooEarly(earliestAt, noticeMs)
        if (effectiveAt > at + AHEAD_MAX_MS)
          throw new TermsRefused('date', 'It must be in force within two years.')
        const { number } = draft
        const texts = await textsFrom(tx, number)
        for (const { lang, text } of texts) {
          await tx
            .updateTable('terms_texts')
            .set({ hash: hashOf(text) })
            .where('number', '=', number)
            .where('lang', '=', lang)
            .execute()
        }
        const moments = { announced_at: at, effective_at: effectiveAt }
        await tx.updateTable('terms_versions').set(moments).where('number', '=', number).execute()
        const row = read({ ...draft, ...moments })
        const hashes = Object.fromEntries(texts.map(({ lang, text }) => [lang, hashOf(text)]))
        const detail = { effectiveAt, acceptance: row.acceptance, hashes }
        await record(tx, at, { by, act: 'terms.announce', subject: `terms/${number}`, detail })
        await tell(tx, at, 'announced', row)
        return row
      })
    },

    async withdraw(number, by) {
      await db.transaction().execute(async (tx) => {
        await queue(tx)
        const at = now()
        const row = (await listFrom(tx)).find((one) => one.number === number)
        if (!row) throw new TermsRefused('missing', `There is no announced version ${number}.`)
        if (row.withdrawnAt !== null)
          throw new TermsRefused('other', `Version ${number} is withdrawn already.`)
        if (row.effectiveAt! - WITHDRAW_MS < at) {
          throw new TermsRefused(
            'other',
            `Version ${number} is in force, or will be within a minute: it cannot be withdrawn. Announce another one.`,
          )
        }
        await tx
          .updateTable('terms_versions')
          .set({ withdrawn_at: at })
          .where('number', '=', number)
          .execute()
        await record(tx, at, { by, act: 'terms.withdraw', subject: `terms/${number}` })
        await tell(tx, at, 'withdrawn', row)
      })
    },

    async earliest(noticeMs) {
      return earliestOf(await listFrom(db), now(), noticeMs)
    },

    accept: (accountId, acceptance, by) =>
      db.transaction().execute((tx) => addAcceptance(tx, now(), accountId, acceptance, by)),

    async hasAccepted(accountId, number) {
      const row = await db
        .selectFrom('terms_acceptances')
        .select('at')
        .where('account_id', '=', accountId)
        .where('number', '=', number)
        .executeTakeFirst()
      return row !== undefined
    },

    async acceptances(accountId) {
      const rows = await db
        .selectFrom('terms_acceptances')
        .select(['number', 'hash', 'way', 'at'])
        .where('account_id', '=', accountId)
        .orderBy('at', 'desc')
        .orderBy('number', 'desc')
        .execute()
      return rows.map(({ number, hash, way, at }) => ({
        ...{ number, hash, way: way as Acceptance['way'], at: Number(at) },
      }))
    },

    async accepted(number) {
      const rows = await db
        .selectFrom('terms_acceptances')
        .innerJoin('accounts', 'accounts.id', 'terms_acceptances.account_id')
        .select((e) => ['way', e.fn.countAll<number>().as('count')])
        .where('terms_acceptances.number', '=', number)
        .where('accounts.state', '=', 'active')
        .groupBy('way')
        .execute()
      const counts = { use: 0, click: 0, 'sign-up': 0 }
      for (const { way, count } of rows) counts[way as Acceptance['way']] = Number(count)
      return counts
    },

    async audience() {
      const row = await db
        .selectFrom('accounts')
        .select((e) => [
          e.fn.countAll<number>().as('accounts'),
          e.fn.count<number>('email_sealed').as('letters'),
        ])
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow()
      return { accounts: Number(row.accounts), letters: Number(row.letters) }
    },
  }

  function tell(
    tx: Transaction<Schema>,
    at: number,
    event: 'announced' | 'withdrawn',
    { number, summary, effectiveAt, acceptance }: TermsRow,
  ) {
    return notify(tx, at, {
      kind: 'terms',
      about: `terms/${number}/${event}`,
      facts: { event, number, summary, effectiveAt: effectiveAt!, acceptance },
      to: 'everybody',
    })
  }
}

/** In the transaction of what it belongs to. False, and nothing is written, if the account agreed to this version before. */
export async function addAcceptance(
  tx: Transaction<Schema>,
  at: number,
  accountId: string,
  { number, hash, way }: { number: number; hash: string; way: Acceptance['way'] },
  by: Author = accountId,
): Promise<boolean> {
  const added = await tx
    .insertInto('terms_acceptances')
    .values({ account_id: accountId, number, hash, way, at })
    .onConflict((conflict) => conflict.columns(['account_id', 'number']).doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return false
  const detail = { number, way, sha256: hash }
  await record(tx, at, { by, act: 'terms.accept', subject: accountId, detail })
  return true
}

/** The queue of all changes: of two who would announce, one waits and finds what the other did. */
async function queue(tx: Transaction<Schema>): Promise<void> {
  await tx
    .updateTable('audit_head')
    .set((e) => ({ seq: e.ref('seq') }))
    .execute()
}

async function listFrom(db: Kysely<Schema>): Promise<TermsRow[]> {
  const rows = await db
    .selectFrom('terms_versions')
    .selectAll()
    .where('announced_at', 'is not', null)
    .orderBy('number')
    .execute()
  return rows.map(read)
}

function draftFrom(db: Kysely<Schema>) {
  return db
    .selectFrom('terms_versions')
    .selectAll()
    .where('announced_at', 'is', null)
    .executeTakeFirst()
}

/** Of all there were: no number is used again. */
async function lastNumber(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('terms_versions')
    .select((e) => e.fn.max('number').as('last'))
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

async function textsFrom(db: Kysely<Schema>, number: number): Promise<VersionText[]> {
  return db
    .selectFrom('terms_texts')
    .select(['lang', 'text', 'hash'])
    .where('number', '=', number)
    .orderBy('place')
    .execute()
}

/** Rejects while a version waits to be in force: then nobody could say what is next. */
function earliestOf(rows: readonly TermsRow[], at: number, noticeMs: number): number | null {
  const valid = rows.filter(({ withdrawnAt }) => withdrawnAt === null)
  const waiting = valid.find(({ effectiveAt }) => effectiveAt! > at)
  if (waiting) {
    throw new TermsRefused(
      'other',
      `Version ${waiting.number} is announced and not in force yet. Wait for that, or withdraw it first.`,
    )
  }
  // Nobody relies on what was there before the first.
  if (valid.length === 0) return null
  return Math.max(at + noticeMs, ...valid.map(({ effectiveAt }) => effectiveAt! + 1))
}

function tooEarly(earliestAt: number | null, noticeMs: number): TermsRefused {
  if (earliestAt === null) return new TermsRefused('date', 'This moment is over.')
  const days = Math.round(noticeMs / 86_400_000)
  return new TermsRefused(
    'date',
    `Everybody must know ${days} days before: it can be in force from ${minute(earliestAt)} on.`,
  )
}

/** The next whole minute: what is said must be possible. */
function minute(at: number): string {
  const iso = new Date(Math.ceil(at / 60_000) * 60_000).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

function outdated(): TermsRefused {
  return new TermsRefused('outdated', 'Somebody else has changed the draft meanwhile.')
}

function read(row: Selectable<Schema['terms_versions']>): TermsRow {
  const moment = (at: number | null) => (at === null ? null : Number(at))
  return {
    number: row.number,
    summary: row.summary,
    acceptance: row.acceptance as Version['acceptance'],
    changedAt: Number(row.changed_at),
    announcedAt: moment(row.announced_at),
    effectiveAt: moment(row.effective_at),
    withdrawnAt: moment(row.withdrawn_at),
  }
}
