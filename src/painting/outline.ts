import type { Chance } from './chance.ts'
import { SCALE } from './size.ts'

/** How many places around the rim are looked at when lines are followed across it. */
export const RIM_POINTS = 64

const TURN_STEPS = 512
const SIZE_PX = { from: 46, to: 50 }

/** A piece's shape, never the same twice. */
export interface Outline {
  /** CSS pixels. */
  width: number
  height: number
  /** Image pixels to the rim, positive inside, column by column, `SCALE × width` by `SCALE × height`. */
  readonly distance: Float32Array
  /** Places on the rim and the way out of each, in image pixels from the shape's corner. */
  rim: readonly { x: number; y: number; outX: number; outY: number }[]
}

/** Draws a new shape: a pebble with lobes. */
export function newOutline(chance: Chance): Outline {
  const width = chance.integer(SIZE_PX.from, SIZE_PX.to + 1)
  const height = chance.integer(SIZE_PX.from, SIZE_PX.to + 1)
  const radius = lobes(chance)
  const box = boundsOf(radius)
  const columns = width * SCALE
  const rows = height * SCALE
  // Both ways the same scale, or lobes would flatten; the smaller side decides.
  const scale = Math.min(
    (columns - 2) / (box.right - box.left),
    (rows - 2) / (box.bottom - box.top),
  )
  const centreX = columns / 2 - ((box.left + box.right) / 2) * scale
  const centreY = rows / 2 - ((box.top + box.bottom) / 2) * scale

  const rim = Array.from({ length: RIM_POINTS }, (_, i) => {
    const step = (i * TURN_STEPS) / RIM_POINTS
    const angle = (step / TURN_STEPS) * 2 * Math.PI
    const away = radius.length[step]! * scale
    const outX = Math.cos(angle)
    const outY = Math.sin(angle)
    return { x: centreX + outX * away, y: centreY + outY * away, outX, outY }
  })
  let distance: Float32Array | null = null
  return {
    width,
    height,
    rim,
    // Many outlines are drawn that find no place; only those that do need every pixel's distance.
    get distance() {
      distance ??= distanceField(radius, { columns, rows, centreX, centreY, scale })
      return distance
    },
  }
}

interface Radius {
  length: Float32Array
  /** How much of a step towards the centre is a step towards the rim: less where the rim is slanted. */
  straight: Float32Array
}

function lobes(chance: Chance): Radius {
  const waves = [2, 3, 4, 5].map((turns) => ({
    turns,
    height: chance.between(0.25, 1) * (turns < 5 ? 0.095 : 0.05),
    phase: chance.between(0, 2 * Math.PI),
  }))
  const length = new Float32Array(TURN_STEPS)
  const straight = new Float32Array(TURN_STEPS)
  for (let step = 0; step < TURN_STEPS; step++) {
    const angle = (step / TURN_STEPS) * 2 * Math.PI
    let r = 1
    let slope = 0
    for (const { turns, height, phase } of waves) {
      r += height * Math.cos(turns * angle + phase)
      slope -= height * turns * Math.sin(turns * angle + phase)
    }
    length[step] = r
    straight[step] = 1 / Math.sqrt(1 + (slope / r) ** 2)
  }
  return { length, straight }
}

function distanceField(
  radius: Radius,
  frame: { columns: number; rows: number; centreX: number; centreY: number; scale: number },
): Float32Array {
  const { columns, rows, centreX, centreY, scale } = frame
  const distance = new Float32Array(columns * rows)
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      const dx = x + 0.5 - centreX
      const dy = y + 0.5 - centreY
      const step = stepOf(Math.atan2(dy, dx))
      const away = Math.sqrt(dx * dx + dy * dy)
      distance[x * rows + y] = (radius.length[step]! * scale - away) * radius.straight[step]!
    }
  }
  return distance
}

function boundsOf(radius: Radius) {
  const box = { left: 0, right: 0, top: 0, bottom: 0 }
  for (let step = 0; step < TURN_STEPS; step++) {
    const angle = (step / TURN_STEPS) * 2 * Math.PI
    const x = Math.cos(angle) * radius.length[step]!
    const y = Math.sin(angle) * radius.length[step]!
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}

function stepOf(angle: number): number {
  return ((angle / (2 * Math.PI)) * TURN_STEPS + TURN_STEPS) & (TURN_STEPS - 1)
}
