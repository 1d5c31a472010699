import { BadRequest } from '../core/bad-request.ts'
import { newSecret } from '../keys.ts'
import { type Invitation, Outdated, type Role } from '../store/store.ts'
import { assertId } from './gate.ts'
import type { Actor, Manage } from './manage.ts'
import { ROLES, reaches } from './may.ts'
import type { Parts } from './parts.ts'
import { assertChoice } from './read.ts'

const MEMBERS_MAX = 50
const INVITATIONS_MAX = 20
const INVITATION_LIFE_MS = 7 * 86_400_000

type Deeds = Pick<
  Manage,
  | 'members'
  | 'setMember'
  | 'removeMember'
  | 'inviteMember'
  | 'invitations'
  | 'removeInvitation'
  | 'acceptInvitation'
>

/** What can be done with who belongs to a site. */
export function memberDeeds(parts: Parts): Deeds {
  const { store, random, now, gate, turns, limitReached, notFound } = parts
  return {
    async members(actor, sitekey) {
      await gate.enter(actor, 'members.read', sitekey)
      return store.members.of(sitekey)
    },

    async setMember(actor, sitekey, accountId, role) {
      await gate.enter(actor, 'member.set', sitekey)
      assertChoice(role, 'role', ROLES)
      assertId(accountId)
      const before = await store.members.role(sitekey, accountId)
      const owners = role === 'owner' || before === 'owner'
      const { by } = await gate.enter(actor, owners ? 'owner.set' : 'member.set', sitekey)
      // Nobody is made a member without a wish to be one: they accept an invitation. The operator can mend a site without owner.
      if (before === null && !(await operatorAdds(actor, accountId))) throw notFound()
      const done = store.members.set(sitekey, accountId, role, by, before)
      if (!(await done.catch(asOutdated))) throw lastOwner()
    },

    async removeMember(actor, sitekey, accountId) {
      const leaves = accountId === actor.account.id
      await gate.enter(actor, leaves ? 'member.leave' : 'member.remove', sitekey)
      assertId(accountId)
      const role = await store.members.role(sitekey, accountId)
      if (role === null) throw notFound()
      const deed = leaves ? 'member.leave' : role === 'owner' ? 'owner.set' : 'member.remove'
      const { by } = await gate.enter(actor, deed, sitekey)
      const done = store.members.remove(sitekey, accountId, by, role)
      if (!(await done.catch(asOutdated))) throw lastOwner()
    },

    async inviteMember(actor, sitekey, role) {
      await gate.enter(actor, 'invitation.add', sitekey)
      assertChoice(role, 'role', ROLES)
      const deed = role === 'owner' ? 'owner.set' : 'invitation.add'
      const { by } = await gate.enter(actor, deed, sitekey)
      return turns(`invitations of ${sitekey}`, async () => {
        if ((await store.invitations.of(sitekey)).length >= INVITATIONS_MAX) {
          throw limitReached(`A site has at most ${INVITATIONS_MAX} open invitations.`)
        }
        const token = newSecret(random, 'invitation')
        const expiresAt = now() + INVITATION_LIFE_MS
        const order = { sitekey, role, expiresAt, invitedBy: actor.account.id }
        return { token, invitation: await store.invitations.add(token, order, by) }
      })
    },

    async invitations(actor, sitekey) {
      await gate.enter(actor, 'invitations.read', sitekey)
      return store.invitations.of(sitekey)
    },

    async removeInvitation(actor, sitekey, id) {
      const { by } = await gate.enter(actor, 'invitation.remove', sitekey)
      assertId(id)
      if (!(await store.invitations.remove(sitekey, id, by))) throw notFound()
    },

    async acceptInvitation(actor, token) {
      gate.pass(actor, 'invitation.accept')
      const found = await store.invitations.byToken(token)
      const sitekey = found?.sitekey
      // An account's invitation is for signing up: here it is left as it is.
      if (!found || !sitekey || !(await stillHolds(found, sitekey))) throw notFound()
      return turns(`members of ${sitekey}`, async () => {
        const before = await store.members.role(sitekey, actor.account.id)
        if (before === null && (await store.members.of(sitekey)).length >= MEMBERS_MAX) {
          throw limitReached(`A site has at most ${MEMBERS_MAX} members.`)
        }
        const taken = await store.invitations.take(token, actor.by)
        if (!taken) throw notFound()
        const role = taken.role as Role
        // Following a link never takes anything away.
        if (reaches(before, role)) return { sitekey }
        if (!(await store.members.set(sitekey, actor.account.id, role, actor.by))) throw notFound()
        return { sitekey }
      })
    },
  }

  async function operatorAdds(actor: Actor, accountId: string): Promise<boolean> {
    if (actor.account.role !== 'operator') return false
    return (await store.accounts.byId(accountId))?.state === 'active'
  }

  /** An invitation is worth what whoever gave it may still give. */
  async function stillHolds({ invitedBy, role }: Invitation, sitekey: string): Promise<boolean> {
    if ((await store.sites.row(sitekey))?.state !== 'active') return false
    const inviter = await store.accounts.byId(invitedBy)
    if (inviter?.state !== 'active') return false
    if (inviter.role === 'operator') return true
    const own = await store.members.role(sitekey, invitedBy)
    return reaches(own, role === 'owner' ? 'owner' : 'admin')
  }
}

/** What was allowed was allowed for the role that they had: an admin does not take from somebody who is made an owner now. */
function asOutdated(error: unknown): never {
  if (!(error instanceof Outdated)) throw error
  throw new BadRequest(
    'revision-outdated',
    'Somebody has changed this member’s role meanwhile. Look again, then decide.',
  )
}

function lastOwner(): BadRequest {
  return new BadRequest('last-owner', 'A site needs an owner. Make somebody else one first.')
}
