import { BadRequest } from '../core/bad-request.ts'
import { sortOf } from '../keys.ts'
import { type AccountRole, type Invitation, Taken } from '../store/store.ts'
import type { Accounts } from './accounts.ts'
import { openSession, type Parts } from './parts.ts'
import { readEmail, readLogin, readPassword, wrong } from './read.ts'
import type { Slip } from './slips.ts'

type Deeds = Pick<Accounts, 'firstLink' | 'signUpNeeds' | 'signUp'>

/** With what somebody comes. */
type Pass =
  | { sort: 'first'; slip: Slip }
  | { sort: 'invited'; invitation: Invitation; token: string }
  | { sort: 'none' }

/** How accounts begin. */
export function signUpDeeds(
  parts: Parts,
  askForEmail: (id: string, email: string) => Promise<void>,
): Deeds {
  const { store, tries, slips, passwords, letters, guard, host, terms } = parts

  return {
    async firstLink() {
      return (await store.accounts.countOperators()) > 0 ? null : slips.give('first')
    },

    signUpNeeds: async (token = '') => needsOf(await passOf(token)),

    async signUp(caller, order) {
      passwords.assertRoom(caller.network.newest)
      await tries.from(caller, 'signUp')
      const pass = await passOf(order.invitation ?? '')
      const needs = await needsOf(pass)
      if (needs === 'closed') throw refused('Nobody can make an account here at present.')
      if (needs === 'invitation') {
        throw refused(
          'An account needs an invitation that is still good. Please ask for another one.',
        )
      }
      const role = roleOf(pass)

      // What the visitor can mend is said before anything is used up.
      const login = readLogin(order.login, role === 'operator')
      const password = readPassword(order.password, [login, 'one captcha', host])
      const email = order.email ? readEmail(order.email) : null
      if (email !== null && !letters)
        throw wrong('email', 'No letters are sent from here: leave this empty.')
      if (await store.accounts.isTaken(login)) throw taken()
      const { number, texts } = await terms.current()
      if (order.terms !== undefined && order.terms !== number) {
        throw wrong('terms', 'The Terms have changed meanwhile. Please look at them once more.')
      }
      if (needs === 'guard' && !(await guard(order.token ?? ''))) {
        throw wrong(
          'token',
          'Please tick the box, and wait until it is green. JavaScript must be on.',
        )
      }

      const kept = await passwords.hash(password, caller.network.newest)
      if (!(await use(pass)))
        throw refused('This invitation is not good any more. Please ask for another.')
      try {
        const first = pass.sort === 'first'
        const agrees = { number, hash: texts[0]!.hash }
        const account = await store.accounts.add({ login, role, password: kept, first, agrees })
        if (email !== null) await askForEmail(account.id, email).catch(unlessTheirs)
        const opened = await openSession(parts, account, 'password', kept)
        if (!opened) throw new Error('A new account has no session.')
        return opened
      } catch (error) {
        throw error instanceof Taken ? taken() : error
      }
    },
  }

  async function needsOf(pass: Pass) {
    if (pass.sort === 'first') return 'nothing'
    const { signUp } = await store.settings.read()
    // Whoever has the machine's command line may always let somebody in: an operator who has lost every other way, first of all.
    if (pass.sort === 'invited' && pass.invitation.invitedBy === 'cli') return 'nothing'
    if (signUp === 'closed') return 'closed'
    if (pass.sort === 'invited') return 'nothing'
    return signUp === 'open' ? 'guard' : 'invitation'
  }

  async function passOf(token: string): Promise<Pass> {
    if (sortOf(token) === 'invitation') {
      const invitation = await store.invitations.byToken(token)
      return invitation && (await stillHolds(invitation))
        ? { sort: 'invited', invitation, token }
        : { sort: 'none' }
    }
    const slip = slips.read('first', token)
    // While nobody is there, and not a moment longer.
    const first = slip && (await store.accounts.countOperators()) === 0
    return first ? { sort: 'first', slip } : { sort: 'none' }
  }

  /** An invitation is worth what whoever gave it may still give. A site's own is looked at when it is accepted. */
  async function stillHolds({ sitekey, invitedBy }: Invitation): Promise<boolean> {
    const inviter = await store.accounts.byId(invitedBy)
    // Not an account's: the command line's.
    if (!inviter) return invitedBy === 'cli'
    return inviter.state === 'active' && (sitekey !== null || inviter.role === 'operator')
  }

  function roleOf(pass: Pass): AccountRole {
    if (pass.sort === 'first') return 'operator'
    const operator = pass.sort === 'invited' && pass.invitation.role === 'operator'
    return operator && pass.invitation.sitekey === null ? 'operator' : 'developer'
  }

  /** Uses up what somebody came with: true for one of all who come with it. */
  async function use(pass: Pass): Promise<boolean> {
    if (pass.sort === 'none') return true
    if (pass.sort === 'first') return slips.spend(pass.slip)
    const { id, sitekey, expiresAt } = pass.invitation
    // A site's invitation is for joining it, which comes next: here it only makes one account.
    if (sitekey !== null)
      return slips.spend({ id: `sign up ${id}`, issuedAt: parts.now(), expiresAt, facts: [] })
    return (await store.invitations.take(pass.token)) !== null
  }
}

/** The account is there: that no letter is sent must not look as if it were not. */
function unlessTheirs(error: unknown): void {
  if (!(error instanceof BadRequest)) throw error
}

function refused(message: string): BadRequest {
  return new BadRequest('forbidden', message)
}

/** A login is a name that others see, so whoever signs up learns whether it is taken: the guard and the bound slow them down. */
function taken(): BadRequest {
  return wrong('login', 'This login is taken. Please choose another.')
}
