import type { CountRow, Span } from '../store/store.ts'
import type { Counted } from './tally.ts'
import { medianOf } from './waiting.ts'

export type Range = 'day' | 'week' | 'month' | 'year'

export const RANGES: readonly Range[] = ['day', 'week', 'month', 'year']

/** What is drawn over time, beside means and the median. */
export const LINES = [
  ...(['challenges', 'passed', 'failed'] as const),
  ...(['redeemed', 'refused', 'replayed'] as const),
]
export type Line = (typeof LINES)[number]

/** A value per step of time; null where nothing is known: before the site was there, or no visitor to tell the mean of. */
export type Series = (number | null)[]

/** The numbers of a site, or of several, ready to be drawn and written. The same as JSON, at the console and the API. */
export interface Numbers {
  range: Range
  stepMs: number
  /** When each step begins; the last is not over yet. */
  at: number[]
  lines: Record<Line, Series>
  /** The median time from a chain's first challenge to its token, in milliseconds. */
  waitingMs: Series
  /** Means per first challenge. */
  effort: Series
  pressure: { site: Series; network: Series }
  /** The whole range. */
  totals: Record<Line | 'solutions' | 'puzzles', number>
  waitingMsMedian: number | null
  /** By label, the greatest first. */
  passedBy: Labelled[]
  failedBy: Labelled[]
  refusedBy: Labelled[]
  insteadBy: Labelled[]
  actions: { action: string; challenges: number; redeemed: number }[]
  kinds: { kind: string; shown: number; passed: number }[]
}

export interface Labelled {
  label: string
  count: number
}

/** What to ask the store for, to know the numbers of a range. Days and hours are UTC. */
export interface Window {
  range: Range
  span: Span
  from: number
  to: number
  stepMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const SHAPES: Record<Range, { span: Span; stepMs: number; steps: number }> = {
  day: { span: 'minute', stepMs: 10 * MINUTE_MS, steps: 144 },
  week: { span: 'hour', stepMs: HOUR_MS, steps: 168 },
  month: { span: 'hour', stepMs: 6 * HOUR_MS, steps: 120 },
  year: { span: 'hour', stepMs: DAY_MS, steps: 365 },
}

/** The last day, week, month or year: whole steps, the last of them the one that is on now. */
export function windowOf(range: Range, now: number): Window {
  const { span, stepMs, steps } = SHAPES[range]
  const to = (Math.floor(now / stepMs) + 1) * stepMs
  return { range, span, from: to - steps * stepMs, to, stepMs }
}

/**
 * Puts rows of sums in order.
 *
 * @param since when the first of the sites was made: nothing is known of the time before
 */
export function numbersOf(rows: readonly CountRow[], window: Window, since = 0): Numbers {
  const { range, from, to, stepMs } = window
  const at = Array.from({ length: (to - from) / stepMs }, (_, i) => from + i * stepMs)
  const sheet = sheetOf(rows, window)
  const known = at.map((moment) => moment + stepMs > since)
  const zero = (sums: number[]): Series => sums.map((sum, i) => (known[i] ? sum : null))
  const line = (name: Counted) => zero(sheet.over(name))
  const challenges = sheet.over('challenges')
  const mean = (name: Counted, label?: string): Series =>
    sheet.over(name, label).map((sum, i) => (challenges[i]! > 0 ? sum / challenges[i]! : null))
  const total = (name: Counted) => sum(sheet.over(name))
  const names = [...LINES, 'solutions', 'puzzles'] as const

  return {
    range,
    stepMs,
    at,
    lines: Object.fromEntries(LINES.map((name) => [name, line(name)])) as Record<Line, Series>,
    waitingMs: at.map((_, i) => medianOf(sheet.labels('waited', i))),
    effort: mean('effort'),
    pressure: { site: mean('pressure', 'site'), network: mean('pressure', 'network') },
    totals: Object.fromEntries(names.map((name) => [name, total(name)])) as Numbers['totals'],
    waitingMsMedian: medianOf(sheet.labels('waited')),
    passedBy: greatestFirst(sheet.labels('passed')),
    failedBy: greatestFirst(sheet.labels('failed')),
    refusedBy: greatestFirst(sheet.labels('refused')),
    insteadBy: greatestFirst(sheet.labels('solutions')).filter(({ label }) => label !== ''),
    actions: both(sheet.labels('challenges'), sheet.labels('redeemed')).map(
      ([action, challenges, redeemed]) => ({ action, challenges, redeemed }),
    ),
    kinds: both(sheet.labels('puzzles'), puzzlesAmong(sheet.labels('passed'))).map(
      ([kind, shown, passed]) => ({ kind, shown, passed }),
    ),
  }
}

/** Sums by name, label and step. What is outside of the window is left out. */
function sheetOf(rows: readonly CountRow[], { from, to, stepMs }: Window) {
  const steps = (to - from) / stepMs
  const sums = new Map<string, Map<string, number[]>>()
  for (const { name, label, startsAt, count } of rows) {
    const i = Math.floor((startsAt - from) / stepMs)
    if (i < 0 || i >= steps) continue
    const labels = sums.get(name) ?? new Map<string, number[]>()
    sums.set(name, labels)
    const series = labels.get(label) ?? new Array<number>(steps).fill(0)
    labels.set(label, series)
    series[i]! += count
  }
  const labelsOf = (name: Counted) => sums.get(name) ?? new Map<string, number[]>()

  return {
    /** Per step: under one label, or under all. */
    over(name: Counted, label?: string): number[] {
      const labels = labelsOf(name)
      const chosen = label === undefined ? [...labels.values()] : [labels.get(label) ?? []]
      return Array.from({ length: steps }, (_, i) =>
        chosen.reduce((sum, one) => sum + (one[i] ?? 0), 0),
      )
    },
    /** Per label: in one step, or in all. */
    labels(name: Counted, step?: number): Map<string, number> {
      return new Map(
        [...labelsOf(name)].map(([label, series]) => [
          label,
          step === undefined ? sum(series) : series[step]!,
        ]),
      )
    },
  }
}

/** Ways to pass without a picture. */
const BLIND = ['work', 'patience', 'noscript-wait']

/** Ways to pass that are kinds of puzzle, or the pictures for browsers without JavaScript. */
function puzzlesAmong(ways: Map<string, number>): Map<string, number> {
  return new Map([...ways].filter(([way]) => !BLIND.includes(way)))
}

function both(a: Map<string, number>, b: Map<string, number>): [string, number, number][] {
  const labels = [...new Set([...a.keys(), ...b.keys()])]
  return labels
    .map((label): [string, number, number] => [label, a.get(label) ?? 0, b.get(label) ?? 0])
    .sort(([, a1, b1], [, a2, b2]) => a2 - a1 || b2 - b1)
}

function greatestFirst(labels: Map<string, number>): Labelled[] {
  return [...labels]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
