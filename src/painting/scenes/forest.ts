import type { Chance } from '../chance.ts'
import { type Land, newLand } from '../land.ts'
import { grainTile } from '../noise.ts'
import { COLUMNS } from '../size.ts'
import { addRidge, anySky } from './ridge.ts'
import { addSun } from './sky.ts'

/** Wooded slopes, their edges made of treetops, with mist between them. */
export function forest(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.7)) addSun(land, chance)
  const slopes = chance.integer(4, 6)
  for (let i = 0; i < slopes; i++) {
    const nearness = (i + 1) / slopes
    const shape = {
      baseY: 110 + (190 * i) / (slopes - 1) + chance.between(-10, 10),
      height: chance.between(65, 105),
      waveLength: chance.between(150, 270),
      octaves: 2,
      roughness: 0.4,
      sharp: 0.2,
    }
    const label = addRidge(land, chance, shape, {
      nearness,
      tile: grainTile,
      texture: 0.09 * nearness,
      fade: chance.between(70, 130),
    })
    const { top } = land.regions[label]!
    addTreetops(chance, top, 3 + 7 * nearness, chance.between(8, 30) * nearness + 5)
    refill(land, label)
  }
  return land
}

/** Raises a line by a row of pointed trees. */
function addTreetops(chance: Chance, top: Float32Array, halfWidth: number, height: number): void {
  let x = -halfWidth
  while (x < COLUMNS) {
    const tall = height * chance.between(0.45, 1)
    const wide = halfWidth * chance.between(0.7, 1.2)
    for (let dx = -Math.floor(wide); dx <= wide; dx++) {
      const at = Math.round(x + dx)
      if (at < 0 || at >= COLUMNS) continue
      // Branches: the edge steps in and out on its way up.
      const rise = tall * (1 - Math.abs(dx) / wide) ** 1.2
      treetop(top, at, rise)
    }
    x += wide * chance.between(0.9, 2.2)
  }
}

function treetop(top: Float32Array, x: number, rise: number): void {
  top[x] = Math.min(top[x]!, top[x]! - rise * 0.8)
}

function refill(land: Land, label: number): void {
  const { top } = land.regions[label]!
  const rows = land.labels.length / COLUMNS
  for (let x = 0; x < COLUMNS; x++) {
    land.labels.fill(label, x * rows + Math.max(0, Math.round(top[x]!)), (x + 1) * rows)
  }
}
