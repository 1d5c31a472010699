import { randomInt } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { open } from './connect.ts'

const PING_MS = 2_000
const RETRY_MS = 500

/** Listens to what is said on channels, on a connection of its own; connects again by itself. What is said meanwhile is lost. */
export interface Ear {
  hear(channel: string, listener: (text: string) => void): void
  /** Resolves when it is listening. */
  listening(): Promise<void>
  close(): void
}

/** Opens an ear for these channels. */
export function openEar(channels: readonly string[], connect: (attempt: number) => Redis): Ear {
  const listeners = new Map<string, ((text: string) => void)[]>(channels.map((one) => [one, []]))
  const stop = new AbortController()
  const whenOpen = Promise.withResolvers<void>()
  keepOpen()

  async function keepOpen() {
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      const redis = connect(attempt)
      redis.on('message', (channel: string, text: string) => {
        for (const listener of listeners.get(channel) ?? []) listener(text)
      })
      try {
        await open(redis)
        await inTime(redis.subscribe(...channels))
        whenOpen.resolve()
        while (!stop.signal.aborted) {
          await pause(PING_MS)
          await inTime(redis.ping())
        }
      } catch {
        // Whoever speaks notices more; what is heard here only comes sooner than it would by itself.
      }
      redis.disconnect()
      await pause(RETRY_MS + randomInt(RETRY_MS))
    }
  }

  async function inTime(answer: Promise<unknown>) {
    answer.catch(() => {})
    await Promise.race([
      answer,
      pause(PING_MS).then(() => {
        throw new Error('no answer')
      }),
    ])
  }

  function pause(ms: number): Promise<void> {
    return after(ms, undefined, { signal: stop.signal }).catch(() => {})
  }

  return {
    hear: (channel, listener) => void listeners.get(channel)?.push(listener),
    listening: () => whenOpen.promise,
    close: () => stop.abort(),
  }
}
