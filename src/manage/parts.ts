import { BadRequest } from '../core/bad-request.ts'
import type { Random } from '../core/random.ts'
import type { Store } from '../store/store.ts'
import type { Gate } from './gate.ts'

/** What the deeds are made of. */
export interface Parts {
  store: Store
  random: Random
  now: () => number
  gate: Gate
  /** The kinds of puzzle that a site can choose from. */
  kinds: readonly string[]
  turns: Turns
  limitReached: (message: string) => BadRequest
  notFound: () => BadRequest
}

/** Does things one after another where they have the same name. */
export type Turns = <T>(name: string, act: () => Promise<T>) => Promise<T>

/**
 * One after another on this node, so that of many who come at once no two find the last free place. Across nodes a limit may
 * be exceeded by as many as there are nodes: these limits bound what is kept, they do not guard it.
 */
export function takeTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, act) => {
    const before = last.get(name) ?? Promise.resolve()
    const mine = before.then(act, act)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      if (last.get(name) === mine) last.delete(name)
    }
  }
}

export function limitReached(message: string): BadRequest {
  return new BadRequest('limit-reached', message)
}
