import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { frozen, running, stopAfterEach } from '../support/running.ts'
import { addTenant, callWith, furnish, join } from '../support/tenants.ts'

stopAfterEach()

describe('what is sent to the management API', () => {
  it('changes the fields that can be changed, and no others [ASVS 15.3.3]', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const has = await furnish(service, owner)
    const before = await service.context.store.sites.row(has.sitekey)
    for (const extra of [
      { state: 'suspended' },
      { revision: 99 },
      { sitekey: 'ock_x' },
      { role: 'owner' },
      { owner: 'acc_x' },
      { createdAt: 1 },
      { test: 'pass' },
      { secrets: 9 },
      { suspended_by: '' },
      { toString: 1 },
    ]) {
      const [field] = Object.keys(extra)
      for (const [method, path, body] of [
        ['PATCH', `/sites/${has.sitekey}`, { theme: 'dark', ...extra }],
        ['POST', '/sites', { hosts: ['a.test'], ...extra }],
        ['POST', `/sites/${has.sitekey}/secrets`, { overlapMs: 1, ...extra }],
        ['POST', `/sites/${has.sitekey}/invitations`, { role: 'viewer', ...extra }],
        ['PUT', `/sites/${has.sitekey}/members/${has.memberId}`, { role: 'admin', ...extra }],
      ] as const) {
        const known = field === 'role' && 'role' in body && method !== 'PATCH' && path !== '/sites'
        if (known && !path.endsWith('secrets')) continue
        const { status, body: told } = await owner.call(method, path, body)
        assert.equal(status, 400, `${method} ${path} ${field}`)
        assert.deepEqual([told.error.code, told.error.field], ['field-invalid', field])
      }
    }
    assert.deepEqual(await service.context.store.sites.row(has.sitekey), before)
    assert.equal((await service.context.store.members.sitesOf(owner.account.id)).length, 1)
  })

  it('reaches no prototype, and is read in one way only [ASVS 15.3.6, 15.3.7]', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey } = await furnish(service, owner)
    for (const body of [
      '{"name": "a", "__proto__": {"polluted": 1}}',
      '{"name": "a", "constructor": {"prototype": {"polluted": 1}}}',
      '{"name": "a", "\\u005f_proto__": {"polluted": 1}}',
      '{"name": "a", "name": "b"}',
      '[]',
      '"name"',
      'null',
      '{"name": ["a"]}',
      '{"name": {"a": 1}}',
      '{"hosts": "a.test"}',
      '{"hosts": {"0": "a.test", "length": 1}}',
      '{}',
    ]) {
      const { status } = await owner.call('PATCH', `/sites/${sitekey}`, body)
      assert.equal(status, 400, body)
    }
    assert.equal(({} as { polluted?: number }).polluted, undefined)
    for (const query of [
      '?limit=1&limit=2',
      '?limit[]=1',
      '?limit=0',
      '?limit=101',
      '?limit=-1',
      '?limit=1e3',
      '?after=a%00b',
      '?after[$ne]=a',
      '?__proto__[x]=1',
      '?everything=1',
      '?key=x',
    ]) {
      assert.equal((await owner.call('GET', `/sites${query}`)).status, 400, query)
    }
    assert.equal((await service.context.store.sites.row(sitekey))!.name, '')
  })

  it('is bound: names, hosts and policies, each with its field and its limit', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey } = await furnish(service, owner)
    const many = Array.from({ length: 101 }, (_, i) => `h${i}.test`)
    for (const [body, field, says] of [
      [{ name: 'x'.repeat(81) }, 'name', /80/],
      [{ name: 'a\nb' }, 'name', /80 characters/],
      [{ name: 'a\u202eb' }, 'name', /visible/],
      [{ name: 'a\u200fb' }, 'name', /visible/],
      [{ name: '\u{e0041}' }, 'name', /visible/],
      [{ name: '\u0000' }, 'name', /visible/],
      [{ hosts: [] }, 'hosts', /1/],
      [{ hosts: many }, 'hosts', /100/],
      [{ hosts: ['https://a.test'] }, 'hosts', /host names alone/],
      [{ hosts: ['*.test'] }, 'hosts', /host names alone/],
      [{ hosts: ['a.test', 'b.test:80'] }, 'hosts', /host names alone/],
      [{ mode: 'easy' }, 'mode', /./],
      [{ kinds: ['pow'] }, 'kinds', /slider/],
      [{ kinds: ['nothing'] }, 'kinds', /slider/],
      [{ theme: 'pink' }, 'theme', /./],
      [{ onFailure: 'maybe' }, 'onFailure', /./],
      [{ noscriptPerHour: -1 }, 'noscriptPerHour', /0/],
      [{ noscriptPerHour: 10_001 }, 'noscriptPerHour', /10000/],
      [{ noscriptPerHour: true }, 'noscriptPerHour', /integer/],
      [{ effortFloor: 0 }, 'effortFloor', /1/],
      [{ effortFloor: 100 }, 'effortFloor', /64/],
      [{ effortCeiling: 513 }, 'effortCeiling', /512/],
      [{ effortCeiling: 8.5 }, 'effortCeiling', /integer/],
      [{ waitMs: '4000' }, 'waitMs', /integer/],
      [{ tokenLifeMs: 1 }, 'tokenLifeMs', /15000/],
    ] as const) {
      const { status, body: told } = await owner.call('PATCH', `/sites/${sitekey}`, body)
      assert.deepEqual([status, told.error.code], [400, 'field-invalid'], JSON.stringify(body))
      assert.equal(told.error.field, field, JSON.stringify(body))
      assert.match(told.error.message, says)
    }
    const good = { name: 'Лавка 商店 👩‍💻', hosts: many.slice(0, 100), kinds: ['slider'] }
    assert.equal((await owner.call('PATCH', `/sites/${sitekey}`, good)).status, 200)
  })

  it('is bound in number: secrets at once, invitations', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey } = (await owner.call('POST', '/sites', { hosts: ['a.test'] })).body
    for (const [path, body, max] of [
      ['secrets', { overlapMs: 60_000 }, 9],
      ['invitations', { role: 'viewer' }, 20],
    ] as const) {
      const all = await Promise.all(
        Array.from({ length: max + 2 }, () =>
          owner.call('POST', `/sites/${sitekey}/${path}`, body),
        ),
      )
      const statuses = all.map(({ status }) => status).sort()
      assert.deepEqual(statuses, [...Array(max).fill(201), 409, 409], path)
    }
    const inAnEmergency = await owner.call('POST', `/sites/${sitekey}/secrets`, { overlapMs: 0 })
    assert.equal(inAnEmergency.status, 201)
    assert.equal((await owner.call('GET', `/sites/${sitekey}/secrets`)).body.secrets.length, 1)
  })

  it('may come so often with one key, and no oftener; wrong ones from one network seldomer', async () => {
    const service = await running({}, { now: frozen() })
    const [one, other] = [await addTenant(service), await addTenant(service)]
    const calls = await Promise.all(Array.from({ length: 620 }, () => one.call('GET', '/self')))
    const refused = calls.filter(({ status }) => status === 429)
    assert.equal(refused.length, 20)
    assert.equal(refused[0]!.headers.get('retry-after'), '60')
    assert.equal(calls[0]!.headers.get('x-ratelimit-limit'), '600')
    assert.equal((await other.call('GET', '/self')).status, 200)

    const guess = callWith(service.url, `oca_${'a'.repeat(49)}`)
    const guesses = await Promise.all(Array.from({ length: 80 }, () => guess('GET', '/self')))
    assert.equal(guesses.filter(({ status }) => status === 429).length, 20)
    assert.equal((await other.call('GET', '/self')).status, 200, 'a good key is none of them')
  })
})

describe('two who change the same site', () => {
  it('hear of each other by the revision, and nothing is overwritten unseen [ASVS 15.4.2]', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const path = `/sites/${(await furnish(service, owner)).sitekey}`
    const etag = (await owner.call('GET', path)).headers.get('etag')!
    assert.match(etag, /^"\d+"$/)
    const both = await Promise.all(
      ['A', 'B'].map((name) => owner.call('PATCH', path, { name }, { 'if-match': etag })),
    )
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412])
    const lost = both.find(({ status }) => status === 412)!
    assert.equal(lost.body.error.code, 'revision-outdated')
    const won = both.find(({ status }) => status === 200)!
    assert.equal((await owner.call('GET', path)).body.name, won.body.name)
    const next = won.headers.get('etag')!
    assert.notEqual(next, etag)
    assert.equal((await owner.call('PATCH', path, { name: 'C' }, { 'if-match': next })).status, 200)
    assert.equal((await owner.call('PATCH', path, { name: 'D' }, { 'if-match': '*' })).status, 200)
    for (const wrong of ['1', 'W/"1"', '"1", "2"', '"x"', '']) {
      const { status } = await owner.call('PATCH', path, { name: 'E' }, { 'if-match': wrong })
      assert.equal(status, 400, wrong)
    }
  })

  it('cannot leave a site without an owner, nor without a secret', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey, secretId, memberId } = await furnish(service, owner)
    const site = `/sites/${sitekey}`
    const me = `${site}/members/${owner.account.id}`
    for (const [method, body] of [
      ['PUT', { role: 'admin' }],
      ['DELETE', undefined],
    ] as const) {
      const told = await owner.call(method, me, body)
      assert.deepEqual([told.status, told.body.error.code], [409, 'last-owner'])
    }
    assert.equal((await owner.call('DELETE', `${site}/secrets/${secretId}`)).status, 204)
    const [last] = (await owner.call('GET', `${site}/secrets`)).body.secrets
    const told = await owner.call('DELETE', `${site}/secrets/${last.id}`)
    assert.deepEqual([told.status, told.body.error.code], [409, 'last-secret'])
    const admin = await addTenant(service)
    await join(service, sitekey, admin.account.id, 'admin')
    await owner.call('PUT', `${site}/members/${memberId}`, { role: 'owner' })
    for (const [method, body] of [
      ['PUT', { role: 'viewer' }],
      ['DELETE', undefined],
    ] as const) {
      const { status } = await admin.call(method, me, body)
      assert.equal(status, 403, 'an owner is taken away by an owner alone')
    }
    assert.equal((await owner.call('DELETE', me)).status, 204)
    assert.equal((await owner.call('GET', site)).status, 404)
  })

  it('an admin takes nothing from somebody who is made an owner at this moment', async () => {
    const service = await running()
    const { manage, store } = service.context
    const [owner, admin] = [await addTenant(service), await addTenant(service)]
    const { sitekey, memberId } = await furnish(service, owner)
    await join(service, sitekey, admin.account.id, 'admin')
    const [asOwner, asAdmin] = [owner, admin].map(({ account }) => ({
      ...{ account, by: account.id, scopes: null, onlySite: null, elevated: true },
    }))
    for (let i = 0; i < 10; i++) {
      await join(service, sitekey, memberId, 'developer')
      await Promise.allSettled([
        manage.setMember(asAdmin!, sitekey, memberId, 'viewer'),
        manage.setMember(asOwner!, sitekey, memberId, 'owner'),
        manage.setMember(asAdmin!, sitekey, memberId, 'viewer'),
        manage.removeMember(asAdmin!, sitekey, memberId),
      ])
    }
    const events = await store.audit.list({ subjects: [sitekey], limit: 500 })
    const taken = events.filter(
      ({ by, detail }) => by === admin.account.id && [detail.role].flat()[0] === 'owner',
    )
    assert.deepEqual(taken, [])
  })
})
