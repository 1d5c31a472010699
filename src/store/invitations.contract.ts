import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import { newSecret, newSitekey } from '../keys.ts'
import { systemRandom } from '../random.ts'
import { sqlAuditLog } from './audit-log.ts'
import { sqlInvitations } from './invitations.ts'
import type { Schema } from './schema.ts'
import type { Invitations } from './store.ts'

const HOUR_MS = 3_600_000
const random = systemRandom()

/** What invitations promise. Each driver's test calls this with a way to open a database that has the tables. */
export function invitationsContract(name: string, open: () => Promise<Kysely<Schema>>) {
  describe(`invitations in ${name}`, () => {
    const rootKeys = [random.bytes(32)]
    let db: Kysely<Schema>
    let invitations: Invitations
    let nowMs: number
    let site: string

    beforeEach(async () => {
      db = await open()
      nowMs = 1_000_000
      invitations = sqlInvitations(db, { rootKeys, random, now: () => nowMs })
      site = newSitekey(random)
      await db
        .insertInto('sites')
        .values({ sitekey: site, mode: 'checkbox', created_at: 1 } as Schema['sites'])
        .execute()
    })

    const invite = async (sitekey: string | null = site) => {
      const token = newSecret(random, 'invitation')
      const order = { sitekey, role: 'admin', expiresAt: nowMs + HOUR_MS } as const
      return { token, invitation: await invitations.add(token, order, 'acc_a') }
    }

    it('are found by their token, until they end', async () => {
      const { token, invitation } = await invite()
      assert.match(invitation.id, /^inv_\w{16}$/)
      assert.deepEqual(await invitations.byToken(token), invitation)
      assert.deepEqual(await invitations.of(site), [invitation])
      nowMs += HOUR_MS - 1
      assert.deepEqual(await invitations.byToken(token), invitation)
      nowMs += 1
      assert.equal(await invitations.byToken(token), null)
      assert.equal(await invitations.take(token), null)
      assert.deepEqual(await invitations.of(site), [])
    })

    it('are taken by one of many who follow the link at once', async () => {
      const { token, invitation } = await invite()
      const took = await Promise.all(Array.from({ length: 20 }, () => invitations.take(token)))
      assert.deepEqual(
        took.filter((one) => one !== null),
        [invitation],
      )
    })

    it('are found under a root key that was replaced', async () => {
      const { token, invitation } = await invite()
      const keys = [random.bytes(32), ...rootKeys]
      const later = sqlInvitations(db, { rootKeys: keys, random, now: () => nowMs })
      assert.deepEqual(await later.take(token), invitation)
      const other = sqlInvitations(db, { rootKeys: [keys[0]!], random, now: () => nowMs })
      assert.equal(await other.byToken((await invite()).token), null)
    })

    it('are taken back only where they were given', async () => {
      const [forSite, forAccount] = [await invite(), await invite(null)]
      assert.equal(await invitations.remove(null, forSite.invitation.id), false)
      assert.equal(await invitations.remove(site, forAccount.invitation.id), false)
      assert.equal(await invitations.remove(site, forSite.invitation.id), true)
      assert.equal(await invitations.byToken(forSite.token), null)
      assert.deepEqual(await invitations.of(null), [forAccount.invitation])
    })

    it('keep no token, and leave ids alone in the audit log [ASVS 14.2.4]', async () => {
      const { token } = await invite()
      await invitations.take(token)
      const { token: kept } = await invite()
      const stored = JSON.stringify([
        await db.selectFrom('invitations').selectAll().execute(),
        await db.selectFrom('audit_events').selectAll().execute(),
      ])
      for (const one of [token, kept]) assert.ok(!stored.includes(one.slice(4, 14)))
      const events = await sqlAuditLog(db).list({ limit: 9 })
      assert.deepEqual(
        events.map((event) => event.act),
        ['invitation.add', 'invitation.take', 'invitation.add'],
      )
    })
  })
}
