import type { Land, Region } from './land.ts'
import { TILE_SIDE } from './noise.ts'
import { type Palette, STEPS, type Table } from './palette.ts'
import { ROWS } from './size.ts'

/** Length of a region's `light`: a power of two, so that leaning past its end begins anew. */
export const LIGHT_LENGTH = 1024

/**
 * Colours columns `fromX` ≤ x < `toX` of a land into `canvas`, as 0xBBGGRR, column by column.
 * Cost is a few nanoseconds per pixel: one look-up in a tile, one in a colour table.
 */
export function paintColumns(
  land: Land,
  palette: Palette,
  fromX: number,
  toX: number,
  canvas: Int32Array,
): void {
  const { labels, regions } = land
  for (let x = fromX; x < toX; x++) {
    const column = x * ROWS
    const out = (x - fromX) * ROWS
    let y = 0
    while (y < ROWS) {
      const label = labels[column + y]!
      let end = y + 1
      while (end < ROWS && labels[column + end] === label) end++
      const region = regions[label]!
      paintRun(region, palette[label]!, x, y, end, canvas, out)
      if (region.mirror) mirrorRun(region, x, y, end, canvas, out)
      y = end
    }
    softenColumn(labels, column, canvas, out)
  }
  softenRows(labels, fromX, toX, canvas)
}

function paintRun(
  region: Region,
  table: Table,
  x: number,
  fromY: number,
  toY: number,
  canvas: Int32Array,
  out: number,
): void {
  const { tile, wide, tall, tileY, texture, light, relief, lean } = region
  const tileColumn = (((x >> wide) + region.tileX) & (TILE_SIDE - 1)) * TILE_SIDE
  const top = region.top[x]!
  const perRow = STEPS / region.fade
  for (let y = fromY; y < toY; y++) {
    const down = y - top
    let depth = (down * perRow) | 0
    if (depth < 0) depth = 0
    else if (depth >= STEPS) depth = STEPS - 1
    let lit = STEPS / 2 + texture * tile[tileColumn | (((y >> tall) + tileY) & (TILE_SIDE - 1))]!
    if (light !== null) lit += relief * light[((x + down * lean) | 0) & (LIGHT_LENGTH - 1)]!
    let step = lit | 0
    if (step < 0) step = 0
    else if (step >= STEPS) step = STEPS - 1
    canvas[out + y] = table[depth * STEPS + step]!
  }
}

/** Lays what is above the water's edge over the water, upside down and rippled. */
function mirrorRun(
  region: Region,
  x: number,
  fromY: number,
  toY: number,
  canvas: Int32Array,
  out: number,
): void {
  const { tile, tileX, tileY, mirror } = region
  const tileColumn = (((x >> 2) + tileX) & (TILE_SIDE - 1)) * TILE_SIDE
  for (let y = fromY; y < toY; y++) {
    const down = y - mirror
    const ripple = (tile[tileColumn | ((y + tileY) & (TILE_SIDE - 1))]! * (2 + down * 0.05)) >> 6
    const from = mirror - down + ripple
    if (from < 0 || from >= mirror) continue
    canvas[out + y] = half(canvas[out + y]!, canvas[out + from]!)
  }
}

/** Regions meet in hard steps; half a pixel of each mixed into the other rounds them off. */
function softenColumn(labels: Uint8Array, column: number, canvas: Int32Array, out: number): void {
  for (let y = 1; y < ROWS; y++) {
    if (labels[column + y] === labels[column + y - 1]) continue
    const upper = canvas[out + y - 1]!
    const lower = canvas[out + y]!
    const middle = half(upper, lower)
    canvas[out + y - 1] = half(upper, middle)
    canvas[out + y] = half(lower, middle)
  }
}

function softenRows(labels: Uint8Array, fromX: number, toX: number, canvas: Int32Array): void {
  for (let x = fromX + 1; x < toX; x++) {
    const column = x * ROWS
    const out = (x - fromX) * ROWS
    for (let y = 0; y < ROWS; y++) {
      if (labels[column + y] === labels[column - ROWS + y]) continue
      const left = canvas[out - ROWS + y]!
      const right = canvas[out + y]!
      const middle = half(left, right)
      canvas[out - ROWS + y] = half(left, middle)
      canvas[out + y] = half(right, middle)
    }
  }
}

/** The mean of two colours, all channels at once. */
function half(a: number, b: number): number {
  return ((a & 0xfefefe) + (b & 0xfefefe)) >>> 1
}
