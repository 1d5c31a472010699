import { withstandGarbage } from './garbage.ts'
import { judgePressure } from './pressure.ts'
import { attackSlider } from './slider/attack.ts'
import { judgeTiming } from './timing.ts'
import { judgeTraces } from './traces.ts'

const USAGE = `npm run lab -- slider [--count 500] [--seed 1] [--sheet out.png]
npm run lab -- traces FILE
npm run lab -- timing
npm run lab -- garbage`

const [what, ...rest] = process.argv.slice(2)
if (what === 'slider') await attackSlider(rest)
else if (what === 'traces' && rest[0]) judgeTraces(rest[0])
else if (what === 'timing') await judgeTiming()
else if (what === 'pressure') await judgePressure(rest)
else if (what === 'garbage') await withstandGarbage()
else {
  console.error(USAGE)
  process.exitCode = 2
}
