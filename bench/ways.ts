import type { Challenge, Relief } from '../src/core/challenge.ts'
import { type Plan, type Price, planFirst, planNext, priceOf } from '../src/core/plan.ts'
import type { Policy } from '../src/core/policy.ts'
import {
  type Call,
  CHALLENGE,
  FADE_MS,
  isRefused,
  networkPressure,
  type Pressure,
  stepFrom,
} from '../src/core/pressure.ts'
import type { Mode, Site } from '../src/core/site.ts'
import { type Chain, costGivingUp } from './costs.ts'

/** Sub-puzzles of a challenge (`kinds/pow/pow.ts`). */
export const COUNT = 8
/** More pictures of one chain than anybody needs. */
const PICTURES = 40
/** Challenges that a network asks for in ten minutes of a calm day, if nothing else is set (`ONE_CAPTCHA_CALM`). */
const CALM = 200
const TEN_MINUTES_MS = 10 * 60_000
/** What a chain with work that was made lighter so often asks for that is counted, in turn. */
const CALLS: Record<Relief, readonly Call[]> = {
  0: [CHALLENGE],
  1: [CHALLENGE, stepFrom(0)!],
  2: [CHALLENGE, stepFrom(0)!, stepFrom(1)!],
}
const PUZZLE = 'slider'

/** What a price comes to, in whatever the asker counts in: seconds of a core, solutions, hashes. */
export type Worth = (price: Price) => number

/** How One Captcha meets somebody: what a site's policy and the pressure come to. */
export interface Meeting {
  policy: Policy
  pressure: Pressure
}

/** A token for work alone; null where a site of this mode asks for a puzzle under this pressure. */
export function workAlone({ policy, pressure }: Meeting, mode: Mode, worth: Worth): number | null {
  const plan = planFirst(site(policy, mode), pressure, { action: '', withoutPuzzle: false }, PUZZLE)
  return plan.follows ? null : worth(priceOf(plan, policy))
}

/** A token for patience, from a site that wants a puzzle. */
export function patience({ policy, pressure }: Meeting, worth: Worth): number {
  const wish = { action: '', withoutPuzzle: true }
  return worth(priceOf(planFirst(site(policy), pressure, wish, PUZZLE), policy))
}

/** A chain of pictures, with work that was made lighter so often. */
export function pictures({ policy, pressure }: Meeting, relief: Relief, worth: Worth): Chain {
  const wish = { action: '', withoutPuzzle: false }
  let plan = planFirst(site(policy), pressure, wish, PUZZLE)
  for (let step = 0; step < relief; step++) plan = planNext(asked(plan), PUZZLE, 'lighter-wanted')
  const first = worth(priceOf(plan, policy))
  const prices: number[] = []
  for (let i = 0; i < PICTURES; i++) {
    plan = planNext(asked(plan), PUZZLE, i === 0 ? 'puzzle-wanted' : 'off-target')
    prices.push(worth(priceOf(plan, policy)))
  }
  return { first, pictures: prices }
}

/**
 * What a token costs who takes so many in ten minutes through one network, for as long as he likes: the pressure is of his
 * own making. Null where the network would be refused.
 */
export function picturesFromOneNetwork(
  tokens: number,
  policy: Policy,
  { relief, hits }: { relief: Relief; hits: number },
  worth: Worth,
): number | null {
  const costs = Array.from({ length: PICTURES }, (_, i) => {
    // The longer a chain, the fewer are begun, and only what begins one is counted.
    const chains = tokens / (1 - (1 - hits) ** (i + 1))
    const pressure = pressureOf(chains, CALLS[relief])
    return pressure && costGivingUp(pictures({ policy, pressure }, relief, worth), hits, i + 1)
  }).filter((cost) => cost !== null)
  return costs.length > 0 ? Math.min(...costs) : null
}

/** The same, for patience. */
export function patienceFromOneNetwork(
  tokens: number,
  policy: Policy,
  worth: Worth,
): number | null {
  const pressure = pressureOf(tokens, CALLS[0])
  return pressure && patience({ policy, pressure }, worth)
}

/** Of so many chains in ten minutes; null if the network would be refused. One network hardly presses on a site. */
function pressureOf(chains: number, calls: readonly Call[]): Pressure | null {
  const weight = calls.reduce((sum, call) => sum + call.weight, 0)
  // Counts fade, and so stand at what three minutes bring.
  const network = networkPressure((chains * weight * FADE_MS) / TEN_MINUTES_MS, CALM)
  return calls.some((call) => isRefused(network, call)) ? null : { network, site: 0 }
}

function site(policy: Policy, mode: Mode = 'puzzle'): Site {
  return { ...policy, sitekey: 'ock_x', hosts: [], mode, name: '', state: 'active', revision: 1 }
}

/** The challenge that a plan would be, as far as the next plan looks at it. */
function asked(plan: Plan): Challenge {
  return { ...plan, tasks: [] } as unknown as Challenge
}
