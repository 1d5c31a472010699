/** Draws a site's numbers, and draws them anew every few seconds while somebody looks. */
import uPlot from 'uplot'
import {
  CHARTS,
  type Chart,
  COLUMNS,
  chartInWords,
  inWords,
  tableOf,
  written,
} from '../../stats/charts.ts'
import type { Numbers } from '../../stats/numbers.ts'

const LIVE_MS = 10_000
/** A page that nobody touches for so long is left as it is: asking for numbers must not keep a session alive for ever. */
const LEFT_MS = 30 * 60_000
const HEIGHT = 180
const FONT_PX = 12
const LABEL_GAP = 8

let touchedAt = Date.now()
for (const sign of ['pointerdown', 'pointermove', 'keydown', 'scroll', 'focus'])
  addEventListener(sign, () => (touchedAt = Date.now()), { passive: true, capture: true })

for (const section of document.querySelectorAll<HTMLElement>('[data-numbers]')) begin(section)

function begin(section: HTMLElement) {
  let numbers: Numbers = JSON.parse(section.dataset.first!)
  const figures = [...section.querySelectorAll<HTMLElement>('[data-chart]')].map((figure) =>
    drawn(figure, CHARTS.find(({ id }) => id === figure.dataset.chart)!, () => numbers),
  )
  // What the colours are depends on all of these.
  for (const query of [
    '(prefers-color-scheme: dark)',
    '(forced-colors: active)',
    '(prefers-contrast: more)',
  ])
    matchMedia(query).addEventListener('change', () => {
      for (const figure of figures) figure.renew()
    })

  const state = section.querySelector<HTMLElement>('[data-state]')!
  const timer = setInterval(ask, LIVE_MS)
  document.addEventListener('visibilitychange', ask)

  async function ask() {
    if (document.visibilityState !== 'visible' || Date.now() - touchedAt > LEFT_MS) return
    try {
      const response = await fetch(section.dataset.numbers!, { redirect: 'manual' })
      // To where one logs in, or there is no such site any more.
      if (!response.ok && response.status < 500) return stop()
      if (!response.ok) throw new Error()
      numbers = await response.json()
      state.hidden = true
      tell(section, numbers)
      for (const figure of figures) figure.update()
    } catch {
      say('The service does not answer just now. These are the last numbers that it told.')
    }
  }

  function stop() {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', ask)
    say('These numbers are no longer kept up to date. Please load the page again.')
  }

  function say(words: string) {
    state.textContent = words
    state.hidden = false
  }
}

/** Brings what is written up to date. */
function tell(section: HTMLElement, numbers: Numbers) {
  section.querySelector('[data-words]')!.textContent = inWords(numbers)
  for (const figure of section.querySelectorAll<HTMLElement>('[data-figure]')) {
    const name = figure.dataset.figure!
    figure.textContent =
      name === 'waiting'
        ? written(numbers.waitingMsMedian, 'ms')
        : written(numbers.totals[name as keyof Numbers['totals']], 'count')
  }
  const body = section.querySelector('details tbody')!
  body.replaceChildren(
    ...tableOf(numbers).map(({ at, cells }) => {
      const row = document.createElement('tr')
      row.setAttribute('role', 'row')
      row.append(
        cell('From', moment(at)),
        ...cells.map((text, i) => cell(COLUMNS[i]!, text, 'number')),
      )
      return row
    }),
  )
}

function cell(title: string, content: string | Node, className = ''): HTMLElement {
  const td = document.createElement('td')
  td.setAttribute('role', 'cell')
  td.dataset.title = title
  td.className = className
  td.append(content)
  return td
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function moment(at: number): HTMLTimeElement {
  const time = document.createElement('time')
  time.dateTime = new Date(at).toISOString()
  time.title = `${time.dateTime.slice(0, 10)} ${time.dateTime.slice(11, 16)} UTC`
  time.textContent = MOMENT.format(at)
  return time
}

/** Draws one chart into its figure. */
function drawn(figure: HTMLElement, chart: Chart, read: () => Numbers) {
  figure.hidden = false
  const place = figure.querySelector<HTMLElement>('.chart-plot')!
  const words = figure.querySelector<HTMLElement>('.chart-read')!
  let plot = make()

  new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== plot.width)
      plot.setSize({ width: place.clientWidth, height: HEIGHT })
  }).observe(place)

  function make(): uPlot {
    return new uPlot(optionsOf(chart, read, place, words), dataOf(chart, read()), place)
  }

  return {
    update() {
      plot.setData(dataOf(chart, read()))
      place.setAttribute('aria-label', chartInWords(chart, read()))
    },
    /** With the colours that hold now. */
    renew() {
      plot.destroy()
      plot = make()
    },
  }
}

function dataOf(chart: Chart, numbers: Numbers): uPlot.AlignedData {
  return [numbers.at.map((at) => at / 1_000), ...chart.lines.map((line) => line.read(numbers))]
}

function optionsOf(
  chart: Chart,
  read: () => Numbers,
  place: HTMLElement,
  words: HTMLElement,
): uPlot.Options {
  const colours = coloursOf(place)
  const font = `${FONT_PX}px ${getComputedStyle(place).fontFamily}`
  const axis = {
    ...{ stroke: colours.text, font, gap: 4 },
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  }
  return {
    width: place.clientWidth || 600,
    height: HEIGHT,
    padding: [8, roomFor(chart, font), 0, 0],
    legend: { show: false },
    // Nothing is dragged: a chart scrolls with its page, under a finger too.
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: (_, from, to) => [from, to] },
      y: { range: (_, __, most) => [0, (most ?? 0) > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 70,
        values: (_, splits) => splits.map((at) => timeOf(at, read(), true)),
      },
      {
        ...axis,
        size: 52,
        values: (_, splits) => splits.map((value) => written(value, chart.unit)),
        // A third of a visitor is none.
        ...(chart.unit === 'count' ? { incrs: WHOLE_STEPS } : {}),
      },
    ],
    series: [
      {},
      ...chart.lines.map(({ words: label, colour, dash }) => ({
        ...{ label, stroke: colours.of[colour], width: 2, dash: [...dash], spanGaps: false },
        points: { show: false, size: 5, fill: colours.of[colour], filter: lonely },
      })),
    ],
    hooks: {
      draw: [(plot) => nameLines(plot, chart, colours, font)],
      setCursor: [
        (plot) => {
          words.textContent = plot.cursor.idx == null ? '' : readOut(plot.cursor.idx, chart, read())
        },
      ],
    },
  }
}

const WHOLE_STEPS = Array.from({ length: 12 }, (_, n) => [1, 2, 5].map((k) => k * 10 ** n)).flat()

/** A value between two gaps has no line: it is drawn as a point. */
function lonely(plot: uPlot, series: number): number[] {
  const values = plot.data[series]!
  return [...values.keys()].filter(
    (i) => values[i] != null && values[i - 1] == null && values[i + 1] == null,
  )
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const DAY_CLOCK = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
})
/** A year's steps are days in UTC, and stay them. */
const UTC_DAY = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
})

function timeOf(atS: number, { range }: Numbers, short: boolean): string {
  if (range === 'year') return UTC_DAY.format(atS * 1_000)
  if (!short) return DAY_CLOCK.format(atS * 1_000)
  const midnight = new Date(atS * 1_000).getHours() === 0
  return (range === 'day' && !midnight ? CLOCK : DAY).format(atS * 1_000)
}

/** What is under the pointer. */
function readOut(i: number, chart: Chart, numbers: Numbers): string {
  const values = chart.lines.map(
    ({ words, read }) => `${words} ${written(read(numbers)[i] ?? null, chart.unit)}`,
  )
  return `${timeOf(numbers.at[i]! / 1_000, numbers, false)}: ${values.join(', ')}`
}

/** Room at the right for the lines' names. */
function roomFor({ lines }: Chart, font: string): number {
  const context = document.createElement('canvas').getContext('2d')!
  context.font = font
  return Math.max(...lines.map(({ words }) => context.measureText(words).width)) + 2 * LABEL_GAP
}

/** Writes each line's name at its end; names that would meet make room for each other. */
function nameLines(plot: uPlot, { lines }: Chart, colours: Colours, font: string) {
  const { ctx, bbox } = plot
  const ratio = bbox.height / plot.over.clientHeight || 1
  const step = (FONT_PX + 3) * ratio
  const names = lines
    .map(({ words, colour }, i) => {
      const last = Array.from(plot.data[i + 1]!).findLast((value) => value != null)
      return { words, colour, y: last == null ? null : plot.valToPos(last, 'y', true) }
    })
    .filter(
      (name): name is { words: string; colour: (typeof name)['colour']; y: number } =>
        name.y !== null,
    )
    .sort((a, b) => b.y - a.y)
  let limit = bbox.top + bbox.height
  ctx.save()
  ctx.font = font.replace(`${FONT_PX}px`, `${FONT_PX * ratio}px`)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  for (const { words, colour, y } of names) {
    const at = Math.min(y, limit)
    limit = at - step
    ctx.fillStyle = colours.of[colour]
    ctx.fillText(words, bbox.left + bbox.width + LABEL_GAP * ratio, at)
  }
  ctx.restore()
}

interface Colours {
  text: string
  grid: string
  of: Record<Chart['lines'][number]['colour'], string>
}

/** The page's own colours; the system's where it forces them. */
function coloursOf(place: HTMLElement): Colours {
  const style = getComputedStyle(place)
  const forced = matchMedia('(forced-colors: active)').matches
  const token = (name: string, system: string) =>
    forced ? system : style.getPropertyValue(name).trim()
  return {
    text: token('--muted', 'CanvasText'),
    grid: token('--hairline', 'GrayText'),
    of: {
      '--muted': token('--muted', 'CanvasText'),
      '--success': token('--success', 'CanvasText'),
      '--danger': token('--danger', 'CanvasText'),
      '--accent': token('--accent', 'LinkText'),
      '--warning': token('--warning', 'CanvasText'),
    },
  }
}
