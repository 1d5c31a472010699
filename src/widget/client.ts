import type { Trouble } from './machine.ts'
import type { Challenge, Order, Solution, Token } from './protocol.ts'

const TIMEOUT_MS = 20_000
const NETWORK = 'network-error'

/** A request that brought nothing of use. Its message is the service's code, or `network-error`. */
export class Failure extends Error {
  declare readonly trouble: Trouble
  /** Until when the service is looked after, if it said so. */
  declare readonly until: number | undefined

  constructor(trouble: Trouble, code = NETWORK, until?: number) {
    super(code)
    this.trouble = trouble
    this.until = until
  }
}

/** The two requests of a visitor's page. */
export interface Client {
  /** Asks for a challenge. Asked once more if the network fails, because nothing is used up by it. */
  issue(order: Order): Promise<Challenge>
  /** Hands in a solution. Never repeated: a challenge is judged once. */
  submit(solution: Solution): Promise<Token | Challenge>
}

/**
 * @param base where the service is, with a slash at the end
 * @param onAnswer called whenever the service answered, whatever it said
 */
export function openClient(base: string, onAnswer: () => void): Client {
  async function post<T>(path: string, body: object): Promise<T> {
    let status: number
    let reply: T & { error?: { code: string; until?: number } }
    try {
      const response = await fetch(`${base}v1/${path}`, {
        method: 'POST',
        // As text, by its default type: that needs no preflight request, and the service reads JSON all the same.
        body: JSON.stringify(body),
        credentials: 'omit',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      status = response.status
      reply = await response.json()
    } catch {
      throw new Failure('unreachable')
    }
    const lost = status >= 500
    if (!lost) onAnswer()
    if (status >= 400)
      throw new Failure(
        lost ? 'unreachable' : status === 429 ? 'busy' : 'refused',
        reply.error?.code,
        reply.error?.until,
      )
    return reply
  }

  const issue = (order: Order) => post<Challenge>('challenges', order)
  return {
    issue: (order) =>
      issue(order).catch(async (error) => {
        if (error.message !== NETWORK) throw error
        await pause(500, 1000)
        return issue(order)
      }),
    submit: (solution) => post('solutions', solution),
  }
}

/** A random number below `max`, so that many pages do not ask at the same instant. */
export function jitter(max: number): number {
  return crypto.getRandomValues(new Uint16Array(1))[0]! % max
}

/** Waits, and then some more, at random. */
export function pause(ms: number, moreMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms + jitter(moreMs)))
}
