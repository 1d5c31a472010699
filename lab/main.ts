import { attackSlider } from './slider/attack.ts'
import { judgeTraces } from './traces.ts'

const USAGE = `npm run lab -- slider [--count 500] [--seed 1] [--sheet out.png]
npm run lab -- traces FILE`

const [what, ...rest] = process.argv.slice(2)
if (what === 'slider') await attackSlider(rest)
else if (what === 'traces' && rest[0]) judgeTraces(rest[0])
else {
  console.error(USAGE)
  process.exitCode = 2
}
