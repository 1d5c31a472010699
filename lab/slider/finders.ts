import { SCALE } from '../../src/painting/size.ts'
import { at, type Plane, reach, type View } from './view.ts'

/** Guesses where the piece belongs, in CSS pixels, from what a client receives. */
export type Finder = (view: View) => number

/** The classical ways, each over every place the piece can reach. */
export const FINDERS: Record<string, Finder> = {
  'edges of the piece matched with edges of the scene': best((view) => {
    const points = piecePoints(view, 2)
    const edge = points.map((p) => (view.pieceSteep.values[p.i]! > 40 ? 1 : 0))
    return (x) => correlate(edge, points, thresholded(view.sceneSteep, 40), x, view.y)
  }),
  'outline under the mask': best((view) => (x) => outlineAt(view, x * SCALE)),
  'piece’s own pixels, correlated': best((view) => {
    const points = piecePoints(view, 2)
    const values = points.map((p) => view.pieceGray.values[p.i]!)
    return (x) => correlate(values, points, view.sceneGray, x, view.y)
  }),
  'piece’s own pixels, correlated with either sign': best((view) => {
    const points = piecePoints(view, 2)
    const values = points.map((p) => view.pieceGray.values[p.i]!)
    return (x) => Math.abs(correlate(values, points, view.sceneGray, x, view.y))
  }),
  'piece’s own gradients, correlated': best((view) => {
    const points = piecePoints(view, 2)
    const values = points.map((p) => view.pieceSteep.values[p.i]!)
    return (x) => correlate(values, points, view.sceneSteep, x, view.y)
  }),
  'rim continues its surroundings': best((view) => (x) => {
    let apart = 0
    for (const p of view.rim) {
      for (let k = 0; k < 3; k++) {
        const inside = at(view.piece[k]!, p.x - p.outX * 16, p.y - p.outY * 16)
        const outside = at(view.scene[k]!, x * SCALE + p.x + p.outX * 6, view.y + p.y + p.outY * 6)
        apart += Math.abs(inside - outside)
      }
    }
    return -apart
  }),
  'darker or lighter than around': best((view) => (x) => {
    let inside = 0
    let outside = 0
    for (const p of view.rim) {
      for (const depth of [8, 16, 24]) {
        inside += at(
          view.sceneGray,
          x * SCALE + p.x - p.outX * depth,
          view.y + p.y - p.outY * depth,
        )
        outside += at(view.sceneGray, x * SCALE + p.x + p.outX * 6, view.y + p.y + p.outY * 6)
      }
    }
    return Math.abs(inside - outside)
  }),
  'sharpness or grain unlike around': best((view) => (x) => {
    let inside = 0
    let outside = 0
    for (const p of view.rim) {
      for (const depth of [8, 14, 20]) {
        inside += at(
          view.sceneSteep,
          x * SCALE + p.x - p.outX * depth,
          view.y + p.y - p.outY * depth,
        )
        outside += at(
          view.sceneSteep,
          x * SCALE + p.x + p.outX * (depth - 2),
          view.y + p.y + p.outY * (depth - 2),
        )
      }
    }
    return Math.abs(inside - outside)
  }),
}

/** The places that look like gaps, best first: where the outline's own line is. */
export function findGaps(view: View, count: number): number[] {
  const ranked = reach(view)
    .filter((x) => x >= view.alpha.width / SCALE / 2)
    .map((x) => ({ x, score: outlineAt(view, x * SCALE) }))
    .sort((a, b) => b.score - a.score)
  const found: number[] = []
  for (const { x } of ranked) {
    if (found.every((other) => Math.abs(other - x) > 20)) found.push(x)
    if (found.length === count) break
  }
  return found
}

/** How much of the rim is a line lighter than both its sides, or at least steep. */
function outlineAt(view: View, left: number): number {
  let sum = 0
  for (const p of view.rim) {
    const x = left + p.x
    const y = view.y + p.y
    const here = at(view.sceneGray, x, y)
    const inside = at(view.sceneGray, x - p.outX * 6, y - p.outY * 6)
    const outside = at(view.sceneGray, x + p.outX * 6, y + p.outY * 6)
    sum += Math.min(40, Math.max(0, here - Math.max(inside, outside)))
    sum += 0.1 * Math.min(60, at(view.sceneSteep, x, y))
  }
  return sum
}

interface Point {
  x: number
  y: number
  i: number
}

function piecePoints(view: View, step: number): Point[] {
  const points: Point[] = []
  const { width, height, values } = view.alpha
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      const i = y * width + x
      // The paper rim shows nothing of the scene.
      const deep = [-14, 14].every(
        (d) => at(view.alpha, x + d, y) > 0.9 && at(view.alpha, x, y + d) > 0.9,
      )
      if (values[i]! > 0.9 && deep) points.push({ x, y, i })
    }
  }
  return points
}

function correlate(values: number[], points: Point[], scene: Plane, x: number, y: number): number {
  return correlation(
    values,
    points.map((p) => at(scene, x * SCALE + p.x, y + p.y)),
  )
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = a.reduce((sum, v) => sum + v, 0) / a.length
  const meanB = b.reduce((sum, v) => sum + v, 0) / b.length
  let both = 0
  let squareA = 1e-6
  let squareB = 1e-6
  for (let i = 0; i < a.length; i++) {
    both += (a[i]! - meanA) * (b[i]! - meanB)
    squareA += (a[i]! - meanA) ** 2
    squareB += (b[i]! - meanB) ** 2
  }
  return both / Math.sqrt(squareA * squareB)
}

function thresholded(plane: Plane, limit: number): Plane {
  return { ...plane, values: plane.values.map((value) => (value > limit ? 1 : 0)) }
}

function best(scorer: (view: View) => (x: number) => number): Finder {
  return (view) => {
    const score = scorer(view)
    let bestX = 0
    let bestScore = -Infinity
    for (const x of reach(view)) {
      const s = score(x)
      if (s > bestScore) {
        bestScore = s
        bestX = x
      }
    }
    return bestX
  }
}
