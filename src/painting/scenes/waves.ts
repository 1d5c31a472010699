import type { Chance } from '../chance.ts'
import { addRegion, type Land, newLand } from '../land.ts'
import { grainTile, swellTile, TILE_SIDE } from '../noise.ts'
import { COLUMNS, ROWS } from '../size.ts'
import { addRidge, anySky, anyTilePlace } from './ridge.ts'
import { addSun } from './sky.ts'

/** Layers of cut paper. */
export function waves(chance: Chance): Land {
  const land = newLand({ ...anySky(chance), texture: 0.01 })
  if (chance.happens(0.8)) addSun(land, chance)
  const layers = chance.integer(6, 9)
  for (let i = 0; i < layers; i++) {
    addRidge(
      land,
      chance,
      {
        baseY: 85 + (235 * i) / (layers - 1),
        height: chance.between(45, 80),
        waveLength: chance.between(90, 200),
        octaves: 2,
        roughness: 0.3,
        sharp: 0,
      },
      {
        role: 'band',
        nearness: (i + 1) / layers,
        tile: grainTile,
        texture: 0.025,
        fade: chance.between(60, 160),
      },
    )
  }
  return land
}

/** Bands that wind through the whole picture: agate, marble, currents seen from above. */
export function bands(chance: Chance): Land {
  const land = newLand({ role: 'band', nearness: chance.part(), fade: 400 })
  const kinds = chance.integer(6, 9)
  for (let i = 1; i < kinds; i++) {
    addRegion(land, {
      role: 'band',
      nearness: chance.part(),
      fade: chance.between(250, 600),
      tile: grainTile,
      texture: chance.between(0.01, 0.05),
      ...anyTilePlace(chance),
    })
  }
  const { tileX, tileY } = anyTilePlace(chance)
  const lean = chance.between(-0.6, 0.6)
  const steep = chance.between(0.5, 1.1)
  const width = chance.between(30, 46)
  const bend = chance.between(1.1, 2)
  for (let x = 0; x < COLUMNS; x++) {
    const column = (((x >> 1) + tileX) & (TILE_SIDE - 1)) * TILE_SIDE
    const next = (((x >> 1) + 1 + tileX) & (TILE_SIDE - 1)) * TILE_SIDE
    const odd = (x & 1) / 2
    for (let y = 0; y < ROWS; y++) {
      const row = ((y >> 1) + tileY) & (TILE_SIDE - 1)
      const swell = swellTile[column | row]! * (1 - odd) + swellTile[next | row]! * odd
      const at = 10 * width + x * lean + y * steep + swell * bend
      land.labels[x * ROWS + y] = Math.floor(at / width + 64 * kinds) % kinds
    }
  }
  return land
}
