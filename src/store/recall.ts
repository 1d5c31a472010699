import { StoreUnavailable } from './store.ts'

const ENTRIES_MAX = 10_000
/** How old what is recalled may be while the store can be read. */
const AGE_MAX_MS = 5_000
/** How old it may be while the store cannot, for those who can do with it. */
const STALE_AGE_MAX_MS = 60_000
/** While the store cannot be read, it is asked no more often than this for what can be had without it. */
const RETRY_MS = 1_000

/** Remembers what was read of sites. */
export interface Recall {
  /**
   * Gives back what `load` found for this key before; and otherwise what it finds now.
   *
   * @param stale true if something older will do while the store is away: nothing may be accepted on the strength of it
   */
  get<T extends OfSite>(
    key: string,
    load: () => Promise<T | null>,
    stale?: boolean,
  ): Promise<T | null>
  /** Forgets what is of this site, at a lower revision. */
  forget(sitekey: string, revision: number): void
  /** Forgets everything. */
  clear(): void
  /** For how long at most something is given back that has changed since. */
  ageMs: number
}

/** What can be remembered: it belongs to a site, at a revision. */
export interface OfSite {
  sitekey: string
  revision: number
}

/**
 * Recalls what was read, until the store's version changes: so a removed site is gone for the very next request, and
 * a busy one is not read again for each.
 *
 * @param version a number that every committed change, by whatever process, makes another
 */
export function recallWhile(version: () => number): Recall {
  const found = new Map<string, unknown>()
  let foundAt = version()
  return {
    ageMs: 0,
    async get<T>(key: string, load: () => Promise<T | null>) {
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
    },
    // The version tells.
    forget() {},
    clear: () => found.clear(),
  }
}

/** Two clocks: one that no change of the system's time moves, and one that goes on while the machine is suspended. */
const CLOCKS = [() => performance.now(), () => Date.now()]

/**
 * Recalls what was read for at most five seconds, and not if a change was announced since. Who was frozen meanwhile, or the
 * whole machine, reads anew.
 *
 * @param clocks in milliseconds; what is older by any of them is too old
 */
export function recallFor(clocks = CLOCKS): Recall {
  const found = new Map<string, { value: OfSite; readAt: number[] }>()
  const loading = new Map<string, Promise<OfSite | null>>()
  /** Grows with whatever is forgotten: what was being read meanwhile is not remembered. */
  let forgotten = 0
  let failedAt: number[] | null = null

  const moment = () => clocks.map((clock) => clock())
  // A clock that was turned back tells nothing: what it says is then too old as well.
  const within = (then: number[], ageMs: number) =>
    clocks.every((clock, i) => {
      const age = clock() - then[i]!
      return age >= 0 && age < ageMs
    })

  function read<T extends OfSite>(key: string, load: () => Promise<T | null>): Promise<T | null> {
    // Whoever asks while the same is being read waits for it, so that a busy site's end of recall is one query.
    const begun = loading.get(key)
    if (begun) return begun as Promise<T | null>
    const readAt = moment()
    const before = forgotten
    const reading = load()
      .then((value) => {
        failedAt = null
        // What is not there is not remembered: a stranger could name endless many.
        if (value !== null && before === forgotten) {
          if (found.size >= ENTRIES_MAX) found.clear()
          found.set(key, { value, readAt })
        } else if (value === null) found.delete(key)
        return value
      })
      .finally(() => {
        if (loading.get(key) === reading) loading.delete(key)
      })
    loading.set(key, reading)
    return reading
  }

  return {
    ageMs: AGE_MAX_MS,
    async get<T extends OfSite>(key: string, load: () => Promise<T | null>, stale = false) {
      const known = found.get(key)
      if (known && within(known.readAt, AGE_MAX_MS)) return known.value as T
      const able = stale && known !== undefined && within(known.readAt, STALE_AGE_MAX_MS)
      if (able && failedAt && within(failedAt, RETRY_MS)) return known.value as T
      try {
        return await read(key, load)
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
        failedAt = moment()
        // It may have been forgotten while this waited.
        if (able && found.get(key) === known) return known.value as T
        throw error
      }
    },
    forget(sitekey, revision) {
      forgotten++
      // What is being read now may be of before the change; who asks from now on must not get it.
      loading.clear()
      for (const [key, { value }] of found) {
        if (value.sitekey === sitekey && value.revision < revision) found.delete(key)
      }
    },
    clear() {
      forgotten++
      loading.clear()
      found.clear()
    },
  }
}
