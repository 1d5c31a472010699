/** Time that passes only where nothing else is left to do. */
export interface Clock {
  /** Since the beginning. */
  nowMs(): number
  sleep(s: number): Promise<void>
  /** Lets time pass, from one sleeper's end to the next, until then. Whoever still sleeps is left asleep. */
  runUntil(s: number): Promise<void>
}

interface Sleeper {
  at: number
  /** Of two with the same end, who fell asleep first wakes first: the simulation repeats itself exactly. */
  number: number
  wake(): void
}

/** A clock for a simulation, at zero. */
export function simulatedClock(): Clock {
  /** A binary heap: every sleeper wakes before the two at twice its place. */
  const heap: Sleeper[] = []
  let nowMs = 0
  let slept = 0

  const before = (a: Sleeper, b: Sleeper) => a.at < b.at || (a.at === b.at && a.number < b.number)

  function push(sleeper: Sleeper) {
    let i = heap.push(sleeper) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (before(heap[parent]!, sleeper)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = sleeper
  }

  function pop(): Sleeper {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (child >= heap.length || before(last, heap[child]!)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return first
  }

  return {
    nowMs: () => nowMs,
    sleep: (s) => new Promise((wake) => push({ at: nowMs + 1_000 * s, number: slept++, wake })),
    async runUntil(s) {
      while (heap.length > 0 && heap[0]!.at <= 1_000 * s) {
        const sleeper = pop()
        nowMs = sleeper.at
        sleeper.wake()
        // All that follows from it at this instant comes first.
        await new Promise(setImmediate)
      }
      nowMs = 1_000 * s
    },
  }
}
