import type { Account, Passkey } from '../store/store.ts'
import type { Accounts } from './accounts.ts'
import { readRecoveryCode, stepOf } from './codes.ts'
import { assertActive, isToken, openSession, type Parts, printOf, raiseSession } from './parts.ts'
import { plainLogin } from './read.ts'

type Deeds = Pick<
  Accounts,
  | 'logIn'
  | 'secondStep'
  | 'passkeyOptions'
  | 'logInByPasskey'
  | 'byToken'
  | 'logOut'
  | 'sessions'
  | 'endSession'
  | 'endOtherSessions'
  | 'elevate'
>

/** How somebody shows who they are. */
export function logInDeeds(parts: Parts): Deeds {
  const { store, now, tries, slips, passwords, ceremonies } = parts

  return {
    async logIn(caller, { login: input, password }) {
      passwords.assertRoom(caller.network.newest)
      await tries.from(caller, 'logIn')
      // The same look-ups, the same count and the same hashing, whether there is such an account or not.
      const login = plainLogin(input) ?? ''
      const account = await store.accounts.byLogin(login)
      const kept = await store.accounts.passwordOf(account?.id ?? 'acc_none')
      // Bound to the password: where it is reset, its owner does not wait for what somebody else has tried. A browser that
      // has logged in before is counted apart from strangers: they cannot keep it out, however long they go on.
      const known = tries.isMark(caller.mark ?? '', login, kept ?? '')
      await tries.at('password', login, kept ?? '', known ? 'known' : '')
      const right = await passwords.verify(kept, password, caller.network.newest)
      if (!right || !account || kept === null) return null
      assertActive(account)
      const mine = passwords.isOld(kept) ? await rehash(account, kept, password) : kept
      if (account.hasTotp)
        return { pending: slips.give('second', account.id, printOf(account, mine)) }
      return openSession(parts, account, 'password', mine)
    },

    async secondStep(caller, pending, code) {
      await tries.from(caller, 'logIn')
      const slip = slips.read('second', pending)
      const account = slip && (await store.accounts.byId(slip.facts[0]!))
      if (!account) return null
      const kept = await store.accounts.passwordOf(account.id)
      if (kept === null || printOf(account, kept) !== slip.facts[1]) return null
      assertActive(account)
      await tries.at('code', account.id)
      const way = await useCode(account, code)
      if (!way || !(await slips.spend(slip))) return null
      return openSession(parts, account, way === 'recovery' ? 'recovery' : 'password', kept)
    },

    async passkeyOptions(who) {
      const known = who ? await store.passkeys.of(who.account.id) : undefined
      const { options, challenge } = await ceremonies.request(known)
      const pending = who
        ? slips.give('prove', challenge, who.account.id)
        : slips.give('passkey', challenge)
      return { options, pending }
    },

    async logInByPasskey(caller, pending, answer) {
      await tries.from(caller, 'logIn')
      const passkey = await readPasskey('passkey', pending, answer)
      if (!passkey) return null
      const account = await store.accounts.byId(passkey.accountId)
      if (!account) return null
      assertActive(account)
      return openSession(parts, account, 'passkey')
    },

    async byToken(token) {
      if (!isToken(token)) return null
      const session = await store.sessions.byToken(token)
      const account = session && (await store.accounts.byId(session.accountId))
      if (!session || account?.state !== 'active') return null
      return { account, session, elevated: session.elevatedUntil > now() }
    },

    async logOut({ account, session }) {
      await store.sessions.end(account.id, session.id)
    },

    sessions: ({ account }) => store.sessions.of(account.id),

    endSession: ({ account }, id) => store.sessions.end(account.id, id, account.id),

    async endOtherSessions({ account, session }) {
      await store.sessions.endOthers(account.id, session.id)
    },

    async elevate(caller, who, { password, code, passkey }) {
      const { account } = who
      if (password === undefined && code === undefined && !passkey) return null
      await tries.at('proof', account.id)
      // Whatever is shown must be right.
      if (password !== undefined) {
        const kept = await store.accounts.passwordOf(account.id)
        if (!(await passwords.verify(kept, password, caller.network.newest))) return null
      }
      if (code !== undefined) {
        if (!(await useCode(account, code, false))) return null
      }
      if (passkey) {
        const used = await readPasskey('prove', passkey.pending, passkey.answer, account.id)
        if (!used) return null
      }
      return raiseSession(parts, who)
    },
  }

  /** Keeps the password at today's cost, now that it is at hand. */
  async function rehash(account: Account, kept: string, password: string): Promise<string> {
    await store.accounts.rehash(account.id, kept, await passwords.hash(password, account.id))
    return (await store.accounts.passwordOf(account.id)) ?? kept
  }

  /** Uses up a code: one of the app's or, to log in, one for recovery. Null if it is neither. */
  async function useCode(
    account: Account,
    input: string,
    recovers = true,
  ): Promise<'totp' | 'recovery' | null> {
    const code = input.replace(/\s/g, '')
    const totp = await store.accounts.totpOf(account.id)
    if (!totp) return null
    const step = stepOf(totp.secret, code, now())
    if (step !== null) return (await store.accounts.useTotpStep(account.id, step)) ? 'totp' : null
    const recovery = recovers ? readRecoveryCode(input) : null
    if (recovery === null) return null
    return (await store.recoveryCodes.use(account.id, recovery)) ? 'recovery' : null
  }

  /** The passkey that an answer proves the presence of: once per challenge, and never an older copy. */
  async function readPasskey(
    kind: 'passkey' | 'prove',
    pending: string,
    answer: unknown,
    owner?: string,
  ): Promise<(Passkey & { accountId: string }) | null> {
    const slip = slips.read(kind, pending)
    const claim = ceremonies.claimOf(answer)
    if (!slip || !claim || (owner !== undefined && slip.facts[1] !== owner)) return null
    const passkey = await store.passkeys.byId(claim.id)
    if (!passkey || (owner !== undefined && passkey.accountId !== owner)) return null
    if (claim.owner !== null && claim.owner !== passkey.accountId) return null
    const counter = await ceremonies.check(answer, slip.facts[0]!, passkey)
    if (counter === null || !(await slips.spend(slip))) return null
    return (await store.passkeys.use(passkey.id, counter)) ? passkey : null
  }
}
