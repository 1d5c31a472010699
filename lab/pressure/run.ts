import { seededRandom } from '../../src/painting/seeded.ts'
import { chanceOf } from './chance.ts'
import { simulatedClock } from './clock.ts'
import { type Visit, visit } from './people.ts'
import { type Core, costOf, type Robot, rob, type Try } from './robots.ts'
import type { Scene } from './scenes.ts'
import { simulatedService } from './service.ts'

/** All that happened, each with the time at which it began, in seconds. */
export interface Story {
  scene: Scene
  robot: Robot | null
  visits: (Visit & { s: number })[]
  tries: (Try & { s: number })[]
  /** What a token would cost a robot in a network of its own: work, or patience where a puzzle is wanted. */
  prices: { s: number; coreS: number }[]
}

/** What is the same in all scenes. */
export interface World {
  seed: number
  calm: number
  core: Core
  pictures: { ready: number; perS: number }
}

/** Before a refused robot asks again, as it is told. Who asks sooner is refused again. */
const RETRY_S = 60
const PRICE_EVERY_S = 60

/** Plays a scene, with robots of one sort where there are any. */
export async function play(scene: Scene, robot: Robot | null, world: World): Promise<Story> {
  const random = seededRandom(world.seed)
  const chance = chanceOf(random)
  const clock = simulatedClock()
  const service = simulatedService(random, clock, world)
  const story: Story = { scene, robot, visits: [], tries: [], prices: [] }
  const endS = scene.hours * 3_600
  const now = () => clock.nowMs() / 1_000

  async function letVisitorsCome() {
    for (let s = 0; s < endS; s++) {
      for (let n = chance.count(scene.visitorsPerS(s)); n > 0; n--) letOneCome(s + chance.share())
      await clock.sleep(1)
    }
  }

  async function letOneCome(s: number) {
    await clock.sleep(s - now())
    const address = scene.addressAt(s, chance)
    story.visits.push({ ...(await visit(service, clock, chance, address)), s })
  }

  async function letRobotWork(robot: Robot, address: string) {
    // Not all at the same instant.
    await clock.sleep(scene.robotsFromS + 10 * chance.share())
    for (let s = now(); s < scene.robotsUntilS; s = now()) {
      const one = await rob(service, clock, chance, { robot, core: world.core, address })
      story.tries.push({ ...one, s })
      if (one.refused) await clock.sleep(RETRY_S)
    }
  }

  async function askForPrices() {
    for (let i = 0; now() < endS; i++) {
      const step = await service.ask(`203.${i >> 8}.${i & 255}.7`, true)
      story.prices.push({ s: now(), coreS: costOf(world.core, step!) })
      await clock.sleep(PRICE_EVERY_S)
    }
  }

  letVisitorsCome()
  askForPrices()
  if (robot) for (const address of scene.robots) letRobotWork(robot, address)
  // The last who came are let go their way.
  await clock.runUntil(endS + 60)
  return story
}
