import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { newId, newSitekey } from '../../src/keys.ts'
import { RULES, SCOPES } from '../../src/manage/may.ts'
import { systemRandom } from '../../src/random.ts'
import type { Scope } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startService, type TestService } from '../support/service.ts'
import {
  addKey,
  addStatus,
  addTenant,
  addWebhook,
  type Belongings,
  callWith,
  furnish,
  join,
  otherCalls,
  siteCalls,
  type Tenant,
} from '../support/tenants.ts'

// The validator of the schemas themselves comes with the server, as CommonJS.
const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default
const random = systemRandom()

describe.each(['SQLite', 'PostgreSQL'])('on %s,', (on) => {
  let service: TestService
  let operator: Tenant
  let postgres: TestPostgres | null = null

  beforeAll(async () => {
    if (on === 'PostgreSQL') postgres = await startPostgres()
    service = await startService(
      postgres
        ? {
            ONE_CAPTCHA_DATABASE_URL: await postgres.database(),
            ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 1).toString('base64url'),
          }
        : {},
    )
    operator = await addTenant(service, { role: 'operator' })
  })
  afterAll(async () => {
    await service.stop()
    await postgres?.close()
  })

  /** Ids of somebody else, for the operator's calls and for ending a key. */
  async function othersIds() {
    const other = await addTenant(service)
    const own = await addKey(service, operator.account)
    const actor = {
      ...other,
      by: operator.account.id,
      scopes: null,
      onlySite: null,
      elevated: true,
    }
    const { invitation } = await service.context.manage.inviteAccount(
      { ...actor, account: operator.account },
      'developer',
    )
    return {
      ...{ keyId: own.keyId, accountId: other.account.id, invitationId: invitation.id },
      ...(await addStatus(service)),
      webhookId: await addWebhook(service, operator.account.id),
    }
  }

  describe('the management API', () => {
    it('does what each documented route says, in the shape that is documented, and documents all', async () => {
      // biome-ignore lint/suspicious/noExplicitAny: a document
      const document: any = await (await fetch(`${service.url}/openapi.json`)).json()
      const ajv = new Ajv({ strict: false })
      const tried = new Set<string>()
      const owner = await addTenant(service)
      const calls = [
        ...siteCalls(await furnish(service, owner)).map((good) => ({ good, by: owner })),
        ...siteCalls(await furnish(service, owner)).map((good) => ({ good, by: operator })),
        ...otherCalls(await othersIds()).map((good) => ({ good, by: operator })),
      ]
      for (const { good, by } of calls) {
        if (good.operator && by !== operator) continue
        const { status, body, text, headers } = await by.call(good.method, good.path, good.body)
        const name = `${good.method} ${good.route}`
        assert.equal(status, good.status, `${name}: ${text}`)
        assert.equal(headers.get('cache-control'), 'no-store', name)
        const operation = document.paths[good.route][good.method.toLowerCase()]
        assert.deepEqual(operation.security, [{ key: [] }], name)
        const content = operation.responses[String(status)].content
        if (body !== null) {
          const validate = ajv.compile(content['application/json'].schema)
          assert.ok(validate(body), `${name}: ${JSON.stringify(validate.errors)}`)
        }
        tried.add(name)
      }
      const documented = Object.entries<object>(document.paths)
        .filter(([path]) => path.startsWith('/v1/manage/'))
        .flatMap(([path, item]) => Object.keys(item).map((one) => `${one.toUpperCase()} ${path}`))
      assert.deepEqual([...tried].sort(), documented.sort())
      assert.ok(documented.length > 30)
    })

    it('lets nobody in without a key that is good now, and says the same to all of them [ASVS 8.2.1]', async () => {
      const { key } = await addTenant(service)
      const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
      const answers = [
        await callWith(service.url, null)('GET', '/sites'),
        ...(await Promise.all(
          ['', 'oca_x', mistyped, key.toLowerCase(), `${key} `.repeat(2), 'x'.repeat(5_000)].map(
            (one) => callWith(service.url, one)('GET', '/sites'),
          ),
        )),
        await callWith(service.url, null)('GET', '/sites', undefined, { authorization: key }),
        await callWith(service.url, null)('GET', '/sites', undefined, { cookie: `key=${key}` }),
      ]
      for (const { status, text, headers } of answers) {
        assert.equal(status, 401)
        assert.equal(text, answers[0]!.text)
        assert.equal(headers.get('www-authenticate'), 'Bearer')
      }
      // A key in an address is none: addresses are written into logs [ASVS 14.2.1].
      const inQuery = await fetch(`${service.url}/v1/manage/sites?key=${key}`)
      assert.equal(inQuery.status, 401)
    })

    it('refuses before it reads: a stranger’s body is never looked at', async () => {
      for (const { method, path } of siteCalls(await furnish(service, operator))) {
        const call = callWith(service.url, null)
        const body = method === 'GET' ? undefined : '{"__proto__": {"x": 1}}'
        assert.equal((await call(method, path, body)).status, 401, `${method} ${path}`)
      }
    })

    it('is for no page of any origin, and keeps nothing [ASVS 3.4.2]', async () => {
      const { key } = operator
      for (const method of ['GET', 'OPTIONS']) {
        const response = await fetch(`${service.url}/v1/manage/sites`, {
          method,
          headers: { origin: 'https://evil.test', authorization: `Bearer ${key}` },
        })
        assert.equal(response.headers.get('access-control-allow-origin'), null)
        assert.equal(response.headers.get('access-control-allow-headers'), null)
        assert.equal(response.headers.get('set-cookie'), null)
        assert.equal(response.headers.get('cache-control'), 'no-store')
      }
    })

    it('names what else an address can do', async () => {
      const response = await fetch(`${service.url}/v1/manage/sites/ock_x`, { method: 'PUT' })
      assert.equal(response.status, 405)
      assert.equal(response.headers.get('allow'), 'GET, PATCH, DELETE')
    })

    it('makes no more sites than an account may own, of many that are asked for at once', async () => {
      const owner = await addTenant(service)
      const { store } = service.context
      await store.settings.set({ sitesMax: 3 })
      const made = await Promise.all(
        Array.from({ length: 12 }, () => owner.call('POST', '/sites', { hosts: ['a.test'] })),
      )
      await store.settings.set({ sitesMax: 100 })
      assert.deepEqual(made.map(({ status }) => status).sort(), [
        ...Array(3).fill(201),
        ...Array(9).fill(409),
      ])
      assert.equal((await store.members.sitesOf(owner.account.id)).length, 3)
      const told = made.find(({ status }) => status === 409)!.body.error
      assert.match(told.message, /at most 3 sites/)
    })

    it('has an answer to whatever is sent to it, and that is never a fault of ours [ASVS 2.2.1]', async () => {
      const values = fc.oneof(
        fc.constantFrom('', '\u0000', 'a\u0000b', '\ud800', '%00', '../x', "' OR 1=1 --", 'null'),
        fc.constantFrom(-1, 0, 1e21, 2 ** 53, 1.5, true, null),
        fc.string({ unit: 'binary' }),
        fc.jsonValue({ maxDepth: 2 }),
      )
      const fields = [
        ...[
          'name',
          'hosts',
          'mode',
          'effortFloor',
          'effortCeiling',
          'waitMs',
          'tokenLifeMs',
          'kinds',
        ],
        ...['theme', 'onFailure', 'noscriptPerHour', 'overlapMs', 'role', 'signUp', 'sitesMax'],
      ]
      const bodies = fc.oneof(
        fc.dictionary(fc.constantFrom(...fields), values, { maxKeys: 4 }),
        fc.jsonValue({ maxDepth: 3 }),
      )
      const queries = fc.dictionary(
        fc.constantFrom('limit', 'after', 'before', 'everything', 'span', 'from', 'to', 'stepMs'),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.nat().map(String),
          fc.constantFrom('true', 'hour'),
        ),
        { maxKeys: 3 },
      )
      const has = await furnish(service, operator)
      const routes = [...siteCalls(has), ...otherCalls(await othersIds())].filter(
        ({ method, route }) => method !== 'DELETE' && !/terminate|suspend|export/.test(route),
      )
      let { call } = await addKey(service, operator.account)
      let count = 0
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...routes),
          bodies,
          queries,
          fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 })),
          async ({ method, path }, body, query, segment) => {
            // A key of its own for every few, or the bound on calls would answer.
            if (++count % 300 === 0) call = (await addKey(service, operator.account)).call
            const bare = path.split('?')[0]!
            const part = segment?.isWellFormed() ? encodeURIComponent(segment) : null
            const place = part === null ? bare : bare.replace(/[^/]+$/, part)
            const text = new URLSearchParams(query).toString()
            const { status, text: told } = await call(
              method,
              text ? `${place}?${text}` : place,
              method === 'GET' ? undefined : JSON.stringify(body),
            )
            assert.ok(status < 500 && status !== 429, `${status} ${told}`)
          },
        ),
        { numRuns: 900 },
      )
    })
  })

  describe('between two tenants [ASVS 8.2.2, 8.4.1]', () => {
    it('every route of a site answers a stranger as if there were no such site', async () => {
      const [owner, stranger] = [await addTenant(service), await addTenant(service)]
      const theirs = await furnish(service, stranger)
      const has = await furnish(service, owner)
      const none: Belongings = {
        ...has,
        ...{ sitekey: newSitekey(random), secretId: newId(random, 'sec') },
        ...{ memberId: newId(random, 'acc'), invitationId: newId(random, 'inv') },
      }
      const [foreign, absent] = [siteCalls(has), siteCalls(none)]
      for (const [i, good] of foreign.entries()) {
        const name = `${good.method} ${good.route}`
        const a = await stranger.call(good.method, good.path, good.body)
        const b = await stranger.call(absent[i]!.method, absent[i]!.path, absent[i]!.body)
        assert.equal(a.status, good.operator ? 403 : 404, `${name}: ${a.text}`)
        assert.deepEqual([a.status, a.text], [b.status, b.text], name)
      }
      const { store } = service.context
      assert.equal((await store.sites.row(has.sitekey))!.state, 'active')
      assert.equal((await store.sites.row(has.sitekey))!.name, '', 'nothing was changed')
      assert.equal((await store.secrets.list(has.sitekey)).length, 2)
      assert.equal((await store.members.of(has.sitekey)).length, 2)
      assert.equal((await store.invitations.of(has.sitekey)).length, 1)
      assert.equal((await service.context.store.sites.row(theirs.sitekey))!.state, 'active')
    })

    it('no part of one site is reached through another', async () => {
      const [owner, stranger] = [await addTenant(service), await addTenant(service)]
      const [has, theirs] = [await furnish(service, owner), await furnish(service, stranger)]
      for (const path of [
        `/secrets/${has.secretId}`,
        `/members/${has.memberId}`,
        `/members/${owner.account.id}`,
        `/invitations/${has.invitationId}`,
      ]) {
        const through = await stranger.call('DELETE', `/sites/${theirs.sitekey}${path}`)
        assert.deepEqual([through.status, through.body.error.code], [404, 'not-found'], path)
      }
      const put = await stranger.call('PUT', `/sites/${theirs.sitekey}/members/${has.memberId}`, {
        role: 'owner',
      })
      assert.equal(put.status, 404, 'nobody is made a member without having been asked')
      const { store } = service.context
      assert.equal((await store.secrets.list(has.sitekey)).length, 2)
      assert.equal((await store.members.of(has.sitekey)).length, 2)
    })

    it('nobody sees or ends another’s keys, nor acts as an operator', async () => {
      const [owner, stranger] = [await addTenant(service), await addTenant(service)]
      const ended = await stranger.call('DELETE', `/keys/${owner.keyId}`)
      assert.equal(ended.status, 404)
      const nobodys = await stranger.call('DELETE', `/keys/${newId(random, 'key')}`)
      assert.equal(nobodys.text, ended.text)
      assert.equal((await owner.call('GET', '/self')).status, 200)
      const keys = (await stranger.call('GET', '/keys')).body.keys
      assert.deepEqual(
        keys.map((row: { id: string }) => row.id),
        [stranger.keyId],
      )
      const ids = await othersIds()
      for (const good of otherCalls({ ...ids, accountId: owner.account.id })) {
        if (!good.operator) continue
        const { status, body } = await stranger.call(good.method, good.path, good.body)
        assert.deepEqual([status, body.error.code], [403, 'forbidden'], good.route)
      }
      assert.equal((await stranger.call('GET', '/sites?everything=true')).status, 403)
      assert.equal((await stranger.call('GET', '/audit?everything=true')).status, 403)
    })

    it('lists and logs show what is one’s own', async () => {
      const [owner, stranger] = [await addTenant(service), await addTenant(service)]
      const [has, theirs] = [await furnish(service, owner), await furnish(service, stranger)]
      const sites = (await owner.call('GET', '/sites')).body.sites
      assert.deepEqual(
        sites.map((site: { sitekey: string }) => site.sitekey),
        [has.sitekey],
      )
      await owner.call('PATCH', `/sites/${has.sitekey}`, { name: 'Mine' })
      const log = await owner.call('GET', '/audit?limit=500')
      assert.ok(log.text.includes(has.sitekey))
      assert.ok(!log.text.includes(theirs.sitekey))
      assert.ok(!log.text.includes(stranger.account.id))
      // An e-mail address, a login and what somebody logs in with are no part of it.
      assert.ok(!log.text.includes(owner.account.login))
    })

    it('a member may what the role says, from the next call on [ASVS 8.3.2]', async () => {
      const [owner, member] = [await addTenant(service), await addTenant(service)]
      const { sitekey } = await furnish(service, owner)
      const statuses = async () => [
        (await member.call('GET', `/sites/${sitekey}`)).status,
        (await member.call('PATCH', `/sites/${sitekey}`, { theme: 'dark' })).status,
        (await member.call('POST', `/sites/${sitekey}/secrets`, { overlapMs: 1_000 })).status,
        (
          await member.call('PUT', `/sites/${sitekey}/members/${owner.account.id}`, {
            role: 'viewer',
          })
        ).status,
      ]
      assert.deepEqual(await statuses(), [404, 404, 404, 404])
      for (const [role, expected] of [
        ['viewer', [200, 403, 403, 403]],
        ['developer', [200, 200, 403, 403]],
        ['admin', [200, 200, 201, 403]],
      ] as const) {
        await join(service, sitekey, member.account.id, role)
        assert.deepEqual(await statuses(), expected, role)
      }
      const { id } = member.account
      assert.equal((await owner.call('DELETE', `/sites/${sitekey}/members/${id}`)).status, 204)
      assert.deepEqual(await statuses(), [404, 404, 404, 404])
    })
  })

  describe('what a key is for [ASVS 8.2.1]', () => {
    const scopeOf: Record<string, Scope> = {
      'GET /v1/manage/sites/{sitekey}': 'sites:read',
      'PATCH /v1/manage/sites/{sitekey}': 'sites:write',
      'DELETE /v1/manage/sites/{sitekey}': 'sites:write',
      'GET /v1/manage/sites/{sitekey}/secrets': 'sites:read',
      'POST /v1/manage/sites/{sitekey}/secrets': 'secrets:write',
      'DELETE /v1/manage/sites/{sitekey}/secrets/{id}': 'secrets:write',
      'GET /v1/manage/sites/{sitekey}/numbers': 'stats:read',
      'GET /v1/manage/sites/{sitekey}/members': 'sites:read',
      'PUT /v1/manage/sites/{sitekey}/members/{id}': 'members:write',
      'DELETE /v1/manage/sites/{sitekey}/members/{id}': 'members:write',
      'GET /v1/manage/sites/{sitekey}/invitations': 'sites:read',
      'POST /v1/manage/sites/{sitekey}/invitations': 'members:write',
      'DELETE /v1/manage/sites/{sitekey}/invitations/{id}': 'members:write',
      'GET /v1/manage/sites/{sitekey}/audit': 'audit:read',
      'POST /v1/manage/sites/{sitekey}/suspend': 'accounts:write',
      'POST /v1/manage/sites/{sitekey}/reinstate': 'accounts:write',
      'GET /v1/manage/sites': 'sites:read',
      'POST /v1/manage/sites': 'sites:write',
      'GET /v1/manage/keys': 'keys:write',
      'DELETE /v1/manage/keys/{id}': 'keys:write',
      'GET /v1/manage/audit': 'audit:read',
      'GET /v1/manage/audit/head': 'audit:read',
      'GET /v1/manage/audit/export': 'audit:read',
      'GET /v1/manage/accounts': 'accounts:write',
      'GET /v1/manage/accounts/{id}': 'accounts:write',
      'POST /v1/manage/accounts/{id}/suspend': 'accounts:write',
      'POST /v1/manage/accounts/{id}/reinstate': 'accounts:write',
      'POST /v1/manage/accounts/{id}/terminate': 'accounts:write',
      'GET /v1/manage/invitations': 'accounts:write',
      'POST /v1/manage/invitations': 'accounts:write',
      'DELETE /v1/manage/invitations/{id}': 'accounts:write',
      'GET /v1/manage/settings': 'accounts:write',
      'PATCH /v1/manage/settings': 'accounts:write',
      'GET /v1/manage/maintenances': 'service:write',
      'POST /v1/manage/maintenances': 'service:write',
      'GET /v1/manage/maintenances/{id}': 'service:write',
      'PATCH /v1/manage/maintenances/{id}': 'service:write',
      'POST /v1/manage/maintenances/{id}/cancel': 'service:write',
      'POST /v1/manage/maintenances/{id}/complete': 'service:write',
      'GET /v1/manage/incidents': 'service:write',
      'POST /v1/manage/incidents': 'service:write',
      'GET /v1/manage/incidents/{id}': 'service:write',
      'POST /v1/manage/incidents/{id}/updates': 'service:write',
      'GET /v1/manage/webhooks': 'webhooks:write',
      'POST /v1/manage/webhooks': 'webhooks:write',
      'PATCH /v1/manage/webhooks/{id}': 'webhooks:write',
      'POST /v1/manage/webhooks/{id}/test': 'webhooks:write',
      'DELETE /v1/manage/webhooks/{id}': 'webhooks:write',
    }

    it('opens each route to the one scope that it needs, and to no other', async () => {
      const keys = new Map(
        await Promise.all(
          SCOPES.map(
            async (scope) =>
              [scope, await addKey(service, operator.account, { scopes: [scope] })] as const,
          ),
        ),
      )
      const goods = [
        ...siteCalls(await furnish(service, operator)),
        ...otherCalls(await othersIds()),
      ].filter((good) => good.route !== '/v1/manage/self')
      for (const good of goods) {
        const name = `${good.method} ${good.route}`
        const needed = scopeOf[name]!
        assert.ok(needed, name)
        for (const scope of SCOPES.filter((one) => one !== needed)) {
          const { status, body } = await keys.get(scope)!.call(good.method, good.path, good.body)
          assert.deepEqual([status, body?.error.code], [403, 'forbidden'], `${name} ${scope}`)
        }
        const { status, text } = await keys.get(needed)!.call(good.method, good.path, good.body)
        assert.equal(status, good.status, `${name}: ${text}`)
      }
      const all = Object.values(RULES).map((rule) => rule.scope)
      for (const scope of SCOPES) assert.ok(all.includes(scope))
    })

    it('keeps a key of one site to that site', async () => {
      const owner = await addTenant(service)
      const [one, two] = [await furnish(service, owner), await furnish(service, owner)]
      const { call, keyId } = await addKey(service, owner.account, { sitekey: one.sitekey })
      assert.equal((await call('GET', `/sites/${one.sitekey}`)).status, 200)
      for (const good of siteCalls(two)) {
        const expected = good.operator ? 403 : 404
        assert.equal((await call(good.method, good.path, good.body)).status, expected, good.route)
      }
      const sites = (await call('GET', '/sites')).body.sites
      assert.equal(sites.length, 1)
      assert.equal((await call('POST', '/sites', { hosts: ['a.test'] })).status, 403)
      assert.ok(!(await call('GET', '/audit')).text.includes(two.sitekey))
      assert.equal((await call('GET', '/keys')).status, 403)
      assert.equal((await call('DELETE', `/keys/${owner.keyId}`)).status, 403)
      assert.equal((await call('DELETE', `/keys/${keyId}`)).status, 204, 'but it may end itself')
      assert.equal((await call('GET', '/self')).status, 401)
    })
  })
})
