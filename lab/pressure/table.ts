import type { Story } from './run.ts'

const HEAD = [
  '| scene | robots | median wait | 95 % wait within | puzzle | lighter work | refused | a token costs | tokens an hour | robots refused |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
]

/** What the scenes came to, as Markdown. Where there are robots, while they are there. */
export function tableOf(stories: readonly Story[]): string {
  return [...HEAD, ...stories.map(rowOf)].join('\n')
}

function rowOf({ scene, robot, visits, tries }: Story): string {
  const { robotsFromS, robotsUntilS } = scene
  const seen = robot ? visits.filter(({ s }) => s >= robotsFromS && s < robotsUntilS) : visits
  const waits = seen.filter(({ refused }) => !refused).map(({ waitedS }) => waitedS)
  const share = <T>(of: readonly T[], is: (one: T) => boolean) =>
    `${((100 * of.filter(is).length) / of.length).toFixed(1)} %`
  const visitors = [
    `${quantile(waits, 0.5).toFixed(2)} s`,
    `${quantile(waits, 0.95).toFixed(2)} s`,
    share(seen, ({ puzzles }) => puzzles > 0),
    share(seen, ({ lighter }) => lighter > 0),
    share(seen, ({ refused }) => refused),
  ]
  if (!robot) return `| ${[scene.name, '', ...visitors, '', '', ''].join(' | ')} |`
  const tokens = tries.filter(({ won }) => won).length
  const coreS = tries.reduce((sum, one) => sum + one.coreS, 0)
  const hours = (robotsUntilS - robotsFromS) / 3_600
  const robots = [
    `${(coreS / tokens).toPrecision(2)} core-s`,
    Math.round(tokens / hours).toLocaleString('en'),
    share(tries, ({ refused }) => refused),
  ]
  return `| ${[scene.name, robot.name, ...visitors, ...robots].join(' | ')} |`
}

/** The value that this share of all is below. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? 0
}
