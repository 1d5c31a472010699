import type { BadRequestCode } from '../core/bad-request.ts'
import type { SiteState } from '../core/site.ts'
import type { AccountRole, AccountState, Role, Scope } from '../store/store.ts'

/** What a deed asks of whoever does it. */
export interface Rule {
  /** What a key must be for; null where every key may. */
  scope: Scope | null
  /** The least role in the site; absent for what is done to no site. */
  role?: Role
  /** Only for those who run the service. */
  operator?: true
  /** Changes something: not for the suspended, nor on a suspended site. */
  changes?: true
  /** Wants a fresh proof of a person. */
  dangerous?: true
  /** Not for keys, whatever they are for. */
  person?: true
  /** Reaches past one site: not for a key that is good for one. */
  everywhere?: true
}

/** Everything that can be done, and who may. This table is the whole of it. */
export const RULES = {
  'sites.list': { scope: 'sites:read' },
  'sites.all': { scope: 'sites:read', operator: true, everywhere: true },
  'site.read': { scope: 'sites:read', role: 'viewer' },
  'site.add': { scope: 'sites:write', changes: true, everywhere: true },
  'site.set': { scope: 'sites:write', role: 'developer', changes: true },
  'site.remove': { scope: 'sites:write', role: 'owner', changes: true, dangerous: true },
  'site.suspend': { scope: 'accounts:write', role: 'owner', operator: true, dangerous: true },
  'site.reinstate': { scope: 'accounts:write', role: 'owner', operator: true, dangerous: true },

  'secrets.read': { scope: 'sites:read', role: 'viewer' },
  'secret.rotate': { scope: 'secrets:write', role: 'admin', changes: true, dangerous: true },
  'secret.end': { scope: 'secrets:write', role: 'admin', changes: true, dangerous: true },

  'members.read': { scope: 'sites:read', role: 'viewer' },
  'member.set': { scope: 'members:write', role: 'admin', changes: true },
  'member.remove': { scope: 'members:write', role: 'admin', changes: true },
  'member.leave': { scope: 'members:write', role: 'viewer' },
  /** Whatever makes an owner, or takes from one. */
  'owner.set': { scope: 'members:write', role: 'owner', changes: true, dangerous: true },
  'invitations.read': { scope: 'sites:read', role: 'admin' },
  'invitation.add': { scope: 'members:write', role: 'admin', changes: true },
  'invitation.remove': { scope: 'members:write', role: 'admin', changes: true },
  'invitation.accept': { scope: null, changes: true, person: true },

  'keys.read': { scope: 'keys:write', everywhere: true },
  'key.add': { scope: null, changes: true, dangerous: true, person: true },
  'key.end': { scope: 'keys:write', everywhere: true },
  /** A key may always end itself. */
  'key.endItself': { scope: null },

  'numbers.read': { scope: 'stats:read', role: 'viewer' },
  'audit.site': { scope: 'audit:read', role: 'viewer' },
  'audit.own': { scope: 'audit:read' },
  'audit.all': { scope: 'audit:read', operator: true, everywhere: true },
  'audit.head': { scope: 'audit:read' },

  'accounts.read': { scope: 'accounts:write', operator: true, everywhere: true },
  'account.invite': { scope: 'accounts:write', operator: true, changes: true, everywhere: true },
  'operator.invite': {
    scope: 'accounts:write',
    operator: true,
    changes: true,
    dangerous: true,
    everywhere: true,
  },
  'account.set': {
    scope: 'accounts:write',
    operator: true,
    changes: true,
    dangerous: true,
    everywhere: true,
  },
  /** What belongs to the promises is the operator's: to look, to write, and what cannot be taken back. */
  'promises.read': { scope: 'service:write', operator: true, everywhere: true },
  'promises.write': { scope: 'service:write', operator: true, changes: true, everywhere: true },
  'promises.publish': {
    scope: 'service:write',
    operator: true,
    changes: true,
    dangerous: true,
    everywhere: true,
  },
  /** One's own letters are a person's to choose. */
  'mail.own': { scope: null, person: true },
  'mail.set': { scope: null, person: true, changes: true },
  'webhooks.own': { scope: 'webhooks:write', everywhere: true },
  'webhook.set': { scope: 'webhooks:write', changes: true, everywhere: true },

  'settings.read': { scope: 'accounts:write', operator: true, everywhere: true },
  'settings.set': {
    scope: 'accounts:write',
    operator: true,
    changes: true,
    dangerous: true,
    everywhere: true,
  },
} as const satisfies Record<string, Rule>

export type Deed = keyof typeof RULES

/** The roles in a site, from the least. */
export const ROLES: readonly Role[] = ['viewer', 'developer', 'admin', 'owner']

export const SCOPES: readonly Scope[] = [
  'sites:read',
  'sites:write',
  'secrets:write',
  'members:write',
  'stats:read',
  'audit:read',
  'keys:write',
  'accounts:write',
  'webhooks:write',
  'service:write',
]

/** Of no use to anybody else: not offered to developers. */
export const OPERATOR_SCOPES: readonly Scope[] = ['accounts:write', 'service:write']

/** What of an actor decides what it may. */
export interface Standing {
  role: AccountRole
  state: AccountState
  /** Null for a person. */
  scopes: ReadonlySet<Scope> | null
  onlySite: string | null
  elevated: boolean
}

/** The site that something is done to, as far as it decides who may. */
export interface Place {
  sitekey: string
  state: SiteState
  /** The actor's own role in it; null for none. */
  role: Role | null
}

/** True if this role may what that one may. */
export function reaches(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least)
}

/**
 * Why this actor may not do this anywhere; null if it may, as far as that can be said without looking at a site. Asked
 * first, so that the answer is the same for sites that are there and sites that are not.
 */
export function refusedAnywhere(deed: Deed, who: Standing): BadRequestCode | null {
  const rule: Rule = RULES[deed]
  if (who.state === 'terminated') return 'forbidden'
  if (who.scopes) {
    if (rule.person) return 'forbidden'
    if (rule.scope && !who.scopes.has(rule.scope)) return 'forbidden'
    if (rule.everywhere && who.onlySite !== null) return 'forbidden'
  }
  if (rule.operator && who.role !== 'operator') return 'forbidden'
  if (who.state === 'suspended' && (rule.changes || rule.operator)) return 'account-suspended'
  if (!rule.role && needsProof(rule, who)) return 'proof-needed'
  return null
}

/**
 * Why this actor may not do this to a site; null if it may. `place` is null where there is no such site.
 *
 * An operator may on every site what its owner may.
 */
export function refusedThere(
  deed: Deed,
  who: Standing,
  place: Place | null,
): BadRequestCode | null {
  const anywhere = refusedAnywhere(deed, who)
  if (anywhere) return anywhere
  const rule: Rule = RULES[deed]
  if (!place || (who.onlySite !== null && who.onlySite !== place.sitekey)) return 'not-found'
  const role = who.role === 'operator' ? 'owner' : place.role
  if (role === null) return 'not-found'
  if (!reaches(role, rule.role ?? 'viewer')) return 'forbidden'
  if (place.state === 'suspended' && rule.changes && who.role !== 'operator') {
    return 'site-suspended'
  }
  return needsProof(rule, who) ? 'proof-needed' : null
}

/** A key has proved all it can; a person's browser may have been left open. */
function needsProof(rule: Rule, who: Standing): boolean {
  return rule.dangerous === true && who.scopes === null && !who.elevated
}
