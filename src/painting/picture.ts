import type { Random } from '../core/random.ts'
import { type Chance, chanceFrom } from './chance.ts'
import { type Foreign, foreignFrom, paintGap } from './gap.ts'
import { likeness } from './likeness.ts'
import { newOutline, type Outline } from './outline.ts'
import { coloursOf, type Ink, pieceInks } from './palette.ts'
import type { Photograph } from './photographs.ts'
import { paintPiece } from './piece.ts'
import { findPlaces, GAPS, lineEndsWithin, type Places, type Rim, strongLines } from './placing.ts'
import { COLUMNS, ROWS } from './size.ts'
import { paintedSubject, photographSubject, type Subject } from './subject.ts'

/** A puzzle as pixels, before it is encoded. Places in CSS pixels. */
export interface Painting {
  /** RGB, row by row. */
  scene: Uint8Array
  /** RGBA, row by row. */
  piece: Uint8Array
  pieceWidth: number
  pieceHeight: number
  y: number
  gapX: number
  /** Every gap's place, for the lab and the tests. Never sent. */
  gapXs: readonly number[]
}

/**
 * Paints puzzles one after the other; each one's gaps are filled from the one before.
 *
 * @param photographs used for every other puzzle, if there are any
 */
export function newStudio(random: Random, photographs: readonly Photograph[] = []): () => Painting {
  const chance = chanceFrom(random)
  const canvas = new Int32Array(COLUMNS * ROWS)
  let foreign: Foreign | null = null
  let painted = 0

  function nextSubject(): Subject {
    const photograph = photographs.length > 0 && painted % 2 === 1
    return photograph ? photographSubject(chance, chance.pick(photographs)) : paintedSubject(chance)
  }

  return () => {
    if (!foreign) {
      const { paint, inks } = paintedSubject(chance)
      paint(inks, 0, COLUMNS, canvas)
      foreign = foreignFrom(canvas)
    }
    painted++
    let composition = compose(chance, nextSubject)
    let choice = choose(random, chance, composition)
    while (!choice) {
      composition = compose(chance, nextSubject)
      choice = choose(random, chance, composition)
    }
    const { subject, outline, places } = composition
    const { land, inks } = subject
    const { truth, rims, look } = choice
    subject.paint(inks, 0, COLUMNS, canvas)
    const next = foreignFrom(canvas)
    for (const { x } of rims) paintGap(chance, canvas, outline, foreign, { x, y: places.y })
    foreign = next

    const gapX = rims[truth]!.x
    const strong = strongLines(land, coloursOf(inks))
    const place = { x: gapX, y: places.y }
    return {
      scene: toRows(canvas),
      piece: paintPiece(chance, subject, look, strong, outline, place),
      pieceWidth: outline.width,
      pieceHeight: outline.height,
      y: places.y,
      gapX,
      gapXs: rims.map((rim) => rim.x),
    }
  }
}

/** How often colours and places are drawn anew until the true gap looks as likely to a machine as was drawn by lot. */
const CHOICES = 16
const LINE_ENDS_ENOUGH = 3

/**
 * Chooses which gap is true, and the piece's colours. By lot it is decided beforehand whether the true gap shall seem
 * the likeliest to a machine, the second, the third or the last; then places and colours are drawn until it does, or nearly. Null if a person would
 * see too little in every piece that was drawn.
 */
function choose(
  random: Random,
  chance: Chance,
  { subject: { land, inks }, places }: Composition,
): { truth: number; rims: readonly Rim[]; look: Ink[] } | null {
  const truth = random.integer(0, GAPS)
  const rank = random.integer(0, GAPS)
  const colours = coloursOf(inks)
  let kept: { rims: readonly Rim[]; look: Ink[] } | null = null
  let least = Infinity
  let { rims } = places
  for (let i = 0; i < CHOICES && least > 0; i++) {
    if (i % 2 === 1) rims = places.again() ?? rims
    const look = pieceInks(chance, inks)
    const lookColours = coloursOf(look)
    const { within } = rims[truth]!
    if (lineEndsWithin(rims[truth]!, strongLines(land, lookColours)) < LINE_ENDS_ENOUGH) continue
    const seeming = rims.map((rim) => likeness(within, rim.around, lookColours, colours))
    const better = seeming.filter((value) => value > seeming[truth]!).length
    const miss = Math.abs(better - rank)
    if (miss < least) {
      least = miss
      kept = { rims, look }
    }
  }
  return kept && { truth, ...kept }
}

interface Composition {
  subject: Subject
  outline: Outline
  places: Places
}

/** How many photographs in a row may have no good places before a scene is painted instead. */
const SUBJECTS_MAX = 12

/** Draws subjects until one has four good places. Only maps are drawn for this, not pixels. */
function compose(chance: Chance, nextSubject: () => Subject): Composition {
  for (let i = 0; ; i++) {
    const subject = i < SUBJECTS_MAX ? nextSubject() : paintedSubject(chance)
    const outline = newOutline(chance)
    const places = findPlaces(chance, subject.land, coloursOf(subject.inks), outline)
    if (places) return { subject, outline, places }
  }
}

const BLOCK = 16

/** From columns of 0xBBGGRR to rows of RGB, in blocks that fit the nearest cache. */
function toRows(canvas: Int32Array): Uint8Array {
  const rgb = new Uint8Array(COLUMNS * ROWS * 3)
  for (let left = 0; left < COLUMNS; left += BLOCK) {
    for (let y = 0; y < ROWS; y++) {
      let at = (y * COLUMNS + left) * 3
      for (let x = left; x < left + BLOCK; x++) {
        const colour = canvas[x * ROWS + y]!
        rgb[at++] = colour & 255
        rgb[at++] = (colour >> 8) & 255
        rgb[at++] = (colour >> 16) & 255
      }
    }
  }
  return rgb
}
