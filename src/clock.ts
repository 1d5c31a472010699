/**
 * The time of day, in epoch milliseconds, which a change of the system's clock neither stops nor turns back while the service
 * runs: what has ended stays ended, and nothing is good for longer. Where the machine is suspended it falls behind, as any
 * that counts from the start; Redis's clock and `store/recall.ts` make up for that.
 *
 * @param wall the system's time of day, read once
 * @param steady milliseconds that only ever grow
 */
export function steadyClock(
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
): () => number {
  const startedAt = wall() - steady()
  return () => Math.floor(startedAt + steady())
}
