import { BadRequest } from '../core/bad-request.ts'
import type { Ledger } from '../ledger/ledger.ts'
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

/** What is left of a count that has faded, and of its rounding. */
const SLACK = 0.001

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
      await within(each, fadeMs, (add) => countAll(mine, fadeMs, add))
      if (all < Number.POSITIVE_INFINITY)
        await within(all, fadeMs, (add) => ledger.count(`feedback ${what}`, fadeMs, add))
    },
  }

  /** Under the newest key; what is under the former one still counts. */
  async function countAll(keys: string[], fadeMs: number, add: number): Promise<number> {
    const counts = keys.map((key, nth) => ledger.count(key, fadeMs, nth === 0 ? add : 0))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
}

/** What is refused does not count: there is always a next time. */
async function within(
  max: number,
  fadeMs: number,
  count: (add: number) => Promise<number>,
): Promise<void> {
  let sum = await count(0)
  if (sum + 1 <= max + SLACK) {
    sum = await count(1)
    // Of many at once, those that were added before the bound was reached.
    if (sum <= max + SLACK) return
  }
  const refusal = new BadRequest(
    'too-many-requests',
    'There was a lot just now. Please try again later: what you wrote is not kept yet.',
  )
  refusal.retryAfterS = Math.max(1, Math.ceil((fadeMs * Math.log((sum + 1) / max)) / 1_000))
  throw refusal
}
