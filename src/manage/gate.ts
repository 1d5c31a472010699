import { BadRequest, type BadRequestCode } from '../core/bad-request.ts'
import type { Author, Role, SiteRow, Store } from '../store/store.ts'
import type { Actor } from './manage.ts'
import { type Deed, RULES, type Rule, reaches, refusedAnywhere, refusedThere } from './may.ts'

/** What somebody was let through to. */
export interface Entry {
  site: SiteRow
  /** What the actor is there: an operator is an owner everywhere. */
  role: Role
  /** What the audit log is to say: that an operator did it, where the actor's own role would not have sufficed. */
  by: Author
}

/** Lets through who may, and throws for all others. */
export interface Gate {
  /** To what is no site's. */
  pass(actor: Actor, deed: Deed): void
  /** To a site. What is not the actor's is refused like what is not there, after the same look into the store. */
  enter(actor: Actor, deed: Deed, sitekey: string): Promise<Entry>
}

export function makeGate(store: Pick<Store, 'sites' | 'members'>): Gate {
  return {
    pass(actor, deed) {
      const code = refusedAnywhere(deed, standingOf(actor))
      if (code) throw refusal(code)
    },

    async enter(actor, deed, sitekey) {
      const who = standingOf(actor)
      // What needs no look at the site comes first: then a refusal tells nothing about it.
      const early = refusedAnywhere(deed, who)
      if (early) throw refusal(early)
      assertId(sitekey)
      const own = await store.members.role(sitekey, actor.account.id)
      // Who has no part in a site waits for this one look alone, whether there is such a site or not.
      const visible = own !== null || who.role === 'operator'
      const site = visible ? await store.sites.row(sitekey) : null
      const code = refusedThere(deed, who, site && { sitekey, state: site.state, role: own })
      if (code || !site) throw refusal(code ?? 'not-found')
      const rule: Rule = RULES[deed]
      const suffices = !rule.operator && reaches(own, rule.role ?? 'viewer')
      return {
        site,
        role: who.role === 'operator' ? 'owner' : own!,
        by: suffices && site.state === 'active' ? actor.by : `operator:${actor.by}`,
      }
    },
  }
}

function standingOf({ account, scopes, onlySite, elevated }: Actor) {
  return { role: account.role, state: account.state, scopes, onlySite, elevated }
}

/** The words of each refusal: the same ones whatever there is. */
const WORDS: Partial<Record<BadRequestCode, string>> = {
  'not-found': 'There is nothing of this name, or it is not yours.',
  forbidden: 'Your role, or what this key is for, does not allow this.',
  'proof-needed': 'Prove again who you are, then repeat this.',
  'account-suspended': 'This account is suspended: nothing can be changed.',
  'site-suspended': 'This site is suspended: nothing can be changed.',
}

function refusal(code: BadRequestCode): BadRequest {
  return new BadRequest(code, WORDS[code]!)
}

/** Throws `not-found` for what nothing can be named: a database need not see it. */
export function assertId(id: string): void {
  if (!/^[\w-]{1,64}$/.test(id)) throw notFound()
}

/** What is not the actor's, or not there: nobody can tell which. */
export function notFound(): BadRequest {
  return refusal('not-found')
}
