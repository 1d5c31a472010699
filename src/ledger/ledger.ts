/** What somebody wants to use up, once. */
export interface Claim {
  /** Unique: 128 random bits, or a name of its own. */
  id: string
  /** When it was given out, in epoch milliseconds. A ledger that has lost its memory since then refuses it. */
  issuedAt: number
  /** When it ends anyway, in epoch milliseconds; remembered until then, not longer. */
  expiresAt: number
  /** The site that it belongs to, as the asker knows it; absent where it belongs to none. */
  site?: { sitekey: string; revision: number }
  /** Who asks again with the same mark did not hear the answer, and hears it again; absent where each asks once. */
  mark?: string
}

/**
 * What came of a claim:
 * - `spent`: used up, now and by you. Exactly one caller hears this, however many ask at once.
 * - `again`: it was used up before.
 * - `repeated`: it was used up before, by a call with the same mark.
 * - `outdated`: the site has changed since the asker read it, or the ledger does not know how it stands. Nothing is used
 *   up. Read it anew, `announce` what was read, and decide again.
 * - `forgotten`: it was given out before the ledger's memory begins, so nobody can tell whether it was used up.
 */
export type Spend = 'spent' | 'again' | 'repeated' | 'outdated' | 'forgotten'

/** Remembers, until a given moment, what must not happen twice or too often. */
export interface Ledger {
  /** Spends an id. Rejects with `LedgerUnavailable` when it cannot tell: nothing may be accepted then. */
  spend(claim: Claim): Promise<Spend>

  /**
   * Counts this call against `key`, and returns how many there were with it, each weighing e^(−age ÷ fadeMs): a fading
   * count, without a moment at which all begins anew. Never too low, seldom too high.
   *
   * @param key made from a secret that changes (`server/networks.ts`), so that it tells nothing about a visitor
   * @param fadeMs the age at which a call weighs 1 ÷ e; a steady rate counts as `rate × fadeMs`
   * @param add how much this call weighs; 0 only reads
   */
  count(key: string, fadeMs: number, add?: number): Promise<number>

  /**
   * Tells all nodes that a site is at this revision. When it returns, no claim of a site at a lower one is spent any more,
   * by whatever node; and whoever listens hears it soon. A lower revision than is known changes nothing.
   */
  announce(sitekey: string, revision: number): Promise<void>

  /** Calls back for each announcement, by whatever node. One may be lost: what is recalled must age too. */
  listen(hear: (sitekey: string, revision: number) => void): void

  /** The other nodes; absent where there are none. */
  peers?: Peers

  /** The clock of the server that remembers; absent where that is this machine. */
  clock?(): Promise<number>

  close(): Promise<void>
}

/** Says things to all nodes that run now, the speaker too. Nothing is kept: who is away misses it. */
export interface Peers {
  tell(text: string): Promise<void>
  hear(listener: (text: string) => void): void
}

/** The ledger cannot answer, so nothing may be accepted. Becomes a 503. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable'
}
