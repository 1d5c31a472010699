import { type Colour, unlike } from './colour.ts'
import { RIM_POINTS } from './outline.ts'

/**
 * How well a piece seems to go on into a gap, by what a machine reckons first: like colours on both sides of the rim.
 * Higher is likelier.
 *
 * The painter reckons as its attackers do, so that by colour the true gap comes first no more often than any other.
 */
export function likeness(
  within: Uint8Array,
  around: Uint8Array,
  pieceColours: readonly Colour[],
  sceneColours: readonly Colour[],
): number {
  let sum = 0
  for (let i = 0; i < RIM_POINTS; i++) {
    sum += unlike(pieceColours[within[i]!]!, sceneColours[around[i]!]!)
  }
  return -sum
}
