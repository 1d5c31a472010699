import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Service, Step } from './service.ts'

/** How many puzzles the best program finds that we have against our own slider (`docs/security.md`). */
const SOLVES = 0.73

/** How a robot goes about it. */
export interface Robot {
  name: string
  /** The share of puzzles that its program solves; 0 where it has none, and takes patience. */
  solves: number
  /** How often it asks for lighter work, whatever its machine could do. */
  steps: 0 | 1 | 2
}

/** From the one without any program for pictures to the one that takes all it can get. */
export const ROBOTS: readonly [Robot, Robot, Robot, Robot] = [
  { name: 'work, and patience', solves: 0, steps: 0 },
  { name: 'work, and a program for puzzles', solves: SOLVES, steps: 0 },
  { name: 'one step lighter, and the program', solves: SOLVES, steps: 1 },
  { name: 'two steps lighter, and the program', solves: SOLVES, steps: 2 },
]

/** One native core. */
export interface Core {
  solutionsPerS: number
  hashesPerS: number
}

/** What a robot's way from a first challenge brought. */
export interface Try {
  coreS: number
  won: boolean
  refused: boolean
}

/** Before a robot asks again where there was no picture. */
const BUSY_S = 1

/** Goes one way to a token, or to a missed puzzle: beginning anew is no dearer than another try. */
export async function rob(
  service: Service,
  clock: Clock,
  chance: Chance,
  { robot, core, address }: { robot: Robot; core: Core; address: string },
): Promise<Try> {
  let coreS = 0
  let steps = 0
  let here = await service.ask(address, robot.solves === 0)
  while (here) {
    if (steps < robot.steps) {
      steps++
      here = await service.next(address, here, 'lighter-wanted')
      continue
    }
    const workS = costOf(core, here)
    coreS += workS
    await clock.sleep(workS)
    if (here.puzzle) return { coreS, won: chance.share() < robot.solves, refused: false }
    if (!here.follows) return { coreS, won: true, refused: false }
    // Asking for pictures that are not there brings none.
    if (here.busy) await clock.sleep(BUSY_S)
    here = await service.next(address, here, 'puzzle-wanted')
  }
  return { coreS, won: false, refused: true }
}

/** What a step's work takes a core, in seconds, on average. */
export function costOf(core: Core, { price, tries }: Step): number {
  return tries / (price.algorithm === 'equix' ? core.solutionsPerS : core.hashesPerS)
}
