import type { Chance } from '../chance.ts'
import { addRegion, type Land, newLand } from '../land.ts'
import { grainTile } from '../noise.ts'
import { COLUMNS, ROWS } from '../size.ts'
import { addRidge, anySky, anyTilePlace } from './ridge.ts'
import { addSun } from './sky.ts'

/** Rolling hills with fields that follow the ground, and a road over them. */
export function hills(chance: Chance): Land {
  const land = newLand(anySky(chance))
  if (chance.happens(0.6)) addSun(land, chance)
  const count = chance.integer(4, 6)
  const first = chance.between(90, 130)
  for (let i = 0; i < count; i++) {
    const nearness = (i + 1) / count
    const shape = {
      baseY: first + ((300 - first) * i) / (count - 1) + chance.between(-8, 8),
      height: chance.between(45, 75),
      waveLength: chance.between(130, 250),
      octaves: 2,
      roughness: 0.35,
      sharp: 0,
    }
    const label = addRidge(land, chance, shape, {
      nearness,
      tile: grainTile,
      texture: chance.between(0.02, 0.07),
      fade: chance.between(90, 160),
    })
    if (chance.happens(0.35)) addFields(land, chance, label)
  }
  addPath(land, chance)
  return land
}

/** Strips across a hill that lean with it: ploughed, sown, in flower. */
function addFields(land: Land, chance: Chance, hill: number): void {
  const ground = land.regions[hill]!
  const strips = [0, 1].map(() =>
    addRegion(land, { ...ground, role: 'field', ...anyTilePlace(chance), texture: 0.05 }),
  )
  const lean = chance.between(0.8, 2.2) * (chance.happens(0.5) ? 1 : -1)
  const period = chance.between(90, 170)
  const share = chance.between(0.25, 0.45)
  const phase = chance.between(0, period)
  for (let x = 0; x < COLUMNS; x++) {
    const top = Math.max(0, Math.round(ground.top[x]!))
    for (let y = top; y < Math.min(ROWS, top + 130); y++) {
      if (land.labels[x * ROWS + y] !== hill) continue
      const at = (x + (y - top) * lean + phase + 1000 * period) / period
      const part = at - Math.floor(at)
      if (part < share) land.labels[x * ROWS + y] = strips[Math.floor(at) & 1]!
    }
  }
}

/** A winding road, or a river, from the foreground into the distance. */
function addPath(land: Land, chance: Chance, role: 'path' | 'water' = 'path'): void {
  const path = addRegion(land, {
    role,
    nearness: 0.7,
    top: new Float32Array(COLUMNS).fill(120),
    fade: 240,
    tile: grainTile,
    texture: 0.04,
  })
  const fromY = chance.between(120, 180)
  const aim = chance.between(150, 490)
  const swing = chance.between(60, 150) * (chance.happens(0.5) ? 1 : -1)
  const turns = chance.between(0.9, 1.7)
  for (let y = Math.round(fromY); y < ROWS; y++) {
    const near = (y - fromY) / (ROWS - fromY)
    const centre = aim + swing * Math.sin(turns * Math.PI * 2 * near ** 0.7) * (0.25 + near)
    const half = 3 + 26 * near ** 1.3
    for (let x = Math.round(centre - half); x < centre + half; x++) {
      if (x >= 0 && x < COLUMNS && land.labels[x * ROWS + y]! > 1) land.labels[x * ROWS + y] = path
    }
  }
}
