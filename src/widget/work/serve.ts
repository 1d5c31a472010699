import type { Solver } from '../../pow/algorithm.ts'
import type { Job, Order, Reply } from './job.ts'
import { setPaused } from './rest.ts'

/** How often the page hears of progress, at most. */
const NEWS_MS = 50

/** What a place for work has to offer. */
interface Place {
  solverFor(job: Job): Promise<Solver>
  /** SHA-256 of ASCII characters. */
  digest(text: string): Promise<Uint8Array>
  /** Hears whether to pause, for what works elsewhere. */
  onPause?(paused: boolean): void
}

/** Does the jobs that come through the port, until null comes. */
export function serve(port: MessagePort, { solverFor, digest, onPause }: Place): void {
  const ending = new AbortController()
  const reply = (message: Reply) => port.postMessage(message)
  let toldAt = 0

  port.onmessage = async ({ data }: MessageEvent<Order>) => {
    if (data === null) return ending.abort()
    if (typeof data === 'boolean') {
      setPaused(data)
      return onPause?.(data)
    }
    try {
      const work = { ...data, seed: await digest(data.challenge) }
      const solver = await solverFor(data)
      const proof = await solver.solve(
        work,
        (share, restMs) => {
          const now = performance.now()
          if (share < 1 && now < toldAt + NEWS_MS) return
          toldAt = now
          reply([share, restMs])
        },
        ending.signal,
      )
      reply(base64url(proof))
    } catch {
      reply(null)
    }
  }
  // The page learns that somebody is here.
  reply([0, 0])
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '')
}
