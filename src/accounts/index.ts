import type { Random } from '../core/random.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Mailer } from '../mail/mailer.ts'
import { startOutbox } from '../mail/outbox.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import type { Terms } from '../terms/terms.ts'
import type { Accounts } from './accounts.ts'
import { mailDeeds } from './by-mail.ts'
import { makeCeremonies } from './ceremonies.ts'
import { factorDeeds } from './factors.ts'
import { letters } from './letters.ts'
import { logInDeeds } from './log-in.ts'
import { ownDataDeeds } from './own-data.ts'
import type { Parts } from './parts.ts'
import { makePasswords } from './passwords.ts'
import { signUpDeeds } from './sign-up.ts'
import { makeSlips } from './slips.ts'
import { makeTries } from './tries.ts'

const LATER_MAX = 100
const PAGE = 100

/**
 * Who people are.
 *
 * @param tools.publicUrl where the service is: passkeys are bound to it, and letters lead there. Null for this machine
 * @param tools.guard true if the widget's token is good, which is used up by asking
 * @param tools.onError hears of what failed after an answer was given
 */
export function makeAccounts(tools: {
  store: Store
  ledger: Ledger
  seal: Seal
  random: Random
  now: () => number
  rootKeys: readonly Uint8Array[]
  mailer: Mailer
  publicUrl: string | null
  terms: Pick<Terms, 'current'>
  guard: (token: string) => Promise<boolean>
  onError: (error: Error) => void
}): Accounts {
  const { store, ledger, random, now, publicUrl, onError } = tools
  const outbox = startOutbox(tools.mailer, onError)
  const parts: Parts = {
    ...{ store, random, now, outbox, guard: tools.guard, terms: tools.terms },
    host: publicUrl === null ? 'localhost' : new URL(publicUrl).host,
    tries: makeTries(ledger, tools.rootKeys[0]!),
    slips: makeSlips(tools),
    passwords: makePasswords(),
    ceremonies: makeCeremonies(publicUrl, random),
    // Never to an address that whoever asks names: a link in a letter leads where the operator says we are.
    letters: outbox.able && publicUrl !== null ? letters(publicUrl) : null,
  }
  const pending = new Set<Promise<void>>()
  let closing = false
  const { askForEmail, ...byMail } = mailDeeds(parts, later)
  if (tools.rootKeys.length > 1) later(renewAll)

  return {
    canMail: parts.letters !== null,
    canPasskey: parts.ceremonies.able,
    ...signUpDeeds(parts, askForEmail),
    ...logInDeeds(parts),
    ...factorDeeds(parts),
    ...byMail,
    ...ownDataDeeds(parts),
    async close() {
      closing = true
      await Promise.all(pending)
      await outbox.close()
    },
  }

  /** Has every account met once, so that nothing of it stays under a root key that is to be taken away. */
  async function renewAll(): Promise<void> {
    for (let after = ''; !closing; ) {
      const page = await store.accounts.list(after, PAGE)
      if (page.length === 0) return
      after = page.at(-1)!.id
    }
  }

  /** Does something after the answer is given. */
  function later(act: () => Promise<void>): void {
    if (pending.size >= LATER_MAX) {
      onError(new Error('Too much is to be done later.'))
      return
    }
    const doing = new Promise((next) => setImmediate(next))
      .then(act)
      .catch(onError)
      .finally(() => pending.delete(doing))
    pending.add(doing)
  }
}
