/** Waiting is counted in buckets, each √2 times as wide as the one before: enough to read a median within a few per cent. */
const FIRST_MS = 100
/** The last bucket ends after 55 minutes, and holds all that is longer. */
const LAST = 30

/** The bucket of a time, named by the milliseconds where it ends. */
export function waitingLabel(ms: number): string {
  const n = Math.ceil(2 * Math.log2(Math.max(ms, FIRST_MS) / FIRST_MS))
  return String(endOf(Math.min(n, LAST)))
}

/** The median of what is in the buckets, in milliseconds; null if they are empty. */
export function medianOf(buckets: ReadonlyMap<string, number>): number | null {
  const sorted = [...buckets].map(([label, count]) => [Number(label), count] as const)
  sorted.sort(([a], [b]) => a - b)
  const half = sorted.reduce((sum, [, count]) => sum + count, 0) / 2
  let below = 0
  for (const [end, count] of sorted) {
    if (below + count >= half && count > 0) {
      const begin = end <= FIRST_MS ? 0 : end / Math.SQRT2
      return Math.round(begin + ((half - below) / count) * (end - begin))
    }
    below += count
  }
  return null
}

function endOf(n: number): number {
  return Math.round(FIRST_MS * 2 ** (n / 2))
}
