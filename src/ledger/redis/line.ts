import { randomInt } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { LedgerUnavailable } from '../ledger.ts'
import { open, reasonOf } from './connect.ts'
import { assertFit, readInfo } from './holder.ts'
import { begin, SCRIPTS, type Script } from './scripts.ts'

/** More at once means that Redis does not keep up: refuse rather than pile up. */
const IN_FLIGHT_MAX = 50_000
/** Whoever has waited for so long for an answer, waits no longer. */
const LATE_MS = 1_500
const WATCH_MS = 250
/** For so long, replicas may take to acknowledge. */
const REPLICAS_MS = 1_000
const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 1_000

/** A line to one Redis. It is open while we know who is at the other end, and connects again by itself. */
export interface Line {
  /** Resolves when it is open. */
  opened(): Promise<void>
  isOpen(): boolean
  /** Runs a script there. What it writes is told to as many replicas as there must be. */
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
  publish(channel: string, text: string): Promise<void>
  /** The server's clock, in epoch milliseconds. */
  clock(): Promise<number>
  close(): void
}

export interface LineOptions {
  connect(attempt: number): Redis
  /** Of each part of the memory that is there: where it is noted who holds it. */
  eras(): readonly string[]
  now(): number
  /** How far clocks may be apart. */
  skewMs: number
  replicas: number
  onWarning(message: string): void
  /** When it is not open any more. */
  onEnd?(): void
}

/** Redis says that the part is somebody else's. Nothing was done. */
export class Moved extends LedgerUnavailable {}

/** An open connection, and the process at its other end. */
interface Link {
  redis: Redis
  /** Who holds the memory (`holder.ts`). */
  holder: string
}

/** Opens a line, and keeps it open. */
export function openLine(options: LineOptions): Line {
  const { now, skewMs, replicas, onWarning } = options
  let link: Link | null = null
  let closed = false
  let told = ''
  let attempts = 0
  let whenOpen = Promise.withResolvers<void>()
  let sent = 0
  let done = 0
  let acknowledging: Promise<number> | null = null
  const stop = new AbortController()
  keepOpen()

  async function keepOpen() {
    let failures = 0
    while (!closed) {
      const redis = options.connect(attempts++)
      try {
        const ended = new Promise<void>((resolve) => redis.once('end', resolve))
        link = await enter(redis)
        failures = 0
        whenOpen.resolve()
        tell('')
        await Promise.race([watch(link), ended])
        tell('the connection ended')
      } catch (error) {
        tell(error instanceof LedgerUnavailable ? error.message : reasonOf(error))
      }
      const wasOpen = link !== null
      link = null
      redis.disconnect()
      if (wasOpen) {
        whenOpen = Promise.withResolvers()
        if (!closed) options.onEnd?.()
      }
      const waitMs = Math.min(RETRY_MIN_MS * 2 ** failures++, RETRY_MAX_MS)
      await pause(waitMs + randomInt(RETRY_MIN_MS))
    }
  }

  /** Connects, and finds out who is there. The memory begins anew where that is not who wrote it. */
  async function enter(redis: Redis): Promise<Link> {
    await open(redis)
    const timer = setTimeout(() => redis.disconnect(), 2 * LATE_MS)
    try {
      const info = readInfo(await redis.info())
      assertFit(info)
      const entered = { redis, holder: info.holder }
      await load(redis)
      const begun = await Promise.all(
        options.eras().map((era) => call(entered, begin, [era], [info.holder, beginning()])),
      )
      // What is given out from here on is remembered: so nobody is refused for nothing.
      const waitMs = Math.max(0, ...begun.map(Number)) - now()
      // A timer may be a millisecond early.
      if (waitMs > 0) await pause(Math.min(waitMs, 2 * skewMs) + 2)
      if (waitMs > 2 * skewMs) onWarning('Redis: the clock of another node is ahead of ours.')
      return entered
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends when the connection is stuck, or the process at its other end is not any more who it was. */
  async function watch({ redis, holder }: Link): Promise<void> {
    let marks: { sent: number; at: number }[] = []
    let turns = 0
    let at = performance.now()
    while (!closed && redis.status === 'ready') {
      await pause(WATCH_MS)
      const late = performance.now() - at > 2 * WATCH_MS
      at = performance.now()
      // If it was us who stood still, answers may be waiting to be read.
      if (late) marks = []
      marks = marks.filter((mark) => mark.sent > done)
      if (marks.some((mark) => at - mark.at > LATE_MS)) return
      if (sent > done) marks.push({ sent, at })
      // Also when nobody asks for anything: a Redis that stood still may be one that was replaced meanwhile.
      if (turns++ % 2 === 0) track(redis.info('replication')).then(look, () => redis.disconnect())
    }
    function look(text: string) {
      const { replica, replication } = readInfo(text)
      if (replica || replication !== holder.slice(20)) redis.disconnect()
    }
  }

  function call(
    { redis }: Link,
    { sha }: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ) {
    return track(redis.evalsha(sha, keys.length, ...keys, ...args))
  }

  function track<T>(answer: Promise<T>): Promise<T> {
    sent++
    answer.then(countDone, countDone)
    return answer
  }

  function countDone() {
    done++
  }

  async function attempt(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    onReload = () => {},
  ) {
    if (!link) throw new LedgerUnavailable('Redis is out of reach.')
    if (sent - done >= IN_FLIGHT_MAX) throw new LedgerUnavailable('Redis does not keep up.')
    const here = link
    try {
      return await call(here, script, keys, args)
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === 'MOVED') throw new Moved('This part of the ledger is elsewhere.')
      if (reason !== 'NOSCRIPT') {
        // Whatever it was, it is not the master that we took it for.
        if (reason === 'READONLY') here.redis.disconnect()
        throw new LedgerUnavailable(`Redis did not do it (${reason}).`)
      }
      // It has forgotten its scripts, and so has done nothing.
      return load(here.redis)
        .then(() => {
          onReload()
          return call(here, script, keys, args)
        })
        .catch((again) => {
          throw new LedgerUnavailable(`Redis did not do it (${reasonOf(again)}).`)
        })
    }
  }

  /** How many replicas have all that was sent before. One question serves all who ask in the same turn. */
  function acknowledged(): Promise<number> {
    acknowledging ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        acknowledging = null
        if (!link) return reject(new LedgerUnavailable('Redis is out of reach.'))
        track(link.redis.wait(replicas, REPLICAS_MS)).then(resolve, reject)
      })
    })
    return acknowledging
  }

  function beginning(): number {
    return Math.ceil(now() + skewMs)
  }

  function tell(trouble: string) {
    if (trouble === told || closed) return
    if (trouble) onWarning(`Redis: ${trouble}. Nothing is accepted that needs it.`)
    else if (told) onWarning('Redis: in use again.')
    told = trouble
  }

  function pause(ms: number): Promise<void> {
    return after(ms, undefined, { signal: stop.signal }).catch(() => {})
  }

  return {
    opened: () => whenOpen.promise,
    isOpen: () => link !== null,

    async run(script, keys, args) {
      const holder = link?.holder ?? ''
      const all = script.remembers ? [holder, beginning(), ...args] : args
      if (replicas === 0 || !script.remembers) return attempt(script, keys, all)
      // Asked at once, behind the script on the same connection; and again, if the script had to be sent again behind that.
      let again = false
      const said = attempt(script, keys, all, () => {
        again = true
      })
      let [answer, replicasWithIt] = await Promise.all([said, acknowledged().catch(() => 0)])
      if (again) replicasWithIt = await acknowledged().catch(() => 0)
      if (replicasWithIt < replicas) {
        throw new LedgerUnavailable('Too few replicas of Redis have acknowledged it.')
      }
      return answer
    },

    async publish(channel, text) {
      if (!link) throw new LedgerUnavailable('Redis is out of reach.')
      await track(link.redis.publish(channel, text)).catch((error) => {
        throw new LedgerUnavailable(`Redis did not do it (${reasonOf(error)}).`)
      })
    },

    async clock() {
      if (!link) throw new LedgerUnavailable('Redis is out of reach.')
      const [seconds, micros] = await track(link.redis.time()).catch((error) => {
        throw new LedgerUnavailable(`Redis did not do it (${reasonOf(error)}).`)
      })
      return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
    },

    close() {
      closed = true
      stop.abort()
      link?.redis.disconnect()
      link = null
    },
  }
}

async function load(redis: Redis): Promise<void> {
  await Promise.all(SCRIPTS.map(({ lua }) => redis.script('LOAD', lua)))
}
