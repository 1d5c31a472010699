import { cloudTile } from './noise.ts'
import { COLUMNS, ROWS } from './size.ts'

/** What a region is, so that a palette knows how to colour it. */
export type Role =
  | 'sky'
  | 'sun'
  | 'ridge'
  | 'snow'
  | 'water'
  | 'path'
  | 'field'
  | 'wall'
  | 'window'
  | 'band'

/** How one region of a scene is painted; its colours come from a palette. */
export interface Region {
  role: Role
  /** 0 at the back, 1 at the front: haze and light follow it. */
  nearness: number
  /** The row from which depth is measured, per column. */
  top: Float32Array
  /** Rows over which the colour goes from its head to its foot. */
  fade: number
  tile: Int8Array
  tileX: number
  tileY: number
  /** Tiles are stretched by powers of two: 1 is twice as wide (or as tall). */
  wide: number
  tall: number
  /** How much the tile shows, and how much light from the side does. */
  texture: number
  relief: number
  /** Light along the region's crest, −1…1, and how far it leans per row going down. */
  light: Float32Array | null
  lean: number
  /** For water: the row it mirrors at. */
  mirror: number
}

/** A scene before colour: which region is where. The painter's own knowledge of its lines. */
export interface Land {
  /** An index into `regions`, column by column. */
  labels: Uint8Array
  regions: Region[]
}

/** An empty land: nothing but its sky. */
export function newLand(sky: Partial<Region>): Land {
  const land = { labels: new Uint8Array(COLUMNS * ROWS), regions: [] }
  addRegion(land, { role: 'sky', fade: ROWS * 0.8, ...sky })
  return land
}

/** Adds a region without giving it any place yet, and returns its label. */
export function addRegion(land: Land, region: Partial<Region> & { role: Role }): number {
  land.regions.push({
    nearness: 0,
    top: FLAT,
    fade: 120,
    tile: cloudTile,
    tileX: 0,
    tileY: 0,
    wide: 0,
    tall: 0,
    texture: 0,
    relief: 0,
    light: null,
    lean: 0,
    mirror: 0,
    ...region,
  })
  return land.regions.length - 1
}

/** Gives a region everything below its top. */
export function fillBelow(land: Land, label: number): void {
  const { top } = land.regions[label]!
  for (let x = 0; x < COLUMNS; x++) {
    const from = Math.max(0, Math.min(ROWS, Math.round(top[x]!)))
    land.labels.fill(label, x * ROWS + from, (x + 1) * ROWS)
  }
}

/** Gives a region one run of a column, but only where `under` is now (if given). */
export function fillRun(
  land: Land,
  label: number,
  x: number,
  fromY: number,
  toY: number,
  under = -1,
): void {
  if (x < 0 || x >= COLUMNS) return
  const end = x * ROWS + Math.min(ROWS, Math.round(toY))
  for (let i = x * ROWS + Math.max(0, Math.round(fromY)); i < end; i++) {
    if (under < 0 || land.labels[i] === under) land.labels[i] = label
  }
}

const FLAT = new Float32Array(COLUMNS)
