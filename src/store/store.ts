import type { Policy } from '../core/policy.ts'
import type { Mode, Site, SiteState } from '../core/site.ts'
import type { Author } from './audit.ts'
import type { BreachRows } from './breaches.ts'
import type { DeliveryRows } from './deliveries.ts'
import type { ExaminationRows } from './examinations.ts'
import type { FeedbackRows } from './feedback.ts'
import type { IncidentRows } from './incidents.ts'
import type { Looks } from './looks.ts'
import type { MailChoices } from './mail-choices.ts'
import type { MaintenanceRows } from './maintenances.ts'
import type { ReadingRows } from './readings.ts'
import type { Retention } from './retention.ts'
import type { TermsRows } from './terms.ts'
import type { WebhookRows } from './webhooks.ts'

export type { Author } from './audit.ts'
export type { Breach, BreachRevision, BreachRows, Concerned, Statement } from './breaches.ts'
export type {
  Channel,
  DeliveryRow,
  DeliveryRows,
  Held,
  NoticeRow,
} from './deliveries.ts'
export type { Examination, ExaminationRows } from './examinations.ts'
export {
  FEEDBACK_KINDS,
  FEEDBACK_STATES,
  type FeedbackEntry,
  type FeedbackKind,
  type FeedbackNumbers,
  type FeedbackRow,
  type FeedbackRows,
  type FeedbackState,
  type FeedbackThread,
  type TermsPlace,
} from './feedback.ts'
export type {
  Cause,
  Impact,
  Incident,
  IncidentRows,
  IncidentState,
  IncidentUpdate,
  IncidentWish,
} from './incidents.ts'
export type {
  Maintenance,
  MaintenanceRows,
  MaintenanceWish,
} from './maintenances.ts'
export type { Reading, ReadingRows } from './readings.ts'
export { TermsRefused, type TermsRow, type TermsRows } from './terms.ts'
export type { Webhook, WebhookRows } from './webhooks.ts'

/**
 * What must last. One small interface per noun, and drivers for SQLite and PostgreSQL that share their queries. Whatever
 * changes something takes `by`, who does it, and is written into the audit log in the same transaction.
 */
export interface Store {
  sites: Sites
  secrets: Secrets
  members: Members
  accounts: AccountRows
  passkeys: PasskeyRows
  recoveryCodes: RecoveryCodeRows
  sessions: SessionRows
  invitations: Invitations
  apiKeys: ApiKeyRows
  audit: AuditLog
  counts: Counts
  settings: Settings
  deliveries: DeliveryRows
  webhooks: WebhookRows
  mailChoices: MailChoices
  terms: TermsRows
  retention: Retention
  readings: ReadingRows
  maintenances: MaintenanceRows
  incidents: IncidentRows
  breaches: BreachRows
  examinations: ExaminationRows
  looks: Looks
  feedback: FeedbackRows
  /** What was read of a site is forgotten, unless it is of this revision: another node has changed it. */
  forget(sitekey: string, revision: number): void
  close(): Promise<void>
}

/** The store cannot answer. Becomes a 503. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The store cannot be opened or filled as things are. The message says what to do. */
export class StoreRefused extends Error {
  override readonly name: string = 'StoreRefused'
}

/** The websites registered with us. */
export interface Sites {
  /**
   * Registers a site. The secret is in the answer and nowhere else: only a keyed hash of it is kept. What is not given of
   * its policy is `DEFAULT_POLICY`'s. Rejects with `PolicyError` if that is none.
   *
   * @param site.owner the account that owns it; absent for a site that is the operator's alone
   */
  add(
    site: { hosts: readonly string[]; mode: Mode; name?: string; owner?: string } & Partial<Policy>,
    by?: Author,
  ): Promise<{ sitekey: string; secret: string }>
  /** Has a site be there with these keys and settings, which follow from something: several nodes may do so at once. */
  keep(
    site: { sitekey: string; secret: string; hosts: readonly string[]; mode: Mode; name?: string },
    by?: Author,
  ): Promise<void>
  /** All, the oldest first; or a page of them, by sitekey. */
  list(page?: { after: string; limit: number }): Promise<SiteRow[]>
  /** One site as it is listed, read anew; null if there is none. */
  row(sitekey: string): Promise<SiteRow | null>
  byKey(sitekey: string): Promise<Site | null>
  bySecret(secret: string): Promise<Site | null>
  /** The one active site that lists this host name; null if none or more than one does. */
  byHost(host: string): Promise<Site | null>
  /**
   * Changes what is given, and leaves the rest. False if there is no such site. Rejects with `PolicyError`, and changes
   * nothing, if the policy would be none; with `Outdated` if the site is not at `revision`, where one is given.
   */
  set(
    sitekey: string,
    changes: Partial<SiteSettings>,
    by?: Author,
    revision?: number,
  ): Promise<boolean>
  /**
   * Gives the site a new secret; the old ones stay good for `overlapMs` more. Null if there is no such site.
   */
  rotate(
    sitekey: string,
    overlapMs: number,
    by?: Author,
  ): Promise<{ secret: string; id: string } | null>
  /** Suspends or reinstates a site, on every node at once. False if there is no such site. */
  setState(sitekey: string, state: SiteState, by?: Author): Promise<boolean>
  /** Removes a site and its secrets, at once. False if there is no such site. */
  remove(sitekey: string, by?: Author): Promise<boolean>
}

/** Somebody else has changed the site, or a member of it, since it was read. */
export class Outdated extends Error {
  override readonly name = 'Outdated'
}

/** What a site's owners decide about it. */
export type SiteSettings = Omit<Site, 'sitekey' | 'test' | 'state' | 'revision'>

/** A site as it is listed. */
export interface SiteRow extends Site {
  createdAt: number
  /** Secrets that are good now. */
  secrets: number
}

/** A site's secrets, without what they are. */
export interface Secrets {
  list(sitekey: string): Promise<SecretRow[]>
  /** Ends one secret at once, on every node. False if there is no such secret of this site, or no other lasts. */
  end(sitekey: string, id: string, by?: Author): Promise<boolean>
  /** Ends the secret that somebody has found lying about, also a site's only one. False if it is nobody's. */
  endLeaked(secret: string, by?: Author): Promise<boolean>
}

export interface SecretRow {
  id: string
  /** Its last four characters. */
  hint: string
  createdAt: number
  expiresAt: number | null
  /** The last day (UTC, days since 1970) on which it was used; null if never. */
  lastUsedDay: number | null
}

/** What a member of a site may do: look; also change it; also its secrets and members; also remove it. */
export type Role = 'viewer' | 'developer' | 'admin' | 'owner'

/** Who may do what with a site. */
export interface Members {
  of(sitekey: string): Promise<MemberRow[]>
  /** The sites of an account, with its role in each. */
  sitesOf(accountId: string): Promise<(SiteRow & { role: Role })[]>
  role(sitekey: string, accountId: string): Promise<Role | null>
  /**
   * Adds a member or changes its role. False if it would leave the site without an owner.
   *
   * @param from the role that the change was allowed for; rejects with `Outdated` if it is another by now
   */
  set(
    sitekey: string,
    accountId: string,
    role: Role,
    by?: Author,
    from?: Role | null,
  ): Promise<boolean>
  /** Removes a member, at once. False if there is none, or it is the last owner. @param from as above */
  remove(sitekey: string, accountId: string, by?: Author, from?: Role): Promise<boolean>
}

export interface MemberRow {
  accountId: string
  login: string
  role: Role
  createdAt: number
}

/** `operator` runs the service; `developer` has sites. */
export type AccountRole = 'operator' | 'developer'
export type AccountState = 'active' | 'suspended' | 'terminated'

/** An account. What it logs in with is in `secret` fields only where a method says so. */
export interface Account {
  id: string
  /** '' once it has ended. */
  login: string
  role: AccountRole
  state: AccountState
  /** Confirmed by its owner; null where there is none. */
  email: string | null
  emailConfirmedAt: number | null
  hasPassword: boolean
  hasTotp: boolean
  createdAt: number
}

export interface AccountRows {
  /**
   * Rejects with `Taken` if the login is, or one that looks like it.
   *
   * @param account.password an Argon2id string
   * @param account.first only if there is no operator yet; otherwise rejects with `Taken` as well
   * @param account.agrees to which version of the Terms, by signing up
   * @param by the account itself where nobody else is given
   */
  add(
    account: {
      login: string
      role: AccountRole
      password: string | null
      first?: boolean
      agrees?: { number: number; hash: string }
    },
    by?: Author,
  ): Promise<Account>
  byId(id: string): Promise<Account | null>
  byLogin(login: string): Promise<Account | null>
  /** True if somebody has this login, or one that looks like it. */
  isTaken(login: string): Promise<boolean>
  /** The accounts with this confirmed address: one person may have several. A few at most. */
  allByEmail(email: string): Promise<Account[]>
  /** A page of them, by id. Like those found otherwise, they are under the newest root key after it. */
  list(after: string, limit: number): Promise<Account[]>
  /** Those who can act. */
  countOperators(): Promise<number>
  /** The Argon2id string; null where there is none. */
  passwordOf(id: string): Promise<string | null>
  /**
   * Sets another password, and ends all sessions.
   *
   * @param from false, and nothing is changed, unless this is the password (`passwordOf`) until then
   */
  setPassword(id: string, password: string, by?: Author, from?: string | null): Promise<boolean>
  /** Keeps the same password in another form. Nothing is different to anybody. */
  rehash(id: string, from: string, to: string): Promise<void>
  /** An address counts once it is confirmed, and is not kept before. Null for none. False if the account has ended. */
  setEmail(id: string, email: string | null, by?: Author): Promise<boolean>
  /** The base32 secret and the last step used; null where there is none. */
  totpOf(id: string): Promise<{ secret: string; step: number } | null>
  /**
   * @param secret null for none any more: the recovery codes end with it
   * @param step the one that was used to confirm it
   */
  setTotp(id: string, secret: string | null, step: number, by?: Author): Promise<void>
  /** Uses up a time step. False if it, or a later one, was used before. */
  useTotpStep(id: string, step: number): Promise<boolean>
  /** False if there is no such account, or it is the last operator who can act. */
  setRole(id: string, role: AccountRole, by?: Author): Promise<boolean>
  /**
   * Suspends or reinstates an account. Suspended, its sessions end, and the sites of which it is the only owner who can act
   * are suspended with it. False if there is no such account, or it is the last operator who can act.
   *
   * @param reason what its holder is told of why; in no log
   */
  setState(
    id: string,
    state: 'active' | 'suspended',
    by?: Author,
    reason?: string,
  ): Promise<boolean>
  /**
   * Ends an account for good: all that could tell whose it was is deleted, and the sites of which it is the only owner are
   * removed. Its id stays, so that nobody gets it again. False as with `setState`.
   */
  terminate(id: string, by?: Author, reason?: string): Promise<boolean>
}

/** A login or a name that somebody else has. */
export class Taken extends Error {
  override readonly name = 'Taken'
}

export interface Passkey {
  id: string
  name: string
  publicKey: string
  counter: number
  transports: string[]
  createdAt: number
  lastUsedDay: number | null
}

export interface PasskeyRows {
  of(accountId: string): Promise<Passkey[]>
  byId(id: string): Promise<(Passkey & { accountId: string }) | null>
  add(
    accountId: string,
    passkey: Pick<Passkey, 'id' | 'name' | 'publicKey' | 'counter' | 'transports'>,
    by?: Author,
  ): Promise<void>
  /** False if the counter went back: a copy of the key is about. */
  use(id: string, counter: number): Promise<boolean>
  remove(accountId: string, id: string, by?: Author): Promise<boolean>
}

export interface RecoveryCodeRows {
  /** Replaces all. */
  set(accountId: string, codes: readonly string[], by?: Author): Promise<void>
  left(accountId: string): Promise<number>
  /** True once per code. */
  use(accountId: string, code: string): Promise<boolean>
}

export interface SessionRow {
  id: string
  accountId: string
  way: 'password' | 'passkey' | 'recovery'
  createdAt: number
  /** To the hour. */
  seenAt: number
  expiresAt: number
  elevatedUntil: number
}

export interface SessionRows {
  /**
   * Null if the account cannot act any more.
   *
   * @param token what the cookie holds; only a keyed hash of it is kept
   * @param password null as well unless this is still the account's (`passwordOf`)
   */
  add(
    token: string,
    session: Pick<SessionRow, 'accountId' | 'way' | 'expiresAt' | 'elevatedUntil'>,
    password?: string,
  ): Promise<SessionRow | null>
  /** A session that has neither ended nor idled too long, of an account that is active. */
  byToken(token: string): Promise<SessionRow | null>
  of(accountId: string): Promise<SessionRow[]>
  /** A new token in place of the old one, which ends: at each rise of rights. False if the session has ended meanwhile. */
  elevate(id: string, token: string, until: number): Promise<boolean>
  /** @param by absent for one that is simply over: to log out is no change to the account */
  end(accountId: string, id: string, by?: Author): Promise<boolean>
  /** Ends all but this one. Says how many. */
  endOthers(accountId: string, keep: string, by?: Author): Promise<number>
  /** Ends everybody's but this one. Says how many. */
  endAll(keep: string, by: Author): Promise<number>
}

export interface Invitation {
  id: string
  sitekey: string | null
  role: Role | AccountRole
  invitedBy: string
  createdAt: number
  expiresAt: number
}

export interface Invitations {
  /**
   * @param token what the link holds; only a keyed hash of it is kept
   * @param invitation.invitedBy the account that answers for it; `by` where none is given
   */
  add(
    token: string,
    invitation: Pick<Invitation, 'sitekey' | 'role' | 'expiresAt'> & { invitedBy?: string },
    by: Author,
  ): Promise<Invitation>
  byToken(token: string): Promise<Invitation | null>
  /** Uses it up: null for all but one caller. */
  take(token: string, by?: Author): Promise<Invitation | null>
  /** Those that are good now, of a site or (null) for accounts alone. */
  of(sitekey: string | null): Promise<Invitation[]>
  /** False if this site, or (null) the operators, have no such invitation. */
  remove(sitekey: string | null, id: string, by?: Author): Promise<boolean>
}

/** What a key for the management API may be used for. */
export type Scope =
  | 'keys:write'
  | 'sites:read'
  | 'sites:write'
  | 'secrets:write'
  | 'members:write'
  | 'stats:read'
  | 'audit:read'
  | 'accounts:write'
  | 'webhooks:write'
  | 'service:write'

export interface ApiKey {
  id: string
  accountId: string
  sitekey: string | null
  name: string
  scopes: Scope[]
  hint: string
  createdAt: number
  expiresAt: number | null
  lastUsedDay: number | null
}

export interface ApiKeyRows {
  /** The key is in the answer and nowhere else. */
  add(
    key: Pick<ApiKey, 'accountId' | 'sitekey' | 'name' | 'scopes' | 'expiresAt'>,
    by?: Author,
  ): Promise<{ key: string; row: ApiKey }>
  /** A key that has not ended, of an account that is active. */
  byKey(key: string): Promise<ApiKey | null>
  of(accountId: string): Promise<ApiKey[]>
  end(accountId: string, id: string, by?: Author): Promise<boolean>
  /** Ends the key that somebody has found lying about. False if it is nobody's. */
  endLeaked(key: string, by?: Author): Promise<boolean>
}

/** One event of the audit log. */
export interface AuditEvent {
  seq: number
  at: number
  by: Author
  act: string
  subject: string
  detail: Record<string, unknown>
  hash: string
}

export interface AuditLog {
  /** The newest event's number and hash: whoever keeps it can tell later that nothing before it was changed. */
  head(): Promise<{ seq: number; hash: string }>
  /** Newest first. */
  list(query: {
    subjects?: readonly string[]
    before?: number
    limit: number
  }): Promise<AuditEvent[]>
  /** Oldest first, in order, without holding all in memory. */
  all(): AsyncIterable<AuditEvent>
  /**
   * Computes the chain anew. Null if it holds; otherwise the first event that does not, and why.
   *
   * @param kept a head that somebody kept: the log must still lead through it
   */
  verify(kept?: { seq: number; hash: string }): Promise<{ seq: number; why: string } | null>
}

/** How often something happened on a site: sums per bucket of time, and nothing about one visitor. */
export interface Counts {
  /**
   * Adds many at once, all or none.
   *
   * @param batch a name of its own: what was added under it before is not added again. So who did not hear whether it
   * was done can ask once more.
   */
  add(counts: readonly CountRow[], batch: string): Promise<void>
  /** Sums per site, name, label and step of time: `startsAt` is a multiple of `stepMs`. From `from` on, before `to`. */
  read(query: {
    sitekeys: readonly string[]
    span: Span
    from: number
    to: number
    stepMs: number
  }): Promise<CountRow[]>
  /** Deletes what is older than it should be kept, and what is of sites that are gone. */
  sweep(): Promise<void>
}

export type Span = 'minute' | 'hour'

export interface CountRow {
  sitekey: string
  span: Span
  startsAt: number
  name: string
  label: string
  count: number
}

/** What an operator has chosen while the service runs. */
export interface Settings {
  read(): Promise<OperatorSettings>
  set(changes: Partial<OperatorSettings>, by?: Author): Promise<void>
}

export interface OperatorSettings {
  /** Who may make an account. */
  signUp: 'open' | 'invitation' | 'closed'
  /** Sites that one developer may own. */
  sitesMax: number
}
