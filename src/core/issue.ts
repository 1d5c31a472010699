import type { Kind } from '../kinds/kind.ts'
import type { Seal } from '../seal.ts'
import { type Challenge, type Relief, type Task, writeChallenge } from './challenge.ts'
import type { NextReason } from './outcome.ts'
import { type Plan, planFirst, planNext, priceOf } from './plan.ts'
import { type Pressure, reserveUnder, stepFrom } from './pressure.ts'
import type { Random } from './random.ts'
import type { Mode, Site } from './site.ts'

/** What the core needs from outside, handed in. */
export interface Tools {
  seal: Seal
  random: Random
  /** Epoch milliseconds; never goes back. */
  now(): number
  kinds: ReadonlyMap<string, Kind>
}

/** What a page asks a challenge for. */
export interface Inquiry {
  host: string
  action: string
  cdata: string
  tokenLifeMs: number
  withoutPuzzle: boolean
}

/** What a page gets to work on. */
export interface Issued {
  challenge: string
  tasks: { kind: string; prompt: object }[]
  expiresInMs: number
  mode: Mode
  /** How long the work may take before something lighter is asked for; absent where nothing lighter can be had. */
  waitMs?: number
  test?: true
}

/** People type slowly. */
const WORK_LIFE_MS = 10 * 60_000
/** Renewed quietly by the widget before it ends. */
const PUZZLE_LIFE_MS = 5 * 60_000

/** Issues a visitor's first challenge: work alone. */
export function issue(tools: Tools, site: Site, pressure: Pressure, inquiry: Inquiry): Issued {
  const plan = planFirst(site, pressure, inquiry, choosePuzzle(tools, site))
  return close(tools, site, plan, inquiry).issued
}

/**
 * Issues the challenge that follows `last`, and says why there is one.
 *
 * @param network the pressure from the visitor's network now
 */
export function issueNext(
  tools: Tools,
  site: Site,
  last: Challenge,
  reason: NextReason,
  network: number,
): Issued & { reason: NextReason } {
  const puzzle = last.follows || puzzleOf(tools, last) || choosePuzzle(tools, site)
  const plan = planNext(last, puzzle, reason)
  const { issued, complete } = close(tools, site, plan, last, reserveUnder(network))
  if (complete) return { reason, ...issued }
  const busy = close(tools, site, planNext(last, puzzle, 'pictures-busy'), last)
  // Lighter work needs a puzzle beside it, and there is none just now.
  delete busy.issued.waitMs
  return { reason: 'pictures-busy', ...busy.issued }
}

function close(
  tools: Tools,
  site: Site,
  plan: Plan,
  facts: { host: string; action: string; cdata: string; tokenLifeMs: number; startedAt?: number },
  reserve = 0,
): { issued: Issued; complete: boolean } {
  const order = { random: tools.random, ...priceOf(plan, site), reserve }
  const prompts: Issued['tasks'] = []
  const tasks: Task[] = []
  let complete = true
  for (const name of plan.puzzle ? [plan.puzzle, 'pow'] : ['pow']) {
    const made = tools.kinds.get(name)!.create(order)
    if (made) {
      prompts.push({ kind: name, prompt: made.prompt })
      tasks.push({ kind: name, answer: made.answer })
    } else complete = false
  }

  const issuedAt = tools.now()
  const lifeMs = plan.puzzle ? PUZZLE_LIFE_MS : WORK_LIFE_MS
  const challenge = writeChallenge({
    id: newId(tools.random),
    sitekey: site.sitekey,
    host: facts.host,
    action: facts.action,
    cdata: facts.cdata,
    tokenLifeMs: facts.tokenLifeMs,
    startedAt: facts.startedAt ?? issuedAt,
    issuedAt,
    expiresAt: issuedAt + lifeMs,
    mode: site.mode,
    attempt: plan.attempt,
    way: plan.way,
    follows: plan.follows,
    effort: plan.effort,
    relief: plan.relief,
    tasks,
  })
  const issued: Issued = {
    challenge: tools.seal.close('challenge', challenge),
    tasks: prompts,
    expiresInMs: lifeMs,
    mode: site.mode,
  }
  if (!plan.puzzle && canLighten(tools, site, plan.relief)) issued.waitMs = site.waitMs
  if (site.test) issued.test = true
  return { issued, complete }
}

/** True if work of this relief can be made lighter still, as there is a puzzle to ask for beside it. */
export function canLighten(tools: Tools, site: Site, relief: Relief): boolean {
  return stepFrom(relief) !== undefined && !site.test && choosePuzzle(tools, site) !== ''
}

/** 128 random bits, base64url. */
export function newId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('base64url')
}

/** Any kind of puzzle that we have and the site allows; '' if there is none. */
function choosePuzzle(tools: Tools, { kinds }: Site): string {
  const puzzles = [...tools.kinds.values()].filter(
    (kind) => kind.puzzle && (kinds.length === 0 || kinds.includes(kind.name)),
  )
  if (puzzles.length < 2) return puzzles[0]?.name ?? ''
  return puzzles[tools.random.integer(0, puzzles.length)]!.name
}

/** The kind of puzzle in a challenge; '' if it asked for work alone. */
export function puzzleOf(tools: Tools, challenge: Challenge): string {
  return challenge.tasks.find((task) => tools.kinds.get(task.kind)?.puzzle)?.kind ?? ''
}
