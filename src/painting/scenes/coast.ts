import type { Chance } from '../chance.ts'
import { addRegion, fillRun, type Land, newLand } from '../land.ts'
import { cloudTile, profile } from '../noise.ts'
import { COLUMNS, ROWS } from '../size.ts'
import { addRidge, anySky, anyTilePlace, facets } from './ridge.ts'
import { addSun } from './sky.ts'

/** Headlands in the sea, a bay, and a beach that winds towards us. */
export function coast(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.7)) addSun(land, chance)
  const horizon = Math.round(chance.between(120, 150))
  for (let i = 0; i < 2; i++) {
    const shape = {
      baseY: horizon - 15 + i * 10,
      height: chance.between(50, 90),
      waveLength: chance.between(120, 240),
      octaves: 4,
      roughness: 0.42,
      sharp: 0.6,
    }
    addRidge(land, chance, shape, {
      nearness: 0.2 + 0.3 * i,
      light: facets(chance, 80),
      relief: 6,
      lean: 0.6,
    })
  }
  addSea(land, chance, horizon)
  for (let i = 0; i < 3; i++) addShore(land, chance, 215 + i * 55, i)
  return land
}

function addSea(land: Land, chance: Chance, horizon: number): void {
  const water = addRegion(land, {
    role: 'water',
    nearness: 0.5,
    top: new Float32Array(COLUMNS).fill(horizon),
    fade: 200,
    tile: cloudTile,
    texture: 0.08,
    wide: 3,
    mirror: chance.happens(0.5) ? horizon : 0,
    ...anyTilePlace(chance),
  })
  // The far shore is no straight line: bays cut into the headlands.
  const shore = profile(chance, COLUMNS, { length: 120, octaves: 2, roughness: 0.4, sharp: 0 })
  for (let x = 0; x < COLUMNS; x++) fillRun(land, water, x, horizon + 12 + shore[x]! * 32, ROWS)
}

/** Surf, wet sand, dry sand: three lines that follow one another, not quite. */
function addShore(land: Land, chance: Chance, baseY: number, i: number): void {
  addRidge(
    land,
    chance,
    {
      baseY,
      height: chance.between(40, 75),
      waveLength: chance.between(140, 260),
      octaves: 2,
      roughness: 0.3,
      sharp: 0,
    },
    { role: i === 0 ? 'path' : 'field', nearness: 0.45 + 0.25 * i, texture: 0.04, fade: 140 },
  )
}
