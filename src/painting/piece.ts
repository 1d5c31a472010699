import type { Chance } from './chance.ts'
import { toRgb } from './colour.ts'
import { lighten, mix } from './gap.ts'
import type { Land } from './land.ts'
import { cloudTile, grainTile, TILE_SIDE } from './noise.ts'
import type { Outline } from './outline.ts'
import type { Ink } from './palette.ts'
import { COLUMNS, ROWS, SCALE } from './size.ts'
import type { Subject } from './subject.ts'

/** How much of the piece's rim is bare paper, in image pixels: no pixel of it meets its neighbour. */
const WORN = { from: 5.5, to: 8 }

/** How many pieces have their lines drawn in ink. */
const INKED = 0.3
const INK = 0x3a2a22

/**
 * Cuts the piece, as RGBA row by row: the scene's lines in the piece's own colours, turned and stretched a little,
 * with a worn rim.
 */
export function paintPiece(
  chance: Chance,
  subject: Subject,
  look: readonly Ink[],
  strong: Uint8Array,
  outline: Outline,
  place: { x: number; y: number },
): Uint8Array {
  const { distance } = outline
  const columns = outline.width * SCALE
  const rows = outline.height * SCALE
  const margin = 6
  const fromX = Math.max(0, place.x * SCALE - margin)
  const toX = Math.min(COLUMNS, (place.x + outline.width) * SCALE + margin)
  const canvas = new Int32Array((toX - fromX) * ROWS)
  subject.paint(look, fromX, toX, canvas)
  if (subject.drawn && chance.happens(INKED)) drawLines(subject.land, strong, fromX, toX, canvas)

  const paper = paperColour(chance)
  const worn = chance.between(WORN.from, WORN.to)
  const turn = chance.between(-0.03, 0.03)
  const stretch = chance.between(0.97, 1.03)
  const grain = chance.between(0.03, 0.14)
  const tileX = chance.integer(0, TILE_SIDE)
  const tileY = chance.integer(0, TILE_SIDE)
  const rgba = new Uint8Array(columns * rows * 4)
  for (let x = 0; x < columns; x++) {
    const tileColumn = ((x + tileX) & (TILE_SIDE - 1)) * TILE_SIDE
    for (let y = 0; y < rows; y++) {
      const inside = distance[x * rows + y]!
      if (inside <= -1) continue
      const tile = tileColumn | ((y + tileY) & (TILE_SIDE - 1))
      const bare = inside - worn - cloudTile[tile]! * 0.02
      let colour = paper
      if (bare > -1) {
        const dx = x - columns / 2
        const dy = y - rows / 2
        const sx = columns / 2 + (dx + dy * turn) * stretch + place.x * SCALE - fromX
        const sy = rows / 2 + (dy - dx * turn) * stretch + place.y * SCALE
        const drawn = lighten(sample(canvas, sx, sy), grainTile[tile]! * grain)
        colour = bare >= 1 ? drawn : mix(paper, drawn, (bare + 1) / 2)
      }
      const at = (y * columns + x) * 4
      rgba[at] = colour & 255
      rgba[at + 1] = (colour >> 8) & 255
      rgba[at + 2] = (colour >> 16) & 255
      rgba[at + 3] = Math.min(1, (inside + 1) / 2) * 255
    }
  }
  return rgba
}

/** Follows the regions' edges with a pen, so that people see at once which lines should go on. */
function drawLines(
  land: Land,
  strong: Uint8Array,
  fromX: number,
  toX: number,
  canvas: Int32Array,
): void {
  const count = land.regions.length
  for (let x = fromX + 1; x < toX; x++) {
    for (let y = 1; y < ROWS; y++) {
      const at = x * ROWS + y
      const row = land.labels[at]! * count
      if (!strong[row + land.labels[at - 1]!] && !strong[row + land.labels[at - ROWS]!]) continue
      const out = (x - fromX) * ROWS + y
      canvas[out] = mix(canvas[out]!, INK, 0.75)
      canvas[out - 1] = mix(canvas[out - 1]!, INK, 0.6)
      canvas[out - ROWS] = mix(canvas[out - ROWS]!, INK, 0.6)
    }
  }
}

function sample(canvas: Int32Array, x: number, y: number): number {
  const cx = Math.max(0, Math.min(canvas.length / ROWS - 2, Math.floor(x)))
  const cy = Math.max(0, Math.min(ROWS - 2, Math.floor(y)))
  const i = cx * ROWS + cy
  const u = Math.max(0, Math.min(1, x - cx))
  const v = Math.max(0, Math.min(1, y - cy))
  const upper = mix(canvas[i]!, canvas[i + ROWS]!, u)
  const lower = mix(canvas[i + 1]!, canvas[i + ROWS + 1]!, u)
  return mix(upper, lower, v)
}

function paperColour(chance: Chance): number {
  const [red, green, blue] = toRgb({
    l: chance.between(0.95, 0.985),
    c: chance.between(0, 0.02),
    h: chance.between(40, 110),
  })
  return red | (green << 8) | (blue << 16)
}
