/**
 * The tables, as the migrations leave them. Moments are epoch milliseconds; a day is the number of days since 1970 (UTC).
 * What is `_sealed` is encrypted under a root key, what is `_hash` is a keyed hash: neither is readable in a backup.
 */
export interface Schema {
  sites: {
    sitekey: string
    name: string
    state: string
    /** The account whose suspension suspended this site, `operator`, or '' while it is active. */
    suspended_by: string
    /** Grows with every change to the site, its hosts, its secrets or its standing. */
    revision: number
    mode: string
    created_at: number
    effort_floor: number
    effort_ceiling: number
    wait_ms: number
    token_life_ms: number
    /** Names of kinds with commas between; '' for any. */
    kinds: string
    theme: string
    on_failure: string
  }
  site_hosts: { sitekey: string; host: string }
  /** `hash` is all that is kept of a secret; `expires_at` is null while it does not end. */
  site_secrets: {
    hash: string
    id: string
    sitekey: string
    /** A secret's last four characters, by which its owner tells it from others. */
    hint: string
    created_at: number
    expires_at: number | null
    last_used_day: number | null
  }
  site_members: { sitekey: string; account_id: string; role: string; created_at: number }

  accounts: {
    id: string
    /** What its owner logs in with: lower case, unique; null once the account has ended. */
    login: string | null
    role: string
    state: string
    /** Argon2id in its usual string form, and that encrypted under a root key; null where passkeys alone are used. */
    password: string | null
    email_sealed: string | null
    email_hash: string | null
    email_confirmed_at: number | null
    totp_sealed: string | null
    /** The last time step that was used to log in: each is good once. */
    totp_step: number | null
    created_at: number
    changed_at: number
  }
  passkeys: {
    id: string
    account_id: string
    name: string
    public_key: string
    counter: number
    transports: string
    created_at: number
    last_used_day: number | null
  }
  recovery_codes: { hash: string; account_id: string; created_at: number }
  sessions: {
    hash: string
    id: string
    account_id: string
    /** How it was opened: `password`, `passkey` or `recovery`. */
    way: string
    created_at: number
    seen_at: number
    expires_at: number
    /** Until when dangerous acts need no new proof. */
    elevated_until: number
  }
  invitations: {
    hash: string
    id: string
    /** The site that it gives a role in; null for an account alone. */
    sitekey: string | null
    role: string
    invited_by: string
    created_at: number
    expires_at: number
  }
  api_keys: {
    hash: string
    id: string
    account_id: string
    /** The only site that it is good for; null for all of the account's. */
    sitekey: string | null
    name: string
    /** With blanks between. */
    scopes: string
    hint: string
    created_at: number
    expires_at: number | null
    last_used_day: number | null
  }

  audit_events: {
    seq: number
    at: number
    by: string
    act: string
    subject: string
    /** JSON. */
    detail: string
    hash: string
  }
  /** One row: the newest event's number and hash. */
  audit_head: { id: number; seq: number; hash: string }

  /** How often something happened on a site, per bucket of time. No row is about one visitor. */
  site_counts: {
    sitekey: string
    /** `minute` or `hour`. */
    span: string
    /** When the bucket begins. */
    starts_at: number
    name: string
    label: string
    count: number
  }
  /** What an operator has chosen. `value` is JSON. */
  settings: { name: string; value: string; changed_at: number }
  /** Which root keys this store's secrets are under: one that knows none of them may not write here. */
  root_keys: { id: string; created_at: number }
}
