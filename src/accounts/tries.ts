import { timingSafeEqual } from 'node:crypto'
import { BadRequest } from '../core/bad-request.ts'
import { keyedHasher } from '../keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { countNetwork } from '../server/networks.ts'
import type { Caller } from './accounts.ts'

const MINUTE_MS = 60_000

/** How many tries are let through: a fading count, so that there is always a next one. */
const BOUNDS = {
  // Of one network, which may be a whole office.
  logIn: { max: 60, fadeMs: 10 * MINUTE_MS },
  signUp: { max: 20, fadeMs: 60 * MINUTE_MS },
  mail: { max: 10, fadeMs: 60 * MINUTE_MS },
  link: { max: 60, fadeMs: 10 * MINUTE_MS },
  // Of one account, from wherever: at most so many guesses an hour, for ever.
  password: { max: 20, fadeMs: 60 * MINUTE_MS },
  // Six digits, of which three are good at a time: 240 tries a day pass one time in 1,400.
  code: { max: 10, fadeMs: 60 * MINUTE_MS },
  proof: { max: 20, fadeMs: 60 * MINUTE_MS },
  mailTo: { max: 3, fadeMs: 60 * MINUTE_MS },
  // Each is told by mail and webhooks, behind which what others are told waits.
  change: { max: 60, fadeMs: 60 * MINUTE_MS },
} as const

/** Counts tries, and refuses those that are too many. */
export interface Tries {
  /** Of whoever calls. */
  from(caller: Caller, what: 'logIn' | 'signUp' | 'mail' | 'link'): Promise<void>
  /** At something of one account. */
  at(what: 'password' | 'code' | 'proof' | 'mailTo' | 'change', ...whose: string[]): Promise<void>
  /** What tells a browser that has logged in from one that has not. It ends with the password. */
  markOf(login: string, kept: string): string
  isMark(sent: string, login: string, kept: string): boolean
}

/**
 * What is counted is counted under a keyed hash. A try that is refused does not count: so an attacker who pauses leaves the
 * owner a chance, and slows down nobody but passwords. Sessions go on, passkeys are not counted, and a browser that knew the
 * password before is counted apart.
 */
export function makeTries(ledger: Ledger, rootKey: Uint8Array): Tries {
  const hash = keyedHasher(rootKey, 'tries')
  const mark = keyedHasher(rootKey, 'known browser')
  const markOf = (login: string, kept: string) => mark(JSON.stringify([login, kept]))

  async function count(
    { max, fadeMs }: { max: number; fadeMs: number },
    add: (weight: number) => Promise<number>,
  ): Promise<void> {
    let count = await add(0)
    if (count + 1 <= max) {
      count = await add(1)
      // Of many at once, those that were added before the bound was reached.
      if (count <= max + 0.001) return
    }
    const refusal = new BadRequest(
      'too-many-requests',
      'That were too many tries. Please wait a while.',
    )
    refusal.retryAfterS = Math.max(1, Math.ceil((fadeMs * Math.log((count + 1) / max)) / 1_000))
    throw refusal
  }

  return {
    from: ({ network }, what) => {
      const { newest, former } = network
      // The same network is counted apart for each.
      const keys = { newest: `${what} ${newest}`, former: former && `${what} ${former}` }
      return count(BOUNDS[what], (weight) =>
        countNetwork(ledger, keys, BOUNDS[what].fadeMs, weight),
      )
    },
    at: (what, ...whose) => {
      const key = `${what} ${hash(JSON.stringify(whose)).slice(0, 22)}`
      return count(BOUNDS[what], (weight) => ledger.count(key, BOUNDS[what].fadeMs, weight))
    },
    markOf,
    isMark(sent, login, kept) {
      const [mine, theirs] = [Buffer.from(markOf(login, kept)), Buffer.from(sent)]
      return mine.length === theirs.length && timingSafeEqual(mine, theirs)
    },
  }
}
