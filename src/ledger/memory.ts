import type { Ledger } from './ledger.ts'
import { sketches } from './sketch.ts'

const SWEEP_EVERY = 10_000

/** A ledger that forgets when the process ends: for tests, and for trying things out. */
export function memoryLedger(now: () => number = Date.now): Ledger {
  const spent = new Map<string, number>()
  const count = sketches(now)
  let sinceSweep = 0
  return {
    async spend(id, expiresAt) {
      if (++sinceSweep >= SWEEP_EVERY) {
        sinceSweep = 0
        for (const [old, end] of spent) if (end <= now()) spent.delete(old)
      }
      if (spent.has(id)) return false
      spent.set(id, expiresAt)
      return true
    },
    count: async (key, fadeMs, add = 1) => count(key, fadeMs, add),
    close: async () => spent.clear(),
  }
}
