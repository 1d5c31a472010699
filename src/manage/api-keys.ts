import { BadRequest } from '../core/bad-request.ts'
import { assertId } from './gate.ts'
import type { Manage } from './manage.ts'
import { OPERATOR_SCOPES, SCOPES } from './may.ts'
import type { Parts } from './parts.ts'
import { assertChoice, assertWhole, readName } from './read.ts'

const KEYS_MAX = 25
const LIFE_DAYS_MAX = 3_660
const DAY_MS = 86_400_000

/** What can be done with keys to the management API. */
export function keyDeeds(parts: Parts): Pick<Manage, 'keys' | 'addKey' | 'endKey' | 'byKey'> {
  const { store, now, gate, turns, limitReached, notFound } = parts
  return {
    async keys(actor) {
      gate.pass(actor, 'keys.read')
      return store.apiKeys.of(actor.account.id)
    },

    async addKey(actor, { name, scopes, sitekey, lifeDays }) {
      gate.pass(actor, 'key.add')
      const read = readName(name)
      if (read === '') throw new BadRequest('field-invalid', 'name must not be empty.', 'name')
      if (scopes.length === 0) {
        throw new BadRequest('field-invalid', 'scopes must be at least one.', 'scopes')
      }
      // A key can do no more than its account; what it never could is refused at once.
      const operator = actor.account.role === 'operator'
      const choices = operator ? SCOPES : SCOPES.filter((scope) => !OPERATOR_SCOPES.includes(scope))
      for (const scope of scopes) assertChoice(scope, 'scopes', choices)
      if (lifeDays !== undefined) assertWhole(lifeDays, 'lifeDays', 1, LIFE_DAYS_MAX)
      if (sitekey !== undefined) await gate.enter(actor, 'site.read', sitekey)
      const accountId = actor.account.id
      return turns(`keys of ${accountId}`, async () => {
        if ((await store.apiKeys.of(accountId)).length >= KEYS_MAX) {
          throw limitReached(`An account has at most ${KEYS_MAX} keys. End one first.`)
        }
        const key = {
          accountId,
          sitekey: sitekey ?? null,
          name: read,
          scopes: SCOPES.filter((scope) => scopes.includes(scope)),
          expiresAt: lifeDays === undefined ? null : now() + lifeDays * DAY_MS,
        }
        return store.apiKeys.add(key, actor.by)
      })
    },

    async endKey(actor, id) {
      gate.pass(actor, actor.by === id ? 'key.endItself' : 'key.end')
      assertId(id)
      if (!(await store.apiKeys.end(actor.account.id, id, actor.by))) throw notFound()
    },

    async byKey(key) {
      const row = await store.apiKeys.byKey(key)
      const account = row && (await store.accounts.byId(row.accountId))
      if (account?.state !== 'active') return null
      const { id, scopes, sitekey } = row!
      return { account, by: id, scopes: new Set(scopes), onlySite: sitekey, elevated: false }
    },
  }
}
