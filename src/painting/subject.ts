import { paintColumns } from './brush.ts'
import type { Chance } from './chance.ts'
import { type Colour, fromRgb, toRgb } from './colour.ts'
import { addRegion, type Land, newLand } from './land.ts'
import { type Ink, paletteOf, plainInk, sceneInks } from './palette.ts'
import { PHOTOGRAPH_COLUMNS, PHOTOGRAPH_ROWS, type Photograph } from './photographs.ts'
import { newScene } from './scenes/index.ts'
import { COLUMNS, ROWS } from './size.ts'

/** What a picture shows: a map of its regions, their colours, and a way to paint any columns in any look. */
export interface Subject {
  land: Land
  inks: readonly Ink[]
  /** True if the regions' edges are lines that a pen may follow. */
  drawn: boolean
  paint(look: readonly Ink[], fromX: number, toX: number, canvas: Int32Array): void
}

/** A scene that nobody has seen before. */
export function paintedSubject(chance: Chance): Subject {
  const land = newScene(chance)
  return {
    land,
    inks: sceneInks(chance, land),
    drawn: true,
    paint: (look, fromX, toX, canvas) => paintColumns(land, paletteOf(look), fromX, toX, canvas),
  }
}

/** Shades of grey from which a photograph's regions are made, and kinds of tint within each. */
const SHADES = 6
const TINTS = 3

/** A part of a photograph, turned around or not, with the regions that its colours make. */
export function photographSubject(chance: Chance, photograph: Photograph): Subject {
  const canvas = cropOf(chance, photograph)
  const land = newLand({ role: 'band' })
  while (land.regions.length < SHADES * TINTS) addRegion(land, { role: 'band' })
  const inks = divide(canvas, land)
  return {
    land,
    inks,
    drawn: false,
    paint(look, fromX, toX, out) {
      const shifts = look.map((ink, i) => shiftBetween(inks[i]!.head, ink.head))
      for (let i = fromX * ROWS; i < toX * ROWS; i++) {
        const [red, green, blue] = shifts[land.labels[i]!]!
        const colour = canvas[i]!
        out[i - fromX * ROWS] =
          clamp((colour & 255) + red) |
          (clamp(((colour >> 8) & 255) + green) << 8) |
          (clamp(((colour >> 16) & 255) + blue) << 16)
      }
    },
  }
}

function cropOf(chance: Chance, photograph: Photograph): Int32Array {
  const canvas = new Int32Array(COLUMNS * ROWS)
  const scale = chance.between(1, PHOTOGRAPH_COLUMNS / COLUMNS)
  const left = chance.between(0, PHOTOGRAPH_COLUMNS - COLUMNS * scale)
  const top = chance.between(0, PHOTOGRAPH_ROWS - ROWS * scale)
  const mirrored = chance.happens(0.5)
  for (let x = 0; x < COLUMNS; x++) {
    const fromX = Math.floor(left + (mirrored ? COLUMNS - 1 - x : x) * scale)
    for (let y = 0; y < ROWS; y++) {
      const at = (Math.floor(top + y * scale) * PHOTOGRAPH_COLUMNS + fromX) * 3
      canvas[x * ROWS + y] =
        photograph[at]! | (photograph[at + 1]! << 8) | (photograph[at + 2]! << 16)
    }
  }
  return canvas
}

const CELL = 8

/** Labels a canvas by the colours of its cells, and returns each label's mean colour. */
function divide(canvas: Int32Array, land: Land): Ink[] {
  const sums = land.regions.map(() => [0, 0, 0, 0])
  for (let left = 0; left < COLUMNS; left += CELL) {
    for (let top = 0; top < ROWS; top += CELL) {
      const mean = meanOf(canvas, left, top)
      const label = labelOf(mean)
      for (let x = left; x < left + CELL; x++) {
        land.labels.fill(label, x * ROWS + top, x * ROWS + top + CELL)
      }
      for (let k = 0; k < 3; k++) sums[label]![k]! += mean[k]!
      sums[label]![3]!++
    }
  }
  return sums.map(([red, green, blue, n]) =>
    plainInk(fromRgb(red! / (n! || 1), green! / (n! || 1), blue! / (n! || 1))),
  )
}

function meanOf(canvas: Int32Array, left: number, top: number): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < 16; i++) {
    const colour = canvas[(left + (i >> 2) * 2) * ROWS + top + (i & 3) * 2]!
    mean[0] += (colour & 255) / 16
    mean[1] += ((colour >> 8) & 255) / 16
    mean[2] += ((colour >> 16) & 255) / 16
  }
  return mean
}

function labelOf([red, green, blue]: [number, number, number]): number {
  const gray = 0.3 * red + 0.59 * green + 0.11 * blue
  const warm = red - blue
  const tint = warm > 24 ? 2 : warm < -16 ? 0 : 1
  return Math.min(SHADES - 1, Math.floor((gray / 256) * SHADES)) * TINTS + tint
}

function shiftBetween(from: Colour, to: Colour): [number, number, number] {
  const a = toRgb(from)
  const b = toRgb(to)
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value))
}
