import type { Chance } from '../chance.ts'
import { addRegion, fillRun, type Land, newLand } from '../land.ts'
import { grainTile } from '../noise.ts'
import { COLUMNS, ROWS } from '../size.ts'
import { addRidge, anySky, anyTilePlace } from './ridge.ts'
import { addSun } from './sky.ts'

/** A town on hills: rows of houses with lit windows, and hills behind and before them. */
export function city(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.7)) addSun(land, chance)
  addHill(land, chance, 120, 0.25)
  const window = addRegion(land, { role: 'window', nearness: 1 })
  for (const [i, baseY] of [165, 235].entries()) {
    addHouses(land, chance, baseY, 0.4 + 0.25 * i, window)
    addHill(land, chance, baseY + 55, 0.6 + 0.3 * i)
  }
  return land
}

function addHill(land: Land, chance: Chance, baseY: number, nearness: number): void {
  addRidge(
    land,
    chance,
    {
      baseY,
      height: chance.between(40, 70),
      waveLength: chance.between(150, 280),
      octaves: 3,
      roughness: 0.35,
      sharp: 0.1,
    },
    { nearness, tile: grainTile, texture: 0.05, fade: 110 },
  )
}

function addHouses(
  land: Land,
  chance: Chance,
  baseY: number,
  nearness: number,
  window: number,
): void {
  const walls = [0, 1, 2].map(() =>
    addRegion(land, {
      role: 'wall',
      nearness: nearness + chance.between(-0.15, 0.1),
      top: new Float32Array(COLUMNS).fill(baseY - 60),
      fade: 160,
      tile: grainTile,
      texture: 0.03,
      ...anyTilePlace(chance),
    }),
  )
  let x = chance.integer(-30, 0)
  while (x < COLUMNS) {
    const width = chance.integer(22, 58)
    const top = baseY - chance.between(10, 105)
    const slope = chance.pick([0, 0, 0.5, -0.5, 1])
    const wall = chance.pick(walls)
    for (let dx = 0; dx < width; dx++) {
      const roof = slope === 1 ? -Math.min(dx, width - dx) * 0.7 : dx * slope
      fillRun(land, wall, x + dx, top + roof, ROWS)
    }
    addWindows(land, chance, x, Math.max(top, top + slope * width), width, wall, window)
    x += width
  }
}

function addWindows(
  land: Land,
  chance: Chance,
  x: number,
  top: number,
  width: number,
  wall: number,
  window: number,
): void {
  const lit = chance.between(0.05, 0.5)
  for (let wx = x + 5; wx < x + width - 7; wx += 9) {
    for (let wy = top + 8; wy < top + 120; wy += 13) {
      if (!chance.happens(lit)) continue
      for (let dx = 0; dx < 4; dx++) fillRun(land, window, wx + dx, wy, wy + 6, wall)
    }
  }
}
