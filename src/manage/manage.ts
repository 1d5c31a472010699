import type { Policy } from '../core/policy.ts'
import type { Mode } from '../core/site.ts'
import type {
  Account,
  AccountRole,
  ApiKey,
  AuditEvent,
  Author,
  CountRow,
  Invitation,
  MemberRow,
  OperatorSettings,
  Role,
  Scope,
  SecretRow,
  SiteRow,
  SiteSettings,
  Span,
} from '../store/store.ts'

/** Who asks for something to be done: a person at the console, or a program with a key. */
export interface Actor {
  account: Account
  /** What the audit log says: the account's id, or the key's. With `operator:` before it where it acts as an operator. */
  by: Author
  /** Null for a person, who may do all that the account may. */
  scopes: ReadonlySet<Scope> | null
  /** The only site that the key is good for; null for all. */
  onlySite: string | null
  /** True if the person has just proved again who they are; a key has no need to. */
  elevated: boolean
}

/** A site as somebody with a role in it sees it. */
export type SiteView = SiteRow & { role: Role }

/**
 * All that can be done with sites, members, keys and accounts: for the console, the management API and nothing else. Each
 * deed decides whether the actor may, does it, and has it written into the audit log.
 *
 * What is not the actor's is as if it were not there: `BadRequest('not-found')`. What a role or scope does not allow is
 * `forbidden`; a dangerous act without a fresh proof is `proof-needed`; a wrong value is `field-invalid`, with the field.
 */
export interface Manage {
  sites(actor: Actor): Promise<SiteView[]>
  site(actor: Actor, sitekey: string): Promise<SiteView>
  addSite(
    actor: Actor,
    site: { name: string; hosts: string[]; mode?: Mode } & Partial<Policy>,
  ): Promise<{ sitekey: string; secret: string }>
  /** @param revision the one that the changes were thought out for; `revision-outdated` if there is another */
  setSite(
    actor: Actor,
    sitekey: string,
    changes: Partial<SiteSettings>,
    revision?: number,
  ): Promise<void>
  /** Dangerous. */
  removeSite(actor: Actor, sitekey: string): Promise<void>
  /** The operator's. Dangerous. */
  suspendSite(actor: Actor, sitekey: string): Promise<void>
  reinstateSite(actor: Actor, sitekey: string): Promise<void>

  secrets(actor: Actor, sitekey: string): Promise<SecretRow[]>
  /** Dangerous, as is the one after it. @param overlapMs for how long the old ones stay good, 0 to 30 days */
  rotateSecret(
    actor: Actor,
    sitekey: string,
    overlapMs: number,
  ): Promise<{ secret: string; id: string }>
  endSecret(actor: Actor, sitekey: string, id: string): Promise<void>

  members(actor: Actor, sitekey: string): Promise<MemberRow[]>
  /** Of somebody who is a member; others are invited. Dangerous where it makes an owner, or takes from one. */
  setMember(actor: Actor, sitekey: string, accountId: string, role: Role): Promise<void>
  /** Also one's own membership. */
  removeMember(actor: Actor, sitekey: string, accountId: string): Promise<void>
  /** The token goes into a link, `/console/invitations/TOKEN`, and is shown this once. */
  inviteMember(
    actor: Actor,
    sitekey: string,
    role: Role,
  ): Promise<{ token: string; invitation: Invitation }>
  invitations(actor: Actor, sitekey: string): Promise<Invitation[]>
  removeInvitation(actor: Actor, sitekey: string, id: string): Promise<void>
  /** Somebody who is logged in follows a link. */
  acceptInvitation(actor: Actor, token: string): Promise<{ sitekey: string }>

  keys(actor: Actor): Promise<ApiKey[]>
  /** Dangerous. */
  addKey(
    actor: Actor,
    key: { name: string; scopes: Scope[]; sitekey?: string; lifeDays?: number },
  ): Promise<{ key: string; row: ApiKey }>
  endKey(actor: Actor, id: string): Promise<void>
  /** The actor of a management key; null if it is nobody's, has ended, or its account has. */
  byKey(key: string): Promise<Actor | null>

  /** How often what happened on a site. */
  numbers(
    actor: Actor,
    sitekey: string,
    query: { span: Span; from: number; to: number; stepMs?: number },
  ): Promise<CountRow[]>

  /** What was done to a site, or to oneself and one's sites; the operator's log has all. Newest first. */
  audit(
    actor: Actor,
    query: { sitekey?: string; everything?: boolean; before?: number; limit: number },
  ): Promise<AuditEvent[]>
  auditHead(actor: Actor): Promise<{ seq: number; hash: string }>
  /** The whole log, the oldest first: the operator's. Decides before it gives anything. */
  auditExport(actor: Actor): AsyncIterable<AuditEvent>

  /** The operator's, all that follow. */
  accounts(actor: Actor, after: string, limit: number): Promise<Account[]>
  /** @param idOrLogin exactly as it is; with the sites that the account has a role in */
  account(actor: Actor, idOrLogin: string): Promise<{ account: Account; sites: SiteView[] }>
  /** The sites of all, by sitekey. */
  allSites(actor: Actor, after: string, limit: number): Promise<SiteRow[]>
  inviteAccount(actor: Actor, role: AccountRole): Promise<{ token: string; invitation: Invitation }>
  accountInvitations(actor: Actor): Promise<Invitation[]>
  removeAccountInvitation(actor: Actor, id: string): Promise<void>
  /** Dangerous, as are the two after it. @param reason what its holder is told of why, if anything; in no log */
  suspendAccount(actor: Actor, id: string, reason?: string): Promise<void>
  reinstateAccount(actor: Actor, id: string, reason?: string): Promise<void>
  terminateAccount(actor: Actor, id: string, reason?: string): Promise<void>
  settings(actor: Actor): Promise<OperatorSettings>
  setSettings(actor: Actor, changes: Partial<OperatorSettings>): Promise<void>
}
