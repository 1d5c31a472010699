import { setTimeout as after } from 'node:timers/promises'
import { type Ledger, LedgerUnavailable } from './ledger.ts'
import { readAddress } from './redis/address.ts'
import { spendInBatches } from './redis/batches.ts'
import { type Lines, openCluster, openSingle } from './redis/cluster.ts'
import { toMaster, toServer } from './redis/connect.ts'
import { countingOf } from './redis/counting.ts'
import { openEar } from './redis/ear.ts'
import { Moved, openLine } from './redis/line.ts'
import { type Part, partOf, parts } from './redis/parts.ts'
import { announce, count, type Script } from './redis/scripts.ts'

/** A site that nobody has asked about for so long is read anew. */
const REVISION_LIFE_MS = 86_400_000
/** At the start, Redis is waited for; then the service runs without, and refuses what needs it. */
const START_MS = 5_000

const ANNOUNCEMENTS = 'oc:announce'
const WHISPERS = 'oc:whisper'

/** What the ledger needs beside the address of its Redis. */
export interface RedisOptions {
  now?: () => number
  /** Replicas that must have what is spent before it is answered. */
  replicas?: number
  /** How far the clocks of nodes may be apart: what is given out in so long a time after Redis began anew is refused too. */
  skewMs?: number
  /** Told when Redis is lost and found. */
  onWarning?: (message: string) => void
}

/**
 * A ledger that several nodes share, in one Redis, in one that Sentinel watches over, or in a Redis Cluster.
 *
 * A Redis that starts again, or is replaced by its replica, may have lost what was spent last. Then its memory begins anew,
 * and what was given out before is `forgotten` (`redis/holder.ts`).
 */
export async function redisLedger(url: string, options: RedisOptions = {}): Promise<Ledger> {
  const { now = Date.now, replicas = 0, skewMs = 1_000, onWarning = () => {} } = options
  const address = readAddress(url)
  const shared = { now, replicas, skewMs, onWarning }
  const lines = openLines()
  const ear = openEar([ANNOUNCEMENTS, WHISPERS], (attempt) => {
    if (address.way === 'sentinel') return toMaster(address, attempt)
    const servers = address.way === 'cluster' ? lines.servers() : address.hosts
    const { host, port } = servers[attempt % servers.length]!
    return toServer(address, host, port)
  })
  let closed = false
  const patience = new AbortController()
  await Promise.race([
    Promise.all([lines.opened(), ear.listening()]),
    after(START_MS, undefined, { signal: patience.signal }).catch(() => {}),
  ])
  patience.abort()

  function openLines(): Lines {
    if (address.way === 'cluster') return openCluster(address, shared)
    const { host, port } = address.hosts[0]!
    return openSingle(
      openLine({
        ...shared,
        connect: (attempt) =>
          address.way === 'sentinel' ? toMaster(address, attempt) : toServer(address, host, port),
        eras: () => parts.map(({ era }) => era),
      }),
    )
  }

  async function run(part: Part, script: Script, keys: string[], args: (string | number)[]) {
    if (closed) throw new LedgerUnavailable('The ledger is closed.')
    try {
      return await lines.to(part).run(script, keys, args)
    } catch (error) {
      if (!(error instanceof Moved)) throw error
      // Nothing was done where it is not any more.
      await lines.look()
      return lines.to(part).run(script, keys, args)
    }
  }

  const spend = spendInBatches(run, address.way === 'cluster')

  return {
    spend,

    async count(key, fadeMs, add = 1) {
      const { part, keys, args, weight } = countingOf(key, fadeMs, add, now())
      return Number(await run(part, count, keys, args)) / weight
    },

    async announce(sitekey, revision) {
      const part = partOf(sitekey)
      const keys = [part.era, `${part.tag}r:${sitekey}`]
      const raised = await run(part, announce, keys, [revision, REVISION_LIFE_MS])
      if (raised !== 1) return
      // What counts is written. Who does not hear it reads anew when it spends, or soon after.
      await lines
        .any()
        .publish(ANNOUNCEMENTS, `${revision} ${sitekey}`)
        .catch(() => {})
    },

    listen(hear) {
      ear.hear(ANNOUNCEMENTS, (text) => {
        const blank = text.indexOf(' ')
        const revision = Number(text.slice(0, blank))
        if (blank > 0 && Number.isSafeInteger(revision)) hear(text.slice(blank + 1), revision)
      })
    },

    peers: {
      tell: async (text) => lines.any().publish(WHISPERS, text),
      hear: (listener) => ear.hear(WHISPERS, listener),
    },

    clock: () => lines.any().clock(),

    async close() {
      closed = true
      lines.close()
      ear.close()
    },
  }
}
