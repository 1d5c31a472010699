import type { Kysely, Transaction } from 'kysely'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import { listSites, lockAccount, lockSite } from './site-rows.ts'
import type { SqlTools } from './sql.ts'
import { type Members, Outdated, type Role } from './store.ts'

/** Who may do what with a site, in a SQL database. */
export function sqlMembers(db: Kysely<Schema>, { now }: SqlTools): Members {
  return {
    async of(sitekey) {
      const rows = await db
        .selectFrom('site_members')
        .innerJoin('accounts', 'accounts.id', 'site_members.account_id')
        .select(['account_id', 'login', 'site_members.role', 'site_members.created_at'])
        .where('sitekey', '=', sitekey)
        .orderBy('site_members.created_at')
        .orderBy('account_id')
        .execute()
      return rows.map((row) => ({
        accountId: row.account_id,
        login: row.login ?? '',
        role: row.role as Role,
        createdAt: row.created_at,
      }))
    },

    async sitesOf(accountId) {
      const roles = new Map(
        (
          await db
            .selectFrom('site_members')
            .select(['sitekey', 'role'])
            .where('account_id', '=', accountId)
            .execute()
        ).map((row) => [row.sitekey, row.role as Role]),
      )
      const sites = await listSites(db, now(), (all) =>
        all.where('sites.sitekey', 'in', (e) =>
          e.selectFrom('site_members').select('sitekey').where('account_id', '=', accountId),
        ),
      )
      // A site that it became a member of between the two readings is there next time.
      return sites.flatMap((site) => {
        const role = roles.get(site.sitekey)
        return role ? { ...site, role } : []
      })
    },

    role: (sitekey, accountId) => roleIn(db, sitekey, accountId),

    async set(sitekey, accountId, role, by = 'service', from) {
      return db.transaction().execute(async (tx) => {
        const account = await lockAccount(tx, accountId)
        if (!account || account.state === 'terminated') return false
        if (!(await lockSite(tx, sitekey))) return false
        const before = await roleIn(tx, sitekey, accountId)
        if (from !== undefined && before !== from) throw new Outdated('The role has changed.')
        if (before === role) return true
        if (before === 'owner' && !(await hasOtherOwner(tx, sitekey, accountId))) return false
        await tx
          .insertInto('site_members')
          .values({ sitekey, account_id: accountId, role, created_at: now() })
          .onConflict((conflict) =>
            conflict.columns(['sitekey', 'account_id']).doUpdateSet({ role }),
          )
          .execute()
        const act = before ? 'member.set' : 'member.add'
        const detail = before
          ? { account: accountId, role: [before, role] }
          : { account: accountId, role }
        await record(tx, now(), { by, act, subject: sitekey, detail })
        return true
      })
    },

    async remove(sitekey, accountId, by = 'service', from) {
      return db.transaction().execute(async (tx) => {
        if (!(await lockSite(tx, sitekey))) return false
        const role = await roleIn(tx, sitekey, accountId)
        if (!role) return false
        if (from !== undefined && role !== from) throw new Outdated('The role has changed.')
        if (role === 'owner' && !(await hasOtherOwner(tx, sitekey, accountId))) return false
        await tx
          .deleteFrom('site_members')
          .where('sitekey', '=', sitekey)
          .where('account_id', '=', accountId)
          .execute()
        const detail = { account: accountId, role }
        await record(tx, now(), { by, act: 'member.remove', subject: sitekey, detail })
        return true
      })
    },
  }
}

async function roleIn(
  db: Kysely<Schema>,
  sitekey: string,
  accountId: string,
): Promise<Role | null> {
  const row = await db
    .selectFrom('site_members')
    .select('role')
    .where('sitekey', '=', sitekey)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return (row?.role as Role | undefined) ?? null
}

/** True if somebody else owns the site who can act as its owner: one that is suspended cannot. The site's row is locked. */
async function hasOtherOwner(
  tx: Transaction<Schema>,
  sitekey: string,
  accountId: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('site_members')
    .innerJoin('accounts', 'accounts.id', 'site_members.account_id')
    .select('account_id')
    .where('sitekey', '=', sitekey)
    .where('site_members.role', '=', 'owner')
    .where('account_id', '!=', accountId)
    .where('accounts.state', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}
