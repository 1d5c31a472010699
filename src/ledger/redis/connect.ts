import { Redis, type RedisOptions } from 'ioredis'
import type { Address } from './address.ts'

/** For so long, one attempt to connect may take, TLS and all. */
const CONNECT_MS = 2_000

/**
 * A connection lives once: when it breaks, all that it carried is rejected, and another is made. Whatever the client would
 * do by itself is off: a spend that is sent again without our knowing could say `again` to the one who won.
 */
const ONCE: RedisOptions = {
  lazyConnect: true,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  // `line.ts` looks for itself.
  enableReadyCheck: false,
  disableClientInfo: true,
  protocol: 2,
  connectTimeout: CONNECT_MS,
  sentinelCommandTimeout: CONNECT_MS,
  disconnectTimeout: 50,
}

/** Makes a connection to one server, not yet open. */
export function toServer({ common }: Address, host: string, port: number): Redis {
  return quiet(new Redis({ ...common, ...ONCE, host, port }))
}

/**
 * Makes a connection to whoever Sentinel says is the master, not yet open. It ends as soon as Sentinel names another.
 *
 * @param attempt each asks another Sentinel first: one that was cut off may still name the old master
 */
export function toMaster({ common, hosts, master }: Address, attempt: number): Redis {
  const first = attempt % hosts.length
  const sentinels = [...hosts.slice(first), ...hosts.slice(0, first)]
  const options = { ...common, ...ONCE, sentinels, name: master, failoverDetector: true }
  return quiet(new Redis(options))
}

/** Opens a connection within a bounded time, or ends it. */
export async function open(redis: Redis): Promise<void> {
  const timer = setTimeout(() => redis.disconnect(), CONNECT_MS)
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** What went wrong, in a word. Never the client's own error: it carries the command with all its arguments. */
export function reasonOf(error: unknown): string {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  if (typeof code === 'string') return code
  return /^[A-Z]{3,}\b/.exec(message)?.[0] ?? (message.includes('losed') ? 'closed' : 'no answer')
}

/** Without a listener, the client writes its errors to the console. What matters of them, promises tell. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => {})
}
