/** How the widget looks: as the visitor's system, or always in one way. */
export type Theme = 'auto' | 'light' | 'dark'

/** What a site's backend should do while the service cannot answer: let nobody through, or everybody. Advice for SDKs. */
export type OnFailure = 'closed' | 'open'

/** What a site asks of its visitors and their machines: its owners' choice, and nobody else's. */
export interface Policy {
  /** Work of a calm day: solutions to try, on average, in each of a challenge's sub-puzzles. */
  effortFloor: number
  /** No pressure and no miss makes the work of a try heavier than this. */
  effortCeiling: number
  /** For how long a visitor's machine may work before something lighter, with a puzzle, should be asked for. */
  waitMs: number
  /** The longest life that a page may ask for its tokens. */
  tokenLifeMs: number
  /** The kinds of puzzle that may be asked; empty for any. */
  kinds: readonly string[]
  theme: Theme
  onFailure: OnFailure
  /**
   * How many tokens can be had in an hour without JavaScript, by each of its ways (`noscript.ts`); 0 for none. There is no work
   * in them, so it is this number that bounds what a robot gets there.
   */
  noscriptPerHour: number
}

/** About half a second for one thread of a desktop on a calm day, four seconds at the most. */
export const DEFAULT_POLICY: Policy = {
  effortFloor: 8,
  effortCeiling: 64,
  waitMs: 4_000,
  tokenLifeMs: 600_000,
  kinds: [],
  theme: 'auto',
  onFailure: 'closed',
  noscriptPerHour: 0,
}

/** What each choice can be. */
export const THEMES: readonly Theme[] = ['auto', 'light', 'dark']
export const ON_FAILURES: readonly OnFailure[] = ['closed', 'open']

/**
 * No try can be heavier. Patience costs eight times as much (`plan.ts`), and then is as heavy as work can be: its attempts
 * are numbered with 16 bits, and must suffice.
 */
export const EFFORT_MAX = 512

/** The limits of each field, both inclusive. */
export const POLICY_LIMITS = {
  effortFloor: [1, EFFORT_MAX],
  effortCeiling: [1, EFFORT_MAX],
  waitMs: [1_000, 60_000],
  tokenLifeMs: [15_000, 600_000],
  noscriptPerHour: [0, 10_000],
} as const satisfies Partial<Record<keyof Policy, readonly [from: number, to: number]>>

/** A policy that cannot be. `field` and `must` say which part, and what it must be. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly field: keyof Policy
  readonly must: string

  constructor(field: keyof Policy, must: string) {
    super(`${field} must be ${must}.`)
    this.field = field
    this.must = must
  }
}

/** Throws a `PolicyError` unless every part that is given is within its limits, and the floor not above the ceiling. */
export function assertPolicy(policy: Partial<Policy>): void {
  for (const field of Object.keys(POLICY_LIMITS) as (keyof typeof POLICY_LIMITS)[]) {
    const [from, to] = POLICY_LIMITS[field]
    const value = policy[field]
    if (value !== undefined && !(Number.isInteger(value) && value >= from && value <= to)) {
      throw new PolicyError(field, `a whole number from ${from} to ${to}`)
    }
  }
  assertOneOf('theme', policy.theme, THEMES)
  assertOneOf('onFailure', policy.onFailure, ON_FAILURES)
  if (policy.kinds?.some((kind) => !/^[a-z]{1,16}$/.test(kind))) {
    throw new PolicyError('kinds', 'names of kinds of puzzle')
  }
  const { effortFloor = 0, effortCeiling = EFFORT_MAX } = policy
  if (effortFloor > effortCeiling) {
    throw new PolicyError('effortFloor', `at most effortCeiling, which is ${effortCeiling}`)
  }
}

function assertOneOf(field: keyof Policy, value: string | undefined, choices: readonly string[]) {
  if (value !== undefined && !choices.includes(value)) {
    throw new PolicyError(field, `one of ${choices.join(', ')}`)
  }
}
