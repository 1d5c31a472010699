import { type Kysely, sql } from 'kysely'
import type { Component } from '../status/components.ts'
import type { Schema } from './schema.ts'

/** How many looks at a part of the service found it how, in one hour or one day. */
export interface Reading {
  component: Component
  /** When the hour or the day begins. */
  startsAt: number
  good: number
  poor: number
  bad: number
}

/** The looks of a day. */
export interface DayReading extends Reading {
  /** Hours of the day that were looked at, and when the first of them begins. */
  hours: number
  firstAt: number
}

/** What the nodes have seen of the service, hour by hour. */
export interface ReadingRows {
  /** Adds to what is there, all or none. Nodes may do so at once. */
  add(readings: readonly Reading[]): Promise<void>
  /** Sums per component and day (UTC), from a moment on. */
  days(from: number): Promise<DayReading[]>
}

const DAY_MS = 86_400_000

/** The readings in a SQL database. */
export function sqlReadings(db: Kysely<Schema>): ReadingRows {
  return {
    async add(readings) {
      if (readings.length === 0) return
      const rows = readings
        .map(({ component, startsAt, good, poor, bad }) => ({
          ...{ component, starts_at: startsAt, good, poor, bad },
        }))
        // Nodes that add at once take the rows' locks in the same order.
        .sort((a, b) => a.starts_at - b.starts_at || (a.component < b.component ? -1 : 1))
      await db
        .insertInto('readings')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['component', 'starts_at']).doUpdateSet({
            good: sql`readings.good + excluded.good`,
            poor: sql`readings.poor + excluded.poor`,
            bad: sql`readings.bad + excluded.bad`,
          }),
        )
        .execute()
    },

    async days(from) {
      const day = sql<number>`starts_at - starts_at % ${sql.lit(DAY_MS)}`
      const rows = await db
        .selectFrom('readings')
        .select(['component', day.as('day')])
        .select((e) => [
          e.fn.sum('good').as('good'),
          e.fn.sum('poor').as('poor'),
          e.fn.sum('bad').as('bad'),
          e.fn.countAll().as('hours'),
          e.fn.min('starts_at').as('first_at'),
        ])
        .where('starts_at', '>=', from)
        .groupBy(['component', day])
        .orderBy('day')
        .orderBy('component')
        .execute()
      return rows.map((row) => ({
        component: row.component as Component,
        startsAt: Number(row.day),
        good: Number(row.good),
        poor: Number(row.poor),
        bad: Number(row.bad),
        hours: Number(row.hours),
        firstAt: Number(row.first_at),
      }))
    },
  }
}
