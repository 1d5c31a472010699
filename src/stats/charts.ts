import { OTHERS } from './actions.ts'
import type { Numbers, Range, Series } from './numbers.ts'

/** What numbers are of, and so how they are written. */
export type Unit = 'count' | 'ms' | 'effort' | 'pressure'

export interface ChartLine {
  words: string
  /** A token of `tokens.css`. */
  colour: '--muted' | '--success' | '--danger' | '--accent' | '--warning'
  /** Drawn and blank pixels; lines are told apart by more than colours. */
  dash: readonly number[]
  read(numbers: Numbers): Series
}

/** One chart: at most four lines, from nought on. */
export interface Chart {
  id: string
  title: string
  unit: Unit
  lines: readonly ChartLine[]
}

const WHOLE: readonly number[] = []
const LONG = [8, 4]
const SHORT = [3, 3]
const MIXED = [8, 3, 2, 3]

/** What is drawn, on the server's page and in the browser alike. */
export const CHARTS: readonly Chart[] = [
  {
    ...{ id: 'visitors', title: 'Challenges and answers', unit: 'count' },
    lines: [
      line('Challenges', '--muted', LONG, ({ lines }) => lines.challenges),
      line('Passed', '--success', WHOLE, ({ lines }) => lines.passed),
      line('Failed', '--danger', SHORT, ({ lines }) => lines.failed),
    ],
  },
  {
    ...{ id: 'tokens', title: 'Tokens', unit: 'count' },
    lines: [
      line('Redeemed', '--accent', WHOLE, ({ lines }) => lines.redeemed),
      line('Refused', '--danger', SHORT, ({ lines }) => lines.refused),
      line('Replayed', '--warning', MIXED, ({ lines }) => lines.replayed),
    ],
  },
  {
    ...{ id: 'waiting', title: 'Median time to a token', unit: 'ms' },
    lines: [line('Median', '--accent', WHOLE, ({ waitingMs }) => waitingMs)],
  },
  {
    ...{ id: 'pressure', title: 'Pressure', unit: 'pressure' },
    lines: [
      line('Site', '--accent', WHOLE, ({ pressure }) => pressure.site),
      line('Networks', '--warning', MIXED, ({ pressure }) => pressure.network),
    ],
  },
  {
    ...{ id: 'effort', title: 'Effort', unit: 'effort' },
    lines: [line('Mean', '--accent', WHOLE, ({ effort }) => effort)],
  },
]

function line(
  words: string,
  colour: ChartLine['colour'],
  dash: readonly number[],
  read: ChartLine['read'],
): ChartLine {
  return { words, colour, dash, read }
}

const WHOLES = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const HUNDREDTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** A value with its unit; a dash where there is none. */
export function written(value: number | null, unit: Unit): string {
  if (value === null) return '–'
  if (unit === 'count') return WHOLES.format(value)
  if (unit === 'ms') return value < 60_000 ? seconds(value) : `${TENTHS.format(value / 60_000)} min`
  return (value < 10 ? HUNDREDTHS : TENTHS).format(value)
}

function seconds(ms: number): string {
  return `${(ms < 10_000 ? TENTHS : WHOLES).format(ms / 1_000)} s`
}

export const RANGE_WORDS: Record<Range, string> = {
  day: '24 hours',
  week: '7 days',
  month: '30 days',
  year: '365 days',
}

/** The whole range in a sentence or three, for who does not look at charts. */
export function inWords({ range, totals, waitingMsMedian }: Numbers): string {
  const time = `In the last ${RANGE_WORDS[range]}`
  if (totals.challenges + totals.redeemed + totals.refused + totals.replayed === 0)
    return `${time} no challenge was asked for.`
  const count = (n: number, one: string) => `${written(n, 'count')} ${n === 1 ? one : `${one}s`}`
  const median =
    waitingMsMedian === null
      ? ''
      : ` Half of those who passed had their token within ${written(waitingMsMedian, 'ms')}.`
  return (
    `${time}, ${count(totals.challenges, 'challenge')} ${totals.challenges === 1 ? 'was' : 'were'} asked for; ` +
    `${count(totals.passed, 'token')} came of that, and ${count(totals.failed, 'answer')} ` +
    `${totals.failed === 1 ? 'was' : 'were'} wrong. ` +
    `${count(totals.redeemed, 'token')} ${totals.redeemed === 1 ? 'was' : 'were'} redeemed.${median}`
  )
}

/** What a chart shows, in a sentence. */
export function chartInWords({ title, unit, lines }: Chart, numbers: Numbers): string {
  const parts = lines.map(({ words, read }) => {
    const values = read(numbers).filter((value) => value !== null)
    if (values.length === 0) return `${words}: nothing yet`
    const most = written(Math.max(...values), unit)
    const last = written(values.at(-1)!, unit)
    return `${words}: at most ${most}, last ${last}`
  })
  return `${title}. ${parts.join('. ')}.`
}

/** The columns of the table that holds what the charts do. */
export const COLUMNS: readonly string[] = CHARTS.flatMap(({ title, unit, lines }) =>
  lines.map(({ words }) => {
    if (unit === 'count') return words
    return lines.length === 1 ? title : `${title}: ${words.toLowerCase()}`
  }),
)

/** The times at which something happened, the newest first, with a cell per column. */
export function tableOf(numbers: Numbers): { at: number; cells: string[] }[] {
  const series = CHARTS.flatMap(({ unit, lines }) =>
    lines.map(({ read }) => ({ unit, values: read(numbers) })),
  )
  return numbers.at
    .map((at, i) => ({ at, i }))
    .filter(({ i }) => series.some(({ values }) => (values[i] ?? 0) !== 0))
    .map(({ at, i }) => ({
      at,
      cells: series.map(({ unit, values }) => written(values[i]!, unit)),
    }))
    .reverse()
}

const WORDS: Record<string, string> = {
  work: 'Work alone',
  patience: 'Longer work in place of a puzzle',
  slider: 'Slider puzzle',
  'off-target': 'The puzzle was answered wrongly',
  'machine-like': 'The puzzle was answered as a machine would',
  'work-wrong': 'The work was wrong',
  'token-missing': 'No token was sent',
  'token-invalid': 'It was no token of this site',
  'token-expired': 'The token had ended',
  'hostname-mismatch': 'It came from another host name',
  'action-mismatch': 'It was for another action',
  'site-suspended': 'The site is suspended',
  another: 'Another picture',
  lighter: 'Lighter work',
}

/** A label in words. */
export function labelInWords(label: string): string {
  return WORDS[label] ?? label
}

/** An action as it is told to the site's owners. */
export function actionInWords(action: string): string {
  if (action === '') return 'None'
  return action === OTHERS ? 'Others' : action
}
