import type { Trouble } from './machine.ts'
import type { Challenge, Order, Solution, Token } from './protocol.ts'

const TIMEOUT_MS = 20_000

/** A request that brought nothing of use. */
export class Failure extends Error {
  readonly trouble: Trouble
  readonly code: string

  constructor(trouble: Trouble, code: string) {
    super(code)
    this.trouble = trouble
    this.code = code
  }

  /** The challenge is too old or was used: a new one will do, and the visitor need not know. */
  get stale(): boolean {
    return this.code === 'challenge-expired' || this.code === 'challenge-spent'
  }
}

/** The two requests of a visitor's page. */
export interface Client {
  /** Asks for a challenge. Asked once more if the network fails, because nothing is used up by it. */
  issue(order: Order): Promise<Challenge>
  /** Hands in a solution. Never repeated: a challenge is judged once. */
  submit(solution: Solution, signal: AbortSignal): Promise<Token | Challenge>
}

/** @param base where the service is, with a slash at the end */
export function openClient(base: string, onAnswer: () => void): Client {
  async function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    const patience = new AbortController()
    const end = () => patience.abort()
    const timer = setTimeout(end, TIMEOUT_MS)
    signal?.addEventListener('abort', end)
    try {
      const response = await fetch(base + path, {
        method: 'POST',
        // Text needs no preflight request, and the service reads JSON all the same.
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: patience.signal,
      })
      const reply = await response.json()
      if (response.status < 500) onAnswer()
      if (response.ok) return reply
      throw new Failure(troubleOf(response.status), `${reply?.error?.code}`)
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof Failure ? error : new Failure('unreachable', 'network-error')
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
    }
  }

  const issue = (order: Order) => post<Challenge>('v1/challenges', order)
  return {
    issue: (order) =>
      issue(order).catch(async (error) => {
        if (error.code !== 'network-error') throw error
        await pause(500 + jitter(1000))
        return issue(order)
      }),
    submit: (solution, signal) => post('v1/solutions', solution, signal),
  }
}

function troubleOf(status: number): Trouble {
  return status === 429 ? 'busy' : status >= 500 ? 'unreachable' : 'refused'
}

/** A random number below `max`, so that many pages do not ask at the same instant. */
export function jitter(max: number): number {
  return crypto.getRandomValues(new Uint16Array(1))[0]! % max
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
