/** What a site asks of its visitors' machines: the operator's choice, and nobody else's. */
export interface Policy {
  /** Work of a calm day: solutions to try, on average, in each of a challenge's sub-puzzles. */
  effortFloor: number
  /** No pressure and no miss makes the work of a try heavier than this. */
  effortCeiling: number
  /** For how long a visitor's machine may work before something lighter, with a puzzle, should be asked for. */
  waitMs: number
}

/** About half a second for one thread of a desktop on a calm day, four seconds at the most. */
export const DEFAULT_POLICY: Policy = { effortFloor: 8, effortCeiling: 64, waitMs: 4_000 }

/**
 * No try can be heavier. Patience costs eight times as much (`plan.ts`), and then is as heavy as work can be: its attempts
 * are numbered with 16 bits, and must suffice.
 */
export const EFFORT_MAX = 512

/** The limits of each field, both inclusive. */
const LIMITS: Record<keyof Policy, [from: number, to: number]> = {
  effortFloor: [1, EFFORT_MAX],
  effortCeiling: [1, EFFORT_MAX],
  waitMs: [1_000, 60_000],
}

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
  for (const [field, [from, to]] of Object.entries(LIMITS) as [keyof Policy, [number, number]][]) {
    const value = policy[field]
    if (value !== undefined && !(Number.isInteger(value) && value >= from && value <= to)) {
      throw new PolicyError(field, `a whole number from ${from} to ${to}`)
    }
  }
  const { effortFloor = 0, effortCeiling = EFFORT_MAX } = policy
  if (effortFloor > effortCeiling) {
    throw new PolicyError('effortFloor', `at most effortCeiling, which is ${effortCeiling}`)
  }
}
