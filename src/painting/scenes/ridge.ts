import { LIGHT_LENGTH } from '../brush.ts'
import type { Chance } from '../chance.ts'
import { addRegion, fillBelow, type Land, type Region } from '../land.ts'
import { cloudTile, grainTile, profile, TILE_SIDE } from '../noise.ts'
import { COLUMNS } from '../size.ts'

/** How a ridge runs. Lengths in image pixels. */
export interface RidgeShape {
  baseY: number
  height: number
  waveLength: number
  octaves: number
  roughness: number
  /** 0 for rolling hills, 1 for crests. */
  sharp: number
}

/** Where in its tile a region begins. */
export function anyTilePlace(chance: Chance) {
  return { tileX: chance.integer(0, TILE_SIDE), tileY: chance.integer(0, TILE_SIDE) }
}

/** Draws a ridge's line: the row of its crest in every column. */
function ridgeLine(chance: Chance, shape: RidgeShape): Float32Array {
  const { baseY, height, waveLength, octaves, roughness, sharp } = shape
  const line = profile(chance, COLUMNS, { length: waveLength, octaves, roughness, sharp })
  for (let x = 0; x < COLUMNS; x++) line[x] = baseY - line[x]! * height
  return line
}

/** Light and shade along a crest: which way each part of it faces. */
export function facets(chance: Chance, waveLength: number): Float32Array {
  const curve = profile(chance, LIGHT_LENGTH, {
    length: waveLength,
    octaves: 3,
    roughness: 0.6,
    sharp: 0.6,
  })
  const light = new Float32Array(LIGHT_LENGTH)
  for (let x = 0; x < LIGHT_LENGTH; x++) {
    const slope = (curve[(x + 3) % LIGHT_LENGTH]! - curve[x]!) * waveLength * 0.35
    light[x] = Math.max(-1, Math.min(1, slope * 2.5))
  }
  return light
}

/** Adds a ridge in front of what is there. */
export function addRidge(
  land: Land,
  chance: Chance,
  shape: RidgeShape,
  region: Partial<Region> & { nearness: number },
): number {
  const label = addRegion(land, {
    role: 'ridge',
    top: ridgeLine(chance, shape),
    fade: 200,
    tile: chance.happens(0.5) ? cloudTile : grainTile,
    texture: 0.04,
    ...anyTilePlace(chance),
    ...region,
  })
  fillBelow(land, label)
  return label
}

/** A sky with or without clouds. */
export function anySky(chance: Chance): Partial<Region> {
  return {
    tile: cloudTile,
    texture: chance.happens(0.6) ? chance.between(0.06, 0.22) : 0.02,
    wide: chance.integer(0, 2),
    tall: 0,
    fade: chance.between(180, 330),
    ...anyTilePlace(chance),
  }
}
