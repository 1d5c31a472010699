import type { Token } from './protocol.ts'

/** A token is taken out of the form this long before the service would refuse it. */
const MARGIN_MS = 2_000
/** It is renewed at this share of its life. */
const RENEWED_AT = 0.85

/**
 * Keeps the token in the form's field, and never longer than it is good.
 *
 * @param lapse called when a token has come to its end
 * @param renew called some time before
 */
export function keepToken(field: HTMLInputElement, lapse: () => void, renew: () => void) {
  let endsAt = 0
  let timers: ReturnType<typeof setTimeout>[] = []

  function clear() {
    timers.forEach(clearTimeout)
    field.value = ''
    endsAt = 0
  }

  /** To be asked whenever somebody is about to use the token: timers sleep when machines do. */
  function look() {
    if (!endsAt || Date.now() < endsAt) return
    clear()
    lapse()
  }

  return {
    clear,
    look,
    put({ token, expiresInMs }: Token) {
      const lifeMs = expiresInMs - MARGIN_MS
      clear()
      field.value = token
      endsAt = Date.now() + lifeMs
      // A timer may be a little early.
      timers = [setTimeout(look, lifeMs + 50), setTimeout(renew, expiresInMs * RENEWED_AT)]
    },
    /** When the token ends, in epoch milliseconds; 0 without one. */
    endsAt: () => endsAt,
  }
}
