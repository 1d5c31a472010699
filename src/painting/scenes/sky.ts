import type { Chance } from '../chance.ts'
import { addRegion, fillRun, type Land } from '../land.ts'
import { COLUMNS } from '../size.ts'

/** Hangs a sun or a moon into the sky, sometimes a large one: its edge is a line like any other. */
export function addSun(land: Land, chance: Chance): void {
  const radius = chance.between(16, 62)
  const centreX = chance.between(40, COLUMNS - 40)
  const centreY = chance.between(radius * 0.6, 150)
  const label = addRegion(land, { role: 'sun' })
  for (let dx = -Math.floor(radius); dx <= radius; dx++) {
    const half = Math.sqrt(radius * radius - dx * dx)
    fillRun(land, label, Math.round(centreX + dx), centreY - half, centreY + half, 0)
  }
}
