import type { Kysely, Selectable, Transaction } from 'kysely'
import { newId } from '../keys.ts'
import type { AccountChange } from '../notices/notice.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import { changeState, lockSite, removeSite } from './site-rows.ts'
import type { SqlTools } from './sql.ts'
import type { Author } from './store.ts'

type AccountColumns = Selectable<Schema['accounts']>

/** Takes back all that a transaction has done: it would have left the service without an operator. */
export class LastOperator extends Error {
  override readonly name = 'LastOperator'
}

/** Changes an account, within a transaction, and gives back its row. Null if there is none, or it has ended. */
export async function updateAccount(
  tx: Transaction<Schema>,
  at: number,
  id: string,
  changes: Partial<AccountColumns>,
): Promise<AccountColumns | null> {
  const row = await tx
    .updateTable('accounts')
    .set({ ...changes, changed_at: at })
    .where('id', '=', id)
    .where('state', '!=', 'terminated')
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/**
 * Throws unless an operator is left who can act. To be called after `record`: changes wait for each other there, so whoever
 * comes later counts what the earlier ones have left.
 */
export async function assertOperatorLeft(tx: Transaction<Schema>): Promise<void> {
  if ((await countOperators(tx)) === 0) throw new LastOperator()
}

export async function countOperators(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('accounts')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('role', '=', 'operator')
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/**
 * Has the sites of an account follow its standing. Its row is changed before; the sites are taken first, in their order, so
 * that of two owners who leave at once one sees the other gone. Returns what to announce after the commit.
 */
export async function changeOwnSites(
  tx: Transaction<Schema>,
  at: number,
  { id, to, by }: { id: string; to: 'active' | 'suspended' | 'terminated'; by: Author },
): Promise<[sitekey: string, revision: number][]> {
  const rows = await lockOwnSites(tx, id)
  const changed: [string, number][] = []
  for (const { sitekey, state, suspended_by } of rows) {
    const others = await otherOwners(tx, sitekey, id)
    const active = others.find((other) => other.state === 'active')
    let revision: number | null = null
    if (to === 'terminated' && others.length === 0) {
      revision = await removeSite(tx, at, { sitekey, by })
    } else if (to === 'active') {
      // What an operator has suspended only an operator reinstates.
      const follows = state === 'suspended' && suspended_by !== 'operator'
      if (follows)
        revision = await changeState(tx, at, { sitekey, state: 'active', suspendedBy: '', by })
    } else if (!active && state === 'active') {
      // Whose suspension it is: this account's, or that of whoever is left of the owners.
      const suspendedBy = to === 'suspended' ? id : others[0]!.id
      revision = await changeState(tx, at, { sitekey, state: 'suspended', suspendedBy, by })
    }
    if (revision !== null) changed.push([sitekey, revision])
  }
  return changed
}

/** Takes the sites that an account owns, in their order. */
async function lockOwnSites(tx: Transaction<Schema>, id: string) {
  const owned = await tx
    .selectFrom('site_members')
    .select('sitekey')
    .where('account_id', '=', id)
    .where('role', '=', 'owner')
    .orderBy('sitekey')
    .execute()
  const rows = []
  for (const { sitekey } of owned) {
    const row = await lockSite(tx, sitekey)
    if (row) rows.push(row)
  }
  return rows
}

async function otherOwners(tx: Transaction<Schema>, sitekey: string, id: string) {
  return tx
    .selectFrom('site_members')
    .innerJoin('accounts', 'accounts.id', 'site_members.account_id')
    .select(['accounts.id', 'accounts.state'])
    .where('sitekey', '=', sitekey)
    .where('site_members.role', '=', 'owner')
    .where('account_id', '!=', id)
    .orderBy('accounts.id')
    .execute()
}

/**
 * Deletes what an account could act with, before anything is written down: whoever changes one of these rows at the same
 * time has it, and waits for the log. Who had the log and waited for the row would wait for ever.
 *
 * @returns the sites of others that it was a member of
 */
export async function forgetAccount(tx: Transaction<Schema>, id: string): Promise<Membership[]> {
  await lockOwnSites(tx, id)
  await endSessions(tx, id)
  for (const table of [
    'passkeys',
    'recovery_codes',
    'api_keys',
    'webhooks',
    'mail_refusals',
  ] as const) {
    await tx.deleteFrom(table).where('account_id', '=', id).execute()
  }
  await tx.deleteFrom('invitations').where('invited_by', '=', id).execute()
  return tx
    .deleteFrom('site_members')
    .where('account_id', '=', id)
    .where('role', '!=', 'owner')
    .returning(['sitekey', 'role'])
    .execute()
}

interface Membership {
  sitekey: string
  role: string
}

/** Has each site that goes on hear that an account which has ended is no member any more. */
export async function leaveSites(
  tx: Transaction<Schema>,
  at: number,
  { id, by, left }: { id: string; by: Author; left: readonly Membership[] },
): Promise<void> {
  const owned = await tx
    .deleteFrom('site_members')
    .where('account_id', '=', id)
    .returning(['sitekey', 'role'])
    .execute()
  for (const { sitekey, role } of [...left, ...owned]) {
    const detail = { account: id, role }
    await record(tx, at, { by, act: 'member.remove', subject: sitekey, detail })
  }
}

/** Ends an account's sessions: all, or all but one. Says how many. */
export async function endSessions(
  tx: Transaction<Schema>,
  accountId: string,
  keep = '',
): Promise<number> {
  const gone = await tx
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .where('id', '!=', keep)
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/**
 * Has an account's holder hear of a change, in its transaction.
 *
 * @param change.address the one to write to, where it is not the account's any more; null for none
 */
export async function tellHolder(
  { notify, random }: Pick<SqlTools, 'notify' | 'random'>,
  tx: Transaction<Schema>,
  at: number,
  id: string,
  change: { change: AccountChange; login?: string; address?: string | null; reason?: string },
): Promise<void> {
  if (change.address === null) return
  const login = change.login ?? (await loginOf(tx, id))
  const { change: what, reason } = change
  await notify(tx, at, {
    ...{ kind: 'account', about: `account/${id}/${newId(random, 'chg')}` },
    facts: { change: what, login, ...(reason && { reason }) },
    to: change.address === undefined ? { accounts: [id] } : { address: change.address },
  })
}

async function loginOf(tx: Transaction<Schema>, id: string): Promise<string> {
  const row = await tx
    .selectFrom('accounts')
    .select('login')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.login ?? ''
}

/** Writes down a change of an account. */
export function recordOf(tx: Transaction<Schema>, at: number, by: Author) {
  return (act: string, subject: string, detail: Record<string, unknown> = {}) =>
    record(tx, at, { by, act, subject, detail })
}
