const ENTRIES_MAX = 10_000

/** Gives back what `load` found for this key before, as long as nothing in the store has changed since. */
export type Recall = <T>(key: string, load: () => Promise<T | null>) => Promise<T | null>

/**
 * Recalls what was read, until the store's version changes: so a removed site is gone for the very next request, and
 * a busy one is not read again for each.
 *
 * @param version a number that every committed change, by whatever process, makes another
 */
export function recallWhile(version: () => number): Recall {
  const found = new Map<string, unknown>()
  let foundAt = version()
  return async <T>(key: string, load: () => Promise<T | null>) => {
    const now = version()
    if (now !== foundAt || found.size >= ENTRIES_MAX) {
      found.clear()
      foundAt = now
    }
    if (found.has(key)) return found.get(key) as T
    const value = await load()
    // What is not there is not remembered: a stranger could name endless many. Nor is what was read during a change,
    // even one that another call has seen meanwhile.
    if (value !== null && foundAt === now && version() === now) found.set(key, value)
    return value
  }
}
