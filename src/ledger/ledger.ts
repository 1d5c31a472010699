/** Remembers, until a given moment, what must not happen twice or too often. */
export interface Ledger {
  /**
   * Spends an id. True for exactly one caller, however many ask at once. Rejects with `LedgerUnavailable` when it
   * cannot tell: nothing may be accepted then.
   *
   * @param expiresAt when the id ends anyway, in epoch milliseconds; kept until then, not longer
   */
  spend(id: string, expiresAt: number): Promise<boolean>

  /**
   * Counts this call against `key`, and returns how many its window has seen; never too few, seldom too many.
   *
   * @param key made from a secret that changes (`server/networks.ts`), so that it tells nothing about a visitor
   */
  count(key: string, windowMs: number): Promise<number>

  close(): Promise<void>
}

/** The ledger cannot answer, so nothing may be accepted. Becomes a 503. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable'
}
