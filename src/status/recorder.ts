import type { Reading, ReadingRows } from '../store/readings.ts'
import { COMPONENT_IDS } from './components.ts'
import type { Look } from './look.ts'

const HOUR_MS = 3_600_000
/** What waits to be written: a week of hours. */
const HOURS_MAX = 7 * 24

/** Sums up looks per hour, and writes them when the store can be written to. */
export function openRecorder(readings: Pick<ReadingRows, 'add'>) {
  let waiting: Reading[] = []

  function put(more: readonly Reading[]) {
    for (const reading of more) {
      const { component, startsAt } = reading
      const known = waiting.find((one) => one.component === component && one.startsAt === startsAt)
      if (!known) {
        waiting.push({ ...reading })
        continue
      }
      known.good += reading.good
      known.poor += reading.poor
      known.bad += reading.bad
    }
    waiting = waiting
      .sort((a, b) => a.startsAt - b.startsAt)
      .slice(-HOURS_MAX * COMPONENT_IDS.length)
  }

  return {
    add({ at, found }: Look) {
      const startsAt = at - (at % HOUR_MS)
      put(
        COMPONENT_IDS.map((component) => {
          const none = { component, startsAt, good: 0, poor: 0, bad: 0 }
          return { ...none, [found[component].health]: 1 }
        }),
      )
    },
    /** Rejects if it could not be written; then it waits for the next time. */
    async write() {
      const taken = waiting
      waiting = []
      try {
        await readings.add(taken)
      } catch (error) {
        put(taken)
        throw error
      }
    },
    /** What waits. */
    waiting: (): readonly Reading[] => waiting,
  }
}
