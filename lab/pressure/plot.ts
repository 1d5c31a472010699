import type { Story } from './run.ts'
import { quantile } from './table.ts'

/** The project's colours (`src/pages/tokens.css`), light. */
const COLOURS = {
  surface: '#ffffff',
  text: '#1b1f24',
  muted: '#59636e',
  hairline: '#d1d9e0',
  band: '#f6f8fa',
  visitors: '#1f5fd6',
  robots: '#9a6700',
}
const WIDTH = 720
const HEIGHT = 320
const LEFT = 44
const RIGHT = WIDTH - 160
const TOP = 64
const BOTTOM = 232
/** The strip below, with how many come. */
const STRIP_TOP = 258
const STRIP_BOTTOM = 290
const POINTS = 90

interface Line {
  label: string
  colour: string
  dashed?: true
  /** A gap where there is nothing. */
  ys: (number | null)[]
}

/** A scene as a picture: how long visitors wait, and what a token costs a robot, over time. */
export function plotOf(story: Story): string {
  const { scene } = story
  const endS = scene.hours * 3_600
  const times = Array.from({ length: POINTS + 1 }, (_, i) => (i * endS) / POINTS)
  const lines = linesOf(story, times)
  const most = Math.max(...lines.flatMap(({ ys }) => ys.map((y) => y ?? 0)))
  const step = niceStep(most)
  const top = Math.ceil(most / step) * step
  const x = (s: number) => LEFT + (s / endS) * (RIGHT - LEFT)
  const y = (value: number) => BOTTOM - (value / top) * (BOTTOM - TOP)

  const perS = times.map((s) => comingAt(story, s, endS / POINTS))
  const busiest = Math.max(...perS)
  const strip = (value: number) => STRIP_BOTTOM - (value / busiest) * (STRIP_BOTTOM - STRIP_TOP)
  const area = `M${LEFT} ${STRIP_BOTTOM}${times.map((s, i) => `L${round(x(s))} ${round(strip(perS[i]!))}`).join('')}L${RIGHT} ${STRIP_BOTTOM}Z`

  const labels = spread(lines.map((line) => y(line.ys.findLast((one) => one !== null) ?? 0)))
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${scene.name}: how long visitors wait, and what a token costs a robot, over time</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOURS.surface}"/>`,
    text(LEFT, 24, scene.name, COLOURS.text, 'font-size="15" font-weight="600"'),
    text(
      LEFT,
      42,
      'seconds that visitors wait, and a robot’s core works for a token',
      COLOURS.muted,
    ),
    ...attackBand(story, x),
    ...grid(step, top, y),
    ...hours(story, x),
    ...lines.map((line) => path(line, times, { x, y })),
    ...lines.map(({ label, colour }, i) => text(RIGHT + 8, labels[i]! + 4, label, colour)),
    `<path d="${area}" fill="${COLOURS.hairline}"/>`,
    text(
      RIGHT + 8,
      STRIP_TOP + 12,
      `up to ${busiest < 10 ? busiest.toFixed(1) : Math.round(busiest)} a second`,
      COLOURS.muted,
    ),
    text(RIGHT + 8, STRIP_TOP + 28, story.robot ? 'come, robots too' : 'come', COLOURS.muted),
    '</svg>',
  ].join('\n')}\n`
}

function linesOf({ scene, robot, visits, tries, prices }: Story, times: number[]): Line[] {
  // Wide enough for a 95th percentile to mean something, in the quiet hours too.
  const windowS = Math.max(240, (scene.hours * 3_600) / 60)
  const near = <T extends { s: number }>(all: T[], s: number) =>
    all.filter((one) => Math.abs(one.s - s) <= windowS / 2)
  const waits = times.map((s) =>
    near(visits, s)
      .filter(({ refused }) => !refused)
      .map(({ waitedS }) => waitedS),
  )
  const costs = times.map((s) => {
    if (!robot) return near(prices, s)[0]?.coreS ?? null
    const some = near(tries, s)
    const tokens = some.filter(({ won }) => won).length
    const coreS = some.reduce((sum, one) => sum + one.coreS, 0)
    return tokens > 0 && s >= scene.robotsFromS && s <= scene.robotsUntilS ? coreS / tokens : null
  })
  return [
    {
      label: '95 % wait less',
      colour: COLOURS.visitors,
      dashed: true,
      ys: waits.map((some) => quantile(some, 0.95)),
    },
    {
      label: 'half wait less',
      colour: COLOURS.visitors,
      ys: waits.map((some) => quantile(some, 0.5)),
    },
    {
      label: robot ? 'a robot works, per token' : 'a robot would work',
      colour: COLOURS.robots,
      ys: costs,
    },
  ]
}

function comingAt({ visits, tries }: Story, s: number, stepS: number): number {
  const within = (one: { s: number }) => Math.abs(one.s - s) <= stepS / 2
  return (visits.filter(within).length + tries.filter(within).length) / stepS
}

function attackBand({ scene, robot }: Story, x: (s: number) => number): string[] {
  if (!robot) return []
  const [from, until] = [round(x(scene.robotsFromS)), round(x(scene.robotsUntilS))]
  return [
    `<rect x="${from}" y="${TOP - 14}" width="${round(until - from)}" height="${STRIP_BOTTOM - TOP + 14}" fill="${COLOURS.band}"/>`,
    text(from + 6, TOP - 2, 'robots', COLOURS.muted),
  ]
}

function grid(step: number, top: number, y: (value: number) => number): string[] {
  return Array.from({ length: top / step + 1 }, (_, i) => i * step).flatMap((value) => {
    const at = round(y(value))
    return [
      `<path d="M${LEFT} ${at}H${RIGHT}" stroke="${COLOURS.hairline}" stroke-width="${value === 0 ? 1 : 0.5}"/>`,
      text(LEFT - 8, at + 4, String(value), COLOURS.muted, 'text-anchor="end"'),
    ]
  })
}

function hours({ scene }: Story, x: (s: number) => number): string[] {
  const inHours = scene.hours > 6
  const step = inHours ? 4 : scene.hours > 1 ? 15 : 5
  const unitS = inHours ? 3_600 : 60
  const marks = Math.floor((scene.hours * 3_600) / unitS / step)
  return Array.from({ length: marks + 1 }, (_, i) =>
    text(
      round(x(i * step * unitS)),
      STRIP_BOTTOM + 18,
      markOf(i, step, inHours),
      COLOURS.muted,
      'text-anchor="middle"',
    ),
  )
}

function markOf(i: number, step: number, inHours: boolean): string {
  if (inHours) return `${i * step}:00`
  return i === 0 ? '0 min' : String(i * step)
}

function path(
  { ys, colour, dashed }: Line,
  times: number[],
  { x, y }: { x(s: number): number; y(value: number): number },
): string {
  let d = ''
  for (const [i, value] of ys.entries()) {
    if (value === null) continue
    const starts = d === '' || ys[i - 1] === null
    d += `${starts ? 'M' : 'L'}${round(x(times[i]!))} ${round(y(value))}`
  }
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"${dashed ? ' stroke-dasharray="1 5"' : ''}/>`
}

/** Labels that would lie on one another, moved apart. */
function spread(ys: number[]): number[] {
  const moved = [...ys]
  const order = moved.map((_, i) => i).sort((a, b) => moved[b]! - moved[a]!)
  for (const [rank, i] of order.entries()) {
    const below = rank === 0 ? BOTTOM + 16 : moved[order[rank - 1]!]!
    moved[i] = Math.min(moved[i]!, below - 16)
  }
  return moved
}

/** How far apart lines across are, so that there are five at most above the first. */
function niceStep(most: number): number {
  return [0.5, 1, 2, 4].find((step) => most <= 5 * step) ?? Math.ceil(most / 5)
}

function text(x: number, y: number, words: string, colour: string, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}"${more && ` ${more}`}>${words}</text>`
}

const round = (value: number) => Math.round(value * 10) / 10
