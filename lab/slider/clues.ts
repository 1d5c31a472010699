import { SCALE } from '../../src/painting/size.ts'
import { correlation } from './finders.ts'
import { at, type Plane, RIM_POINTS, type View } from './view.ts'

/**
 * What speaks for a piece belonging to a gap, once the gaps are known: each a number that is higher where lines and
 * colours go on across the worn rim. The strongest attack on this puzzle ranks the gaps by these.
 */
export const CLUES: Record<string, (view: View, x: number) => number> = {
  'colours go on': (view, x) => {
    const { inside, outside } = rings(view, x, 16, 6)
    let apart = 0
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < RIM_POINTS; i++) apart += Math.abs(inside[k]![i]! - outside[k]![i]!)
    }
    return -apart
  },
  'brightness goes up and down alike': (view, x) => {
    const { inside, outside } = rings(view, x, 16, 6)
    return correlation(luminance(inside), luminance(outside))
  },
  'brightness changes alike, either way': (view, x) => {
    const { inside, outside } = rings(view, x, 16, 6)
    return Math.abs(correlation(luminance(inside), luminance(outside)))
  },
  'colour changes at the same places': (view, x) => changes(view, x, 16, 6),
  'colour changes at the same places, deeper': (view, x) => changes(view, x, 20, 9),
  'colour changes at the same places, averaged': (view, x) =>
    changes(view, x, 14, 5) + changes(view, x, 17, 7) + changes(view, x, 21, 9),
  'regions correspond (mutual information)': (view, x) => {
    const { inside, outside } = rings(view, x, 15, 5)
    return shared(cluster(inside), cluster(outside))
  },
  'the piece’s lines, extended, meet lines': (view, x) => extended(view, x, true),
  'the scene’s lines, extended, meet lines': (view, x) => extended(view, x, false),
}

/** How much goes on around a gap, whatever the piece shows: nothing in the scene alone may tell which gap is true. */
export function liveliness(view: View, x: number): number {
  return changeAlong(rings(view, x, 16, 6).outside).reduce((sum, v) => sum + v, 0)
}

type Ring = readonly number[][]

function rings(view: View, x: number, depth: number, out: number): { inside: Ring; outside: Ring } {
  const soft = (plane: Plane, px: number, py: number) =>
    (at(plane, px, py) * 2 +
      at(plane, px + 1, py) +
      at(plane, px - 1, py) +
      at(plane, px, py + 1) +
      at(plane, px, py - 1)) /
    6
  return {
    inside: view.piece.map((plane) =>
      view.rim.map((p) => soft(plane, p.x - p.outX * depth, p.y - p.outY * depth)),
    ),
    outside: view.scene.map((plane) =>
      view.rim.map((p) => soft(plane, x * SCALE + p.x + p.outX * out, view.y + p.y + p.outY * out)),
    ),
  }
}

function luminance(ring: Ring): number[] {
  return ring[0]!.map((red, i) => 0.3 * red + 0.59 * ring[1]![i]! + 0.11 * ring[2]![i]!)
}

function changes(view: View, x: number, depth: number, out: number): number {
  const { inside, outside } = rings(view, x, depth, out)
  return correlation(smoothed(changeAlong(inside)), smoothed(changeAlong(outside)))
}

/** How much the colour changes from each place of a ring to the next but one, capped: any line is a line. */
function changeAlong(ring: Ring): number[] {
  return Array.from({ length: RIM_POINTS }, (_, i) => {
    const a = (i + RIM_POINTS - 1) % RIM_POINTS
    const b = (i + 1) % RIM_POINTS
    return Math.min(60, Math.hypot(...ring.map((channel) => channel[a]! - channel[b]!)))
  })
}

function smoothed(values: readonly number[]): number[] {
  const kernel = [1, 2, 3, 4, 3, 2, 1]
  return values.map((_, i) =>
    kernel.reduce((sum, w, k) => sum + w * values[(i + k - 3 + values.length) % values.length]!, 0),
  )
}

/** Four colours that stand for a ring's, by k-means; and which one each place has. */
function cluster(ring: Ring): number[] {
  const points = Array.from({ length: RIM_POINTS }, (_, i) => ring.map((channel) => channel[i]!))
  const order = [...points].sort((a, b) => a[1]! - b[1]!)
  let centres = [0.1, 0.37, 0.63, 0.9].map((q) => order[Math.floor(q * order.length)]!)
  let own: number[] = []
  for (let round = 0; round < 8; round++) {
    own = points.map((p) => {
      const far = centres.map((c) => Math.hypot(...c.map((v, k) => v - p[k]!)))
      return far.indexOf(Math.min(...far))
    })
    centres = centres.map((centre, c) => {
      const members = points.filter((_, i) => own[i] === c)
      if (members.length === 0) return centre
      return centre.map((_, k) => members.reduce((sum, m) => sum + m[k]!, 0) / members.length)
    })
  }
  return own
}

/** Mutual information of two labellings of the same places, whatever the labels mean. */
function shared(a: readonly number[], b: readonly number[]): number {
  const joint = new Float64Array(16)
  for (let i = 0; i < a.length; i++) joint[a[i]! * 4 + b[i]!]! += 1 / a.length
  let information = 0
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const p = joint[i * 4 + j]!
      if (p === 0) continue
      let row = 0
      let column = 0
      for (let k = 0; k < 4; k++) {
        row += joint[i * 4 + k]!
        column += joint[k * 4 + j]!
      }
      information += p * Math.log(p / (row * column))
    }
  }
  return information
}

/** Follows lines across the bare rim, straight on, and asks whether there is a line of like direction. */
function extended(view: View, x: number, fromPiece: boolean): number {
  const left = x * SCALE
  const from = fromPiece ? view.pieceGray : view.sceneGray
  const to = fromPiece ? view.sceneGray : view.pieceGray
  const [fromX, fromY] = fromPiece ? [0, 0] : [left, view.y]
  const [toX, toY] = fromPiece ? [left, view.y] : [0, 0]
  let met = 0
  let weights = 1
  for (const p of view.rim) {
    for (const depth of fromPiece ? [15, 18, 21] : [-5, -8, -11]) {
      const px = p.x - p.outX * depth
      const py = p.y - p.outY * depth
      const [gx, gy] = slope(from, fromX + px, fromY + py)
      const steep = Math.hypot(gx, gy)
      if (steep < 14) continue
      let tx = -gy / steep
      let ty = gx / steep
      const outward = tx * p.outX + ty * p.outY
      if (Math.abs(outward) < 0.35) continue
      if (outward > 0 !== fromPiece) {
        tx = -tx
        ty = -ty
      }
      const way = (fromPiece ? depth + 6 : 16 - depth) / Math.abs(outward)
      let bestHere = 0
      for (let aside = -4; aside <= 4; aside++) {
        const [hx, hy] = slope(
          to,
          toX + px + tx * way - ty * aside,
          toY + py + ty * way + tx * aside,
        )
        const like = Math.abs(hx * gx + hy * gy) / steep
        bestHere = Math.max(bestHere, Math.min(40, like) * (1 - Math.abs(aside) / 7))
      }
      met += Math.min(60, steep) * bestHere
      weights += Math.min(60, steep)
    }
  }
  return met / weights
}

function slope(plane: Plane, x: number, y: number): [number, number] {
  const d = 2
  return [at(plane, x + d, y) - at(plane, x - d, y), at(plane, x, y + d) - at(plane, x, y - d)]
}
