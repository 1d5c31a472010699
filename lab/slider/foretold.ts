/** What a client sees of one puzzle besides its pixels, and where its gap was. */
export interface Seen {
  seen: number[]
  gapX: number
}

const FOLDS = 5
const RIDGE = 1e-6

/**
 * How much of the gap's place a plain regression foretells from what is seen (and its squares and products), on
 * puzzles that it was not fitted to: 0 or less is nothing, 1 is all.
 */
export function foretold(puzzles: readonly Seen[]): number {
  const rows = features(puzzles.map((puzzle) => puzzle.seen))
  let left = 0
  let all = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const train = puzzles.map((_, i) => i).filter((i) => i % FOLDS !== fold)
    const mean = train.reduce((sum, i) => sum + puzzles[i]!.gapX, 0) / train.length
    const weights = weigh(
      train.map((i) => rows[i]!),
      train.map((i) => puzzles[i]!.gapX - mean),
    )
    for (let i = fold; i < puzzles.length; i += FOLDS) {
      const guess = mean + rows[i]!.reduce((sum, v, k) => sum + v * weights[k]!, 0)
      left += (puzzles[i]!.gapX - guess) ** 2
      all += (puzzles[i]!.gapX - mean) ** 2
    }
  }
  return 1 - left / all
}

/** Standardised, with squares and products. */
function features(seen: readonly number[][]): number[][] {
  const columns = seen[0]!.map((_, k) => {
    const values = seen.map((row) => row[k]!)
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
    return values.map((v) => (v - mean) / (spread || 1))
  })
  return seen.map((_, i) => {
    const row = columns.map((column) => column[i]!)
    const products = row.flatMap((a, k) => row.slice(k).map((b) => a * b))
    return [1, ...row, ...products]
  })
}

/** Least squares by the normal equations. */
function weigh(rows: readonly number[][], wanted: readonly number[]): number[] {
  const size = rows[0]!.length
  const sums = Array.from({ length: size }, (_, a) => {
    const sum = new Float64Array(size + 1)
    for (const [i, row] of rows.entries()) {
      for (let b = 0; b < size; b++) sum[b]! += row[a]! * row[b]!
      sum[size]! += row[a]! * wanted[i]!
    }
    sum[a]! += RIDGE * rows.length
    return sum
  })
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) {
      if (r === c) continue
      const factor = sums[r]![c]! / sums[c]![c]!
      for (let k = c; k <= size; k++) sums[r]![k]! -= factor * sums[c]![k]!
    }
  }
  return sums.map((row, i) => row[size]! / row[i]!)
}
