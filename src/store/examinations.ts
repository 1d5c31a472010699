import type { Kysely, Selectable } from 'kysely'
import type { Check } from '../doctor/check.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'

const DAY_MS = 86_400_000

/** What the doctor found, and when. */
export interface ExaminationRows {
  /** Writes one down; where something fails, the operators hear of it, once a day at most. */
  add(checks: readonly Check[]): Promise<Examination>
  last(): Promise<Examination | null>
  /** The newest first. */
  list(limit: number): Promise<Examination[]>
}

/** What the doctor found at one time. */
export interface Examination {
  at: number
  failing: number
  warnings: number
  checks: Check[]
}

/** What the doctor found, in a SQL database. */
export function sqlExaminations(
  db: Kysely<Schema>,
  { now, notify }: Pick<SqlTools, 'now' | 'notify'>,
): ExaminationRows {
  const list = async (limit: number) => {
    const rows = await db
      .selectFrom('examinations')
      .selectAll()
      .orderBy('at', 'desc')
      .limit(limit)
      .execute()
    return rows.map(read)
  }
  return {
    async add(checks) {
      const at = now()
      const failing = checks.filter(({ state }) => state === 'failing')
      const warnings = checks.filter(({ state }) => state === 'warning').length
      const row = { at, failing: failing.length, warnings, checks: JSON.stringify(checks) }
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('examinations')
          .values(row)
          // Another node in the same millisecond: it has seen the same.
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        if (failing.length === 0) return
        const day = Math.floor(at / DAY_MS)
        const names = [...new Set(failing.map(({ name }) => name))].join(', ')
        await notify(tx, at, {
          ...{ kind: 'alert', about: `doctor/${day}`, to: 'operators' },
          facts: {
            about: 'doctor',
            text: `The doctor found what fails: ${names}.`,
            path: '/console/promises/doctor',
          },
        })
      })
      return read(row)
    },

    async last() {
      return (await list(1))[0] ?? null
    },

    list,
  }
}

function read(row: Selectable<Schema['examinations']>): Examination {
  return {
    at: Number(row.at),
    failing: Number(row.failing),
    warnings: Number(row.warnings),
    checks: JSON.parse(row.checks),
  }
}
