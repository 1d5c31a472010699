import type { Kysely, Selectable } from 'kysely'
import { newId } from '../keys.ts'
import type { NoticeKind } from '../notices/notice.ts'
import { makeVault } from '../vault.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { Author } from './store.ts'

/** Where an account's programs are told what its holder is told. */
export interface Webhook {
  id: string
  accountId: string
  url: string
  kinds: NoticeKind[]
  state: 'on' | 'off'
  /** Why it was turned off, in our words; '' while it is on. */
  why: string
  createdAt: number
}

/** Where accounts want to be told, each with a secret that signs what goes there. */
export interface WebhookRows {
  /** @param webhook.secret what is sent there is signed with it; kept encrypted */
  add(
    webhook: Pick<Webhook, 'accountId' | 'url' | 'kinds'> & { secret: string },
    by?: Author,
  ): Promise<Webhook>
  of(accountId: string): Promise<Webhook[]>
  byId(id: string): Promise<Webhook | null>
  secretOf(id: string): Promise<string | null>
  /** Changes what it is told, or turns it on again. False if this account has none such. */
  set(
    accountId: string,
    id: string,
    changes: { kinds?: NoticeKind[]; state?: 'on' },
    by?: Author,
  ): Promise<boolean>
  remove(accountId: string, id: string, by?: Author): Promise<boolean>
  /** Turns one off that does not work any more, and tells its account. False if it is off already, or gone. */
  turnOff(id: string, why: string): Promise<boolean>
}

/** The webhooks in a SQL database: where they lead may name a person, and is encrypted as their secrets are. */
export function sqlWebhooks(
  db: Kysely<Schema>,
  { rootKeys, random, now, notify }: Pick<SqlTools, 'rootKeys' | 'random' | 'now' | 'notify'>,
): WebhookRows {
  const urls = makeVault(rootKeys, 'webhook urls', random)
  const secrets = makeVault(rootKeys, 'webhook secrets', random)

  return {
    async add({ accountId, url, kinds, secret }, by = accountId) {
      const id = newId(random, 'whk')
      const row = {
        ...{ id, account_id: accountId, kinds: kinds.join(' '), state: 'on', why: '' },
        ...{ url_sealed: urls.close(id, url), secret_sealed: secrets.close(id, secret) },
        created_at: now(),
      }
      return db.transaction().execute(async (tx) => {
        await tx.insertInto('webhooks').values(row).execute()
        const detail = { id, kinds }
        await record(tx, now(), { by, act: 'webhook.add', subject: accountId, detail })
        return read(row)
      })
    },

    async of(accountId) {
      const rows = await db
        .selectFrom('webhooks')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      for (const row of rows) await renew(row)
      return rows.map(read)
    },

    async byId(id) {
      const row = await rowOf(id)
      return row ? read(row) : null
    },

    async secretOf(id) {
      const row = await rowOf(id)
      return row ? secrets.open(id, row.secret_sealed) : null
    },

    set: (accountId, id, { kinds, state }, by = accountId) =>
      db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('webhooks')
          .set({
            ...(kinds && { kinds: kinds.join(' ') }),
            ...(state && { state, why: '' }),
          })
          .where('id', '=', id)
          .where('account_id', '=', accountId)
          .executeTakeFirst()
        if (changed.numUpdatedRows !== 1n) return false
        const detail = { id, ...(kinds && { kinds }), ...(state && { state }) }
        await record(tx, now(), { by, act: 'webhook.change', subject: accountId, detail })
        return true
      }),

    remove: (accountId, id, by = accountId) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('webhooks')
          .where('id', '=', id)
          .where('account_id', '=', accountId)
          .executeTakeFirst()
        if (gone.numDeletedRows !== 1n) return false
        const detail = { id }
        await record(tx, now(), { by, act: 'webhook.remove', subject: accountId, detail })
        return true
      }),

    turnOff: (id, why) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('webhooks')
          .set({ state: 'off', why })
          .where('id', '=', id)
          .where('state', '=', 'on')
          .returning('account_id')
          .executeTakeFirst()
        if (!row) return false
        const account = await tx
          .selectFrom('accounts')
          .select('login')
          .where('id', '=', row.account_id)
          .executeTakeFirstOrThrow()
        const detail = { id }
        const subject = row.account_id
        await record(tx, now(), { by: 'service', act: 'webhook.off', subject, detail })
        await notify(tx, now(), {
          ...{ kind: 'account', about: `webhook/${id}/${newId(random, 'off')}` },
          facts: { change: 'webhookOff', login: account.login ?? '' },
          to: { accounts: [subject] },
        })
        return true
      }),
  }

  async function rowOf(id: string) {
    const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
    if (row) await renew(row)
    return row
  }

  /** Moves what is under an older root key under the newest, when it is met. */
  async function renew(row: Selectable<Schema['webhooks']>): Promise<void> {
    const { id, url_sealed, secret_sealed } = row
    if (!urls.isOld(url_sealed) && !secrets.isOld(secret_sealed)) return
    await db
      .updateTable('webhooks')
      .set({
        url_sealed: urls.close(id, urls.open(id, url_sealed)),
        secret_sealed: secrets.close(id, secrets.open(id, secret_sealed)),
      })
      .where('id', '=', id)
      .where('url_sealed', '=', url_sealed)
      .execute()
  }

  function read(row: Selectable<Schema['webhooks']>): Webhook {
    return {
      id: row.id,
      accountId: row.account_id,
      url: urls.open(row.id, row.url_sealed),
      kinds: row.kinds.split(' ').filter(Boolean) as NoticeKind[],
      state: row.state as Webhook['state'],
      why: row.why,
      createdAt: Number(row.created_at),
    }
  }
}
