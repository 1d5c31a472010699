import { jitter, pause } from './client.ts'

const WAIT_MIN_MS = 30_000
const WAIT_MAX_MS = 300_000

/**
 * Decides when a page may ask whether the service is back. Nothing asks by the clock: only when the browser comes
 * online or a visitor does something, never twice within half a minute, and ever more rarely. A service that just
 * came back must not be met by every open page at once.
 */
export function openOutage(probe: () => void) {
  let nextAt = 0
  let waitMs = WAIT_MIN_MS

  function hint() {
    if (Date.now() < nextAt) return
    nextAt = Date.now() + waitMs + jitter(5_000)
    waitMs = Math.min(2 * waitMs, WAIT_MAX_MS)
    probe()
  }
  return {
    /** Something that makes it worth asking. */
    hint,
    /** The browser is online again; so are many others. */
    online: () => pause(0, 3_000).then(hint),
    /** The service was just found out of reach, or there again. */
    turn() {
      waitMs = WAIT_MIN_MS
      nextAt = Date.now() + waitMs
    },
  }
}
