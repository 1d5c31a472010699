/** How often something was done, and what it cost. */
export interface Measure {
  name: string
  perCpuSecond: number
}

/**
 * Does `act` for some time, and counts per second of processor time (all threads of this process), because these
 * machines are shared and a clock on the wall would measure the neighbours.
 */
async function perCpuSecond(act: (i: number) => unknown, seconds = 1.5): Promise<number> {
  let i = 0
  const runFor = async (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end) {
      // Awaited only where there is something to wait for: a needless turn of the event loop would be measured too.
      for (let k = 0; k < 64; k++) {
        const result = act(i++)
        if (result instanceof Promise) await result
      }
    }
  }
  await runFor(300)
  const cpu = process.cpuUsage()
  const before = i
  await runFor(seconds * 1_000)
  const { user, system } = process.cpuUsage(cpu)
  return (i - before) / ((user + system) / 1e6)
}

/** The middle one of several measurements, each taken in turn with the others so that all see the same weather. */
export async function inTurns(
  contenders: { name: string; act: (i: number) => unknown }[],
  rounds = 5,
): Promise<Measure[]> {
  const seen = contenders.map(() => [] as number[])
  for (let round = 0; round < rounds; round++) {
    for (const [c, { act }] of contenders.entries()) seen[c]!.push(await perCpuSecond(act))
  }
  return contenders.map(({ name }, c) => ({
    name,
    perCpuSecond: seen[c]!.sort((a, b) => a - b)[Math.floor(rounds / 2)]!,
  }))
}

/** A Markdown table whose last column compares with the first row. */
export function table(title: string, unit: string, measures: Measure[]): string {
  const first = measures[0]!.perCpuSecond
  const lines = measures.map(
    (m) =>
      `| ${m.name} | ${Math.round(m.perCpuSecond).toLocaleString('en')} | ${(m.perCpuSecond / first).toPrecision(2)} |`,
  )
  return [`### ${title}`, '', `| | ${unit} | ratio |`, '| --- | ---: | ---: |', ...lines, ''].join(
    '\n',
  )
}
