import type { Chance } from './chance.ts'
import { cloudTile, grainTile, TILE_SIDE } from './noise.ts'
import type { Outline } from './outline.ts'
import { COLUMNS, ROWS, SCALE } from './size.ts'

/** Another scene, seen from far: what gaps are filled with. Column by column, `CELL` image pixels a cell. */
export type Foreign = Int32Array

const CELL = 8
const CELL_COLUMNS = COLUMNS / CELL
const CELL_ROWS = ROWS / CELL

/** What the glass is frosted with. */
const PALE = 0xf8f6f4

/** How wide the light line around a gap is, in image pixels: half of it lies outside. */
const LINE = 3.2

/** Makes of a canvas what later pictures' gaps can be filled with. */
export function foreignFrom(canvas: Int32Array): Foreign {
  const cells = new Int32Array(CELL_COLUMNS * CELL_ROWS)
  for (let x = 0; x < CELL_COLUMNS; x++) {
    for (let y = 0; y < CELL_ROWS; y++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let i = 0; i < 16; i++) {
        const colour = canvas[(x * CELL + (i >> 2) * 2) * ROWS + y * CELL + (i & 3) * 2]!
        red += colour & 255
        green += (colour >> 8) & 255
        blue += (colour >> 16) & 255
      }
      cells[x * CELL_ROWS + y] = (red >> 4) | ((green >> 4) << 8) | ((blue >> 4) << 16)
    }
  }
  return cells
}

/**
 * Cuts a gap: frosted glass with another scene behind it, and a light line around. True and decoy are drawn by this
 * one function from independent chance, so there is nothing to tell them apart by.
 */
export function paintGap(
  chance: Chance,
  canvas: Int32Array,
  outline: Outline,
  foreign: Foreign,
  place: { x: number; y: number },
): void {
  const { distance } = outline
  const columns = outline.width * SCALE
  const rows = outline.height * SCALE
  const left = place.x * SCALE
  const top = place.y * SCALE
  const zoom = chance.between(0.5, 0.9) / CELL
  const fromX = chance.between(0, CELL_COLUMNS - 1 - columns * zoom)
  const fromY = chance.between(0, CELL_ROWS - 1 - rows * zoom)
  const tileX = chance.integer(0, TILE_SIDE)
  const tileY = chance.integer(0, TILE_SIDE)
  const grain = chance.between(0.03, 0.07)
  const pale = chance.between(0.45, 0.6)

  for (let x = 0; x < columns; x++) {
    let glass = 0
    let glassY = -2
    const tileColumn = ((x + tileX) & (TILE_SIDE - 1)) * TILE_SIDE
    for (let y = 0; y < rows; y++) {
      const inside = distance[x * rows + y]!
      if (inside <= -LINE) continue
      const at = (left + x) * ROWS + top + y
      const tile = tileColumn | ((y + tileY) & (TILE_SIDE - 1))
      let colour = canvas[at]!
      if (inside > -1) {
        // Glass is smooth: every other pixel is enough to know it by, and the grain is laid over each.
        if (y - glassY > 1) {
          const wobble = cloudTile[tile]! * 0.004
          const behind = sample(foreign, fromX + x * zoom + wobble, fromY + y * zoom + wobble)
          glass = mix(behind, PALE, pale)
          glassY = y
        }
        const grained = lighten(glass, grainTile[tile]! * grain)
        colour = inside >= 1 ? grained : mix(colour, grained, (inside + 1) / 2)
      }
      const line = 1 - Math.abs(inside) / LINE
      if (line > 0) colour = mix(colour, 0xffffff, Math.min(1, line * 1.6) * 0.8)
      canvas[at] = colour
    }
  }
}

function sample(cells: Foreign, x: number, y: number): number {
  const cx = Math.max(0, Math.min(CELL_COLUMNS - 2, Math.floor(x)))
  const cy = Math.max(0, Math.min(CELL_ROWS - 2, Math.floor(y)))
  const i = cx * CELL_ROWS + cy
  const u = ease(x - cx)
  const v = ease(y - cy)
  const upper = mix(cells[i]!, cells[i + CELL_ROWS]!, u)
  const lower = mix(cells[i + 1]!, cells[i + CELL_ROWS + 1]!, u)
  return mix(upper, lower, v)
}

function ease(t: number): number {
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t)
}

/** A colour between two others. */
export function mix(a: number, b: number, t: number): number {
  const red = (a & 255) + ((b & 255) - (a & 255)) * t
  const green = ((a >> 8) & 255) + (((b >> 8) & 255) - ((a >> 8) & 255)) * t
  const blue = ((a >> 16) & 255) + (((b >> 16) & 255) - ((a >> 16) & 255)) * t
  return red | (green << 8) | (blue << 16)
}

/** The same colour with this much light added to each channel. */
export function lighten(colour: number, by: number): number {
  const red = Math.max(0, Math.min(255, (colour & 255) + by))
  const green = Math.max(0, Math.min(255, ((colour >> 8) & 255) + by))
  const blue = Math.max(0, Math.min(255, ((colour >> 16) & 255) + by))
  return red | (green << 8) | (blue << 16)
}
