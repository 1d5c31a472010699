import assert from 'node:assert/strict'
import { type Claim, type Ledger, LedgerUnavailable, type Spend } from '../../src/ledger/ledger.ts'

/** Spends that are tried on several nodes at once, new ones and old ones, for as long as it is told to. */
export interface Spending {
  /** How often each id was answered `spent`. */
  wins: Map<string, number>
  /** How often each answer was given. `failed`: none, as the ledger could not tell. */
  said: Record<Spend | 'failed', number>
  /** The longest that anybody waited for an answer. */
  readonly slowestMs: number
  /** Tries all that was ever spent once more, everywhere. */
  tryAllAgain(): Promise<void>
  /** Ends the load. Throws if anything was spent twice. */
  stop(): Promise<void>
}

const WORKERS = 6

/** Begins to spend ids of a site that is announced. */
export function startSpending(nodes: readonly Ledger[], sitekey: string): Spending {
  const wins = new Map<string, number>()
  const said = { spent: 0, again: 0, repeated: 0, outdated: 0, forgotten: 0, failed: 0 }
  const claims: Claim[] = []
  let slowestMs = 0
  let over = false
  let next = 0

  async function attempt(node: Ledger, claim: Claim): Promise<void> {
    const at = performance.now()
    try {
      let spend = await node.spend(claim)
      if (spend === 'outdated') {
        said.outdated++
        await node.announce(sitekey, 1)
        spend = await node.spend(claim)
      }
      said[spend]++
      if (spend === 'spent') wins.set(claim.id, (wins.get(claim.id) ?? 0) + 1)
    } catch (error) {
      assert.ok(error instanceof LedgerUnavailable, `${error}`)
      said.failed++
      // A page that is refused waits too, if not for so long.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    slowestMs = Math.max(slowestMs, performance.now() - at)
  }

  const workers = Array.from({ length: WORKERS }, async (_, worker) => {
    while (!over) {
      const now = Date.now()
      const id = `${worker} ${next++}`
      const claim = { id, issuedAt: now, expiresAt: now + 600_000, site: { sitekey, revision: 1 } }
      claims.push(claim)
      await Promise.all(nodes.map((node) => attempt(node, claim)))
      // And one of some time ago: newer ones are more often lost.
      const old = claims[Math.max(0, claims.length - 1 - ((next * 7919) % 2_000))]!
      await attempt(nodes[next % nodes.length]!, old)
    }
  })

  return {
    wins,
    said,
    get slowestMs() {
      return slowestMs
    },
    async tryAllAgain() {
      for (let i = 0; i < claims.length; i += 500) {
        const some = claims.slice(i, i + 500)
        await Promise.all(some.flatMap((claim) => nodes.map((node) => attempt(node, claim))))
      }
    },
    async stop() {
      over = true
      await Promise.all(workers)
      const twice = [...wins].filter(([, times]) => times > 1)
      assert.deepEqual(twice, [])
    },
  }
}
