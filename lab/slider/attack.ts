import { parseArgs } from 'node:util'
import { TOLERANCE_PX } from '../../src/kinds/slider/slider.ts'
import { chanceFrom } from '../../src/painting/chance.ts'
import { encode } from '../../src/painting/encode.ts'
import type { Picture } from '../../src/painting/painter.ts'
import { newStudio } from '../../src/painting/picture.ts'
import { GAPS } from '../../src/painting/placing.ts'
import { seededRandom } from '../../src/painting/seeded.ts'
import { CLUES, liveliness } from './clues.ts'
import { FINDERS, findGaps } from './finders.ts'
import { foretold, type Seen } from './foretold.ts'
import { type Candidate, learn, score, standardise } from './ranking.ts'
import { drawSheet } from './sheet.ts'
import { viewOf } from './view.ts'

/** Sets every finder upon freshly painted puzzles, one try each, and prints how often each hits. */
export async function attackSlider(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      sheet: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const next = paintings(Number(values.seed))
  if (values.sheet) return drawSheet(values.sheet, next)

  const count = Number(values.count)
  const hits = new Map<string, number>()
  const hit = (name: string, x: number, picture: Picture) => {
    const right = Math.abs(x - picture.gapX) <= TOLERANCE_PX
    hits.set(name, (hits.get(name) ?? 0) + (right ? 1 : 0))
  }
  const chance = chanceFrom(seededRandom(99))
  const solved: Candidate[][] = []
  const seen: Seen[] = []
  for (let i = 0; i < count; i++) {
    const picture = await next()
    const { scene, piece, pieceWidth, pieceHeight, y } = picture
    seen.push({
      seen: [scene.length, piece.length, pieceWidth, pieceHeight, y, i],
      gapX: picture.gapX,
    })
    const view = await viewOf(picture)
    hit('any place', chance.between(0, 320 - picture.pieceWidth), picture)
    for (const [name, finder] of values.quick ? [] : Object.entries(FINDERS))
      hit(name, finder(view), picture)

    const gaps = findGaps(view, GAPS)
    const isTrue = (x: number) => Math.abs(x - picture.gapX) <= TOLERANCE_PX
    hits.set(
      '(true gap among those found)',
      (hits.get('(true gap among those found)') ?? 0) + (gaps.some(isTrue) ? 1 : 0),
    )
    hit('any gap', chance.pick(gaps), picture)
    const lively = gaps.map((x) => liveliness(view, x))
    hit('the gap with most around it', gaps[lively.indexOf(Math.max(...lively))]!, picture)
    const group = standardise(
      gaps.map((x) => ({
        x,
        isTrue: isTrue(x),
        clues: Object.values(CLUES).map((clue) => clue(view, x)),
      })),
    )
    for (const [k, name] of Object.keys(CLUES).entries()) {
      const top = group.reduce((a, b) => (b.clues[k]! > a.clues[k]! ? b : a))
      hit(`gaps, then: ${name}`, top.x, picture)
    }
    const sum = (c: Candidate) => c.clues.reduce((total, v) => total + v, 0)
    hit('gaps, then: all of these', group.reduce((a, b) => (sum(b) > sum(a) ? b : a)).x, picture)
    solved.push(group)
  }
  hits.set(`gaps, then: learnt from ${Math.round(count * 0.8)} solved puzzles`, learntHits(solved))
  print(hits, count)
  const share = (foretold(seen) * 100).toFixed(1)
  console.log(
    `\nOf the gap's place, ${share} % is foretold by sizes, row and order (chance: 0 or less).`,
  )
}

/** Freshly painted and encoded puzzles, repeatable. */
function paintings(seed: number): () => Promise<Picture> {
  const random = seededRandom(seed)
  const chance = chanceFrom(random)
  const paint = newStudio(random)
  return async () => {
    for (;;) {
      const picture = await encode(chance, paint())
      if (picture) return picture
    }
  }
}

/** Learns from four fifths, ranks the last fifth, five times over. */
function learntHits(groups: readonly Candidate[][]): number {
  const folds = 5
  let right = 0
  for (let fold = 0; fold < folds; fold++) {
    const weights = learn(groups.filter((g, i) => i % folds !== fold && g.some((c) => c.isTrue)))
    for (const group of groups.filter((_, i) => i % folds === fold)) {
      const top = group.reduce((a, b) => (score(weights, b) > score(weights, a) ? b : a))
      if (top.isTrue) right++
    }
  }
  return right
}

function print(hits: Map<string, number>, count: number): void {
  console.log(`${count} puzzles, one try each, within ${TOLERANCE_PX} CSS pixels.\n`)
  console.log('| finder | hits | 95 % interval |\n| --- | --- | --- |')
  for (const [name, n] of hits) {
    const [low, high] = wilson(n, count)
    const percent = (p: number) => (p * 100).toFixed(1)
    console.log(`| ${name} | ${percent(n / count)} % | ${percent(low)} to ${percent(high)} % |`)
  }
}

/** Wilson's interval for a share. */
function wilson(n: number, of: number): [number, number] {
  const z = 1.96
  const p = n / of
  const middle = p + (z * z) / (2 * of)
  const half = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  return [(middle - half) / (1 + (z * z) / of), (middle + half) / (1 + (z * z) / of)]
}
