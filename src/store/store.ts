import type { Policy } from '../core/policy.ts'
import type { Mode, Site } from '../core/site.ts'

/** What must last. One small interface per noun; SQLite today, others beside it. */
export interface Store {
  sites: Sites
  close(): Promise<void>
}

/** The websites registered with us. */
export interface Sites {
  /**
   * Registers a site. The secret is in the answer and nowhere else: only a keyed hash of it is kept. What is not given of
   * its policy is `DEFAULT_POLICY`'s. Rejects with `PolicyError` if that is none.
   */
  add(
    site: { hosts: readonly string[]; mode: Mode } & Partial<Policy>,
  ): Promise<{ sitekey: string; secret: string }>
  list(): Promise<SiteRow[]>
  byKey(sitekey: string): Promise<Site | null>
  bySecret(secret: string): Promise<Site | null>
  /** The one site that lists this host name; null if none or more than one does. */
  byHost(host: string): Promise<Site | null>
  /**
   * Changes what is given, and leaves the rest. False if there is no such site. Rejects with `PolicyError`, and changes
   * nothing, if the policy would be none.
   */
  set(sitekey: string, changes: Partial<SiteSettings>): Promise<boolean>
  /**
   * Gives the site a new secret; the old ones stay good for `overlapMs` more. Null if there is no such site.
   */
  rotate(sitekey: string, overlapMs: number): Promise<{ secret: string } | null>
  /** Removes a site and its secrets, at once. False if there is no such site. */
  remove(sitekey: string): Promise<boolean>
}

/** What an operator decides about a site. */
export type SiteSettings = Omit<Site, 'sitekey' | 'test'>

/** A site as an operator sees it in a list. */
export interface SiteRow extends Site {
  createdAt: number
  /** Secrets that are good now. */
  secrets: number
}
