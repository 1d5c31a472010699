import type { Mode } from './site.ts'

/** One thing a challenge asks, with what must stay secret until the reply is judged. */
export interface Task {
  kind: string
  answer: unknown
}

/** Which way a visitor goes: as the site planned, or by longer work in place of a puzzle. */
export type Way = 'plan' | 'patience'

/**
 * How often a chain's work was made lighter, because it would have taken the visitor's machine too long: not yet; once, to
 * an eighth; twice, to the lightest there is. Each time a puzzle must follow.
 */
export type Relief = 0 | 1 | 2

/** Everything about an open challenge. Nothing else is kept anywhere: the sealed string is all there is. */
export interface Challenge {
  /** 128 random bits, base64url. Spent once. */
  id: string
  sitekey: string
  /** The host name of the page it was given to. */
  host: string
  action: string
  cdata: string
  tokenLifeMs: number
  /** When the chain's first challenge was issued, in epoch milliseconds. */
  startedAt: number
  issuedAt: number
  expiresAt: number
  mode: Mode
  /** Pictures seen and answers missed in this chain so far. Each makes the next try dearer. */
  attempt: number
  way: Way
  /** The kind of puzzle that must follow when the work is right; '' if none. */
  follows: string
  /** Work of one try, per sub-puzzle, before it grows with `attempt` and shrinks with `relief`. */
  effort: number
  relief: Relief
  tasks: Task[]
}

/**
 * Where there is a secret answer, tasks are padded to a multiple of this, so that the length of the sealed string
 * tells nothing about it. A kind's answer has a constant length too (`kind.contract.ts`); this is the second belt.
 */
const TASKS_MULTIPLE = 128

/** Writes a challenge as the text that gets sealed. */
export function writeChallenge(c: Challenge): string {
  const facts = JSON.stringify([
    c.id,
    c.sitekey,
    c.host,
    c.action,
    c.cdata,
    c.tokenLifeMs,
    c.issuedAt,
    c.expiresAt,
    c.mode,
    c.attempt,
    c.way,
    c.follows,
    c.effort,
    c.relief,
    c.issuedAt - c.startedAt,
  ])
  const tasks = JSON.stringify(c.tasks)
  const length = c.tasks.length > 1 ? Math.ceil(tasks.length / TASKS_MULTIPLE) * TASKS_MULTIPLE : 0
  return `${facts}
${tasks.padEnd(length)}`
}

/** Reads what `writeChallenge` wrote. Only ever given text that our own seal vouches for. */
export function readChallenge(text: string): Challenge {
  const end = text.indexOf('\n')
  const f = JSON.parse(text.slice(0, end))
  return {
    id: f[0],
    sitekey: f[1],
    host: f[2],
    action: f[3],
    cdata: f[4],
    tokenLifeMs: f[5],
    issuedAt: f[6],
    expiresAt: f[7],
    mode: f[8],
    attempt: f[9],
    way: f[10],
    follows: f[11],
    effort: f[12],
    relief: f[13],
    // A challenge that was sealed before chains knew their beginning has no such field.
    startedAt: f[6] - (f[14] ?? 0),
    tasks: JSON.parse(text.slice(end + 1)),
  }
}
