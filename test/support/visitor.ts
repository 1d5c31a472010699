import { hash } from 'node:crypto'
import { type Challenge, readChallenge, writeChallenge } from '../../src/core/challenge.ts'
import type { Solver } from '../../src/pow/algorithm.ts'
import { openHand } from '../../src/pow/equix/hand.ts'
import { equixSolver } from '../../src/pow/equix/solve.ts'
import { wasmEngine } from '../../src/pow/equix/wasm.ts'
import type { Pace } from '../../src/pow/pace.ts'
import { bestEngine } from '../../src/pow/sha256/engines.ts'
import { sha256Solver } from '../../src/pow/sha256/solve.ts'
import type { Seal } from '../../src/seal.ts'

/** Where the tests' pages are. */
export const ORIGIN = 'https://example.test'
export const HOST = 'example.test'

/** What work is asked for. */
export interface WorkPrompt {
  algorithm: string
  effort: number
  count: number
}

/** All that the first two requests may answer; what is not there is undefined. */
export interface Body {
  challenge: string
  tasks: { kind: string; prompt: WorkPrompt & { width: number } }[]
  expiresInMs: number
  mode: string
  waitMs?: number
  test?: true
  reason?: string
  token?: string
  error?: { code: string; message: string; field?: string }
}

export interface Heard<T = Body> {
  status: number
  headers: Headers
  body: T
}

/** A visitor's page, as a browser would send it. */
export interface Page {
  service: string
  origin?: string
  headers?: Record<string, string>
}

/** Sends JSON as the widget does: as text/plain. */
export async function post(page: Page, path: string, body: unknown): Promise<Heard> {
  const response = await fetch(page.service + path, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin: page.origin ?? ORIGIN, ...page.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body,
  }
}

export const ask = (page: Page, order: object) => post(page, '/v1/challenges', order)
export const handIn = (page: Page, solution: object) => post(page, '/v1/solutions', solution)

/** The work that a challenge asks for. */
export function promptOf(issued: Body): WorkPrompt {
  return issued.tasks.find((task) => task.kind === 'pow')!.prompt
}

/** Does a challenge's work, as a browser would, and gives back the proof. */
export async function work(issued: Body): Promise<{ proof: string }> {
  return { proof: await proofFor(issued.challenge, promptOf(issued)) }
}

const PACE: Pace = {
  sliceMs: 50,
  // In a turn of their own, the service's answers are not kept waiting.
  rest: () => new Promise((resolve) => setImmediate(resolve)),
}

const SOLVERS: Record<string, () => Solver> = {
  equix: () => equixSolver([openHand(wasmEngine(), PACE)]),
  sha256: () => sha256Solver(bestEngine(), PACE),
}

/** Does any work on a challenge, also other than it asks for. */
export async function proofFor(
  sealed: string,
  { algorithm, effort, count }: WorkPrompt,
): Promise<string> {
  const seed = hash('sha256', sealed, 'buffer')
  const { signal } = new AbortController()
  const proof = await SOLVERS[algorithm]!().solve({ seed, effort, count }, () => {}, signal)
  return Buffer.from(proof).toString('base64url')
}

/** Looks into a sealed challenge, as nobody without the root key can. */
export function look(seal: Seal, sealed: string): Challenge {
  const text = seal.open('challenge', sealed)
  if (text === null) throw new Error('This is no challenge under this key.')
  return readChallenge(text)
}

/** Where the gap is. */
export function gapOf(seal: Seal, sealed: string): number {
  const task = look(seal, sealed).tasks.find((one) => one.kind === 'slider')!
  return Number((task.answer as { gapX: string }).gapX)
}

/** The right replies to a challenge, one per task. */
export async function replies(seal: Seal, issued: Body): Promise<object[]> {
  const done = await work(issued)
  return issued.tasks.map(({ kind }) =>
    kind === 'pow' ? done : { x: gapOf(seal, issued.challenge) },
  )
}

/** Goes the whole way, work and puzzles, to a token. */
export async function pass(page: Page, seal: Seal, order: object): Promise<string> {
  let { body } = await ask(page, order)
  for (let step = 0; step < 4; step++) {
    if (!body.challenge) throw new Error(`No challenge came: ${JSON.stringify(body.error)}`)
    const solution = { challenge: body.challenge, replies: await replies(seal, body) }
    body = (await handIn(page, solution)).body
    if (body.token) return body.token
  }
  throw new Error(`No token came, but ${body.reason}.`)
}

/** A sealed challenge with next to no work, as the service would seal one. For tests that are about something else. */
export function lightChallenge(
  seal: Seal,
  facts: { sitekey: string } & Partial<Challenge>,
): string {
  return seal.close(
    'challenge',
    writeChallenge({
      id: crypto.randomUUID(),
      host: HOST,
      action: '',
      cdata: '',
      tokenLifeMs: 120_000,
      startedAt: Date.now(),
      issuedAt: Date.now(),
      expiresAt: Date.now() + 600_000,
      mode: 'checkbox',
      attempt: 0,
      way: 'plan',
      follows: '',
      effort: 1,
      relief: 0,
      tasks: [{ kind: 'pow', answer: { algorithm: 'sha256', effort: 1, count: 1 } }],
      ...facts,
    }),
  )
}

/** With an effort of one, every nonce fits. */
export const LIGHT_REPLIES = [{ proof: 'AAAAAA' }]

/** A real token from the service, without the work. */
export async function quickToken(
  page: Page,
  seal: Seal,
  facts: { sitekey: string } & Partial<Challenge>,
): Promise<string> {
  const challenge = lightChallenge(seal, facts)
  const { body } = await handIn(page, { challenge, replies: LIGHT_REPLIES })
  if (!body.token) throw new Error(`No token came: ${JSON.stringify(body)}`)
  return body.token
}
