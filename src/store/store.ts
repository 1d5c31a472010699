import type { Mode, Site } from '../core/site.ts'

/** What must last. One small interface per noun; SQLite today, others beside it. */
export interface Store {
  sites: Sites
  close(): Promise<void>
}

/** The websites registered with us. */
export interface Sites {
  /** Registers a site. The secret is in the answer and nowhere else: only a keyed hash of it is kept. */
  add(site: { hosts: readonly string[]; mode: Mode }): Promise<{ sitekey: string; secret: string }>
  list(): Promise<SiteRow[]>
  byKey(sitekey: string): Promise<Site | null>
  bySecret(secret: string): Promise<Site | null>
  /** The one site that lists this host name; null if none or more than one does. */
  byHost(host: string): Promise<Site | null>
  /** Replaces the host names. False if there is no such site. */
  setHosts(sitekey: string, hosts: readonly string[]): Promise<boolean>
  /**
   * Gives the site a new secret; the old ones stay good for `overlapMs` more. Null if there is no such site.
   */
  rotate(sitekey: string, overlapMs: number): Promise<{ secret: string } | null>
  /** Removes a site and its secrets, at once. False if there is no such site. */
  remove(sitekey: string): Promise<boolean>
}

/** A site as an operator sees it in a list. */
export interface SiteRow extends Site {
  createdAt: number
  /** Secrets that are good now. */
  secrets: number
}
