import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Service, Step } from './service.ts'

/** A visitor's machine: what the thread that works does in a second. */
interface Device {
  weight: number
  solutionsPerS: number
  hashesPerS: number
}

/** One thread each, which is the least that a widget has. Weights are shares of visitors. */
const DEVICES: readonly Device[] = [
  { weight: 0.3, solutionsPerS: 130, hashesPerS: 9e6 }, // desktop
  { weight: 0.22, solutionsPerS: 100, hashesPerS: 7e6 }, // laptop
  { weight: 0.305, solutionsPerS: 70, hashesPerS: 5e6 }, // new phone
  { weight: 0.17, solutionsPerS: 25, hashesPerS: 2e6 }, // slow phone
  { weight: 0.005, solutionsPerS: 0, hashesPerS: 4e4 }, // without wasm, and JavaScript not compiled
]

/** How long a person slides, in seconds; the work of a puzzle runs meanwhile. */
const SLIDE_S = 4
/** How often a person misses the gap. */
const MISS = 0.08
/** Sub-puzzles of a challenge: the waiting time is the sum of so many. */
const COUNT = 8

/** What a visit was like. */
export interface Visit {
  /** Time in which the visitor waited for the machine. */
  waitedS: number
  puzzles: number
  /** How often the work was made lighter. */
  lighter: number
  patience: boolean
  refused: boolean
}

/** Goes the way of a visitor, from the first challenge to the token, as the widget would. */
export async function visit(
  service: Service,
  clock: Clock,
  chance: Chance,
  address: string,
): Promise<Visit> {
  const device = chance.pick(DEVICES)
  const seen: Visit = { waitedS: 0, puzzles: 0, lighter: 0, patience: false, refused: false }
  let here = await service.ask(address)
  while (here) {
    const lightens = !here.puzzle && !here.busy && here.relief < 2
    if (lightens && 1_000 * meanS(device, here) > service.site.waitMs) {
      seen.lighter++
      here = await service.next(address, here, 'lighter-wanted')
      continue
    }
    const workS = drawS(chance, device, here)
    if (here.puzzle) {
      const slideS = chance.around(SLIDE_S, 1.5)
      await clock.sleep(Math.max(workS, slideS))
      seen.puzzles++
      seen.waitedS += Math.max(0, workS - slideS)
      if (chance.share() >= MISS) return seen
      here = await service.next(address, here, 'off-target')
    } else {
      await clock.sleep(workS)
      seen.waitedS += workS
      if (here.way === 'patience') seen.patience = true
      if (!here.follows) return seen
      here = await service.next(address, here, 'puzzle-wanted')
    }
  }
  return { ...seen, refused: true }
}

function meanS(device: Device, { price, tries }: Step): number {
  return tries / (price.algorithm === 'equix' ? device.solutionsPerS : device.hashesPerS)
}

function drawS(chance: Chance, device: Device, step: Step): number {
  let s = 0
  for (let i = 0; i < COUNT; i++) s += chance.wait(meanS(device, step) / COUNT)
  return s
}
