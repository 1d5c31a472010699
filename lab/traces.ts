import { readFileSync } from 'node:fs'
import type { Trace } from '../src/kinds/kind.ts'
import { isMachineLike } from '../src/kinds/slider/trace.ts'
import { type Chance, chanceFrom } from '../src/painting/chance.ts'
import { seededRandom } from '../src/painting/seeded.ts'

const BOT_DRAGS = 400

/** Prints how many real drags pass, and how many of each simulated machine's are rejected. */
export function judgeTraces(file: string): void {
  const drags: { user: string; points: Trace }[] = JSON.parse(readFileSync(file, 'utf8'))
  const refused = drags.filter((drag) => isMachineLike(drag.points))
  const rate = ((drags.length - refused.length) / drags.length) * 100
  console.log(`| drags | of | let through |\n| --- | --- | --- |`)
  console.log(`| people | ${drags.length} | ${rate.toFixed(2)} % |`)
  const chance = chanceFrom(seededRandom(1))
  for (const [name, draw] of Object.entries(BOTS)) {
    const passed = Array.from({ length: BOT_DRAGS }, () => draw(chance)).filter(
      (trace) => !isMachineLike(trace),
    )
    console.log(`| ${name} | ${BOT_DRAGS} | ${((passed.length / BOT_DRAGS) * 100).toFixed(2)} % |`)
  }
}

/** Machines that do not try hard: what automation libraries do unless told otherwise. */
const BOTS: Record<string, (chance: Chance) => Trace> = {
  'constant speed': (chance) => along(chance, (t) => t, 0),
  'constant speed, whole pixels': (chance) => rounded(along(chance, (t) => t, 0)),
  'eased, exact': (chance) => along(chance, (t) => t * t * (3 - 2 * t), 0),
  'eased, whole pixels': (chance) => rounded(along(chance, (t) => t * t * (3 - 2 * t), 0)),
  'eased out': (chance) => along(chance, (t) => 1 - (1 - t) ** 3, 0),
  'cubic Bézier with a bow, no tremor': (chance) => along(chance, bezier, chance.between(3, 20)),
  teleport: (chance) => {
    const width = chance.between(80, 250)
    return along(chance, (t) => (t < 0.5 ? 0 : 1), 0, width)
  },
  'all at once': (chance) => along(chance, (t) => t, 0).map(([, x, y]) => [0, x, y] as const),
  'eased, with tremor (a machine that tries)': (chance) =>
    rounded(
      along(chance, (t) => t * t * (3 - 2 * t), 3).map(
        ([t, x, y]) =>
          [
            t + chance.between(-4, 4),
            x + chance.between(-2, 2),
            y + chance.between(-1, 1),
          ] as const,
      ),
    ).sort((a, b) => a[0] - b[0]),
}

function along(
  chance: Chance,
  way: (t: number) => number,
  bow: number,
  width = chance.between(80, 250),
): Trace {
  const count = chance.integer(15, 70)
  const every = chance.pick([8, 10, 16, 16.7])
  const start = chance.between(5, 40)
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1)
    return [i * every, start + width * way(t), 80 + bow * Math.sin(Math.PI * t)] as const
  })
}

const bezier = (t: number) => 3 * (1 - t) * t * t * 0.9 + 3 * (1 - t) ** 2 * t * 0.2 + t ** 3

function rounded(trace: Trace): [number, number, number][] {
  return trace.map(([t, x, y]) => [Math.round(t), Math.round(x), Math.round(y)])
}
