import type { Kysely, Selectable } from 'kysely'
import type { Random } from '../core/random.ts'
import { keyedHasher, newId, sortOf } from '../keys.ts'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { AccountRole, Invitation, Invitations, Role } from './store.ts'

/** The invitations in a SQL database. */
export function sqlInvitations(
  db: Kysely<Schema>,
  tools: { rootKeys: readonly Uint8Array[]; random: Random; now: () => number },
): Invitations {
  const { random, now } = tools
  const hashers = tools.rootKeys.map((root) => keyedHasher(root, 'invitations'))
  const hashesOf = (token: string) => hashers.map((hash) => hash(token))

  return {
    async add(token, { sitekey, role, expiresAt, invitedBy }, by) {
      const row = {
        id: newId(random, 'inv'),
        sitekey,
        role,
        invited_by: invitedBy ?? by,
        created_at: now(),
        expires_at: expiresAt,
      }
      await db.transaction().execute(async (tx) => {
        // What has ended is of no use to anybody.
        await tx.deleteFrom('invitations').where('expires_at', '<=', now()).execute()
        await tx
          .insertInto('invitations')
          .values({ hash: hashesOf(token)[0]!, ...row })
          .execute()
        const detail = { id: row.id, role, expiresAt }
        await record(tx, now(), { by, act: 'invitation.add', subject: sitekey ?? row.id, detail })
      })
      return read(row)
    },

    async byToken(token) {
      if (sortOf(token) !== 'invitation') return null
      const row = await db
        .selectFrom('invitations')
        .selectAll()
        .where('hash', 'in', hashesOf(token))
        .where('expires_at', '>', now())
        .executeTakeFirst()
      return row ? read(row) : null
    },

    async take(token, by = 'service') {
      if (sortOf(token) !== 'invitation') return null
      return db.transaction().execute(async (tx) => {
        // Deleting it is the claim: of two who do so at once, one gets the row.
        const row = await tx
          .deleteFrom('invitations')
          .where('hash', 'in', hashesOf(token))
          .where('expires_at', '>', now())
          .returningAll()
          .executeTakeFirst()
        if (!row) return null
        const subject = row.sitekey ?? row.id
        const detail = { id: row.id, role: row.role }
        await record(tx, now(), { by, act: 'invitation.take', subject, detail })
        return read(row)
      })
    },

    async of(sitekey) {
      const rows = await db
        .selectFrom('invitations')
        .selectAll()
        .where('sitekey', sitekey === null ? 'is' : '=', sitekey)
        .where('expires_at', '>', now())
        .orderBy('created_at')
        .execute()
      return rows.map(read)
    },

    async remove(sitekey, id, by = 'service') {
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .deleteFrom('invitations')
          .where('id', '=', id)
          .where('sitekey', sitekey === null ? 'is' : '=', sitekey)
          .returning(['id'])
          .executeTakeFirst()
        if (!row) return false
        const subject = sitekey ?? id
        await record(tx, now(), { by, act: 'invitation.remove', subject, detail: { id } })
        return true
      })
    },
  }
}

function read(row: Omit<Selectable<Schema['invitations']>, 'hash'>): Invitation {
  return {
    id: row.id,
    sitekey: row.sitekey,
    role: row.role as Role | AccountRole,
    invitedBy: row.invited_by,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
  }
}
