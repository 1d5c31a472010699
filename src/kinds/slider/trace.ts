import type { Trace } from '../kind.ts'

/** Fewer points than this are taps, keys or steps, and say nothing: such a reply is judged by its place alone. */
const POINTS_MIN = 8

/** A drag this far that takes less than this long is faster than any hand in our records. */
const TRAVEL_PX = 40
const DURATION_MIN_MS = 80

/**
 * True if no hand could have drawn this. Merely clumsy, hasty or sparse is human: of 927 drags by real people, the lab
 * (`npm run lab -- traces`) wants at least 98 % let through.
 */
export function isMachineLike(trace: Trace | null): boolean {
  if (!trace || trace.length < POINTS_MIN) return false
  const first = trace[0]!
  const last = trace.at(-1)!
  const travel = Math.abs(last[1] - first[1])
  if (travel < TRAVEL_PX) return false
  if (goesBackInTime(trace)) return true
  if (last[0] - first[0] < DURATION_MIN_MS) return true
  return isTeleport(trace, travel) || isSteady(trace) || isCurve(trace)
}

function goesBackInTime(trace: Trace): boolean {
  return trace.some((point, i) => i > 0 && point[0] < trace[i - 1]![0])
}

/** Nearly the whole way in one step, with the pointer sampled often before and after: it was set, not moved. */
function isTeleport(trace: Trace, travel: number): boolean {
  return trace.some((point, i) => {
    if (i === 0) return false
    const ms = point[0] - trace[i - 1]![0]
    return ms < 30 && Math.abs(point[1] - trace[i - 1]![1]) > travel * 0.85
  })
}

/** Constant speed: every step goes as far as its time says, to a hair. */
function isSteady(trace: Trace): boolean {
  const speeds = steps(trace).map((step) => step.dx / step.ms)
  return speeds.length >= 6 && deviation(speeds) < 0.06 * Math.abs(mean(speeds))
}

/** A formula: the steps' sizes change so smoothly that no tremor, and no pixel, shows in them; nor any drift in y. */
function isCurve(trace: Trace): boolean {
  const ys = trace.map((point) => point[2])
  const flat = Math.max(...ys) - Math.min(...ys) < 0.5
  if (!flat) return false
  const moving = steps(trace).filter((step) => step.dx !== 0)
  if (moving.length < POINTS_MIN) return false
  const speeds = moving.map((step) => step.dx / step.ms)
  let bend = 0
  for (let i = 1; i < speeds.length - 1; i++) {
    bend += Math.abs(speeds[i - 1]! - 2 * speeds[i]! + speeds[i + 1]!)
  }
  return bend / speeds.length < 0.035 * Math.max(...speeds.map(Math.abs))
}

/** The steps that took time: some pointers report several places with one time stamp. */
function steps(trace: Trace): { ms: number; dx: number }[] {
  const taken: { ms: number; dx: number }[] = []
  let from = trace[0]!
  for (const point of trace) {
    if (point[0] <= from[0]) continue
    taken.push({ ms: point[0] - from[0], dx: point[1] - from[1] })
    from = point
  }
  return taken
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
