import type { Random } from '../core/random.ts'
import { paintColumns } from './brush.ts'
import { type Chance, chanceFrom } from './chance.ts'
import { type Foreign, foreignFrom, paintGap } from './gap.ts'
import type { Land } from './land.ts'
import { newOutline, type Outline } from './outline.ts'
import { type Ink, type Palette, paletteOf, pieceInks, sceneInks } from './palette.ts'
import { paintPiece } from './piece.ts'
import { findPlaces, GAPS, lineEndsWithin, type Places, strongLines } from './placing.ts'
import { newScene } from './scenes/index.ts'
import { COLUMNS, ROWS } from './size.ts'

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

/** Paints puzzles one after the other; each one's gaps are filled from the one before. */
export function newStudio(random: Random): () => Painting {
  const chance = chanceFrom(random)
  const canvas = new Int32Array(COLUMNS * ROWS)
  let foreign: Foreign | null = null

  return () => {
    if (!foreign) {
      const land = newScene(chance)
      paintColumns(land, paletteOf(sceneInks(chance, land)), 0, COLUMNS, canvas)
      foreign = foreignFrom(canvas)
    }
    const { land, inks, palette, outline, places } = compose(chance)
    paintColumns(land, palette, 0, COLUMNS, canvas)
    const next = foreignFrom(canvas)
    for (const x of places.xs) paintGap(chance, canvas, outline, foreign, { x, y: places.y })
    foreign = next

    const gapX = places.xs[random.integer(0, GAPS)]!
    const place = { x: gapX, y: places.y }
    const strong = strongLines(land, palette)
    const look = lookOfPiece(chance, land, inks, outline, place)
    const piece = paintPiece(chance, land, look, strong, outline, place)
    return {
      scene: toRows(canvas),
      piece,
      pieceWidth: outline.width,
      pieceHeight: outline.height,
      y: places.y,
      gapX,
      gapXs: places.xs,
    }
  }
}

/** Colours in which the piece's lines can be seen; the best of a few. */
function lookOfPiece(
  chance: Chance,
  land: Land,
  inks: readonly Ink[],
  outline: Outline,
  place: { x: number; y: number },
): Palette {
  let best: Palette = []
  let most = -1
  for (let i = 0; i < LOOKS && most < LINE_ENDS_ENOUGH; i++) {
    const palette = paletteOf(pieceInks(chance, inks))
    const ends = lineEndsWithin(land, palette, outline, place)
    if (ends > most) {
      most = ends
      best = palette
    }
  }
  return best
}

const LOOKS = 6
const LINE_ENDS_ENOUGH = 3

interface Composition {
  land: Land
  inks: Ink[]
  palette: Palette
  outline: Outline
  places: Places
}

/** Draws scenes until one has four good places. Only maps are drawn for this, not pixels. */
function compose(chance: Chance): Composition {
  for (;;) {
    const land = newScene(chance)
    const inks = sceneInks(chance, land)
    const palette = paletteOf(inks)
    const outline = newOutline(chance)
    const places = findPlaces(chance, land, palette, outline)
    if (places) return { land, inks, palette, outline, places }
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
