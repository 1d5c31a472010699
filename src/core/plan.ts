import type { Challenge, Relief, Way } from './challenge.ts'
import type { NextReason } from './outcome.ts'
import type { Policy } from './policy.ts'
import { effortUnder, type Pressure } from './pressure.ts'
import type { Mode, Site } from './site.ts'

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
  relief: Relief
}

/** What a plan's work costs: `effort` expected tries per sub-puzzle, of what the algorithm tries. */
export interface Price {
  algorithm: 'equix' | 'sha256'
  effort: number
}

/**
 * Patience costs as much as this many tries. A try with a puzzle costs its work twice, before the picture and with it, and
 * who guesses one of four gaps needs four: a robot gains nothing by patience, nor by guessing in place of it.
 */
const PATIENCE_TRIES = 8
/** What the first relief divides the price by. */
const RELIEF_DIVISOR = 8
/**
 * The toll of the second relief, in SHA-256 hashes per sub-puzzle: one second to four for a phone that runs JavaScript
 * without compiling it, at 40,000 hashes a second.
 */
const TOLL_MIN = 2 ** 12
const TOLL_MAX = 2 ** 14

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
  const first = { way: 'plan', puzzle: '', attempt: 0, relief: 0 } as const
  if (site.test) return { ...first, follows: site.test === 'pass' ? '' : puzzle, effort: 1 }

  const effort = effortUnder(pressure, site)
  const wanted = Math.max(pressure.network, pressure.site) >= PUZZLE_FROM[site.mode]
  if (!wanted || puzzle === '') return { ...first, follows: '', effort }
  if (wish.withoutPuzzle || wish.action === LOGIN) {
    return { ...first, way: 'patience', follows: '', effort }
  }
  return { ...first, follows: puzzle, effort }
}

/** Plans what follows a challenge that did not bring a token. */
export function planNext(last: Challenge, puzzle: string, reason: NextReason): Plan {
  const { way, effort, attempt, relief } = last
  const same = { way, effort, attempt, relief }
  switch (reason) {
    case 'puzzle-wanted':
      return { ...same, puzzle, follows: '' }
    case 'off-target':
    case 'machine-like':
    case 'another-wanted':
      return { ...same, puzzle, follows: '', attempt: attempt + 1 }
    case 'work-wrong':
      // A picture is only painted for work that was done.
      return { ...same, puzzle: '', follows: way === 'plan' ? puzzle : '', attempt: attempt + 1 }
    case 'lighter-wanted':
      return { ...same, way: 'plan', puzzle: '', follows: puzzle, relief: relief === 0 ? 1 : 2 }
    case 'pictures-busy':
      // Whose machine is slow has no patience: the same once more, until there is a picture.
      if (relief > 0) return { ...same, puzzle: '', follows: puzzle, attempt: attempt + 1 }
      return { ...same, way: 'patience', puzzle: '', follows: '' }
    case 'patience-wanted':
      return { ...same, way: 'patience', puzzle: '', follows: '' }
  }
}

/** The price of a plan's work: doubled by every try before it, up to the site's ceiling. */
export function priceOf({ way, effort, attempt, relief }: Plan, policy: Policy): Price {
  const tried = Math.min(effort * 2 ** Math.min(attempt, 16), policy.effortCeiling)
  // In full, however often the work was made lighter: otherwise relief would buy the way without a puzzle.
  if (way === 'patience') {
    return { algorithm: 'equix', effort: tried * PATIENCE_TRIES }
  }
  switch (relief) {
    case 0:
      return { algorithm: 'equix', effort: tried }
    case 1:
      return { algorithm: 'equix', effort: Math.max(1, Math.round(tried / RELIEF_DIVISOR)) }
    case 2: {
      const toll = Math.round((TOLL_MIN * tried) / policy.effortFloor)
      return { algorithm: 'sha256', effort: Math.min(Math.max(toll, TOLL_MIN), TOLL_MAX) }
    }
  }
}
