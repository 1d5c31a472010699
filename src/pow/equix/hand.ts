import type { Pace } from '../pace.ts'
import { type Attempt, type Engine, HASHES } from './engine.ts'

/** An attempt that is to be made. */
export interface Try {
  /** Comes back with whatever is said about it. */
  id: number
  challenge: Uint8Array
  effort: number
}

/** How far an attempt has come, 0 to 1; or, when it is over, a solution that counts, or null. */
export type Report = { id: number; done: number | Uint8Array | null }

/** What makes attempts, one after the other: here, or in a worker, whose face this is. */
export interface Hand {
  /** Takes an order; with null, drops those it has. */
  postMessage(order: Try | null): void
  onmessage: ((report: { data: Report }) => void) | null
}

const WORD_MAX = 0xffff_ffff
/** Hashed at once: some 30 milliseconds where nothing is compiled, and a hundred times as fast where it is. */
const HASHES_AT_ONCE = 256

/** Makes attempts on this thread. It prepares the next one as soon as it hears of it, while the first still goes on. */
export function openHand(engine: Engine, { sliceMs, rest }: Pace): Hand {
  let orders: { order: Try; attempt: Attempt | null }[] = []

  const hand: Hand = {
    onmessage: null,
    postMessage(order) {
      if (!order) orders = []
      else if (orders.push({ order, attempt: engine.begin(order.challenge) }) === 1) work(orders)
    },
  }

  function report(id: number, done: Report['done']) {
    hand.onmessage?.({ data: { id, done } })
  }

  /** Ends when its orders are dropped: then there are others. */
  async function work(mine: typeof orders) {
    for (; mine === orders && mine[0]; mine.shift()) {
      const { order, attempt } = mine[0]
      const found = attempt && (await make(mine, order, attempt))
      report(order.id, found)
    }
  }

  async function make(mine: typeof orders, { id, challenge, effort }: Try, attempt: Attempt) {
    for (let hashes = 0; hashes < HASHES; report(id, hashes / HASHES)) {
      // Others first: the next order may be among what waits.
      await rest()
      if (mine !== orders) return null
      const endsAt = performance.now() + sliceMs
      do {
        attempt.hash(HASHES_AT_ONCE)
        hashes += HASHES_AT_ONCE
      } while (hashes < HASHES && performance.now() < endsAt)
    }
    const counts = (solution: Uint8Array) => engine.weigh(challenge, solution) * effort <= WORD_MAX
    return attempt.solutions().find(counts) ?? null
  }

  return hand
}
