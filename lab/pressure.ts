import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { plotOf } from './pressure/plot.ts'
import { ROBOTS } from './pressure/robots.ts'
import { play, type Story, type World } from './pressure/run.ts'
import { botnet, crowd, day, lone } from './pressure/scenes.ts'
import { tableOf } from './pressure/table.ts'

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))
/** What one thread of a desktop's browser does. */
const DESKTOP_SOLUTIONS_PER_S = 130
/** What compiled code does on one core. */
const NATIVE_HASHES_PER_S = 65e6
/** As `painting/pool.ts` keeps, and as two painters of a small machine paint. */
const PICTURES = { ready: 64, perS: 80 }
/** The robot that the pictures show: it gets the most tokens. */
const SHOWN = ROBOTS[1]

/** Plays the control law through four scenes, prints what they came to, and draws them. */
export async function judgePressure(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      calm: { type: 'string', default: '200' },
      networks: { type: 'string', default: '300' },
      cores: { type: 'string', default: '16' },
      edge: { type: 'string', default: '4' },
    },
  })
  const world: World = {
    seed: Number(values.seed),
    calm: Number(values.calm),
    pictures: PICTURES,
    core: {
      solutionsPerS: Number(values.edge) * DESKTOP_SOLUTIONS_PER_S,
      hashesPerS: NATIVE_HASHES_PER_S,
    },
  }
  const stories: Story[] = []
  for (const scene of [day, crowd]) stories.push(await play(scene, null, world))
  for (const scene of [botnet(Number(values.networks)), lone(Number(values.cores))]) {
    for (const robot of ROBOTS) stories.push(await play(scene, robot, world))
  }
  console.log(tableOf(stories))
  mkdirSync(IMAGES, { recursive: true })
  for (const story of stories) {
    if (story.robot && story.robot !== SHOWN) continue
    writeFileSync(`${IMAGES}pressure-${story.scene.slug}.svg`, plotOf(story))
  }
}
