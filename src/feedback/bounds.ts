import { BadRequest } from '../core/bad-request.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { within } from '../ledger/within.ts'
import type { Sender } from './feedback.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How much is let through: fading counts, of one network or account, and of all together. */
const BOUNDS = {
  /** Forms that are looked at, whatever comes of it: that takes some milliseconds each. */
  look: { each: 100, all: Number.POSITIVE_INFINITY, fadeMs: 10 * MINUTE_MS },
  /** With a token of the widget, or a management key. */
  send: { each: 10, all: 300, fadeMs: HOUR_MS },
  /** With nothing but patience: so few that it is of no use to a robot, and enough for those who need it. */
  patience: { each: 3, all: 30, fadeMs: HOUR_MS },
  /** Looks at what a receipt is for. */
  receipt: { each: 60, all: 6_000, fadeMs: 10 * MINUTE_MS },
} as const

/** Counts what a sender does, and refuses what is too much. */
export interface Bounds {
  count(from: Sender, what: keyof typeof BOUNDS): Promise<void>
}

export function makeBounds(ledger: Ledger): Bounds {
  return {
    async count({ network, actor }, what) {
      const { each, all, fadeMs } = BOUNDS[what]
      const mine = actor
        ? [`feedback ${what} ${actor.account.id}`]
        : [network.newest, network.former]
            .filter((key) => key !== null)
            .map((key) => `feedback ${what} ${key}`)
      refuse(await within(each, fadeMs, (add) => countAll(mine, fadeMs, add)))
      if (all < Number.POSITIVE_INFINITY)
        refuse(await within(all, fadeMs, (add) => ledger.count(`feedback ${what}`, fadeMs, add)))
    },
  }

  /** Under the newest key; what is under the former one still counts. */
  async function countAll(keys: string[], fadeMs: number, add: number): Promise<number> {
    const counts = keys.map((key, nth) => ledger.count(key, fadeMs, nth === 0 ? add : 0))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
}

function refuse(retryAfterS: number): void {
  if (retryAfterS === 0) return
  const refusal = new BadRequest(
    'too-many-requests',
    'There was a lot just now. Please try again later: what you wrote is not kept yet.',
  )
  refusal.retryAfterS = retryAfterS
  throw refusal
}
