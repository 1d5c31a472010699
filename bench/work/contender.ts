import type { Run } from './page.ts'

/** Somebody's work, as he asks for it by default. */
export interface Contender {
  name: string
  /** What the default work is, in its makers' terms. */
  asks: string
  /** What is tried. */
  unit: string
  /** How many tries are expected. */
  tries: number
  /** How often it is done in each round, with either number of workers. */
  runs: number
  /** Opens the page anew, and gets ready what its widget has ready before there is a challenge. */
  open(workers: Workers): Promise<void>
  /** Does the whole of it, a new challenge each time. */
  run(workers: Workers): Promise<Run>
  /** Another amount with one worker, where the whole is too little, or too much, to tell how fast it goes. */
  much?(): Promise<Run>
  /** Tries a second on one core, by the best program we know of. */
  native(): number
}

export type Workers = 1 | 2

/** A work: by a visitor's browser, and by a core of somebody who needs none. */
export interface WorkRow extends Waits {
  name: string
  /** What is tried. */
  unit: string
  /** What is asked for by default, in its makers' terms, and how many tries are expected of that. */
  asks: string
  defaultTries: number
  /** By one worker of a browser, for each second of processor time: others on this machine change it little. */
  perSecond: number
  /** By the best program we know of, for each second of processor time. */
  nativePerSecond: number
  /** With two workers: half as long at best, where two cores have nothing else to do. */
  two: Waits
}

/** How long the default work takes by the clock on the wall; with one worker, if nothing else is said. */
interface Waits {
  medianMs: number
  p95Ms: number
}

/** Counts what is tried for each second of processor time. */
export type Rate = (act: () => Promise<number>) => Promise<number>

/** Measures a contender, a round at a time. */
export function contend(contender: Contender, rate: Rate) {
  const { name, unit, asks, tries, runs, open, run, much, native } = contender
  const ms: Record<Workers, number[]> = { 1: [], 2: [] }
  const rates: number[] = []
  const natives: number[] = []

  const waits = (workers: Workers): Waits => ({
    medianMs: median(ms[workers]),
    p95Ms: quantile(ms[workers], 0.95),
  })

  return {
    async measure() {
      for (const workers of [2, 1] as const)
        for (let i = 0; i < runs; i++) {
          await open(workers)
          ms[workers].push((await run(workers)).ms)
        }
      // In the page that was opened last, where all is warm by now.
      rates.push(await rate(async () => (await (much ? much() : run(1))).tries))
      natives.push(native())
    },
    row: (): WorkRow => ({
      name,
      unit,
      asks,
      defaultTries: tries,
      perSecond: median(rates),
      nativePerSecond: median(natives),
      ...waits(1),
      two: waits(2),
    }),
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]!
}
