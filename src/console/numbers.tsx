import {
  actionInWords,
  CHARTS,
  COLUMNS,
  chartInWords,
  inWords,
  labelInWords,
  RANGE_WORDS,
  tableOf,
  written,
} from '../stats/charts.ts'
import { type Labelled, type Numbers, RANGES, type Range } from '../stats/numbers.ts'
import type { LastDay } from '../stats/stats.ts'
import { chartStyle } from './assets.ts'
import { Card, Table, When } from './parts.tsx'
import type { Visit } from './visit.ts'

/** The numbers of a site that the visitor may see, for the range that the address asks for. */
export function readNumbers(
  visit: Pick<Visit, 'context' | 'query'>,
  site: { sitekey: string; createdAt: number },
): Promise<Numbers> {
  const asked = visit.query('range') as Range
  const range = RANGES.includes(asked) ? asked : 'day'
  return visit.context.stats.of([site.sitekey], range, site.createdAt)
}

/** What came about on each of these sites within 24 hours. */
export function lastDay(
  { context }: Pick<Visit, 'context'>,
  sitekeys: readonly string[],
): Promise<Map<string, LastDay>> {
  return context.stats.lastDay(sitekeys)
}

interface NumbersProps {
  /** The page's path: `?range=` is added to it, and `/numbers.json?range=` for what is drawn anew. */
  path: string
  numbers: Numbers
}

/**
 * A site's numbers: in a sentence, in figures, as charts, and as a table of the same. Charts are drawn where scripts run
 * (`client/chart.ts`), and drawn anew while somebody looks; the rest is there without.
 */
export function SiteNumbers({ path, numbers }: NumbersProps) {
  const { range } = numbers
  return (
    <section
      class="numbers"
      data-numbers={`${path}/numbers.json?range=${range}`}
      data-first={JSON.stringify(numbers)}
    >
      <link rel="stylesheet" href={chartStyle.path} />
      <Card title="Numbers" aside={<Ranges path={path} here={range} />}>
        <p data-words>{inWords(numbers)}</p>
        <Figures numbers={numbers} />
        <p class="hint" data-state hidden />
        <div class="charts">
          {CHARTS.map((chart) => (
            <figure class="chart" data-chart={chart.id} hidden>
              <figcaption>
                <h3>{chart.title}</h3>
                <p class="chart-read hint" aria-hidden="true" />
              </figcaption>
              <div class="chart-plot" role="img" aria-label={chartInWords(chart, numbers)} />
            </figure>
          ))}
        </div>
        <details class="more">
          <summary>The same as a table</summary>
          <Times numbers={numbers} />
        </details>
      </Card>
      <div class="two">
        <Labels title="Passed, by way" rows={numbers.passedBy} />
        <Labels title="Wrong answers, by reason" rows={numbers.failedBy} />
        <Labels title="Refused tokens, by reason" rows={numbers.refusedBy} />
        <Labels title="Asked for in place of an answer" rows={numbers.insteadBy} />
        <Actions rows={numbers.actions} />
        <Kinds rows={numbers.kinds} />
      </div>
    </section>
  )
}

function Ranges({ path, here }: { path: string; here: Range }) {
  return (
    <nav class="ranges" aria-label="Time">
      {RANGES.map((range) => (
        <a href={`${path}?range=${range}`} aria-current={range === here ? 'true' : undefined}>
          {RANGE_WORDS[range]}
        </a>
      ))}
    </nav>
  )
}

const FIGURES = [
  ['challenges', 'Challenges'],
  ['puzzles', 'Puzzles shown'],
  ['passed', 'Passed'],
  ['failed', 'Failed'],
  ['redeemed', 'Redeemed'],
  ['refused', 'Refused'],
  ['replayed', 'Replayed'],
] as const

function Figures({ numbers }: { numbers: Numbers }) {
  return (
    <dl class="facts figures">
      {FIGURES.map(([name, words]) => (
        <div>
          <dt>{words}</dt>
          <dd class="figure" data-figure={name}>
            {written(numbers.totals[name], 'count')}
          </dd>
        </div>
      ))}
      <div>
        <dt>Median wait</dt>
        <dd class="figure" data-figure="waiting">
          {written(numbers.waitingMsMedian, 'ms')}
        </dd>
      </div>
    </dl>
  )
}

function Times({ numbers }: { numbers: Numbers }) {
  const rows = tableOf(numbers)
  return (
    <>
      <p class="hint">Times at which something happened; the last step is not over yet.</p>
      <Table
        caption="Numbers over time"
        rows={rows}
        columns={[
          { title: 'From', cell: ({ at }) => <When at={at} /> },
          ...COLUMNS.map((title, i) => ({
            ...{ title, number: true },
            cell: ({ cells }: (typeof rows)[number]) => cells[i],
          })),
        ]}
      />
    </>
  )
}

function Labels({ title, rows }: { title: string; rows: readonly Labelled[] }) {
  if (rows.length === 0) return null
  return (
    <Card title={title}>
      <Table
        caption={title}
        rows={rows}
        columns={[
          { title: 'What', cell: ({ label }) => labelInWords(label) },
          { title: 'Times', number: true, cell: ({ count }) => written(count, 'count') },
        ]}
      />
    </Card>
  )
}

function Actions({ rows }: { rows: Numbers['actions'] }) {
  if (rows.length === 0) return null
  return (
    <Card
      title="By action"
      lead="An action has its own line once your backend has redeemed three of its tokens."
    >
      <Table
        caption="By action"
        rows={rows}
        columns={[
          { title: 'Action', cell: ({ action }) => actionInWords(action) },
          {
            ...{ title: 'Challenges', number: true },
            cell: ({ challenges }) => written(challenges, 'count'),
          },
          {
            ...{ title: 'Redeemed', number: true },
            cell: ({ redeemed }) => written(redeemed, 'count'),
          },
        ]}
      />
    </Card>
  )
}

function Kinds({ rows }: { rows: Numbers['kinds'] }) {
  if (rows.length === 0) return null
  return (
    <Card title="By kind of puzzle">
      <Table
        caption="By kind of puzzle"
        rows={rows}
        columns={[
          { title: 'Kind', cell: ({ kind }) => labelInWords(kind) },
          { title: 'Shown', number: true, cell: ({ shown }) => written(shown, 'count') },
          { title: 'Passed', number: true, cell: ({ passed }) => written(passed, 'count') },
        ]}
      />
    </Card>
  )
}
