import type { Channel, DeliveryRows, Held } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'

/** Nobody else takes what a courier holds for so long; and so long before that it gives up, however slow the other side is. */
const LEASE_MS = 30_000
const SEND_MS = 20_000
/** What is refused for good is tried so often: a server may be set up wrongly for an hour. */
const REFUSALS_MAX = 3
/** Where nothing goes at all, one look now and then will do. */
const AWAY_MS = 30_000
const REMEMBER_MS = 500

const FIRST_PAUSE_MS = 60_000
const LAST_PAUSE_MS = 2 * 3_600_000
const TRIES_FOR_MS = 3 * 86_400_000

/** What came of one try. `why` is in our words, and names nobody. */
export type Outcome =
  | { is: 'sent' }
  /** There is nobody to send it to any more. */
  | { is: 'dropped'; why: string }
  /** Not this one, ever: believed at once if `sure`, otherwise after some tries. */
  | { is: 'refused'; why: string; sure?: boolean }
  | { is: 'later'; why: string }
  /** Nothing goes at present, neither this one nor others. */
  | { is: 'away'; why: string }

/** Brings one delivery to where it goes. Once the signal is given, not a byte more may go out. */
export type Carry = (held: Held, signal: AbortSignal) => Promise<Outcome>

/** What became of a delivery. */
export type Ending = 'sent' | 'dropped' | 'failed' | 'again'

export interface Courier {
  /** Sends all that is due, and waits for it. */
  round(): Promise<void>
  /** Since when nothing goes at all; null while it does. */
  awaySince(): number | null
  /** Begins no more, and waits for what is under way. */
  close(): Promise<void>
}

interface CourierTools {
  channel: Channel
  deliveries: DeliveryRows
  carry: Carry
  now: () => number
  /** Tells this courier from all others. */
  holder: string
  /** So many at once. */
  atOnce: number
  onEnding: (ending: Ending) => void
  /** Hears of what failed for good. */
  onFailed?: (held: Held, why: string) => Promise<unknown>
  onError: (error: Error) => void
}

/**
 * Sends what is due on one channel. Of several nodes each takes what the others do not hold. What went is written down as
 * soon as the other side has said that it has it; between the two there is a moment, and who is killed in it leaves in doubt
 * whether it went. It is then sent once more under the same id, by which it is known again.
 */
export function startCourier(tools: CourierTools): Courier {
  const { channel, deliveries, carry, now, holder, atOnce, onEnding, onFailed, onError } = tools
  const under = new Set<Promise<void>>()
  let away: { since: number; until: number } | null = null
  let closing = false

  return {
    round,
    awaySince: () => away?.since ?? null,
    async close() {
      closing = true
      await Promise.allSettled(under)
    },
  }

  async function round(): Promise<void> {
    const lanes = (await take(atOnce)).map((taken) => {
      const running = lane(taken).finally(() => under.delete(running))
      under.add(running)
      return running
    })
    // While the store is away nothing can be sent, and everything else says so.
    for (const lane of await Promise.allSettled(lanes)) {
      if (lane.status === 'rejected' && !(lane.reason instanceof StoreUnavailable))
        throw lane.reason
    }
  }

  /** One after another, until nothing is due. */
  async function lane(first: Taken): Promise<void> {
    for (let taken: Taken | undefined = first; taken; [taken] = await take(1)) await bring(taken)
  }

  async function take(limit: number): Promise<Taken[]> {
    if (closing || (away && now() < away.until)) return []
    // It runs from before the lease does: we are done before anybody else can begin.
    const signal = AbortSignal.timeout(SEND_MS)
    try {
      const held = await deliveries.take(channel, holder, limit, LEASE_MS)
      return held.map((one) => ({ held: one, signal }))
    } catch (error) {
      if (error instanceof StoreUnavailable) return []
      throw error
    }
  }

  async function bring({ held, signal }: Taken): Promise<void> {
    const outcome = await carry(held, signal).catch((error): Outcome => {
      if (error instanceof StoreUnavailable) throw error
      onError(error)
      return { is: 'later', why: 'It could not be written.' }
    })
    if (outcome.is !== 'away') away = null
    else away = { since: away?.since ?? now(), until: now() + AWAY_MS }
    onEnding(await settle(held, outcome))
  }

  async function settle(held: Held, outcome: Outcome): Promise<Ending> {
    if (outcome.is === 'sent') {
      await remember(held)
      return 'sent'
    }
    const { why } = outcome
    if (outcome.is === 'dropped') {
      await deliveries.drop(held, why)
      return 'dropped'
    }
    const refused = outcome.is === 'refused' && (outcome.sure || held.attempts >= REFUSALS_MAX)
    const pauseMs = pauseAfter(held.attempts)
    if (refused || pauseMs === null) {
      await deliveries.fail(held, why)
      await onFailed?.(held, why)
      return 'failed'
    }
    await deliveries.again(held, now() + pauseMs, why)
    return 'again'
  }

  /** It went: also a store that is away for a moment must hear of it, as long as nobody else can have taken it. */
  async function remember(held: Held): Promise<void> {
    const endsAt = performance.now() + LEASE_MS - SEND_MS
    for (;;) {
      try {
        await deliveries.sent(held)
        return
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || performance.now() > endsAt) throw error
        await new Promise((resolve) => setTimeout(resolve, REMEMBER_MS))
      }
    }
  }
}

interface Taken {
  held: Held
  signal: AbortSignal
}

/** How long to wait after so many tries: a minute, twice as long each time, two hours at most. Null after three days. */
export function pauseAfter(tries: number): number | null {
  let passedMs = 0
  let pauseMs = FIRST_PAUSE_MS
  for (let i = 1; i < tries; i++) {
    passedMs += pauseMs
    pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)
  }
  return passedMs + pauseMs > TRIES_FOR_MS ? null : pauseMs
}
