import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Who changes something: an account's id, an API key's, `cli`, `service`, `reporter` who found a secret, or
 * `sender` of feedback. With `operator:` before the id where an operator acts on a site as its owner could. Never a name or an address.
 */
export type Author = string

/** A change that is made. */
export interface Change {
  by: Author
  /** What is done, such as `site.add`. */
  act: string
  /** What it is done to: a sitekey, or an account's id. */
  subject: string
  /** What is different, before and after; never a secret, a hash of one, or anything personal. */
  detail?: Record<string, unknown>
}

/**
 * Writes a change down, in the transaction that makes it: there is no change without its event, and no event without its
 * change. Events are numbered without a gap, and each one's hash covers the hash before it.
 */
export async function record(
  tx: Transaction<Schema>,
  at: number,
  { by, act, subject, detail = {} }: Change,
): Promise<void> {
  // Taken first, this row is the queue in which changes wait for each other.
  const head = await tx
    .updateTable('audit_head')
    .set((e) => ({ seq: e('seq', '+', 1) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  const event = { seq: Number(head.seq), at, by, act, subject, detail: JSON.stringify(detail) }
  const hash = chain(head.hash, event)
  await tx
    .insertInto('audit_events')
    .values({ ...event, hash })
    .execute()
  await tx.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute()
}

/** An event's hash: SHA-256 over the hash before it and the event's parts, as one JSON array. Hex. */
export function chain(
  before: string,
  event: { seq: number; at: number; by: string; act: string; subject: string; detail: string },
): string {
  const { seq, at, by, act, subject, detail } = event
  return createHash('sha256')
    .update(JSON.stringify([before, seq, at, by, act, subject, detail]))
    .digest('hex')
}
