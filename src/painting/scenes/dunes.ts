import type { Chance } from '../chance.ts'
import { addRegion, fillRun, type Land, newLand } from '../land.ts'
import { grainTile } from '../noise.ts'
import { COLUMNS } from '../size.ts'
import { addRidge, anySky } from './ridge.ts'
import { addSun } from './sky.ts'

/** Dunes: one side of each in the sun, the other in shade, and a line where they meet. */
export function dunes(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.7)) addSun(land, chance)
  const count = chance.integer(4, 6)
  for (let i = 0; i < count; i++) {
    const nearness = (i + 1) / count
    const shape = {
      baseY: 115 + (185 * i) / (count - 1) + chance.between(-8, 8),
      height: chance.between(50, 90),
      waveLength: chance.between(140, 270),
      octaves: 2,
      roughness: 0.25,
      sharp: chance.between(0.4, 0.9),
    }
    const label = addRidge(land, chance, shape, {
      nearness,
      tile: grainTile,
      tall: 0,
      wide: 2,
      texture: 0.05,
      fade: 170,
    })
    addLee(land, chance, label)
  }
  return land
}

/** The shaded side: below each descending part of the crest, its own edge wandering down the slope. */
function addLee(land: Land, chance: Chance, dune: number): void {
  const sunny = land.regions[dune]!
  const lee = addRegion(land, {
    ...sunny,
    role: 'field',
    nearness: Math.min(1, sunny.nearness + 0.25),
  })
  const { top } = sunny
  const fall = chance.between(0.5, 1.1)
  let reach = 0
  for (let x = 0; x < COLUMNS; x++) {
    const slope = x > 0 ? top[x]! - top[x - 1]! : 0
    reach = slope > 0 ? reach + slope * (1 + fall) : Math.max(0, reach - 1.2)
    if (reach > 2) fillRun(land, lee, x, top[x]!, top[x]! + reach, dune)
  }
}
