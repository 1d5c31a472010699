import type { Challenge } from '../core/challenge.ts'
import { puzzleOf, type Tools } from '../core/issue.ts'
import type { NoscriptWay } from '../core/noscript.ts'
import type { FailedReason, NextReason } from '../core/outcome.ts'
import { effortUnder, type Pressure } from '../core/pressure.ts'
import type { Finding } from '../core/redeem.ts'
import type { Site } from '../core/site.ts'
import type { Instead, Solved } from '../core/solve.ts'
import type { Tally } from './tally.ts'
import { waitingLabel } from './waiting.ts'

const FAILED: ReadonlySet<NextReason> = new Set<FailedReason>([
  'off-target',
  'machine-like',
  'work-wrong',
])

/** Counts a first challenge that was issued. */
export function countIssued(tally: Tally, site: Site, action: string, pressure: Pressure): void {
  countBegun(tally, site, action, pressure)
  tally.count(site.sitekey, 'effort', '', effortUnder(pressure, site))
}

/** Counts somebody who begins: for the first picture or the wait without JavaScript, which asks for no work. */
export function countBegun(
  tally: Tally,
  { sitekey }: Site,
  action: string,
  pressure: Pressure,
): void {
  tally.count(sitekey, 'challenges', action)
  tally.count(sitekey, 'pressure', 'site', pressure.site)
  tally.count(sitekey, 'pressure', 'network', pressure.network)
}

/** How a token that came without JavaScript is counted, and how a picture is. */
const NOSCRIPT_LABELS: Record<NoscriptWay, string> = {
  picture: 'noscript',
  wait: 'noscript-wait',
}

/** Counts a picture that was shown without JavaScript. */
export function countPicture(tally: Tally, { sitekey }: Site): void {
  tally.count(sitekey, 'puzzles', NOSCRIPT_LABELS.picture)
}

/** Counts what somebody answered to a picture without JavaScript, or asked for in its place. */
export function countPressed(
  tally: Tally,
  { sitekey }: Site,
  ending: 'hit' | 'off-target' | Exclude<Instead, 'lighter'>,
): void {
  const answered = ending === 'hit' || ending === 'off-target'
  tally.count(sitekey, 'solutions', answered ? '' : ending)
  if (ending === 'off-target') tally.count(sitekey, 'failed', ending)
}

/** Counts a token that came without JavaScript, and how long it took. */
export function countArrived(
  tally: Tally,
  { sitekey }: Site,
  way: NoscriptWay,
  tookMs: number,
): void {
  tally.count(sitekey, 'passed', NOSCRIPT_LABELS[way])
  tally.count(sitekey, 'waited', waitingLabel(tookMs))
}

/** Counts a solution that was judged, and what it brought. */
export function countSolved(
  tally: Tally,
  tools: Tools,
  { challenge, instead }: { challenge: Challenge; instead: Instead | null },
  solved: Solved,
): void {
  const { sitekey } = challenge
  tally.count(sitekey, 'solutions', instead ?? '')
  if ('token' in solved) {
    const way = puzzleOf(tools, challenge) || (challenge.way === 'patience' ? 'patience' : 'work')
    tally.count(sitekey, 'passed', way)
    tally.count(sitekey, 'waited', waitingLabel(tools.now() - challenge.startedAt))
    return
  }
  if (FAILED.has(solved.reason)) tally.count(sitekey, 'failed', solved.reason)
  const puzzle = solved.tasks.find(({ kind }) => tools.kinds.get(kind)!.puzzle)
  if (puzzle) tally.count(sitekey, 'puzzles', puzzle.kind)
}

/** Counts what a site's backend was told of a token. `site` is null where the secret was nobody's. */
export function countFinding(tally: Tally, site: Site | null, finding: Finding): void {
  const sitekey = site?.sitekey ?? ''
  // The public test secrets are no site's either, and nobody guesses at them.
  if (site?.test) return
  if (finding.passed) tally.count(sitekey, 'redeemed', finding.token.action)
  else if (finding.reason === 'token-spent') tally.count(sitekey, 'replayed')
  else tally.count(sitekey, 'refused', finding.reason)
}
