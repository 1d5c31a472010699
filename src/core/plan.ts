import type { Challenge, Way } from './challenge.ts'
import type { NextReason } from './outcome.ts'
import type { Mode, Site } from './site.ts'

/** How busy it is: challenges asked for in the current ten minutes, as multiples of a calm day's number. */
export interface Pressure {
  /** From the visitor's network. Up to 1 is calm. */
  network: number
  /** For the site, from everywhere. Up to 1 is calm. */
  site: number
}

/** What comes next for a visitor: which tasks, at what price. */
export interface Plan {
  way: Way
  /** The kind of puzzle to ask now; '' for work alone. */
  puzzle: string
  /** The kind of puzzle to ask when this work is right; '' for none. */
  follows: string
  /** Work of a first try, per sub-puzzle. */
  effort: number
  attempt: number
}

/** Work of a calm day: 2¹⁷ expected tries in each of 8 sub-puzzles, about a tenth of a second on a desktop. */
export const EFFORT_CALM = 2 ** 17
/** No visitor is ever asked for more than this before a puzzle: some 3 seconds on a desktop. */
const EFFORT_MAX = 2 ** 22
/** Patience is this many times the work of a try with a puzzle: a bot that could guess one in four gains nothing by it. */
const PATIENCE_FACTOR = 16
const PATIENCE_MAX = 2 ** 23

/** From which pressure on a site asks for a puzzle. */
const PUZZLE_FROM: Record<Mode, number> = { invisible: 8, checkbox: 2, puzzle: 0 }

/** The way for logging in has no puzzle: WCAG 2.2, 3.3.8. */
const LOGIN = 'login'

/** Plans a visitor's first challenge: always work alone, which pays for the picture that may follow. */
export function planFirst(
  site: Site,
  pressure: Pressure,
  wish: { action: string; withoutPuzzle: boolean },
  puzzle: string,
): Plan {
  if (site.test === 'pass') return { way: 'plan', puzzle: '', follows: '', effort: 1, attempt: 0 }
  const effort = effortUnder(pressure)
  if (site.test) return { way: 'plan', puzzle: '', follows: puzzle, effort, attempt: 0 }

  const wanted = Math.max(pressure.network, pressure.site) >= PUZZLE_FROM[site.mode]
  if (!wanted || puzzle === '') return { way: 'plan', puzzle: '', follows: '', effort, attempt: 0 }
  if (wish.withoutPuzzle || wish.action === LOGIN) {
    return { way: 'patience', puzzle: '', follows: '', effort, attempt: 0 }
  }
  return { way: 'plan', puzzle: '', follows: puzzle, effort, attempt: 0 }
}

/** Plans what follows a challenge that did not bring a token. */
export function planNext(last: Challenge, puzzle: string, reason: NextReason): Plan {
  const same = { way: last.way, effort: last.effort, attempt: last.attempt }
  switch (reason) {
    case 'puzzle-wanted':
      return { ...same, puzzle, follows: '' }
    case 'off-target':
    case 'machine-like':
    case 'another-wanted':
      return { ...same, puzzle, follows: '', attempt: last.attempt + 1 }
    case 'work-wrong':
      // A picture is only painted for work that was done.
      return {
        ...same,
        puzzle: '',
        follows: last.way === 'plan' ? last.follows || puzzle : '',
        attempt: last.attempt + 1,
      }
    case 'patience-wanted':
    case 'pictures-busy':
      return { ...same, way: 'patience', puzzle: '', follows: '' }
  }
}

/** The price of a plan's work, per sub-puzzle: doubled by every try before it. */
export function priceOf(plan: Plan): number {
  const tried = plan.effort * 2 ** Math.min(plan.attempt, 16)
  return plan.way === 'patience'
    ? Math.min(tried * PATIENCE_FACTOR, PATIENCE_MAX)
    : Math.min(tried, EFFORT_MAX)
}

function effortUnder(pressure: Pressure): number {
  const factor = Math.max(1, pressure.network) * Math.min(4, Math.max(1, pressure.site))
  return Math.min(Math.round(EFFORT_CALM * factor), EFFORT_MAX)
}
