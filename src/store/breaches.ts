import { createHash } from 'node:crypto'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { AUTHORITY_MS, type BreachFacts, reminderOf } from '../breaches/breach.ts'
import { newId } from '../keys.ts'
import type { NoticeFacts } from '../notices/notice.ts'
import { makeVault } from '../vault.ts'
import type { Author } from './audit.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'

/** The register of breaches. What is known of them is encrypted; the audit log says what was done, and never what happened. */
export interface BreachRows {
  /** The newest first. */
  list(): Promise<Breach[]>
  byId(id: string): Promise<Breach | null>
  /** What was known when, the newest first. */
  history(id: string): Promise<BreachRevision[]>
  add(facts: BreachFacts, by: Author): Promise<Breach>
  /**
   * Writes down what is known now; what was known before stays in the history. False, and nothing is changed, if there is no
   * such breach, it is closed, or it is not at this revision.
   */
  set(id: string, facts: BreachFacts, revision: number, by: Author): Promise<boolean>
  /** Adds to those concerned. Says how many were added. */
  concern(id: string, whom: Concerned, by: Author): Promise<number>
  /** Takes all out again. False once they were told. */
  unconcern(id: string, by: Author): Promise<boolean>
  /** A page of those concerned, by id. */
  accounts(id: string, after: string, limit: number): Promise<{ id: string; login: string }[]>
  /** That the authority was told, and when. The first time counts for the clock; each is in the audit log. */
  authorityTold(id: string, at: number, lateReason: string, by: Author): Promise<boolean>
  /**
   * Tells those concerned, each once, in the transaction that says so. False, and nobody is told, if they were told another
   * number of times than `before`, or the facts are not at this revision: of several who press at once there is one.
   */
  tellPeople(
    id: string,
    order: { before: number; revision: number; facts: NoticeFacts['breach'] },
    by: Author,
  ): Promise<boolean>
  /** Says something to everybody, for good. Null if there is no such breach, or there are other than `before` statements. */
  publish(
    id: string,
    statement: { title: string; text: string; before: number },
    by: Author,
  ): Promise<Statement | null>
  /** What everybody may read, the newest first. */
  statements(id?: string): Promise<Statement[]>
  /** False if there is no such breach, or it was so already, or it is not at this revision. */
  setClosed(id: string, closed: boolean, revision: number, by: Author): Promise<boolean>
  /** Reminds the operators of clocks that run out, once for each hour that counts, however many nodes ask. */
  remind(): Promise<void>
  /** Moves what is encrypted under the newest root key. */
  renew(): Promise<void>
}

/** A breach with what is known of it by now, and what was done about it. */
export interface Breach {
  id: string
  revision: number
  facts: BreachFacts
  authorityToldAt: number | null
  peopleToldAt: number | null
  /** How often those concerned were told. */
  peopleTold: number
  closedAt: number | null
  createdAt: number
  changedAt: number
  /** How many accounts it concerns, and how many of them can be reached by mail. */
  accounts: number
  reachable: number
}

/** What was known of a breach at one time, and who wrote it down. */
export interface BreachRevision {
  revision: number
  facts: BreachFacts
  by: Author
  at: number
}

/** What everybody may read. */
export interface Statement {
  breachId: string
  number: number
  title: string
  text: string
  /** SHA-256 of the title, a line feed and the text; hex. The audit log has it too. */
  hash: string
  at: number
}

/** Whom a breach concerns. Names that are nobody's add nobody. */
export type Concerned =
  | 'everybody'
  | { sites: readonly string[] }
  /** By id or by login. */
  | { accounts: readonly string[] }

/** The register of breaches in a SQL database. */
export function sqlBreaches(
  db: Kysely<Schema>,
  { rootKeys, random, now, notify }: Pick<SqlTools, 'rootKeys' | 'random' | 'now' | 'notify'>,
): BreachRows {
  const vault = makeVault(rootKeys, 'breaches', random)

  return {
    list: () => read(db),

    async byId(id) {
      return (await read(db, id))[0] ?? null
    },

    async history(id) {
      const rows = await db
        .selectFrom('breach_facts')
        .selectAll()
        .where('breach_id', '=', id)
        .orderBy('revision', 'desc')
        .execute()
      return rows.map((row) => ({
        ...{ revision: Number(row.revision), facts: open(row), by: row.by, at: Number(row.at) },
      }))
    },

    async add(facts, by) {
      const id = newId(random, 'brc')
      await db.transaction().execute(async (tx) => {
        const at = now()
        await tx
          .insertInto('breaches')
          .values({
            ...{ id, revision: 1, noticed_at: facts.noticedAt, authority_told_at: null },
            ...{ people_told_at: null, people_told: 0, closed_at: null },
            ...{ created_at: at, changed_at: at },
          })
          .execute()
        await write(tx, id, 1, facts, by)
        await record(tx, at, { by, act: 'breach.add', subject: id })
      })
      return (await read(db, id))[0]!
    },

    async set(id, facts, revision, by) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        const changed = await tx
          .updateTable('breaches')
          .set({ revision: revision + 1, noticed_at: facts.noticedAt, changed_at: at })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .where('closed_at', 'is', null)
          .executeTakeFirst()
        if (changed.numUpdatedRows !== 1n) return false
        const before = await factsOf(tx, id, revision)
        const names = (Object.keys(facts) as (keyof BreachFacts)[]).filter(
          (name) => facts[name] !== before[name],
        )
        await write(tx, id, revision + 1, facts, by)
        // Which facts, and never what they are.
        const detail = { revision: revision + 1, facts: names }
        await record(tx, at, { by, act: 'breach.set', subject: id, detail })
        return true
      })
    },

    async concern(id, whom, by) {
      return db.transaction().execute(async (tx) => {
        if (!(await hold(tx, id))) return 0
        let from = tx
          .selectFrom('accounts')
          .select(['accounts.id as account_id'])
          .where('accounts.state', '!=', 'terminated')
        if (whom !== 'everybody' && 'sites' in whom) {
          from = from.where('accounts.id', 'in', (e) =>
            e
              .selectFrom('site_members')
              .select('site_members.account_id')
              .where('site_members.sitekey', 'in', [...whom.sites, '']),
          )
        } else if (whom !== 'everybody') {
          const names = [...whom.accounts, '']
          from = from.where((e) =>
            e.or([e('accounts.id', 'in', names), e('accounts.login', 'in', names)]),
          )
        }
        const added = await tx
          .insertInto('breach_accounts')
          .columns(['account_id', 'breach_id'])
          .expression(from.select(sql.lit(id).as('breach_id')))
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        const accounts = Number(added.numInsertedOrUpdatedRows ?? 0n)
        if (accounts > 0)
          await record(tx, now(), { by, act: 'breach.concern', subject: id, detail: { accounts } })
        return accounts
      })
    },

    async unconcern(id, by) {
      return db.transaction().execute(async (tx) => {
        const row = await hold(tx, id)
        if (!row || Number(row.people_told) > 0) return false
        const gone = await tx
          .deleteFrom('breach_accounts')
          .where('breach_id', '=', id)
          .executeTakeFirst()
        const accounts = Number(gone.numDeletedRows)
        if (accounts > 0)
          await record(tx, now(), {
            by,
            act: 'breach.unconcern',
            subject: id,
            detail: { accounts },
          })
        return true
      })
    },

    async accounts(id, after, limit) {
      const rows = await db
        .selectFrom('breach_accounts')
        .innerJoin('accounts', 'accounts.id', 'breach_accounts.account_id')
        .select(['accounts.id', 'accounts.login'])
        .where('breach_accounts.breach_id', '=', id)
        .where('accounts.id', '>', after)
        .orderBy('accounts.id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ id: row.id, login: row.login ?? '' }))
    },

    async authorityTold(id, at, lateReason, by) {
      return db.transaction().execute(async (tx) => {
        const row = await hold(tx, id)
        if (!row || row.closed_at !== null) return false
        const revision = Number(row.revision)
        const facts = await factsOf(tx, id, revision)
        const isFirst = row.authority_told_at === null
        if (isFirst) {
          const isLate = at > facts.noticedAt + AUTHORITY_MS
          const told = { ...facts, lateReason: isLate ? lateReason : facts.lateReason }
          await write(tx, id, revision + 1, told, by)
          await tx
            .updateTable('breaches')
            .set({ authority_told_at: at, revision: revision + 1, changed_at: now() })
            .where('id', '=', id)
            .execute()
        }
        const detail = { at: new Date(at).toISOString(), again: !isFirst }
        await record(tx, now(), { by, act: 'breach.authority', subject: id, detail })
        return true
      })
    },

    async tellPeople(id, { before, revision, facts }, by) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        const told = await tx
          .updateTable('breaches')
          .set((e) => ({
            people_told: before + 1,
            people_told_at: e.fn.coalesce('people_told_at', sql<number>`${at}`),
            changed_at: at,
          }))
          .where('id', '=', id)
          .where('people_told', '=', before)
          .where('revision', '=', revision)
          .where('closed_at', 'is', null)
          .executeTakeFirst()
        if (told.numUpdatedRows !== 1n) return false
        const number = before + 1
        const about = `breach/${id}/${number}`
        const accounts = await countOf(tx, id)
        const isNew = await notify(tx, at, { kind: 'breach', about, facts, to: { breach: id } })
        if (!isNew) throw new Error('There is a notice of this already.')
        const detail = { number, accounts }
        await record(tx, at, { by, act: 'breach.people', subject: id, detail })
        return true
      })
    },

    async publish(id, { title, text, before }, by) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        if (!(await hold(tx, id))) return null
        const said = await tx
          .selectFrom('breach_statements')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('breach_id', '=', id)
          .executeTakeFirstOrThrow()
        if (Number(said.count) !== before) return null
        const hash = createHash('sha256').update(`${title}\n${text}`).digest('hex')
        const row = { breach_id: id, number: before + 1, title, text, hash, at }
        await tx.insertInto('breach_statements').values(row).execute()
        // With the hash in the log nobody can change later what was said.
        const detail = { number: row.number, hash }
        await record(tx, at, { by, act: 'breach.publish', subject: id, detail })
        return statementOf(row)
      })
    },

    async statements(id) {
      const rows = await db
        .selectFrom('breach_statements')
        .selectAll()
        .$if(id !== undefined, (q) => q.where('breach_id', '=', id!))
        .orderBy('at', 'desc')
        .orderBy('breach_id')
        .orderBy('number', 'desc')
        .execute()
      return rows.map(statementOf)
    },

    async setClosed(id, closed, revision, by) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        const changed = await tx
          .updateTable('breaches')
          .set({ closed_at: closed ? at : null, changed_at: at })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .where('closed_at', closed ? 'is' : 'is not', null)
          .executeTakeFirst()
        if (changed.numUpdatedRows !== 1n) return false
        const act = closed ? 'breach.close' : 'breach.reopen'
        await record(tx, at, { by, act, subject: id })
        return true
      })
    },

    async remind() {
      const due = (await read(db)).flatMap((breach) => {
        const hours = reminderOf(breach, now())
        return hours === null ? [] : [{ id: breach.id, hours }]
      })
      for (const { id, hours } of due) {
        const about = `breach/${id}/${hours}`
        const known = await db
          .selectFrom('notices')
          .select('id')
          .where('kind', '=', 'alert')
          .where('about', '=', about)
          .executeTakeFirst()
        if (known) continue
        await db.transaction().execute((tx) =>
          notify(tx, now(), {
            ...{ kind: 'alert', about, to: 'operators' },
            facts: {
              about: 'breach',
              text:
                hours === 72
                  ? 'The 72 hours after a breach was noticed are over, and the authority was not told yet. Tell it now, and say why it is late.'
                  : `It is ${hours} hours since a breach was noticed, and the authority was not told yet. It must be after 72 hours at the latest.`,
              path: `/console/promises/breaches/${id}`,
            },
          }),
        )
      }
    },

    async renew() {
      const rows = await db.selectFrom('breach_facts').selectAll().execute()
      for (const row of rows) {
        if (!vault.isOld(row.facts_sealed)) continue
        await db
          .updateTable('breach_facts')
          .set({ facts_sealed: close(row.breach_id, Number(row.revision), open(row)) })
          .where('breach_id', '=', row.breach_id)
          .where('revision', '=', row.revision)
          .execute()
      }
    },
  }

  async function read(from: Kysely<Schema>, id?: string): Promise<Breach[]> {
    const rows = await from
      .selectFrom('breaches')
      .innerJoin('breach_facts', (join) =>
        join
          .onRef('breach_facts.breach_id', '=', 'breaches.id')
          .onRef('breach_facts.revision', '=', 'breaches.revision'),
      )
      .selectAll('breaches')
      .select('breach_facts.facts_sealed')
      .select((e) => [
        e
          .selectFrom('breach_accounts')
          .select((one) => one.fn.countAll<number>().as('count'))
          .whereRef('breach_accounts.breach_id', '=', 'breaches.id')
          .as('accounts'),
        e
          .selectFrom('breach_accounts')
          .innerJoin('accounts', 'accounts.id', 'breach_accounts.account_id')
          .select((one) => one.fn.countAll<number>().as('count'))
          .whereRef('breach_accounts.breach_id', '=', 'breaches.id')
          .where('accounts.state', '!=', 'terminated')
          .where('accounts.email_sealed', 'is not', null)
          .as('reachable'),
      ])
      .$if(id !== undefined, (q) => q.where('breaches.id', '=', id!))
      .orderBy('breaches.created_at', 'desc')
      .orderBy('breaches.id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      revision: Number(row.revision),
      facts: open({ ...row, breach_id: row.id }),
      authorityToldAt: numberOf(row.authority_told_at),
      peopleToldAt: numberOf(row.people_told_at),
      peopleTold: Number(row.people_told),
      closedAt: numberOf(row.closed_at),
      createdAt: Number(row.created_at),
      changedAt: Number(row.changed_at),
      accounts: Number(row.accounts),
      reachable: Number(row.reachable),
    }))
  }

  /** Its row, held until the end of the transaction: changes of one breach wait for each other. */
  function hold(tx: Transaction<Schema>, id: string) {
    return tx
      .updateTable('breaches')
      .set({ changed_at: now() })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  }

  async function factsOf(tx: Transaction<Schema>, id: string, revision: number) {
    const row = await tx
      .selectFrom('breach_facts')
      .selectAll()
      .where('breach_id', '=', id)
      .where('revision', '=', revision)
      .executeTakeFirstOrThrow()
    return open(row)
  }

  async function write(
    tx: Transaction<Schema>,
    id: string,
    revision: number,
    facts: BreachFacts,
    by: Author,
  ) {
    const facts_sealed = close(id, revision, facts)
    await tx
      .insertInto('breach_facts')
      .values({ breach_id: id, revision, facts_sealed, by, at: now() })
      .execute()
  }

  function close(id: string, revision: number, facts: BreachFacts): string {
    return vault.close(`${id} ${revision}`, JSON.stringify(facts))
  }

  function open(row: { breach_id: string; revision: number; facts_sealed: string }): BreachFacts {
    return JSON.parse(vault.open(`${row.breach_id} ${row.revision}`, row.facts_sealed))
  }
}

async function countOf(tx: Transaction<Schema>, id: string): Promise<number> {
  const row = await tx
    .selectFrom('breach_accounts')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('breach_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function statementOf(row: Selectable<Schema['breach_statements']>): Statement {
  return {
    breachId: row.breach_id,
    number: Number(row.number),
    title: row.title,
    text: row.text,
    hash: row.hash,
    at: Number(row.at),
  }
}

function numberOf(value: number | null): number | null {
  return value === null ? null : Number(value)
}
