/** The tables, as the migrations leave them. Moments are epoch milliseconds. */
export interface Schema {
  sites: {
    sitekey: string
    mode: string
    created_at: number
    effort_floor: number
    effort_ceiling: number
    wait_ms: number
  }
  site_hosts: { sitekey: string; host: string }
  /** `hash` is all that is kept of a secret; `expires_at` is null while it is the newest. */
  site_secrets: { hash: string; sitekey: string; created_at: number; expires_at: number | null }
}
