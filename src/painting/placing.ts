import type { Chance } from './chance.ts'
import { type Colour, unlike } from './colour.ts'
import type { Land } from './land.ts'
import { type Outline, RIM_POINTS } from './outline.ts'
import { HEIGHT_PX, ROWS, SCALE, WIDTH_PX } from './size.ts'

/** How many gaps a picture has; one of them is true. */
export const GAPS = 4

/** Where the gaps are, in CSS pixels: one row, so that the piece's own row tells nothing. */
export interface Places {
  y: number
  rims: readonly Rim[]
  /** Another four on the same row; null if chance finds none. */
  again: () => readonly Rim[] | null
}

/** CSS pixels between gaps, and between a gap and the start: none may be reached by not moving. */
const APART_PX = 4
const START_CLEAR_PX = 4
const EDGE_CLEAR_PX = 4
/** How far a gap may be moved from where chance wanted it, to find good lines. */
const NEAR_AIM_PX = 20

/** How far the rim is looked at from without and from within, in image pixels. */
const OUTSIDE = 4
const INSIDE = -8

/** Fewer lines than this across a gap's rim, and there is nothing to go by. */
const LINE_ENDS_MIN = 3
const LINE_ENDS_MAX = 12
/** Line ends that find no partner: at most so many where the piece belongs, at least so many where it does not. */
const LOOSE_MAX = 2
const LOOSE_MIN = 2

/** At least so many places of the rim where the piece would lie beside something else than what it shows. */
const STRANGE_MIN = 28

/** Two regions less unlike than this (in OKLab) have no line between them to go by. */
const CONTRAST_MIN = 0.09

const ROW_TRIES = 16
const GROUP_TRIES = 10
const FITTING_TRIES = 6

/**
 * Finds four places of which each could be the true one: strong lines cross the rim of each, and what would go on
 * through a piece cut from one breaks in all the others. Because the four are alike in this, the scene alone says
 * nothing about which was chosen. Null if this land has no such four; the caller draws another.
 */
export function findPlaces(
  chance: Chance,
  land: Land,
  colours: readonly Colour[],
  outline: Outline,
): Places | null {
  const strong = strongLines(land, colours)
  for (let i = 0; i < ROW_TRIES; i++) {
    const y = chance.integer(30, HEIGHT_PX - outline.height - EDGE_CLEAR_PX)
    if (!isPromising(land, outline, y, strong)) continue
    const all = rimsOfRow(chance, land, outline, y, strong)
    const again = () => findGroup(chance, outline, all, strong)
    const rims = again()
    if (rims) return { y, rims, again }
  }
  return null
}

/** Where lines cross a rim: one bit per place around it, the first 32 and the last 32. */
interface Bits {
  a: number
  b: number
}

/** A rim laid somewhere on the scene, as seen from either side. `x` is in CSS pixels. */
export interface Rim {
  x: number
  outer: Bits
  inner: Bits
  outerNear: Bits
  innerNear: Bits
  /** What lies around and what lies within, place by place. */
  around: Uint8Array
  within: Uint8Array
}

/** A quick look along a row: most that have too few lines are found out here. */
function isPromising(land: Land, outline: Outline, y: number, strong: Uint8Array): boolean {
  const outside = offsetsOf(outline, OUTSIDE)
  const around = new Uint8Array(RIM_POINTS)
  const [from, to] = reachOf(outline)
  let good = 0
  for (let x = from; x <= to; x += 15) {
    readLabels(land, outside, x, y, around)
    const ends = countEnds(around, strong, land.regions.length)
    if (ends >= LINE_ENDS_MIN && ends <= LINE_ENDS_MAX) good++
  }
  return good > GAPS
}

function rimsOfRow(
  chance: Chance,
  land: Land,
  outline: Outline,
  y: number,
  strong: Uint8Array,
): Rim[] {
  const rims: Rim[] = []
  const regions = land.regions.length
  const around = new Uint8Array(RIM_POINTS)
  const within = new Uint8Array(RIM_POINTS)
  const [from, to] = reachOf(outline)
  const outside = offsetsOf(outline, OUTSIDE)
  const inside = offsetsOf(outline, INSIDE)
  // Every other pixel, beginning with either: a place may be anywhere, and half of the work is enough.
  for (let x = from + chance.integer(0, 2); x <= to; x += 2) {
    readLabels(land, outside, x, y, around)
    const ends = countEnds(around, strong, regions)
    if (ends < LINE_ENDS_MIN || ends > LINE_ENDS_MAX) continue
    readLabels(land, inside, x, y, within)
    const outer = crossings(around, strong)
    const inner = crossings(within, strong)
    const near = { outerNear: spread(outer), innerNear: spread(inner) }
    const rim = { x, outer, inner, ...near, around: around.slice(), within: within.slice() }
    if (loose(rim, rim) <= LOOSE_MAX) rims.push(rim)
  }
  return rims
}

/** Four rims that break each other's lines, spread over the whole row: any place is as likely as any other. */
function findGroup(
  chance: Chance,
  outline: Outline,
  rims: readonly Rim[],
  strong: Uint8Array,
): Rim[] | null {
  const apart = outline.width + APART_PX
  const [from, to] = reachOf(outline)
  const slack = to - from - apart * (GAPS - 1)
  for (let i = 0; i < GROUP_TRIES; i++) {
    const shifts = Array.from({ length: GAPS }, () => chance.between(0, slack)).sort(
      (a, b) => a - b,
    )
    const group: Rim[] = []
    for (const [k, shift] of shifts.entries()) {
      const aim = from + k * apart + shift
      const after = k === 0 ? from : group[k - 1]!.x + apart
      const near = rims.filter((rim) => Math.abs(rim.x - aim) <= NEAR_AIM_PX && rim.x >= after)
      const next = pickFitting(chance, near, group, strong)
      if (!next) break
      group.push(next)
    }
    if (group.length === GAPS) return group
  }
  return null
}

/** One of these that breaks with all of those, if chance soon finds one. */
function pickFitting(
  chance: Chance,
  near: readonly Rim[],
  group: readonly Rim[],
  strong: Uint8Array,
): Rim | null {
  for (let i = 0; i < FITTING_TRIES && near.length > 0; i++) {
    const next = chance.pick(near)
    if (group.every((other) => breaks(next, other, strong) && breaks(other, next, strong))) {
      return next
    }
  }
  return null
}

/** From where to where a gap may be, in CSS pixels. */
function reachOf(outline: Outline): [number, number] {
  return [outline.width + START_CLEAR_PX, WIDTH_PX - outline.width - EDGE_CLEAR_PX]
}

/** How many ends of lines a person sees in the piece cut here, if these pairs of regions differ to the eye. */
export function lineEndsWithin(rim: Rim, strong: Uint8Array): number {
  const inner = crossings(rim.within, strong)
  return count(inner.a) + count(inner.b)
}

/** True if a person sees that the piece cut at `piece` does not belong into the gap at `gap`. */
function breaks(piece: Rim, gap: Rim, strong: Uint8Array): boolean {
  if (loose(piece, gap) < LOOSE_MIN) return false
  const regions = Math.sqrt(strong.length)
  let strange = 0
  for (let i = 0; i < RIM_POINTS; i++) {
    strange += strong[piece.within[i]! * regions + gap.around[i]!]!
  }
  return strange >= STRANGE_MIN
}

/** How many line ends find no partner when the piece cut at `piece` is laid into the gap at `gap`. */
function loose(piece: Rim, gap: Rim): number {
  return without(piece.inner, gap.outerNear) + without(gap.outer, piece.innerNear)
}

function readLabels(land: Land, offsets: Int32Array, x: number, y: number, out: Uint8Array): void {
  const corner = x * SCALE * ROWS + y * SCALE
  for (let i = 0; i < RIM_POINTS; i++) out[i] = land.labels[corner + offsets[i]!]!
}

/** How many ends of lines there are, before anything is kept: most places have too few. */
function countEnds(labels: Uint8Array, strong: Uint8Array, regions: number): number {
  let ends = 0
  let last = labels[RIM_POINTS - 1]!
  for (let i = 0; i < RIM_POINTS; i++) {
    const label = labels[i]!
    if (label !== last) ends += strong[last * regions + label]!
    last = label
  }
  return ends
}

function crossings(labels: Uint8Array, strong: Uint8Array): Bits {
  const regions = Math.sqrt(strong.length)
  const bits = { a: 0, b: 0 }
  let last = labels[RIM_POINTS - 1]!
  for (let i = 0; i < RIM_POINTS; i++) {
    const label = labels[i]!
    if (label !== last && strong[last * regions + label]) {
      if (i < 32) bits.a |= 1 << i
      else bits.b |= 1 << (i - 32)
    }
    last = label
  }
  return bits
}

/** The rim as steps in a map, this far out of the shape. */
function offsetsOf(outline: Outline, out: number): Int32Array {
  return Int32Array.from(
    outline.rim,
    (place) =>
      Math.round(place.x + place.outX * out) * ROWS + Math.round(place.y + place.outY * out),
  )
}

/** Which pairs of regions a person sees a line between, when they have these colours. */
export function strongLines(land: Land, colours: readonly Colour[]): Uint8Array {
  const regions = land.regions.length
  const strong = new Uint8Array(regions * regions)
  for (let a = 0; a < regions; a++) {
    for (let b = 0; b < regions; b++) {
      const detail = land.regions[a]!.role === 'window' || land.regions[b]!.role === 'window'
      strong[a * regions + b] = unlike(colours[a]!, colours[b]!) > CONTRAST_MIN && !detail ? 1 : 0
    }
  }
  return strong
}

/** Lines meet if they are this many places of the rim apart, about 7 CSS pixels. */
const NEAR = 4

function spread(bits: Bits): Bits {
  let { a, b } = bits
  for (let i = 0; i < NEAR; i++) {
    const wider = a | (a << 1) | (a >>> 1) | (b >>> 31) | (b << 31)
    b = b | (b << 1) | (b >>> 1) | (a >>> 31) | (a << 31)
    a = wider
  }
  return { a, b }
}

/** How many of these bits are not among those. */
function without(these: Bits, those: Bits): number {
  return count(these.a & ~those.a) + count(these.b & ~those.b)
}

function count(bits: number): number {
  let n = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) n++
  return n
}
