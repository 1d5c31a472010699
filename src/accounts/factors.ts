import { BadRequest } from '../core/bad-request.ts'
import { Taken } from '../store/store.ts'
import type { Accounts, LoggedIn } from './accounts.ts'
import { newRecoveryCodes, newTotpSecret, stepOf, totpUri } from './codes.ts'
import { assertElevated, openSession, type Parts } from './parts.ts'
import { readName, readPassword } from './read.ts'

const PASSKEYS_MAX = 20

type Deeds = Pick<
  Accounts,
  | 'setPassword'
  | 'beginTotp'
  | 'begunTotp'
  | 'confirmTotp'
  | 'endTotp'
  | 'newRecoveryCodes'
  | 'recoveryCodesLeft'
  | 'passkeys'
  | 'beginPasskey'
  | 'addPasskey'
  | 'removePasskey'
>

/** With what an account can be logged in to. */
export function factorDeeds(parts: Parts): Deeds {
  const { store, random, now, host, tries, slips, passwords, ceremonies } = parts

  return {
    async setPassword(who, input) {
      assertElevated(who)
      const { account } = who
      const password = readPassword(input, [account.login, 'one captcha', host])
      // Apart from the others: whoever has come into a session must not keep its owner from this by them.
      await tries.at('change', 'password', account.id)
      const kept = await passwords.hash(password, account.id)
      if (!(await store.accounts.setPassword(account.id, kept))) throw gone()
      const opened = await openSession(parts, account, 'password', kept)
      if (!opened) throw gone()
      return opened
    },

    async beginTotp(who) {
      assertElevated(who)
      const secret = newTotpSecret(random)
      return shown(who.account, secret, slips.give('totp', who.account.id, secret))
    },

    begunTotp({ account }, pending) {
      const [id, secret] = slips.read('totp', pending)?.facts ?? []
      return id === account.id ? shown(account, secret!, pending) : null
    },

    async confirmTotp(who, pending, code) {
      assertElevated(who)
      const { account } = who
      const slip = slips.read('totp', pending)
      if (!slip || slip.facts[0] !== account.id) return null
      await tries.at('code', account.id)
      const step = stepOf(slip.facts[1]!, code.replace(/\s/g, ''), now())
      if (step === null || !(await slips.spend(slip))) return null
      const codes = await giveCodes(account.id)
      await store.accounts.setTotp(account.id, slip.facts[1]!, step)
      return codes
    },

    async endTotp(who) {
      await mayChange(who)
      await store.accounts.setTotp(who.account.id, null, 0)
    },

    async newRecoveryCodes(who) {
      await mayChange(who)
      return giveCodes(who.account.id)
    },

    recoveryCodesLeft: ({ account }) => store.recoveryCodes.left(account.id),
    passkeys: ({ account }) => store.passkeys.of(account.id),

    async beginPasskey(who) {
      assertElevated(who)
      const { account } = who
      const known = await store.passkeys.of(account.id)
      if (known.length >= PASSKEYS_MAX) {
        throw new BadRequest('limit-reached', `An account has at most ${PASSKEYS_MAX} passkeys.`)
      }
      const { options, challenge } = await ceremonies.creation(account, known)
      return { options, pending: slips.give('new-passkey', challenge, account.id) }
    },

    async addPasskey(who, pending, input, answer) {
      await mayChange(who)
      const { account } = who
      const name = readName(input)
      const slip = slips.read('new-passkey', pending)
      if (!slip || slip.facts[1] !== account.id) return false
      const passkey = await ceremonies.readNew(answer, slip.facts[0]!)
      if (!passkey || !(await slips.spend(slip))) return false
      try {
        await store.passkeys.add(account.id, { ...passkey, name })
      } catch (error) {
        if (error instanceof Taken) return false
        throw error
      }
      return true
    },

    async removePasskey(who, id) {
      await mayChange(who)
      return store.passkeys.remove(who.account.id, id)
    },
  }

  async function mayChange(who: LoggedIn): Promise<void> {
    assertElevated(who)
    await tries.at('change', who.account.id)
  }

  function shown({ login }: { login: string }, secret: string, pending: string) {
    return { secret, uri: totpUri(secret, login, host), pending }
  }

  async function giveCodes(id: string): Promise<string[]> {
    const codes = newRecoveryCodes(random)
    await store.recoveryCodes.set(id, codes)
    return codes
  }
}

/** The account has ended, or was suspended, in this very moment. */
function gone(): BadRequest {
  return new BadRequest('account-suspended', 'This account cannot be changed any more.')
}
