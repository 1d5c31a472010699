import type { Colour } from './colour.ts'
import { RIM_POINTS } from './outline.ts'

/**
 * How well a piece seems to go on into each of some gaps, as a machine would reckon it: like colours on both sides of
 * the rim, brightness that rises and falls together, regions that correspond. One number per gap, higher is likelier.
 *
 * The painter reckons as its attackers do, so that the true gap comes first no more often than any other.
 */
export function likeness(
  within: Uint8Array,
  arounds: readonly Uint8Array[],
  pieceColours: readonly Colour[],
  sceneColours: readonly Colour[],
): number[] {
  const inside = Array.from(within, (label) => pieceColours[label]!)
  const clues = arounds.map((around) => {
    const outside = Array.from(around, (label) => sceneColours[label]!)
    return [-apart(inside, outside), together(inside, outside), shared(within, around)]
  })
  const totals = clues.map(() => 0)
  for (const k of [0, 1, 2]) {
    const column = clues.map((clue) => clue[k]!)
    const mean = column.reduce((sum, v) => sum + v, 0) / column.length
    const spread = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0)) + 1e-9
    for (const [i, v] of column.entries()) totals[i]! += (v - mean) / spread
  }
  return totals
}

function apart(a: readonly Colour[], b: readonly Colour[]): number {
  let sum = 0
  for (let i = 0; i < RIM_POINTS; i++) {
    const hue = ((a[i]!.h - b[i]!.h) * Math.PI) / 360
    const tint = (a[i]!.c - b[i]!.c) ** 2 + 4 * a[i]!.c * b[i]!.c * Math.sin(hue) ** 2
    sum += Math.sqrt((a[i]!.l - b[i]!.l) ** 2 + tint)
  }
  return sum
}

/** The correlation of lightness along the rim. */
function together(a: readonly Colour[], b: readonly Colour[]): number {
  const meanA = a.reduce((sum, colour) => sum + colour.l, 0) / RIM_POINTS
  const meanB = b.reduce((sum, colour) => sum + colour.l, 0) / RIM_POINTS
  let both = 0
  let squareA = 1e-9
  let squareB = 1e-9
  for (let i = 0; i < RIM_POINTS; i++) {
    const da = a[i]!.l - meanA
    const db = b[i]!.l - meanB
    both += da * db
    squareA += da * da
    squareB += db * db
  }
  return both / Math.sqrt(squareA * squareB)
}

const LABELS_MAX = 32

/** The mutual information of the regions on both sides. */
function shared(a: Uint8Array, b: Uint8Array): number {
  const pairs = new Map<number, number>()
  const ofA = new Float64Array(LABELS_MAX)
  const ofB = new Float64Array(LABELS_MAX)
  for (let i = 0; i < RIM_POINTS; i++) {
    const pair = a[i]! * LABELS_MAX + b[i]!
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    ofA[a[i]!]!++
    ofB[b[i]!]!++
  }
  let information = 0
  for (const [pair, n] of pairs) {
    const expected = (ofA[pair >> 5]! * ofB[pair & 31]!) / RIM_POINTS
    information += (n / RIM_POINTS) * Math.log(n / expected)
  }
  return information
}
