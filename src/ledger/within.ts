/**
 * Whoever comes at a steady rate, `max` times in `fadeMs`, is counted as 1 ÷ (1 − e^(−1 ÷ max)): a little more than half above
 * `max`. At once, there is room for `max` all the same.
 */
const STEADY = 0.58

/**
 * Counts a call if that makes no more of them than `max` in `fadeMs`, fading. Returns 0 if so, and else in how many seconds there is room
 * again. What is refused does not count: there is always a next time.
 *
 * @param count adds so much to the count, and tells what it comes to (`Ledger.count`)
 */
export async function within(
  max: number,
  fadeMs: number,
  count: (add: number) => Promise<number>,
): Promise<number> {
  let sum = await count(0)
  if (sum + 1 <= max + STEADY) {
    sum = await count(1)
    // Of many at once, those that were added before the bound was reached.
    if (sum <= max + STEADY) return 0
  }
  return roomIn(max, fadeMs, sum)
}

/** In how many seconds a count has faded so far that there is room for one more; 0 if there is. */
export function roomIn(max: number, fadeMs: number, sum: number): number {
  if (sum + 1 <= max + STEADY) return 0
  return Math.max(1, Math.ceil((fadeMs * Math.log(sum / (max + STEADY - 1))) / 1_000))
}
