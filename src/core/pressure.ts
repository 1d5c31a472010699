import type { Relief } from './challenge.ts'
import type { Policy } from './policy.ts'

/** How busy it is: challenges asked for lately, as multiples of what a calm day has. */
export interface Pressure {
  /** From the visitor's network. Up to 1 is calm. */
  network: number
  /** For the site, from everywhere. Up to 1 is calm. */
  site: number
}

/** Challenges fade from the counts with age: slowly enough to tell a crowd from a click, and gone with the crowd. */
export const FADE_MS = 3 * 60_000
/** The operator's calm number is of ten minutes. */
const CALM_MS = 10 * 60_000
/** A site's calm day is this many networks' calm days. */
const SITE_CALM_NETWORKS = 50
/** The site's pressure alone makes work this many times as heavy at most: a crowd is no crime. */
const SITE_FACTOR_MAX = 4

/** Something that a visitor asks for, and that is counted. */
export interface Call {
  /** How many challenges it counts for. */
  weight: number
  /** From a network with more pressure it is refused: work has long been as heavy there as it gets. */
  pressureMax: number
}

/** A visitor's first challenge. */
export const CHALLENGE: Call = { weight: 1, pressureMax: 60 }

/**
 * A picture, or a wait, for a browser without JavaScript. No work pays for it: it counts for as many challenges as a first step
 * to lighter work does in all, and a network in which it is not rare gets no more of it.
 */
export const NOSCRIPT: Call = { weight: 8, pressureMax: 8 }

/**
 * A step to lighter work, by the relief before it. The first counts for as many challenges as it spares its taker. The
 * second leaves no work worth the name to a robot: it must be rare, and a network in which it is not gets no more of it.
 */
const STEPS: readonly Call[] = [
  { weight: 7, pressureMax: 60 },
  { weight: 60, pressureMax: 8 },
]

/** The pressure from a network, of a fading count of its challenges. */
export function networkPressure(count: number, calm: number): number {
  return count / calmCount(calm)
}

/** The pressure on a site, of a fading count of challenges from everywhere. */
export function sitePressure(count: number, calm: number): number {
  return count / (SITE_CALM_NETWORKS * calmCount(calm))
}

/**
 * What a challenge weighs in its site's count: less, the more its network asks for. So no network counts for more than a
 * calm one's worth, and a few that are busy pay for it themselves; the site's pressure tells how many they are.
 */
export function siteWeight(network: number): number {
  return 1 / Math.max(1, network)
}

/** True if a network under this pressure gets nothing of the sort for a while. */
export function isRefused(network: number, { pressureMax }: Call = CHALLENGE): boolean {
  return network > pressureMax
}

/** The step to lighter work that comes after this relief; there is none after the last. */
export function stepFrom(relief: Relief): Call | undefined {
  return STEPS[relief]
}

/**
 * The control law: how heavy the work of a first try is, per sub-puzzle.
 *
 * It grows in proportion to the pressure of the visitor's network, so that who asks for twice as much pays four times as
 * much; and with the root of the site's, because most of those who come in a crowd have done nothing to bring it about.
 * Between the site's floor and ceiling it is continuous, but for rounding, and never falls: nobody gains by one
 * challenge more.
 */
export function effortUnder({ network, site }: Pressure, policy: Policy): number {
  const crowd = Math.min(SITE_FACTOR_MAX, Math.sqrt(Math.max(1, site)))
  const effort = Math.round(policy.effortFloor * Math.max(1, network) * crowd)
  return Math.min(effort, policy.effortCeiling)
}

/**
 * The share of the pictures on the shelf that a visitor leaves there for others: next to none from a quiet network, half
 * from one that is as busy as a calm day's, nearly all from a busy one. Robots that ask for many get what is left over,
 * and do not take the last from people.
 */
export function reserveUnder(network: number): number {
  return network / (1 + network)
}

/** A steady calm day's fading count. */
function calmCount(calm: number): number {
  return (calm * FADE_MS) / CALM_MS
}
