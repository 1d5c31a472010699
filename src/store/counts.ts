import { type Kysely, sql } from 'kysely'
import type { Schema } from './schema.ts'
import type { CountRow, Counts, Span } from './store.ts'

const HOUR_MS = 3_600_000

/** How long the buckets of each span are kept. */
export const COUNTS_KEPT_MS: Record<Span, number> = {
  minute: 48 * HOUR_MS,
  hour: 400 * 24 * HOUR_MS,
}

/** A statement has at most so many rows: SQLite takes 32,766 values. */
const ROWS_MAX = 1_000

/**
 * The counts in a SQL database.
 *
 * A batch leaves a row that is no site's, in the same transaction: whoever adds it again finds that row and does nothing.
 * It goes with the minutes, after 48 hours.
 */
export function sqlCounts(db: Kysely<Schema>, tools: { now: () => number }): Counts {
  const { now } = tools

  return {
    async add(counts, batch) {
      const rows = inOrder(counts)
      if (rows.length === 0) return
      await db.transaction().execute(async (tx) => {
        const marked = await tx
          .insertInto('site_counts')
          // The moment is part of the key: it must be the same on every try.
          .values({
            ...{ sitekey: '', span: 'minute', starts_at: rows[0]!.starts_at },
            ...{ name: 'batch', label: batch, count: 1 },
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        if (marked.numInsertedOrUpdatedRows === 0n) return
        for (let i = 0; i < rows.length; i += ROWS_MAX) {
          await tx
            .insertInto('site_counts')
            .values(rows.slice(i, i + ROWS_MAX))
            .onConflict((conflict) =>
              conflict
                .columns(['sitekey', 'span', 'starts_at', 'name', 'label'])
                .doUpdateSet({ count: sql`site_counts.count + excluded.count` }),
            )
            .execute()
        }
      })
    },

    async read({ sitekeys, span, from, to, stepMs }) {
      if (sitekeys.length === 0) return []
      const step = sql<number>`starts_at - starts_at % ${sql.lit(stepMs)}`
      const rows = await db
        .selectFrom('site_counts')
        .select(['sitekey', 'name', 'label', step.as('at'), sql<number>`sum(count)`.as('sum')])
        .where('sitekey', 'in', sitekeys)
        .where('span', '=', span)
        .where('starts_at', '>=', from)
        .where('starts_at', '<', to)
        .groupBy(['sitekey', 'name', 'label', step])
        .orderBy('sitekey')
        .orderBy('at')
        .orderBy('name')
        .orderBy('label')
        .execute()
      return rows.map(({ sitekey, name, label, at, sum }) => ({
        sitekey,
        span,
        startsAt: Number(at),
        name,
        label,
        count: Number(sum),
      }))
    },

    async sweep() {
      for (const [span, keptMs] of Object.entries(COUNTS_KEPT_MS)) {
        await db
          .deleteFrom('site_counts')
          .where('span', '=', span)
          .where('starts_at', '<', now() - keptMs)
          .execute()
      }
      const gone = await sitesGone(db)
      if (gone.length > 0) {
        await db.deleteFrom('site_counts').where('sitekey', 'in', gone).execute()
      }
    },
  }
}

/** Sitekeys that are counted and no site's, found in as many steps down the index as there are sitekeys. */
async function sitesGone(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ sitekey: string }>`
    WITH RECURSIVE counted (sitekey) AS (
      SELECT min(sitekey) FROM site_counts
      UNION ALL
      SELECT (SELECT min(more.sitekey) FROM site_counts AS more WHERE more.sitekey > counted.sitekey)
      FROM counted WHERE counted.sitekey IS NOT NULL
    )
    SELECT sitekey FROM counted
    WHERE sitekey <> '' AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.sitekey = counted.sitekey)
  `.execute(db)
  return rows.map(({ sitekey }) => sitekey)
}

/** As rows of the table, each key once, and sorted: nodes that add at once take the rows' locks in the same order. */
function inOrder(counts: readonly CountRow[]) {
  const rows = new Map<string, Schema['site_counts']>()
  for (const { sitekey, span, startsAt, name, label, count } of counts) {
    const key = JSON.stringify([sitekey, span, startsAt, name, label])
    const row = rows.get(key)
    if (row) row.count += count
    else rows.set(key, { sitekey, span, starts_at: startsAt, name, label, count })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
