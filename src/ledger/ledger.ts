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
   * Counts this call against `key`, and returns how many there were with it, each weighing e^(−age ÷ fadeMs): a fading
   * count, without a moment at which all begins anew. Never too low, seldom too high.
   *
   * @param key made from a secret that changes (`server/networks.ts`), so that it tells nothing about a visitor
   * @param fadeMs the age at which a call weighs 1 ÷ e; a steady rate counts as `rate × fadeMs`
   * @param add how much this call weighs; 0 only reads
   */
  count(key: string, fadeMs: number, add?: number): Promise<number>

  close(): Promise<void>
}

/** The ledger cannot answer, so nothing may be accepted. Becomes a 503. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable'
}
