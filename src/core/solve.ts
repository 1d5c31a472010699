import type { Trace } from '../kinds/kind.ts'
import { BadRequest } from './bad-request.ts'
import { type Challenge, readChallenge } from './challenge.ts'
import { canLighten, type Issued, issueNext, newId, puzzleOf, type Tools } from './issue.ts'
import type { NextReason } from './outcome.ts'
import type { Site } from './site.ts'
import { writeToken } from './token.ts'

/** What a visitor may ask for: in place of answering a puzzle, or, with `lighter`, in place of doing work. */
export type Instead = 'another' | 'patience' | 'lighter'

/** A solution that was read and found to be one, though not yet judged. */
export interface Solution {
  challenge: Challenge
  /** One reader's result per task; null where the visitor asked for something else instead. */
  replies: unknown[]
  trace: Trace | null
  instead: Instead | null
  /** SHA-256 of the sealed challenge's characters. */
  seed: Uint8Array
  /** The pressure from the visitor's network now. */
  network: number
}

/** What a solution brings: a token, or the next challenge and why. */
export type Solved = { token: string; expiresInMs: number } | (Issued & { reason: NextReason })

/** Opens a challenge as a stranger handed it back. Throws `challenge-invalid` or `challenge-expired`. */
export function openChallenge(tools: Tools, sealed: string): Challenge {
  const text = tools.seal.open('challenge', sealed)
  if (text === null) {
    throw new BadRequest(
      'challenge-invalid',
      'This challenge was not issued here, or was altered.',
      'challenge',
    )
  }
  const challenge = readChallenge(text)
  if (challenge.expiresAt <= tools.now()) {
    throw challengeExpired()
  }
  return challenge
}

/** For a challenge that has ended, or of which nobody can tell any more whether it was answered. */
export function challengeExpired(): BadRequest {
  return new BadRequest(
    'challenge-expired',
    'This challenge has ended. Ask for a new one.',
    'challenge',
  )
}

/** Reads the replies, each by its own kind. Nothing is judged yet. Throws `reply-invalid`. */
export function readReplies(
  tools: Tools,
  site: Site,
  challenge: Challenge,
  replies: readonly unknown[],
  instead: Instead | null,
): unknown[] {
  const { tasks } = challenge
  if (replies.length !== tasks.length) {
    throw new BadRequest(
      'reply-invalid',
      `replies must have ${tasks.length} entries, one per task.`,
      'replies',
    )
  }
  if (instead) assertOffered(tools, site, challenge, instead)
  return tasks.map((task, i) => {
    const kind = tools.kinds.get(task.kind)!
    const skipped = instead && (instead !== 'another' || kind.puzzle)
    return skipped ? null : kind.read(replies[i])
  })
}

function assertOffered(tools: Tools, site: Site, challenge: Challenge, instead: Instead) {
  const puzzle = puzzleOf(tools, challenge) !== ''
  if (instead !== 'lighter') {
    if (puzzle) return
    throw new BadRequest(
      'reply-invalid',
      `instead: "${instead}" is only for a challenge that has a puzzle.`,
      'instead',
    )
  }
  if (!puzzle && canLighten(tools, site, challenge.relief)) return
  throw new BadRequest(
    'reply-invalid',
    'instead: "lighter" is only for a challenge with waitMs.',
    'instead',
  )
}

/**
 * Judges a solution whose challenge has just been spent.
 *
 * Work is judged first, and another picture is given only after it: none is painted for nothing.
 */
export function solve(tools: Tools, site: Site, solution: Solution): Solved {
  const reason = whyNot(tools, site, solution)
  if (reason) return issueNext(tools, site, solution.challenge, reason, solution.network)
  return mint(tools, solution.challenge)
}

function whyNot(tools: Tools, site: Site, solution: Solution): NextReason | null {
  const { challenge, instead } = solution
  if (instead === 'patience') return 'patience-wanted'
  if (instead === 'lighter') return 'lighter-wanted'

  const work = judge(tools, solution, false)
  if (work) return work
  if (instead === 'another') return 'another-wanted'
  if (challenge.follows) return 'puzzle-wanted'

  const puzzle = judge(tools, solution, true)
  if (site.test === 'block') return 'off-target'
  // Whoever tests a form by machine cannot solve puzzles, and need not.
  if (site.test === 'interactive') return null
  return puzzle
}

/** The first failure among the puzzles, or among the work; null if there is none. */
function judge(tools: Tools, solution: Solution, puzzles: boolean): NextReason | null {
  const { challenge, replies, seed, trace } = solution
  for (const [i, task] of challenge.tasks.entries()) {
    const kind = tools.kinds.get(task.kind)!
    if (kind.puzzle !== puzzles) continue
    const judgement = kind.judge(task.answer, replies[i], { seed, trace })
    if (!judgement.passed) return judgement.reason
  }
  return null
}

/** Makes a token, with what was sealed at the beginning. */
export function mint(
  tools: Tools,
  challenge: Pick<Challenge, 'sitekey' | 'host' | 'action' | 'cdata' | 'tokenLifeMs'>,
): { token: string; expiresInMs: number } {
  const passedAt = tools.now()
  const token = tools.seal.close(
    'token',
    writeToken({
      id: newId(tools.random),
      sitekey: challenge.sitekey,
      host: challenge.host,
      action: challenge.action,
      cdata: challenge.cdata,
      passedAt,
      expiresAt: passedAt + challenge.tokenLifeMs,
    }),
  )
  return { token, expiresInMs: challenge.tokenLifeMs }
}
