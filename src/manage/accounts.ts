import { BadRequest } from '../core/bad-request.ts'
import { newSecret } from '../keys.ts'
import type { Account, OperatorSettings } from '../store/store.ts'
import { assertId } from './gate.ts'
import type { Actor, Manage } from './manage.ts'
import type { Parts } from './parts.ts'
import { assertChoice, assertWhole } from './read.ts'

const INVITATIONS_MAX = 100
const INVITATION_LIFE_MS = 7 * 86_400_000
const SITES_MAX = 10_000
const REASON_CHARS_MAX = 500
const SIGN_UPS = ['open', 'invitation', 'closed'] as const

type Deeds = Pick<
  Manage,
  | 'accounts'
  | 'account'
  | 'inviteAccount'
  | 'accountInvitations'
  | 'removeAccountInvitation'
  | 'suspendAccount'
  | 'reinstateAccount'
  | 'terminateAccount'
  | 'settings'
  | 'setSettings'
>

/** What an operator can do with accounts, and with what holds for all. */
export function accountDeeds(parts: Parts): Deeds {
  const { store, random, now, gate, turns, limitReached, notFound } = parts
  return {
    async accounts(actor, after, limit) {
      gate.pass(actor, 'accounts.read')
      return store.accounts.list(after, limit)
    },

    async account(actor, idOrLogin) {
      gate.pass(actor, 'accounts.read')
      const { accounts, members } = store
      // A login may have other characters than an id, but none that a database could stumble over.
      if (!/^[!-~]{1,100}$/.test(idOrLogin)) throw notFound()
      const account = (await accounts.byId(idOrLogin)) ?? (await accounts.byLogin(idOrLogin))
      if (!account) throw notFound()
      return { account, sites: await members.sitesOf(account.id) }
    },

    async inviteAccount(actor, role) {
      gate.pass(actor, 'account.invite')
      assertChoice(role, 'role', ['developer', 'operator'])
      if (role === 'operator') gate.pass(actor, 'operator.invite')
      return turns('account invitations', async () => {
        if ((await store.invitations.of(null)).length >= INVITATIONS_MAX) {
          throw limitReached(`There are at most ${INVITATIONS_MAX} open invitations.`)
        }
        const token = newSecret(random, 'invitation')
        const expiresAt = now() + INVITATION_LIFE_MS
        const order = { sitekey: null, role, expiresAt, invitedBy: actor.account.id }
        return { token, invitation: await store.invitations.add(token, order, actor.by) }
      })
    },

    async accountInvitations(actor) {
      gate.pass(actor, 'accounts.read')
      return store.invitations.of(null)
    },

    async removeAccountInvitation(actor, id) {
      gate.pass(actor, 'account.invite')
      assertId(id)
      if (!(await store.invitations.remove(null, id, actor.by))) throw notFound()
    },

    async suspendAccount(actor, id, reason) {
      await living(actor, id)
      const why = readReason(reason)
      if (!(await store.accounts.setState(id, 'suspended', actor.by, why))) throw lastOperator()
    },

    async reinstateAccount(actor, id, reason) {
      await living(actor, id)
      const why = readReason(reason)
      if (!(await store.accounts.setState(id, 'active', actor.by, why))) throw notFound()
    },

    async terminateAccount(actor, id, reason) {
      await living(actor, id)
      const why = readReason(reason)
      if (!(await store.accounts.terminate(id, actor.by, why))) throw lastOperator()
    },

    async settings(actor) {
      gate.pass(actor, 'settings.read')
      return store.settings.read()
    },

    async setSettings(actor, { signUp, sitesMax }) {
      gate.pass(actor, 'settings.set')
      const changes: Partial<OperatorSettings> = {}
      if (signUp !== undefined) {
        assertChoice(signUp, 'signUp', SIGN_UPS)
        changes.signUp = signUp
      }
      if (sitesMax !== undefined) {
        assertWhole(sitesMax, 'sitesMax', 0, SITES_MAX)
        changes.sitesMax = sitesMax
      }
      if (Object.keys(changes).length === 0) {
        throw new BadRequest('field-invalid', 'There must be something to change.')
      }
      await store.settings.set(changes, actor.by)
    },
  }

  /** An account that has not ended for good. */
  async function living(actor: Actor, id: string): Promise<Account> {
    gate.pass(actor, 'account.set')
    assertId(id)
    const account = await store.accounts.byId(id)
    if (!account || account.state === 'terminated') throw notFound()
    return account
  }
}

/** What an account's holder is told of why: some lines at most. */
function readReason(input: string | undefined): string | undefined {
  const reason = input?.normalize('NFC').trim() ?? ''
  if ([...reason].length > REASON_CHARS_MAX) {
    throw new BadRequest(
      'field-invalid',
      `reason must be at most ${REASON_CHARS_MAX} characters.`,
      'reason',
    )
  }
  return reason || undefined
}

function lastOperator(): BadRequest {
  return new BadRequest('last-operator', 'This is the last operator who can act.')
}
