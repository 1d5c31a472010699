import type { Random } from '../core/random.ts'
import type { Store } from '../store/store.ts'
import { accountDeeds } from './accounts.ts'
import { keyDeeds } from './api-keys.ts'
import { auditDeeds } from './audit.ts'
import { type Gate, notFound } from './gate.ts'
import type { Manage } from './manage.ts'
import { memberDeeds } from './members.ts'
import { limitReached, type Parts, takeTurns } from './parts.ts'
import { siteDeeds } from './sites.ts'

/**
 * What can be done with sites, members, keys and accounts.
 *
 * @param tools.kinds every kind that a challenge may ask; a site chooses among those that are puzzles
 */
export function makeManage(tools: {
  store: Store
  gate: Gate
  random: Random
  now: () => number
  kinds: Iterable<string>
}): Manage {
  const { store, gate, random, now } = tools
  const parts: Parts = {
    store,
    random,
    now,
    gate,
    kinds: [...tools.kinds].filter((kind) => kind !== 'pow'),
    turns: takeTurns(),
    limitReached,
    notFound,
  }
  return {
    ...siteDeeds(parts),
    ...memberDeeds(parts),
    ...keyDeeds(parts),
    ...auditDeeds(parts),
    ...accountDeeds(parts),
  }
}
