/** The label of actions that have none of their own. No action can have this name: the protocol forbids its character. */
export const OTHERS = '*'

/** Actions of one site that are remembered at once. */
const ACTIONS_MAX = 50
/** So many tokens must be redeemed for an action before it is written down anywhere. */
const PROOFS = 3
/** An action for which nothing was redeemed for so long makes room for another. */
const LIFE_MS = 24 * 3_600_000

/**
 * Decides which actions are counted under their own names.
 *
 * Whoever asks for a challenge can make up an action; only the site's own backend, with its secret, redeems a token. So a
 * stranger can neither fill our tables with names nor write a word into them; and a name that is one visitor's alone,
 * which a page should not but can send, is redeemed too seldom.
 */
export interface Actions {
  /** The label for something that happened with this action. */
  labelOf(sitekey: string, action: string): string
  /** The same for a token that was redeemed, which proves the action. */
  redeemed(sitekey: string, action: string): string
}

/** Remembers actions in memory, for each site no more than a page of them. */
export function rememberActions(now: () => number): Actions {
  const sites = new Map<string, Map<string, Memory>>()

  function room(known: Map<string, Memory>): boolean {
    if (known.size < ACTIONS_MAX) return true
    // Who was redeemed last is last.
    for (const [action, { times, at }] of known) {
      if (times < PROOFS || now() - at > LIFE_MS) return known.delete(action)
    }
    return false
  }

  function labelOf(sitekey: string, action: string): string {
    if (action === '') return ''
    const times = sites.get(sitekey)?.get(action)?.times ?? 0
    return times >= PROOFS ? action : OTHERS
  }

  return {
    labelOf,
    redeemed(sitekey, action) {
      if (action === '') return ''
      const known = sites.get(sitekey) ?? new Map<string, Memory>()
      sites.set(sitekey, known)
      const memory = known.get(action)
      if (!memory && !room(known)) return OTHERS
      known.delete(action)
      known.set(action, { times: (memory?.times ?? 0) + 1, at: now() })
      return labelOf(sitekey, action)
    },
  }
}

interface Memory {
  times: number
  at: number
}
