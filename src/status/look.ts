import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { COMPONENT_IDS, type Component, type Health, worst } from './components.ts'

/** How this node finds the service, and why it is not well where it is not. */
export interface Look {
  at: number
  found: Record<Component, { health: Health; why: string[] }>
}

/** What is looked at. */
export interface Sights {
  store: Pick<Store, 'sites'>
  ledger: Pick<Ledger, 'spend'>
  now: () => number
  /** Pictures that are painted and not shown yet. */
  pictures: () => number
  /** Whether it was announced that visitors get no challenges now. */
  paused: () => boolean
  /** All answers until now, and how many of them were failures of ours, by route. */
  answers: () => ReadonlyMap<string, { all: number; failed: number }>
  /** Since when the oldest delivery is due that did not go out; null for none. */
  lateSince: () => Promise<number | null>
}

/** Who does not answer within this time does not answer. */
const PATIENCE_MS = 2_000
/** Of the answers to one part, this share may fail before that part is poor, or bad. */
const POOR_SHARE = 0.01
const BAD_SHARE = 0.5
/** What should have gone out this long ago is late, or very late. */
const LATE_MS = 15 * 60_000
const VERY_LATE_MS = 2 * 3_600_000

/** Which routes are whose. */
const ROUTES: Record<Component, RegExp> = {
  challenges: /^\/v1\/(challenges|solutions)$/,
  siteverify: /siteverify$/,
  console: /^\/(console|v1\/manage)/,
  notices: /^\/(unsubscribe|account\/letters)/,
}

type Sums = Record<Component, { all: number; failed: number }>

/** Looks at the service from this node. */
export function openEyes(sights: Sights) {
  const { store, ledger, now, pictures, answers, lateSince } = sights
  let before = sums()
  /** Nobody misses pictures that are still being painted for the first time. */
  let painted = false
  /** What the answers of the minute before said. */
  let last: Record<Component, Health> = all('good')

  function sums(): Sums {
    const found = Object.fromEntries(COMPONENT_IDS.map((id) => [id, { all: 0, failed: 0 }])) as Sums
    for (const [route, sum] of answers()) {
      const id = COMPONENT_IDS.find((one) => ROUTES[one].test(route))
      if (!id) continue
      found[id].all += sum.all
      found[id].failed += sum.failed
    }
    return found
  }

  function sinceThen(): Record<Component, Health> {
    const after = sums()
    const healthOf = (id: Component): Health => {
      const failed = after[id].failed - before[id].failed
      const share = failed / Math.max(1, after[id].all - before[id].all)
      return share >= BAD_SHARE ? 'bad' : share >= POOR_SHARE ? 'poor' : 'good'
    }
    return Object.fromEntries(COMPONENT_IDS.map((id) => [id, healthOf(id)])) as typeof last
  }

  return {
    /** @param ends true if a minute is over with it: the next look counts failures anew */
    async look(ends = false): Promise<Look> {
      const at = now()
      const [stored, spent, lateAt] = await Promise.all([
        works(() => store.sites.byKey('ock_none')),
        works(() => ledger.spend({ id: `look ${at}`, issuedAt: at, expiresAt: at })),
        within(lateSince()).catch(() => null),
      ])
      const failing = sinceThen()
      const found = Object.fromEntries(
        COMPONENT_IDS.map((id) => [id, { health: 'good', why: [] }]),
      ) as unknown as Look['found']
      const say = (ids: readonly Component[], health: Health, why: string) => {
        for (const id of ids) {
          found[id].health = worst(found[id].health, health)
          found[id].why.push(why)
        }
      }
      if (!stored) say(COMPONENT_IDS, 'bad', 'The database does not answer.')
      if (!spent) {
        say(['challenges', 'siteverify', 'console'], 'bad', 'The ledger does not answer.')
      }
      // Announced or not: nobody gets through.
      if (sights.paused()) say(['challenges'], 'bad', 'Challenges are paused, as announced.')
      painted ||= pictures() > 0
      if (painted && pictures() === 0) {
        say(['challenges'], 'poor', 'No picture is ready, so puzzles are replaced by work.')
      }
      const lateMs = lateAt === null ? 0 : at - lateAt
      if (lateMs > LATE_MS) {
        say(['notices'], lateMs > VERY_LATE_MS ? 'bad' : 'poor', 'Letters or webhooks are late.')
      }
      for (const id of COMPONENT_IDS) {
        const health = worst(failing[id], last[id])
        if (health !== 'good') say([id], health, 'Requests fail on our side.')
      }
      if (ends) {
        before = sums()
        last = failing
      }
      return { at, found }
    },
  }
}

function all(health: Health): Record<Component, Health> {
  return Object.fromEntries(COMPONENT_IDS.map((id) => [id, health])) as Record<Component, Health>
}

async function works(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await within(act())
    return true
  } catch {
    return false
  }
}

/** Rejects if it takes too long. */
export function within<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It took too long.')), PATIENCE_MS)
  })
  return Promise.race([promise, tooLong]).finally(() => clearTimeout(timer))
}
