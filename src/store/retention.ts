import { setImmediate } from 'node:timers/promises'
import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import { COUNTS_KEPT_MS } from './counts.ts'
import type { Schema } from './schema.ts'
import { IDLE_MAX_MS } from './sessions.ts'

const DAY_MS = 86_400_000
/** One statement deletes no more, so that nobody waits for it. */
const BATCH_ROWS = 500
/** So many per rule and run; what is left goes the next time. */
const BATCHES_MAX = 200

/** Rows of a table go when a moment of theirs is so long ago. */
export interface Rule {
  table: keyof Schema
  /** The column with the moment; where it is null a row stays. */
  since: string
  /** Null where an operator decides (`Periods`). */
  afterMs: number | null
  /** How many times that. */
  times?: number
  /** The primary key. */
  key: readonly string[]
  /** Which rows. */
  where?: RawBuilder<unknown>
  /** `counts`, where `Counts.sweep` does it in its own way. */
  by?: 'counts'
  /** For how long, as people read it. */
  words: string
}

/**
 * All that is kept for a time. `purposes.ts` names them, and so the privacy notice promises nothing that is not done
 * here. Each is kept for an hour longer at most: that is how often it is looked for.
 */
export const RULES = {
  sessions: {
    ...{ table: 'sessions', key: ['hash'], since: 'expires_at', afterMs: 0 },
    words: 'until it ends, or you log out',
  },
  'idle sessions': {
    ...{ table: 'sessions', key: ['hash'], since: 'seen_at', afterMs: IDLE_MAX_MS },
    words: '12 hours after it was used last, at the latest',
  },
  invitations: {
    ...{ table: 'invitations', key: ['hash'], since: 'expires_at', afterMs: 0 },
    words: 'until it ends, is used, or is taken back',
  },
  keys: {
    ...{ table: 'api_keys', key: ['hash'], since: 'expires_at', afterMs: 0 },
    words: 'until it ends, or with the account',
  },
  secrets: {
    ...{ table: 'site_secrets', key: ['hash'], since: 'expires_at', afterMs: 0 },
    words: 'until it ends, or with the site',
  },
  minutes: {
    ...{ table: 'site_counts', since: 'starts_at', afterMs: COUNTS_KEPT_MS.minute },
    key: ['sitekey', 'span', 'starts_at', 'name', 'label'],
    ...{ where: sql`span = 'minute'`, by: 'counts' },
    words: 'sums of a minute for 48 hours',
  },
  hours: {
    ...{ table: 'site_counts', since: 'starts_at', afterMs: COUNTS_KEPT_MS.hour },
    key: ['sitekey', 'span', 'starts_at', 'name', 'label'],
    ...{ where: sql`span = 'hour'`, by: 'counts' },
    words: 'sums of an hour for 400 days, and none longer than the site',
  },
  'personal notices': {
    ...{ table: 'notices', key: ['id'], since: 'created_at', afterMs: 90 * DAY_MS },
    where: sql`kind IN ('account', 'feedback', 'alert') AND NOT EXISTS (
      SELECT 1 FROM deliveries WHERE deliveries.notice_id = notices.id AND deliveries.state = 'waiting')`,
    words:
      '90 days, if it is about your account or your feedback; those that everybody gets for good, as a record of what was told',
  },
  deliveries: {
    ...{ table: 'deliveries', since: 'done_at', afterMs: 400 * DAY_MS },
    key: ['notice_id', 'channel', 'recipient'],
    words: '400 days after it went, or with its notice',
  },
  readings: {
    ...{ table: 'readings', since: 'starts_at', afterMs: 90 * DAY_MS },
    key: ['component', 'starts_at'],
    words: '90 days',
  },
  examinations: {
    ...{ table: 'examinations', key: ['at'], since: 'at', afterMs: 90 * DAY_MS },
    words: '90 days',
  },
  breaches: {
    ...{ table: 'breaches', key: ['id'], since: 'closed_at', afterMs: 5 * 365 * DAY_MS },
    words: 'five years after it was closed',
  },
  feedback: {
    ...{ table: 'feedback', key: ['id'], since: 'closed_at', afterMs: null },
    words: '{days} days after it was closed',
  },
  'open feedback': {
    ...{ table: 'feedback', key: ['id'], since: 'changed_at', afterMs: null, times: 2 },
    where: sql`closed_at IS NULL`,
    words: '{days} days after something came of it last, if it was never closed',
  },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof RULES

/** What an operator decides. */
export interface Periods {
  feedbackDays: number
}

/** Deletes what was kept long enough. */
export interface Retention {
  /** What every rule says is over. Several nodes may do so at once. Says how much went, by rule. */
  sweep(periods: Periods): Promise<Partial<Record<RuleName, number>>>
}

/** For how long a rule keeps, as people read it. */
export function wordsOf(name: RuleName, { feedbackDays }: Periods): string {
  const { words, times = 1 }: Rule = RULES[name]
  return words.replace('{days}', String(times * feedbackDays))
}

/** Deletes by `RULES`, from any of our databases. */
export function sqlRetention(db: Kysely<Schema>, { now }: { now: () => number }): Retention {
  return {
    async sweep({ feedbackDays }) {
      const gone: Partial<Record<RuleName, number>> = {}
      for (const [name, rule] of Object.entries<Rule>(RULES)) {
        if (rule.by === 'counts') continue
        const before = now() - (rule.afterMs ?? (rule.times ?? 1) * feedbackDays * DAY_MS)
        let rows = 0
        for (let nth = 0; nth < BATCHES_MAX; nth++) {
          const batch = await deleteBatch(rule, before)
          rows += batch
          if (batch < BATCH_ROWS) break
          await setImmediate()
        }
        if (rows > 0) gone[name as RuleName] = rows
      }
      return gone
    },
  }

  async function deleteBatch({ table, since, key, where }: Rule, before: number): Promise<number> {
    const columns = sql.join(key.map((column) => sql.ref(column)))
    // What another node is deleting at this moment is left to it: nobody waits, and no two wait for each other.
    const postgres = db.getExecutor().adapter instanceof PostgresAdapter
    const lock = postgres ? sql`FOR UPDATE SKIP LOCKED` : sql``
    const { numAffectedRows = 0n } = await sql`
      WITH over AS MATERIALIZED (
        SELECT ${columns} FROM ${sql.table(table)}
        WHERE ${sql.ref(since)} <= ${before} AND ${where ?? sql`1 = 1`}
        LIMIT ${sql.lit(BATCH_ROWS)} ${lock}
      )
      DELETE FROM ${sql.table(table)} WHERE (${columns}) IN (SELECT ${columns} FROM over)
    `.execute(db)
    return Number(numAffectedRows)
  }
}
