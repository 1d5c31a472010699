import type { Random } from '../core/random.ts'
import { isTestKey } from '../core/test-keys.ts'
import type { CountRow, Counts, Span } from '../store/store.ts'
import { rememberActions } from './actions.ts'

/**
 * What is counted on a site, and its label:
 * - `challenges` that were issued first of their chain, by action; `effort`, a sum of what their work was; `pressure`, sums
 *   of what they met, by `site` and `network`: divided by `challenges` they are means
 * - `solutions` that were judged, by what was asked for in place of an answer
 * - `puzzles` that were shown, by kind
 * - `passed`, by way: `work`, `patience`, or the kind of puzzle; without JavaScript `noscript`, by pictures, and `noscript-wait`.
 *   `waited`, the same, by how long it took (`waiting.ts`)
 * - `failed`, by reason
 * - tokens that were `redeemed`, by action; `replayed`; `refused`, by reason
 */
export type Counted =
  | 'challenges'
  | 'solutions'
  | 'puzzles'
  | 'passed'
  | 'failed'
  | 'redeemed'
  | 'replayed'
  | 'refused'
  | 'waited'
  | 'effort'
  | 'pressure'

/** Counts what happens, in memory; sums go to the store and to `/metrics`. Nothing about one visitor. */
export interface Tally {
  /**
   * @param sitekey '' for what is no site's, such as a wrong secret: told to `/metrics` alone
   * @param weight how much it adds: 1, or what is summed (effort, pressure)
   */
  count(sitekey: string, name: Counted, label?: string, weight?: number): void
  /** Writes what was counted since. Rejects if it cannot: then it is kept, and written the next time. */
  flush(): Promise<void>
  /** Writes what is left, if the store answers soon. */
  close(): Promise<void>
}

/** What a tally needs beside the store. */
export interface TallyOptions {
  now: () => number
  random: Random
  /** Told of everything that is counted, with the label as it is. */
  observe?: (name: Counted, label: string, weight: number) => void
  /** Told when sums could not be written, or had no room. */
  onError?: (error: unknown) => void
  /** The longest time between two writes. */
  flushMs?: number
}

const FLUSH_MS = 10_000
const SWEEP_MS = 10 * 60_000
const CLOSE_MS = 3_000
/** Sums that are kept while the store is away, some 20 MB; beyond it only these go on growing. */
const SUMS_MAX = 100_000
/** A batch is one transaction. An embedded store does nothing else meanwhile, so that it must be short. */
const BATCH_ROWS = 500

const SPAN_MS: Record<Span, number> = { minute: 60_000, hour: 3_600_000 }

interface Batch {
  name: string
  rows: CountRow[]
}

/**
 * Starts counting. What is lost when the process is killed is what came since the last write, ten seconds' worth at most.
 *
 * Nothing is counted twice: a batch keeps its name and its rows until the store has said that it has them, and the store
 * takes each name once (`Counts.add`), also if its answer to the first try was lost.
 */
export function startTally(counts: Counts, options: TallyOptions): Tally {
  const { now, random, observe, onError, flushMs = FLUSH_MS } = options
  const actions = rememberActions(now)
  /** Sums per site, minute, name and label. */
  let sums = new Map<string, number>()
  /** What has been sent, or is about to be, and was not acknowledged. */
  let batches: Batch[] = []
  let lost = 0
  let closed = false
  let writing = Promise.resolve()
  let sweepsAt = now() + random.integer(0, SWEEP_MS)
  let timer = setTimer()

  function setTimer(): NodeJS.Timeout {
    // Nodes that were started together do not write together.
    const afterMs = random.integer(Math.ceil(flushMs * 0.75), flushMs + 1)
    return setTimeout(tick, afterMs).unref()
  }

  async function tick() {
    try {
      await flush()
      if (lost > 0) onError?.(new Error(`There was no room for ${lost} counts.`))
      lost = 0
      if (now() >= sweepsAt) {
        sweepsAt = now() + SWEEP_MS
        await counts.sweep()
      }
    } catch (error) {
      onError?.(error)
    }
    if (!closed) timer = setTimer()
  }

  function flush(): Promise<void> {
    const after = writing.catch(() => {}).then(write)
    writing = after
    after.catch(() => {})
    return after
  }

  async function write() {
    await send()
    batches = batchesOf(sums, random)
    sums = new Map()
    await send()
  }

  async function send() {
    for (; batches.length > 0; batches.shift()) await counts.add(batches[0]!.rows, batches[0]!.name)
  }

  return {
    count(sitekey, name, label = '', weight = 1) {
      // What is no number no store could add; what a test key does is no site's.
      if (!Number.isFinite(weight) || isTestKey(sitekey)) return
      observe?.(name, label, weight)
      if (sitekey === '') return
      const minute = Math.floor(now() / SPAN_MS.minute)
      const key = `${sitekey}\n${minute}\n${name}\n${shortened(sitekey, name, label)}`
      const sum = sums.get(key)
      if (sum === undefined && sums.size >= SUMS_MAX) lost += 1
      else sums.set(key, (sum ?? 0) + weight)
    },
    flush,
    async close() {
      closed = true
      clearTimeout(timer)
      // A store that is away must not keep the service from ending.
      await Promise.race([flush().catch((error) => onError?.(error)), rest(CLOSE_MS)])
    },
  }

  function shortened(sitekey: string, name: Counted, label: string): string {
    if (name === 'redeemed') return actions.redeemed(sitekey, label)
    return name === 'challenges' ? actions.labelOf(sitekey, label) : label
  }
}

/** The rows of minutes and of their hours, some hundreds together. */
function batchesOf(sums: ReadonlyMap<string, number>, random: Random): Batch[] {
  const rows = new Map<string, CountRow>()
  for (const [key, count] of sums) {
    const [sitekey = '', minute, name = '', label = ''] = key.split('\n')
    for (const span of ['minute', 'hour'] as const) {
      const at = Number(minute) * SPAN_MS.minute
      const startsAt = at - (at % SPAN_MS[span])
      const rowKey = `${span}\n${sitekey}\n${startsAt}\n${name}\n${label}`
      const row = rows.get(rowKey)
      if (row) row.count += count
      else rows.set(rowKey, { sitekey, span, startsAt, name, label, count })
    }
  }
  const all = [...rows.values()]
  return Array.from({ length: Math.ceil(all.length / BATCH_ROWS) }, (_, i) => ({
    name: Buffer.from(random.bytes(12)).toString('base64url'),
    rows: all.slice(i * BATCH_ROWS, (i + 1) * BATCH_ROWS),
  }))
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
