import { type Claim, type Ledger, LedgerUnavailable, type Spend } from './ledger.ts'
import { sketches } from './sketch.ts'

const SWEEP_EVERY = 10_000

/** A ledger that forgets when the process ends: for tests, and for trying things out. */
export function memoryLedger(now: () => number = Date.now): Ledger {
  const spent = new Map<string, { expiresAt: number; mark: string }>()
  const revisions = new Map<string, number>()
  const listeners: ((sitekey: string, revision: number) => void)[] = []
  const count = sketches(now)
  const begunAt = now()
  let sinceSweep = 0
  let closed = false

  function spend({ id, issuedAt, expiresAt, site, mark = '' }: Claim): Spend {
    if (closed) throw new LedgerUnavailable('The ledger is closed.')
    if (++sinceSweep >= SWEEP_EVERY) {
      sinceSweep = 0
      for (const [old, end] of spent) if (end.expiresAt <= now()) spent.delete(old)
    }
    const known = site && revisions.get(site.sitekey)
    if (site && (known === undefined || known > site.revision)) return 'outdated'
    if (issuedAt < begunAt) return 'forgotten'
    const before = spent.get(id)
    if (before) return mark !== '' && before.mark === mark ? 'repeated' : 'again'
    spent.set(id, { expiresAt, mark })
    return 'spent'
  }

  return {
    spend: async (claim) => spend(claim),
    count: async (key, fadeMs, add = 1) => count(key, fadeMs, add),
    async announce(sitekey, revision) {
      if (revision <= (revisions.get(sitekey) ?? -1)) return
      revisions.set(sitekey, revision)
      for (const hear of listeners) hear(sitekey, revision)
    },
    listen: (hear) => void listeners.push(hear),
    async close() {
      closed = true
      spent.clear()
    },
  }
}
