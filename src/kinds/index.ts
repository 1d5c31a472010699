import type { Painter } from '../painting/painter.ts'
import { VERIFIERS } from '../pow/index.ts'
import type { Kind } from './kind.ts'
import { pow } from './pow/pow.ts'
import { slider } from './slider/slider.ts'

/** The names of the kinds that are puzzles: a site can choose among them. */
export const PUZZLES: readonly string[] = ['slider']

/** Every kind that a challenge may ask. To add one: its folder, a line here, and a line in `widget/views.ts`. */
export function kinds(painter: Painter): ReadonlyMap<string, Kind> {
  const all: Kind[] = [pow(VERIFIERS) as Kind, slider(painter) as Kind]
  return new Map(all.map((kind) => [kind.name, kind]))
}
