import type { Chance } from './chance.ts'
import { type Colour, mixColours, shift, toRgb } from './colour.ts'
import type { Land, Region } from './land.ts'

/** Steps of depth and of light in a region's table of colours. */
export const STEPS = 32

/** A region's colours by depth and light: `table[depth * STEPS + light]`, as 0xBBGGRR. */
export type Table = Int32Array

/** One colour table per region of a land. */
export type Palette = readonly Table[]

/** A region's colours, before they become a table: at its head, at its foot, and how light and shade change them. */
export interface Ink {
  head: Colour
  foot: Colour
  lit: (colour: Colour) => Colour
  shaded: (colour: Colour) => Colour
}

/** A time of day, or a way to print: what the sky and the land look like at their ends. */
interface Mood {
  zenith: Colour
  horizon: Colour
  far: Colour
  near: Colour
  sun: Colour
  /** How far the fields' and bands' hues stray. */
  stray: number
}

/** Chooses a whole scene's colours as it would look in one light. */
export function sceneInks(chance: Chance, land: Land): Ink[] {
  const mood = moodOf(chance)
  return land.regions.map((region) => inkOf(region, mood, chance.between(-1, 1)))
}

/**
 * The piece's own colours: those of the scene in another light, and each region's a little by itself. A person still
 * knows meadow from rock; whoever compares numbers across the rim compares two lights.
 */
export function pieceInks(chance: Chance, inks: readonly Ink[]): Ink[] {
  const lighter = chance.between(-0.22, 0.22)
  const vivid = chance.between(0.6, 1.3)
  const turn = chance.between(-40, 40)
  return inks.map((ink) => {
    const own = lighter + chance.between(-OWN_LIGHT, OWN_LIGHT)
    const ownTurn = turn + chance.between(-6, 6)
    const tune = (colour: Colour) => {
      const shifted = shift(colour, own, vivid)
      return {
        l: Math.max(0.24, Math.min(0.95, shifted.l)),
        c: shifted.c + 0.01,
        h: shifted.h + ownTurn,
      }
    }
    return { ...ink, head: tune(ink.head), foot: tune(ink.foot) }
  })
}

/** How far a region's lightness in the piece may stray by itself. */
const OWN_LIGHT = 0.09

/** An ink of one colour throughout. */
export function plainInk(colour: Colour): Ink {
  const same = (c: Colour) => c
  return { head: colour, foot: colour, lit: same, shaded: same }
}

/** One colour per region, for reckoning with: what it looks like half-way down. */
export function coloursOf(inks: readonly Ink[]): Colour[] {
  return inks.map((ink) => mixColours(ink.head, ink.foot, 0.4))
}

/** Makes tables of colours: what the brush paints from. */
export function paletteOf(inks: readonly Ink[]): Palette {
  return inks.map(tableOf)
}

function moodOf(chance: Chance): Mood {
  const mood = chance.pick(MOODS)
  const turn = chance.between(-14, 14)
  const tune = (colour: Colour): Colour => ({
    l: Math.max(0.08, Math.min(0.97, colour.l + chance.between(-0.04, 0.04))),
    c: colour.c * chance.between(0.75, 1.2),
    h: colour.h + turn + chance.between(-8, 8),
  })
  return {
    zenith: tune(mood.zenith),
    horizon: tune(mood.horizon),
    far: tune(mood.far),
    near: tune(mood.near),
    sun: tune(mood.sun),
    stray: mood.stray,
  }
}

function inkOf(region: Region, mood: Mood, jitter: number): Ink {
  const { nearness } = region
  const ground = mixColours(mood.far, mood.near, nearness)
  const strayed = {
    ...ground,
    h: ground.h + jitter * mood.stray,
    c: ground.c * (1.1 + jitter * 0.3),
  }
  const byLight = {
    lit: (colour: Colour) => shift(mixColours(colour, mood.sun, 0.18), 0.09, 1.15),
    shaded: (colour: Colour) => shift(colour, -0.1, 0.95),
  }
  switch (region.role) {
    case 'sky':
      return {
        head: mood.zenith,
        foot: mood.horizon,
        lit: (colour) => shift(mixColours(colour, mood.sun, 0.5), 0.12, 0.5),
        shaded: (colour) => shift(colour, -0.03),
      }
    case 'sun':
      return { head: mood.sun, foot: mood.sun, ...byLight }
    case 'snow':
      return {
        head: shift(mixColours(mood.horizon, mood.sun, 0.4), 0.08, 0.5),
        foot: shift(mixColours(mood.horizon, ground, 0.3), 0.02, 0.7),
        lit: (colour) => shift(colour, 0.06, 0.6),
        shaded: (colour) => shift(mixColours(colour, mood.zenith, 0.4), -0.12),
      }
    case 'water':
      return {
        head: shift(mood.horizon, -0.06),
        foot: shift(mixColours(mood.zenith, mood.near, 0.35), -0.05),
        lit: (colour) => shift(colour, 0.13),
        shaded: (colour) => shift(colour, -0.06),
      }
    case 'path':
      return {
        head: shift(mixColours(mood.horizon, ground, 0.25), -0.02, 0.7),
        foot: shift(mixColours(mood.horizon, ground, 0.45), -0.04, 0.7),
        ...byLight,
      }
    case 'wall':
      return {
        head: shift(ground, jitter * 0.14),
        foot: shift(mixColours(ground, mood.horizon, 0.3), jitter * 0.11),
        ...byLight,
      }
    case 'window':
      return { head: mood.sun, foot: mood.sun, ...byLight }
    case 'field':
    case 'band': {
      const head = shift(strayed, jitter * 0.15)
      return { head, foot: shift(head, -0.07), ...byLight }
    }
    case 'ridge':
      return {
        head: shift(strayed, jitter * 0.06),
        // Haze gathers at the foot, most of all far away.
        foot: mixColours(strayed, mood.horizon, 0.45 - 0.38 * nearness),
        ...byLight,
      }
  }
}

function tableOf(ink: Ink): Table {
  const table = new Int32Array(STEPS * STEPS)
  const corners = [ink.head, ink.foot].map((end) => [ink.shaded(end), end, ink.lit(end)].map(toRgb))
  const rgb = [0, 0, 0]
  for (let depth = 0; depth < STEPS; depth++) {
    const t = depth / (STEPS - 1)
    for (let light = 0; light < STEPS; light++) {
      const u = (light * 2) / (STEPS - 1)
      const i = u < 1 ? 0 : 1
      for (let k = 0; k < 3; k++) {
        const head = corners[0]![i]![k]! + (corners[0]![i + 1]![k]! - corners[0]![i]![k]!) * (u - i)
        const foot = corners[1]![i]![k]! + (corners[1]![i + 1]![k]! - corners[1]![i]![k]!) * (u - i)
        rgb[k] = head + (foot - head) * t
      }
      table[depth * STEPS + light] = rgb[0]! | (rgb[1]! << 8) | (rgb[2]! << 16)
    }
  }
  return table
}

const colour = (l: number, c: number, h: number): Colour => ({ l, c, h })

const MOODS: readonly Mood[] = [
  // A clear day.
  {
    zenith: colour(0.62, 0.12, 245),
    horizon: colour(0.92, 0.04, 225),
    far: colour(0.74, 0.06, 235),
    near: colour(0.42, 0.1, 145),
    sun: colour(0.97, 0.06, 95),
    stray: 35,
  },
  // Late afternoon.
  {
    zenith: colour(0.74, 0.07, 225),
    horizon: colour(0.93, 0.08, 85),
    far: colour(0.78, 0.07, 60),
    near: colour(0.38, 0.08, 60),
    sun: colour(0.96, 0.1, 85),
    stray: 30,
  },
  // Dusk.
  {
    zenith: colour(0.42, 0.1, 285),
    horizon: colour(0.82, 0.12, 45),
    far: colour(0.64, 0.11, 350),
    near: colour(0.3, 0.08, 290),
    sun: colour(0.93, 0.11, 75),
    stray: 25,
  },
  // Night.
  {
    zenith: colour(0.34, 0.08, 270),
    horizon: colour(0.62, 0.08, 250),
    far: colour(0.56, 0.08, 255),
    near: colour(0.26, 0.06, 260),
    sun: colour(0.93, 0.04, 100),
    stray: 25,
  },
  // Morning mist.
  {
    zenith: colour(0.82, 0.03, 220),
    horizon: colour(0.95, 0.02, 90),
    far: colour(0.84, 0.03, 210),
    near: colour(0.4, 0.05, 190),
    sun: colour(0.98, 0.04, 95),
    stray: 40,
  },
  // Blossom.
  {
    zenith: colour(0.78, 0.07, 210),
    horizon: colour(0.95, 0.04, 20),
    far: colour(0.8, 0.08, 350),
    near: colour(0.45, 0.1, 165),
    sun: colour(0.97, 0.05, 50),
    stray: 60,
  },
  // Autumn.
  {
    zenith: colour(0.72, 0.08, 235),
    horizon: colour(0.94, 0.05, 80),
    far: colour(0.72, 0.09, 70),
    near: colour(0.42, 0.12, 35),
    sun: colour(0.97, 0.08, 90),
    stray: 45,
  },
  // Desert.
  {
    zenith: colour(0.66, 0.1, 225),
    horizon: colour(0.93, 0.05, 70),
    far: colour(0.82, 0.08, 65),
    near: colour(0.52, 0.13, 45),
    sun: colour(0.97, 0.08, 90),
    stray: 20,
  },
  // Northern lights.
  {
    zenith: colour(0.34, 0.09, 285),
    horizon: colour(0.76, 0.13, 170),
    far: colour(0.6, 0.09, 200),
    near: colour(0.27, 0.06, 240),
    sun: colour(0.95, 0.05, 160),
    stray: 30,
  },
]
