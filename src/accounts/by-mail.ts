import type { Account } from '../store/store.ts'
import type { Accounts } from './accounts.ts'
import { assertElevated, type Parts, printOf } from './parts.ts'
import { plainLogin, readEmail, readPassword, wrong } from './read.ts'

type Deeds = Pick<Accounts, 'setEmail' | 'confirmEmail' | 'requestReset' | 'reset'>

/** What goes by letters: to confirm an address, and to reset a password by it. */
export function mailDeeds(
  parts: Parts,
  /** Does something after the answer is given. */
  later: (act: () => Promise<void>) => void,
): Deeds & { askForEmail(id: string, email: string): Promise<void> } {
  const { store, tries, slips, passwords, outbox, letters, host } = parts

  return {
    askForEmail,

    async setEmail(who, input) {
      assertElevated(who)
      const { account } = who
      if (input === null) {
        if (account.email === null) return
        await store.accounts.setEmail(account.id, null)
        return
      }
      const email = readEmail(input)
      if (!letters) throw wrong('email', 'No letters are sent from here.')
      await askForEmail(account.id, email)
    },

    async confirmEmail(caller, link) {
      await tries.from(caller, 'link')
      const slip = slips.read('email', link)
      const [id, print, email] = slip?.facts ?? []
      const found = id === undefined ? null : await bound(id, print!)
      if (!slip || !found || !(await slips.spend(slip))) return false
      return store.accounts.setEmail(found.account.id, email!)
    },

    async requestReset(caller, input) {
      await tries.from(caller, 'mail')
      // Looked for after the answer is given: how long that takes tells nobody anything.
      if (letters && input.length <= 300) later(() => sendResets(input))
    },

    async reset(caller, link, input) {
      await tries.from(caller, 'link')
      const slip = slips.read('reset', link)
      const [id, print] = slip?.facts ?? []
      const found = id === undefined ? null : await bound(id, print!)
      if (!slip || !found) return false
      const { account, kept } = found
      const password = readPassword(input, [account.login, 'one captcha', host])
      const hash = await passwords.hash(password, caller.network.newest)
      if (!(await slips.spend(slip))) return false
      // Of two links that were sent, the one that is used first ends the other.
      return store.accounts.setPassword(account.id, hash, account.id, kept)
    },
  }

  async function askForEmail(id: string, email: string): Promise<void> {
    const account = await store.accounts.byId(id)
    if (!letters || !account) return
    // By the account, and by the address: nobody's letter box is filled through us.
    await tries.at('mailTo', id)
    await tries.at('mailTo', email.toLowerCase())
    const kept = await store.accounts.passwordOf(id)
    const slip = slips.give('email', id, printOf(account, kept), email)
    outbox.post({ to: email, ...letters.confirm(account.login, slip) })
  }

  async function sendResets(input: string): Promise<void> {
    for (const account of await accountsOf(input)) {
      if (account.state !== 'active' || account.email === null) continue
      try {
        await tries.at('mailTo', 'reset', account.id)
      } catch {
        continue
      }
      const slip = slips.give(
        'reset',
        account.id,
        printOf(account, await store.accounts.passwordOf(account.id)),
      )
      outbox.post({ to: account.email, ...letters!.reset(account.login, slip) })
    }
  }

  async function accountsOf(input: string): Promise<Account[]> {
    if (input.includes('@')) return store.accounts.allByEmail(input)
    const login = plainLogin(input)
    const account = login === null ? null : await store.accounts.byLogin(login)
    return account ? [account] : []
  }

  /** The account that a link is bound to, if it is as it was when the link was sent. */
  async function bound(id: string, print: string) {
    const account = await store.accounts.byId(id)
    if (account?.state !== 'active') return null
    const kept = await store.accounts.passwordOf(id)
    return printOf(account, kept) === print ? { account, kept } : null
  }
}
