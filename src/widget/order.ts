import type { Order } from './protocol.ts'

/** What an element's attributes say of the challenge that it wants. */
export function readOrder(read: (name: string) => string | undefined): Order {
  const lifeMs = Number(read('time') || NaN)
  return {
    sitekey: read('sitekey'),
    action: read('action'),
    cdata: read('cdata'),
    kind: read('kind'),
    // What is out of bounds is brought in; what is no number is left out.
    tokenLifeMs: Math.round(Math.min(6e5, Math.max(15e3, lifeMs))) || undefined,
  }
}
