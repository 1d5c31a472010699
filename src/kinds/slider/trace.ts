import type { Trace } from '../kind.ts'

/** Fewer points than this are taps, keys or steps, and say nothing: such a reply is judged by its place alone. */
const POINTS_MIN = 8

/** A drag this far that takes less than this long is faster than any hand in our records. */
const TRAVEL_PX = 40
const DURATION_MIN_MS = 80

/** What counts as following a formula: points enough, a curve this simple, and this little beside it. */
const CURVE_POINTS_MIN = 12
const CURVE_DEGREE = 5
const STRAY_MIN_PX = 0.5

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
  return isTeleport(trace, travel) || isFormula(trace)
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

/**
 * The pointer follows a formula: a curve of low degree through all its points, so closely that neither tremor nor
 * hesitation is left. Whole pixels alone leave 0.3; of the real drags none left less than 0.7.
 */
function isFormula(trace: Trace): boolean {
  return trace.length >= CURVE_POINTS_MIN && strayFromCurve(trace) < STRAY_MIN_PX
}

/** Root mean square of what is left in x when the best polynomial over time is taken away. */
function strayFromCurve(trace: Trace): number {
  const from = trace[0]![0]
  const span = trace.at(-1)![0] - from
  const size = CURVE_DEGREE + 1
  const rows = trace.map(([ms]) => chebyshev(((ms - from) / span) * 2 - 1, size))
  const sums = Array.from({ length: size }, () => new Float64Array(size + 1))
  for (const [i, row] of rows.entries()) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) sums[a]![b]! += row[a]! * row[b]!
      sums[a]![size]! += row[a]! * trace[i]![1]
    }
  }
  const weights = solve(sums)
  // Too few different moments to say anything.
  if (!weights) return Infinity
  const square = rows.reduce((sum, row, i) => {
    const curve = row.reduce((x, part, k) => x + part * weights[k]!, 0)
    return sum + (curve - trace[i]![1]) ** 2
  }, 0)
  return Math.sqrt(square / rows.length)
}

function chebyshev(u: number, size: number): number[] {
  const parts = [1, u]
  while (parts.length < size) parts.push(2 * u * parts.at(-1)! - parts.at(-2)!)
  return parts
}

/** Gauss and Jordan, with the largest pivot first. Null if there is no one solution. */
function solve(sums: Float64Array[]): number[] | null {
  const size = sums.length
  for (let c = 0; c < size; c++) {
    let pivot = c
    for (let r = c + 1; r < size; r++) {
      if (Math.abs(sums[r]![c]!) > Math.abs(sums[pivot]![c]!)) pivot = r
    }
    const row = sums[pivot]!
    sums[pivot] = sums[c]!
    sums[c] = row
    if (Math.abs(row[c]!) < 1e-6) return null
    for (let r = 0; r < size; r++) {
      if (r === c) continue
      const factor = sums[r]![c]! / row[c]!
      for (let k = c; k <= size; k++) sums[r]![k]! -= factor * row[k]!
    }
  }
  return sums.map((row, i) => row[size]! / row[i]!)
}
