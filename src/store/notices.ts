import { type Kysely, sql, type Transaction } from 'kysely'
import type { Random } from '../core/random.ts'
import { keyedHasher, newId } from '../keys.ts'
import {
  ALSO_SUSPENDED,
  type Audience,
  type NewNotice,
  type NoticeKind,
  OPTIONAL_KINDS,
} from '../notices/notice.ts'
import { makeVault } from '../vault.ts'
import type { Schema } from './schema.ts'

/**
 * Writes down what people are to be told, in the transaction of what it is about: there is no change without its notice, and
 * no notice without its change. It is sent later, to each of them once (`notices/courier.ts`).
 *
 * False, and nothing is written, if there is a notice of this kind about the same.
 */
export type Notify = (tx: Transaction<Schema>, at: number, notice: NewNotice) => Promise<boolean>

export function makeNotify({
  rootKeys,
  random,
}: {
  rootKeys: readonly Uint8Array[]
  random: Random
}): Notify {
  const { facts, addresses } = noticeVaults(rootKeys, random)
  const hash = keyedHasher(rootKeys[0]!, 'notice addresses')

  return async (tx, at, notice) => {
    const id = newId(random, 'ntc')
    const added = await tx
      .insertInto('notices')
      .values({
        ...{ id, kind: notice.kind, about: notice.about, created_at: at },
        facts_sealed: facts.close(id, JSON.stringify(notice.facts)),
      })
      .onConflict((conflict) => conflict.columns(['kind', 'about']).doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) return false
    if (typeof notice.to === 'object' && 'address' in notice.to) {
      const { address } = notice.to
      const sealed = addresses.close(id, address)
      await tx
        .insertInto('deliveries')
        .values({ ...waiting(id, 'mail', at), recipient: hash(address), address_sealed: sealed })
        .execute()
      return true
    }
    await toAccounts(tx, at, id, notice.kind, notice.to)
    // What is about one account, and nobody is there to hear, is not kept.
    if (notice.kind === 'account') await forgetUnsent(tx, id)
    return true
  }
}

/** What a notice says, closed for its id; and the address of somebody without an account, for the same. */
export function noticeVaults(rootKeys: readonly Uint8Array[], random: Random) {
  return {
    facts: makeVault(rootKeys, 'notices', random),
    addresses: makeVault(rootKeys, 'notice addresses', random),
  }
}

async function forgetUnsent(tx: Kysely<Schema>, id: string): Promise<void> {
  await tx
    .deleteFrom('notices')
    .where('id', '=', id)
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('deliveries').select('recipient').whereRef('notice_id', '=', 'notices.id'),
        ),
      ),
    )
    .execute()
}

function waiting(id: string, channel: 'mail' | 'webhook', at: number) {
  return {
    ...{ notice_id: id, channel, address_sealed: null, state: 'waiting', attempts: 0 },
    ...{ next_at: at, holder: '', held_until: 0, done_at: null, why: '' },
  }
}

/** One statement for all letters, and one for all webhooks, however many there are. */
async function toAccounts(
  tx: Kysely<Schema>,
  at: number,
  id: string,
  kind: NoticeKind,
  to: Exclude<Audience, { address: string }>,
): Promise<void> {
  const columns = Object.keys({ ...waiting('', 'mail', 0), recipient: '' }).sort()
  const rowOf = (channel: 'mail' | 'webhook', recipient: 'accounts.id' | 'webhooks.id') =>
    columns.map((column) => {
      const values: Record<string, unknown> = waiting(id, channel, at)
      return column === 'recipient'
        ? sql.ref(recipient).as(column)
        : sql.lit(values[column] as string | number | null).as(column)
    })

  // What is about somebody's own account, or their data, they are told also while they are suspended.
  const states = ALSO_SUSPENDED.includes(kind) ? ['active', 'suspended'] : ['active']
  let mail = tx
    .selectFrom('accounts')
    .where('accounts.state', 'in', states)
    .where('accounts.email_sealed', 'is not', null)
  let hooks = tx
    .selectFrom('webhooks')
    .innerJoin('accounts', 'accounts.id', 'webhooks.account_id')
    .where('accounts.state', 'in', states)
    .where('webhooks.state', '=', 'on')
    .where(sql<boolean>`' ' || webhooks.kinds || ' ' LIKE ${`% ${kind} %`}`)
  if (to === 'operators') {
    mail = mail.where('accounts.role', '=', 'operator')
    hooks = hooks.where('accounts.role', '=', 'operator')
  } else if (typeof to === 'object' && 'breach' in to) {
    const concerned = tx
      .selectFrom('breach_accounts')
      .select('breach_accounts.account_id')
      .where('breach_accounts.breach_id', '=', to.breach)
    mail = mail.where('accounts.id', 'in', concerned)
    hooks = hooks.where('accounts.id', 'in', concerned)
  } else if (to !== 'everybody') {
    mail = mail.where('accounts.id', 'in', [...to.accounts, ''])
    hooks = hooks.where('accounts.id', 'in', [...to.accounts, ''])
  }
  if ((OPTIONAL_KINDS as readonly string[]).includes(kind)) {
    mail = mail.where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('mail_refusals')
            .select('mail_refusals.kind')
            .whereRef('mail_refusals.account_id', '=', 'accounts.id')
            .where('mail_refusals.kind', '=', kind),
        ),
      ),
    )
  }
  await tx
    .insertInto('deliveries')
    .columns(columns as never)
    .expression(mail.select(rowOf('mail', 'accounts.id')) as never)
    .execute()
  await tx
    .insertInto('deliveries')
    .columns(columns as never)
    .expression(hooks.select(rowOf('webhook', 'webhooks.id')) as never)
    .execute()
}
