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
    noscript_per_hour: number
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

  terms_versions: {
    /** From 1 on. At most one is a draft: the one that was not announced. */
    number: number
    /** What is different from the version before, for its readers. */
    summary: string
    /** How it is accepted: by `use` after it is in force, or by a `click`. */
    acceptance: string
    created_at: number
    changed_at: number
    announced_at: number | null
    effective_at: number | null
    /** Taken back before it was in force. */
    withdrawn_at: number | null
  }
  /**
   * What a version says, in Markdown, byte for byte as it was announced; `hash` is SHA-256, and '' while it is a draft. The
   * text at `place` 0 is the one that binds.
   */
  terms_texts: { number: number; place: number; lang: string; text: string; hash: string }
  /** `way` is `use`, `click` or `sign-up`; `hash` is that of the text that binds, as it was. Number 0 is the founding text. */
  terms_acceptances: { account_id: string; number: number; hash: string; way: string; at: number }

  /** What people are told: one row per cause. `about` names the cause, and there is one notice of a kind about it. */
  notices: { id: string; kind: string; about: string; facts_sealed: string; created_at: number }
  /** To whom a notice goes, and whether it went. */
  deliveries: {
    notice_id: string
    /** `mail` or `webhook`. */
    channel: string
    /** An account's id, a webhook's, or a keyed hash of an address. */
    recipient: string
    /** Where the address is no account's. */
    address_sealed: string | null
    /** `waiting`, `sent`, `failed` for good, or `dropped` because there is nobody to send it to any more. */
    state: string
    attempts: number
    next_at: number
    /** The node that is sending it, until when; '' for none. */
    holder: string
    held_until: number
    done_at: number | null
    /** Why the last attempt failed, in our words. */
    why: string
  }
  webhooks: {
    id: string
    account_id: string
    url_sealed: string
    secret_sealed: string
    /** Kinds of notices with blanks between. */
    kinds: string
    /** `on`, or `off` after it failed for too long. */
    state: string
    /** Why it was turned off, in our words; '' while it is on. */
    why: string
    created_at: number
  }
  /** The optional kinds of letters that an account does not want. */
  mail_refusals: { account_id: string; kind: string; at: number }

  /** How many looks at a part of the service, on any node, were good, poor or bad, per hour. */
  readings: { component: string; starts_at: number; good: number; poor: number; bad: number }
  /** When the service is looked after. Its state follows from the moments. */
  maintenances: {
    id: string
    title: string
    body: string
    /** With blanks between. */
    components: string
    /** `none`, or `paused`: visitors are asked to come back after it. */
    effect: string
    starts_at: number
    ends_at: number
    /** Grows with every change, for calendars. */
    sequence: number
    /** Why it was announced at shorter notice than promised; '' if it was not. */
    reason: string
    created_at: number
    /** When its beginning was announced as it is now. */
    announced_at: number
    changed_at: number
    cancelled_at: number | null
    completed_at: number | null
  }
  incidents: {
    id: string
    title: string
    /** `none`, `minor`, `major` or `critical`. */
    impact: string
    /** `unknown`, `ours`, `supplier`, `attack` or `force-majeure`. */
    cause: string
    components: string
    started_at: number
    resolved_at: number | null
    created_at: number
  }
  /** `state` is `investigating`, `identified`, `monitoring` or `resolved`. */
  incident_updates: { id: string; incident_id: string; state: string; body: string; at: number }

  breaches: {
    id: string
    /** Of its facts: grows with every change to them. */
    revision: number
    /** From then on there are 72 hours. */
    noticed_at: number
    authority_told_at: number | null
    /** When those concerned were told first; and how often they were told. */
    people_told_at: number | null
    people_told: number
    closed_at: number | null
    created_at: number
    changed_at: number
  }
  /** What was known of a breach, as JSON: a row for each revision, which is never changed. */
  breach_facts: {
    breach_id: string
    revision: number
    facts_sealed: string
    by: string
    at: number
  }
  breach_accounts: { breach_id: string; account_id: string }
  /** What everybody may read about a breach. It is never changed; `hash` is SHA-256 of title and text. */
  breach_statements: {
    breach_id: string
    number: number
    title: string
    text: string
    hash: string
    at: number
  }
  /** What the doctor found; `checks` is JSON. */
  examinations: { at: number; failing: number; warnings: number; checks: string }

  feedback: {
    id: string
    /** `service`, `terms`, `security` or `abuse`. */
    kind: string
    /** `new`, `open`, `answered` or `closed`. */
    state: string
    /** The version and clause that it is about, if it is about the Terms. */
    terms_number: number | null
    clause: string
    text_sealed: string
    /** Where the answer goes, if its sender wants one by mail. */
    address_sealed: string | null
    /** Of the code with which its sender reads the answer; null once that was found where it should not be. */
    receipt_hash: string | null
    created_at: number
    changed_at: number
    /** When it was first answered. */
    answered_at: number | null
    closed_at: number | null
  }
  /** A `message` of its sender's, a `reply` to them, or a `note` among operators. */
  feedback_entries: {
    id: string
    feedback_id: string
    sort: string
    /** An operator's account, or '' for its sender. */
    by: string
    text_sealed: string
    at: number
  }
}
