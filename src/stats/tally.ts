/** What is counted on a site. Each may have a label: an action, a kind, a reason, a bucket of waiting. */
export type Counted =
  | 'challenges'
  | 'solutions'
  | 'puzzles'
  | 'passed'
  | 'failed'
  | 'redeemed'
  | 'replayed'
  | 'refused'
  | 'waited'
  | 'effort'
  | 'pressure'

/** Counts what happens, in memory; sums go to the store and to `/metrics`. Nothing about one visitor. */
export interface Tally {
  /** @param weight how much it adds: 1, or what is summed (effort, pressure) */
  count(sitekey: string, name: Counted, label?: string, weight?: number): void
  /** Writes what was counted since. */
  flush(): Promise<void>
  close(): Promise<void>
}
