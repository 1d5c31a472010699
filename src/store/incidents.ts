import type { Kysely, Selectable, Transaction } from 'kysely'
import { newId } from '../keys.ts'
import type { NoticeFacts } from '../notices/notice.ts'
import type { Component } from '../status/components.ts'
import { type Author, record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'

export type Impact = NoticeFacts['incident']['impact']
export type IncidentState = NoticeFacts['incident']['state']
export type Cause = 'unknown' | 'ours' | 'supplier' | 'attack' | 'force-majeure'

/** Something that went wrong. */
export interface Incident {
  id: string
  title: string
  impact: Impact
  cause: Cause
  components: Component[]
  startedAt: number
  resolvedAt: number | null
  createdAt: number
  /** The newest first; there is always one. */
  updates: IncidentUpdate[]
}

/** What was said of an incident at one time. */
export interface IncidentUpdate {
  id: string
  state: IncidentState
  body: string
  at: number
}

/** How it is seen now, and what is said of that. */
export interface IncidentWish {
  state: IncidentState
  body: string
}

/** The incidents. Every update tells everybody, in the same transaction. */
export interface IncidentRows {
  byId(id: string): Promise<Incident | null>
  /** Those that are open, or were resolved after `from`, and began before `before`; the last to begin first. */
  list(query: { from?: number; before?: number; limit: number }): Promise<Incident[]>
  open(
    incident: Pick<Incident, 'title' | 'impact' | 'cause' | 'components' | 'startedAt'> &
      IncidentWish,
    by: Author,
  ): Promise<Incident>
  /** Null if there is none, or it is resolved: what comes up again is another incident. */
  update(
    id: string,
    update: IncidentWish & Partial<Pick<Incident, 'impact' | 'cause' | 'components'>>,
    by: Author,
  ): Promise<Incident | null>
}

/** The incidents in a SQL database. */
export function sqlIncidents(
  db: Kysely<Schema>,
  tools: Pick<SqlTools, 'now' | 'random' | 'notify'>,
): IncidentRows {
  const { now, random, notify } = tools

  async function updatesOf(on: Kysely<Schema>, ids: readonly string[]) {
    if (ids.length === 0) return []
    return on
      .selectFrom('incident_updates')
      .selectAll()
      .where('incident_id', 'in', ids)
      .orderBy('at', 'desc')
      .orderBy('id')
      .execute()
  }

  /** Writes one down and tells it. */
  async function say(
    tx: Transaction<Schema>,
    at: number,
    incident: Omit<Incident, 'updates'>,
    { state, body }: IncidentWish,
  ): Promise<void> {
    const id = newId(random, 'upd')
    await tx
      .insertInto('incident_updates')
      .values({ id, incident_id: incident.id, state, body, at })
      .execute()
    const { title, impact, components, startedAt, resolvedAt } = incident
    const facts = { id: incident.id, title, impact, components, state, body, startedAt, resolvedAt }
    const about = `incident/${incident.id}/${id}`
    await notify(tx, at, { kind: 'incident', about, facts, to: 'everybody' })
  }

  return {
    byId: (id) => byId(db, id),

    async list({ from = 0, before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await db
        .selectFrom('incidents')
        .selectAll()
        .where((e) => e.or([e('resolved_at', 'is', null), e('resolved_at', '>', from)]))
        .where('started_at', '<', before)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      const updates = await updatesOf(
        db,
        rows.map(({ id }) => id),
      )
      return rows.map((row) =>
        read(
          row,
          updates.filter((update) => update.incident_id === row.id),
        ),
      )
    },

    async open({ title, impact, cause, components, startedAt, ...first }, by) {
      const at = now()
      const incident = {
        ...{ id: newId(random, 'inc'), title, impact, cause, components, startedAt },
        ...{ resolvedAt: first.state === 'resolved' ? at : null, createdAt: at },
      }
      return db.transaction().execute(async (tx) => {
        await tx
          .insertInto('incidents')
          .values({
            ...{ id: incident.id, title, impact, cause, components: components.join(' ') },
            ...{ started_at: startedAt, resolved_at: incident.resolvedAt, created_at: at },
          })
          .execute()
        const detail = { impact, cause, components, state: first.state, startedAt }
        await record(tx, at, { by, act: 'incident.open', subject: incident.id, detail })
        await say(tx, at, incident, first)
        return (await byId(tx, incident.id))!
      })
    },

    async update(id, { state, body, ...changes }, by) {
      const { impact, cause, components } = changes
      return db.transaction().execute(async (tx) => {
        // Taken first: of two who resolve it at once, the other finds it resolved.
        const row = await tx
          .updateTable('incidents')
          .set((e) => ({
            impact: impact ?? e.ref('impact'),
            cause: cause ?? e.ref('cause'),
            components: components?.join(' ') ?? e.ref('components'),
            resolved_at: state === 'resolved' ? now() : null,
          }))
          .where('id', '=', id)
          .where('resolved_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (!row) return null
        const last = await tx
          .selectFrom('incident_updates')
          .select((e) => e.fn.max('at').as('at'))
          .where('incident_id', '=', id)
          .executeTakeFirstOrThrow()
        // Two in the same millisecond, or on two nodes' clocks, have an order all the same.
        const at = Math.max(now(), Number(last.at) + 1)
        await record(tx, at, {
          ...{ by, act: 'incident.update', subject: id, detail: { state, ...changes } },
        })
        await say(tx, at, read(row, []), { state, body })
        return byId(tx, id)
      })
    },
  }

  async function byId(on: Kysely<Schema>, id: string): Promise<Incident | null> {
    const row = await on.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? read(row, await updatesOf(on, [id])) : null
  }
}

function read(
  row: Selectable<Schema['incidents']>,
  updates: Selectable<Schema['incident_updates']>[],
): Incident {
  return {
    ...{ id: row.id, title: row.title, impact: row.impact as Impact, cause: row.cause as Cause },
    components: row.components.split(' ').filter(Boolean) as Component[],
    startedAt: Number(row.started_at),
    resolvedAt: row.resolved_at === null ? null : Number(row.resolved_at),
    createdAt: Number(row.created_at),
    updates: updates.map(({ id, state, body, at }) => ({
      ...{ id, state: state as IncidentState, body, at: Number(at) },
    })),
  }
}
