import type { Random } from '../../src/core/random.ts'

/** What the simulation draws by chance. */
export interface Chance {
  /** 0 ≤ x < 1. */
  share(): number
  /** How long until something that happens after `mean` on average, whatever happened before. */
  wait(mean: number): number
  /** How many happen where `mean` do on average. */
  count(mean: number): number
  /** Around `median`; two thirds within a factor of `spread`. */
  around(median: number, spread: number): number
  /** One of them, each as likely as it weighs. */
  pick<T extends { weight: number }>(from: readonly T[]): T
}

/** Draws by the given chance. */
export function chanceOf(random: Random): Chance {
  const share = () => random.integer(0, 2 ** 32) / 2 ** 32
  const normal = () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share())
  return {
    share,
    wait: (mean) => -mean * Math.log(1 - share()),
    count(mean) {
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      let n = 0
      for (let left = share() - Math.exp(-mean), term = Math.exp(-mean); left > 0; left -= term) {
        n++
        term *= mean / n
      }
      return n
    },
    around: (median, spread) => median * spread ** normal(),
    pick(from) {
      let left = share() * from.reduce((sum, { weight }) => sum + weight, 0)
      for (const one of from) {
        left -= one.weight
        if (left < 0) return one
      }
      return from.at(-1)!
    },
  }
}
