import type { Chance } from '../chance.ts'
import { addRegion, fillRun, type Land, newLand } from '../land.ts'
import { cloudTile } from '../noise.ts'
import { COLUMNS, ROWS } from '../size.ts'
import { addRidge, anySky, anyTilePlace, facets } from './ridge.ts'
import { addSun } from './sky.ts'

/** Ranges one behind the other, some with snow, some over a lake. */
export function mountains(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.7)) addSun(land, chance)
  const ranges = chance.integer(4, 7)
  const first = chance.between(90, 130)
  const last = chance.between(290, 330)
  const snowy = chance.happens(0.5)
  for (let i = 0; i < ranges; i++) {
    const nearness = (i + 1) / ranges
    const shape = {
      baseY: first + ((last - first) * i) / (ranges - 1) + chance.between(-10, 10),
      height: chance.between(55, 100),
      waveLength: chance.between(110, 230),
      octaves: 5,
      roughness: chance.between(0.38, 0.5),
      sharp: chance.between(0.3, 0.9),
    }
    const label = addRidge(land, chance, shape, {
      nearness,
      texture: 0.05,
      light: facets(chance, chance.between(50, 120)),
      relief: chance.between(5, 11) * (0.4 + 0.6 * nearness),
      lean: chance.between(0.4, 1.1) * (chance.happens(0.5) ? 1 : -1),
      fade: chance.between(120, 220),
    })
    if (snowy && i < 3) addSnow(land, chance, label)
  }
  if (chance.happens(0.35)) addLake(land, chance)
  return land
}

/** Snow down to an uneven line, in the same light as the rock. */
function addSnow(land: Land, chance: Chance, ridge: number): void {
  const rock = land.regions[ridge]!
  const snow = addRegion(land, { ...rock, role: 'snow', fade: 90 })
  const lineY = chance.between(90, 150) + rock.nearness * 50
  for (let x = 0; x < COLUMNS; x++) {
    const facet = rock.light![x]!
    const depth = Math.max(0, (lineY - rock.top[x]!) * 0.55 + facet * 14)
    fillRun(land, snow, x, rock.top[x]!, rock.top[x]! + depth, ridge)
  }
}

function addLake(land: Land, chance: Chance): void {
  const mirror = Math.round(chance.between(215, 255))
  const water = addRegion(land, {
    role: 'water',
    nearness: 0.8,
    top: new Float32Array(COLUMNS).fill(mirror),
    fade: ROWS - mirror,
    tile: cloudTile,
    texture: 0.05,
    wide: 3,
    mirror,
    ...anyTilePlace(chance),
  })
  for (let x = 0; x < COLUMNS; x++) fillRun(land, water, x, mirror, ROWS)
  addRidge(
    land,
    chance,
    {
      baseY: chance.between(320, 345),
      height: chance.between(40, 75),
      waveLength: chance.between(150, 260),
      octaves: 5,
      roughness: 0.45,
      sharp: 0.2,
    },
    { nearness: 1 },
  )
}
