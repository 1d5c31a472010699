import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { AccountRole, AccountState, Role, Scope } from '../store/store.ts'
import {
  type Deed,
  type Place,
  ROLES,
  RULES,
  refusedAnywhere,
  refusedThere,
  SCOPES,
  type Standing,
} from './may.ts'

// Written out a second time, from the other side: what each role and each scope opens. A line that is changed in `may.ts`
// must be changed here too, by somebody who has thought about it.
const BY_ROLE: Record<Role, Deed[]> = {
  viewer: [
    'site.read',
    'secrets.read',
    'members.read',
    'member.leave',
    'numbers.read',
    'audit.site',
  ],
  developer: ['site.set'],
  admin: [
    'secret.rotate',
    'secret.end',
    'member.set',
    'member.remove',
    'invitations.read',
    'invitation.add',
    'invitation.remove',
  ],
  owner: ['site.remove', 'owner.set'],
}
const OPERATORS: Deed[] = [
  'sites.all',
  'site.suspend',
  'site.reinstate',
  'audit.all',
  'accounts.read',
  'account.invite',
  'operator.invite',
  'account.set',
  'settings.read',
  'settings.set',
  'promises.read',
  'promises.write',
  'promises.publish',
]
const ANYBODYS: Deed[] = [
  'sites.list',
  'site.add',
  'invitation.accept',
  'keys.read',
  'key.add',
  'key.end',
  'key.endItself',
  'audit.own',
  'audit.head',
  'mail.own',
  'mail.set',
  'webhooks.own',
  'webhook.set',
]
const BY_SCOPE: Record<Scope, Deed[]> = {
  'sites:read': [
    'sites.list',
    'sites.all',
    'site.read',
    'secrets.read',
    'members.read',
    'invitations.read',
  ],
  'sites:write': ['site.add', 'site.set', 'site.remove'],
  'secrets:write': ['secret.rotate', 'secret.end'],
  'members:write': [
    'member.set',
    'member.remove',
    'member.leave',
    'owner.set',
    'invitation.add',
    'invitation.remove',
  ],
  'keys:write': ['keys.read', 'key.end'],
  'stats:read': ['numbers.read'],
  'audit:read': ['audit.site', 'audit.own', 'audit.all', 'audit.head'],
  'accounts:write': [
    'site.suspend',
    'site.reinstate',
    'accounts.read',
    'account.invite',
    'operator.invite',
    'account.set',
    'settings.read',
    'settings.set',
  ],
  'webhooks:write': ['webhooks.own', 'webhook.set'],
  'service:write': ['promises.read', 'promises.write', 'promises.publish'],
}
const DANGEROUS: Deed[] = [
  'site.remove',
  'site.suspend',
  'site.reinstate',
  'secret.rotate',
  'secret.end',
  'owner.set',
  'key.add',
  'operator.invite',
  'account.set',
  'settings.set',
  'promises.publish',
]
/** What makes things safer, or only looks. */
const WHILE_SUSPENDED: Deed[] = [
  'sites.list',
  'site.read',
  'secrets.read',
  'members.read',
  'member.leave',
  'invitations.read',
  'keys.read',
  'key.end',
  'key.endItself',
  'numbers.read',
  'audit.site',
  'audit.own',
  'audit.head',
  'mail.own',
  'webhooks.own',
]

const deeds = Object.keys(RULES) as Deed[]
const onSites = deeds.filter((deed) => 'role' in RULES[deed] && !OPERATORS.includes(deed))

/** A person with nothing special, unless said otherwise. */
const person = (changes: Partial<Standing> = {}): Standing => ({
  role: 'developer',
  state: 'active',
  scopes: null,
  onlySite: null,
  elevated: true,
  ...changes,
})
const place = (role: Role | null, changes: Partial<Place> = {}): Place => ({
  sitekey: 'ock_a',
  state: 'active',
  role,
  ...changes,
})
const needsSite = (deed: Deed) => 'role' in RULES[deed]
const ask = (deed: Deed, who: Standing, where: Place | null) =>
  needsSite(deed) ? refusedThere(deed, who, where) : refusedAnywhere(deed, who)

describe('who may do what [ASVS 8.2.1, 8.2.2]', () => {
  it('is written for every deed, once', () => {
    const written = [...Object.values(BY_ROLE).flat(), ...OPERATORS, ...ANYBODYS]
    assert.deepEqual(written.sort(), [...deeds].sort())
    const opened = Object.values(BY_SCOPE).flat()
    assert.deepEqual(
      [...opened, 'invitation.accept', 'key.add', 'key.endItself', 'mail.own', 'mail.set'].sort(),
      [...deeds].sort(),
    )
  })

  it('opens to each role of a site what it and the lesser ones may, and no more', () => {
    for (const deed of onSites) {
      for (const role of ROLES) {
        const lesser = ROLES.slice(0, ROLES.indexOf(role) + 1)
        const expected = lesser.some((one) => BY_ROLE[one].includes(deed)) ? null : 'forbidden'
        assert.equal(refusedThere(deed, person(), place(role)), expected, `${deed} by ${role}`)
      }
    }
  })

  it('says of a foreign site what it says of none, whatever the deed, the account and the key', () => {
    for (const deed of deeds.filter(needsSite)) {
      for (const scopes of [null, ...SCOPES.map((scope) => new Set([scope])), new Set(SCOPES)]) {
        for (const state of ['active', 'suspended', 'terminated'] as AccountState[]) {
          for (const elevated of [true, false]) {
            const who = person({ scopes, state, elevated })
            const foreign = refusedThere(deed, who, place(null))
            assert.equal(foreign, refusedThere(deed, who, null))
            assert.equal(foreign, refusedThere(deed, who, place(null, { state: 'suspended' })))
            assert.notEqual(foreign, null)
          }
        }
      }
    }
  })

  it('opens to a key what its scopes are for, and of that only what its account may', () => {
    for (const deed of deeds) {
      for (const scope of SCOPES) {
        for (const role of ['developer', 'operator'] as AccountRole[]) {
          for (const own of [...ROLES, null]) {
            const who = person({ role, scopes: new Set([scope]), elevated: false })
            const asPerson = ask(deed, person({ role }), place(own))
            const opens = BY_SCOPE[scope].includes(deed) || deed === 'key.endItself'
            const expected = opens ? asPerson : 'forbidden'
            assert.equal(ask(deed, who, place(own)), expected, `${deed} ${scope} ${role} ${own}`)
          }
        }
      }
    }
  })

  it('keeps a key that is good for one site to that site', () => {
    const all = new Set(SCOPES)
    for (const role of ['developer', 'operator'] as AccountRole[]) {
      const who = person({ role, scopes: all, onlySite: 'ock_a' })
      for (const deed of onSites) {
        assert.equal(refusedThere(deed, who, place('owner')), null)
        assert.equal(
          refusedThere(deed, who, place('owner', { sitekey: 'ock_b' })),
          'not-found',
          deed,
        )
      }
      const left = deeds.filter((deed) => !needsSite(deed) && refusedAnywhere(deed, who) === null)
      assert.deepEqual(left, ['sites.list', 'key.endItself', 'audit.own', 'audit.head'])
    }
  })

  it('opens the service to operators alone, and every site as its owner could', () => {
    for (const deed of OPERATORS) {
      assert.equal(ask(deed, person(), place('owner')), 'forbidden', deed)
      assert.equal(ask(deed, person({ role: 'operator' }), place(null)), null, deed)
    }
    for (const deed of onSites) {
      assert.equal(refusedThere(deed, person({ role: 'operator' }), place(null)), null)
      assert.equal(refusedThere(deed, person({ role: 'operator' }), null), 'not-found')
    }
  })

  it('wants a fresh proof of a person for what is dangerous, and last of all [ASVS 7.5.3]', () => {
    for (const deed of deeds) {
      const who = person({ role: 'operator', elevated: false })
      const expected = DANGEROUS.includes(deed) ? 'proof-needed' : null
      assert.equal(ask(deed, who, place('owner')), expected, deed)
      if (needsSite(deed)) assert.equal(refusedThere(deed, who, null), 'not-found')
    }
  })

  it('leaves the suspended what looks or makes safer, and the terminated nothing', () => {
    for (const deed of deeds) {
      const may = WHILE_SUSPENDED.includes(deed)
      for (const role of ['developer', 'operator'] as AccountRole[]) {
        const who = (state: AccountState) => person({ role, state })
        const before = ask(deed, who('active'), place('owner'))
        if (before === null) {
          const expected = may ? null : 'account-suspended'
          assert.equal(ask(deed, who('suspended'), place('owner')), expected, `${deed} ${role}`)
        }
        assert.equal(ask(deed, who('terminated'), place('owner')), 'forbidden')
      }
    }
    for (const deed of onSites) {
      const expected = WHILE_SUSPENDED.includes(deed) ? null : 'site-suspended'
      const suspended = place('owner', { state: 'suspended' })
      assert.equal(refusedThere(deed, person(), suspended), expected, deed)
      assert.equal(refusedThere(deed, person({ role: 'operator' }), suspended), null)
    }
  })
})
