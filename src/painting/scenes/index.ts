import type { Chance } from '../chance.ts'
import type { Land } from '../land.ts'
import { city } from './city.ts'
import { coast } from './coast.ts'
import { dunes } from './dunes.ts'
import { forest } from './forest.ts'
import { hills } from './hills.ts'
import { mountains } from './mountains.ts'
import { bands, waves } from './waves.ts'

const SCENES: readonly ((chance: Chance) => Land)[] = [
  mountains,
  mountains,
  hills,
  forest,
  dunes,
  coast,
  city,
  waves,
  bands,
]

/** A scene as nobody has seen it yet, before colour. */
export function newScene(chance: Chance): Land {
  return chance.pick(SCENES)(chance)
}
