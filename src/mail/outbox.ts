import type { Mailer, Message } from './mailer.ts'

const WAITING_MAX = 200
const AT_ONCE = 2
/** After so long a letter is tried again. What is in it ends in a day at most. */
const RETRIES_MS = [2_000, 15_000, 60_000]
const CLOSE_PATIENCE_MS = 5_000

/** Sends letters after the answer is given: nobody waits for a mail server, and nobody learns from waiting. */
export interface Outbox {
  readonly able: boolean
  post(message: Message): void
  /** Lets what is under way end, for some seconds. */
  close(): Promise<void>
}

/** @param onError hears that a letter could not be sent, and why: never to whom */
export function startOutbox(mailer: Mailer, onError: (error: Error) => void): Outbox {
  const waiting: Message[] = []
  const under = new Set<Promise<void>>()
  const closing = new AbortController()

  async function send(message: Message) {
    for (const pauseMs of [...RETRIES_MS, null]) {
      try {
        return await mailer.send(message)
      } catch (error) {
        if (pauseMs === null || closing.signal.aborted) return onError(error as Error)
        await pause(pauseMs, closing.signal)
      }
    }
  }

  function next() {
    while (under.size < AT_ONCE && waiting.length > 0) {
      const sending = send(waiting.shift()!).finally(() => {
        under.delete(sending)
        next()
      })
      under.add(sending)
    }
  }

  return {
    able: mailer.able,
    post(message) {
      if (waiting.length >= WAITING_MAX) return onError(new Error('Too many letters are waiting.'))
      waiting.push(message)
      next()
    },
    async close() {
      closing.abort()
      const patience = AbortSignal.timeout(CLOSE_PATIENCE_MS)
      while (under.size > 0 && !patience.aborted) {
        await Promise.race([...under, pause(CLOSE_PATIENCE_MS, patience)])
      }
      await mailer.close()
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
