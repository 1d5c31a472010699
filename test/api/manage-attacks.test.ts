import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, describe, it } from 'vitest'
import { GENESIS } from '../../src/store/audit-log.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { verify } from '../support/backend.ts'
import { startService, type TestService } from '../support/service.ts'
import {
  addKey,
  addTenant,
  callWith,
  furnish,
  join,
  otherCalls,
  siteCalls,
} from '../support/tenants.ts'
import { ask, quickToken } from '../support/visitor.ts'

const services: TestService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop()
})

async function running(
  settings: Record<string, string> = {},
  world?: Parameters<typeof startService>[1],
): Promise<TestService> {
  const service = await startService(settings, world)
  services.push(service)
  return service
}

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

  it('is bound in number: sites, secrets, invitations', async () => {
    const service = await running()
    const [operator, owner] = [
      await addTenant(service, { role: 'operator' }),
      await addTenant(service),
    ]
    await operator.call('PATCH', '/settings', { sitesMax: 3 })
    const made = await Promise.all(
      Array.from({ length: 8 }, () => owner.call('POST', '/sites', { hosts: ['a.test'] })),
    )
    const refused = made.filter(({ status }) => status === 409)
    assert.equal(refused.length, 5, 'also of many at once')
    assert.match(refused[0]!.body.error.message, /at most 3 sites/)
    const { sitekey } = made.find(({ status }) => status === 201)!.body
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
    const service = await running()
    const [one, other] = [await addTenant(service), await addTenant(service)]
    const calls = await Promise.all(Array.from({ length: 660 }, () => one.call('GET', '/self')))
    const refused = calls.filter(({ status }) => status === 429)
    // They fade a little while they come.
    assert.ok(refused.length >= 5 && refused.length <= 65, `${refused.length} of 660`)
    assert.equal(refused[0]!.headers.get('retry-after'), '60')
    assert.equal(calls[0]!.headers.get('x-ratelimit-limit'), '600')
    assert.equal((await other.call('GET', '/self')).status, 200)

    const guess = callWith(service.url, `oca_${'a'.repeat(49)}`)
    const guesses = await Promise.all(Array.from({ length: 80 }, () => guess('GET', '/self')))
    assert.ok(guesses.filter(({ status }) => status === 429).length >= 5)
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
})

describe('what is ended is over at once [ASVS 7.4.1, 7.4.2, 8.3.2]', () => {
  it('a key, with itself, with its account’s suspension, and for good with its end', async () => {
    const service = await running()
    const [operator, tenant] = [
      await addTenant(service, { role: 'operator' }),
      await addTenant(service),
    ]
    const { sitekey, secret } = await furnish(service, tenant)
    const second = await addKey(service, tenant.account)
    const status = async (call = tenant.call) => (await call('GET', '/self')).status
    assert.equal((await second.call('DELETE', `/keys/${second.keyId}`)).status, 204)
    assert.deepEqual([await status(second.call), await status()], [401, 200])

    const account = `/accounts/${tenant.account.id}`
    const site = async () => (await ask({ service: service.url }, { sitekey })).status
    assert.equal((await operator.call('POST', `${account}/suspend`)).status, 204)
    assert.equal(await status(), 401)
    assert.notEqual(await site(), 200, 'its only owner cannot act, so neither can the site')
    assert.equal((await operator.call('POST', `${account}/reinstate`)).status, 204)
    assert.equal(await status(), 200)
    assert.equal(await site(), 200)
    assert.equal((await operator.call('POST', `${account}/terminate`)).status, 204)
    assert.equal(await status(), 401)
    assert.notEqual(await site(), 200)
    const { finding } = await verify(service.url, { secret, response: 'x' })
    assert.equal(finding.reason, 'secret-unknown')
    for (const act of ['suspend', 'reinstate', 'terminate']) {
      assert.equal((await operator.call('POST', `${account}/${act}`)).status, 404, act)
    }
    const last = await operator.call('POST', `/accounts/${operator.account.id}/suspend`)
    assert.deepEqual([last.status, last.body.error.code], [409, 'last-operator'])
  })

  it('a site that an operator suspends: nothing is accepted, its members may look and leave', async () => {
    const service = await running()
    const [operator, owner] = [
      await addTenant(service, { role: 'operator' }),
      await addTenant(service),
    ]
    const { sitekey, secret, secretId } = await furnish(service, owner)
    const page = { service: service.url }
    const { seal } = service.context.tools
    const response = await quickToken(page, seal, { sitekey })
    const site = `/sites/${sitekey}`
    assert.equal((await operator.call('POST', `${site}/suspend`)).status, 204)
    const { finding } = await verify(service.url, { secret, response })
    assert.equal(finding.success, false)
    for (const [method, path, body, code] of [
      ['GET', site, undefined, undefined],
      ['GET', `${site}/audit`, undefined, undefined],
      ['GET', `${site}/numbers?span=hour&from=0&to=3600000`, undefined, undefined],
      ['PATCH', site, { name: 'x' }, 'site-suspended'],
      ['POST', `${site}/secrets`, { overlapMs: 0 }, 'site-suspended'],
      ['DELETE', `${site}/secrets/${secretId}`, undefined, 'site-suspended'],
      ['POST', `${site}/invitations`, { role: 'viewer' }, 'site-suspended'],
      ['DELETE', site, undefined, 'site-suspended'],
      ['POST', `${site}/reinstate`, undefined, 'forbidden'],
    ] as const) {
      const told = await owner.call(method, path, body)
      assert.equal(told.body?.error?.code, code, `${method} ${path}`)
    }
    assert.equal((await operator.call('POST', `${site}/reinstate`)).status, 204)
    const [event] = (await owner.call('GET', `${site}/audit`)).body.events
    assert.equal(event.by, `operator:${operator.keyId}`)
    assert.equal((await owner.call('PATCH', site, { name: 'x' })).status, 200)
  })

  it('a secret, when it is rotated: none of the calls under load fails in the overlap, and none passes after', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey } = await furnish(service, owner)
    const path = `/sites/${sitekey}/secrets`
    const page = { service: service.url }
    const { seal } = service.context.tools
    let { secret } = (await owner.call('POST', path, { overlapMs: 0 })).body
    let going = true
    const failed: unknown[] = []
    let passed = 0
    const backend = async () => {
      while (going) {
        const mine = secret
        const response = await quickToken(page, seal, { sitekey })
        const { finding } = await verify(service.url, { secret: mine, response })
        if (finding.success) passed += 1
        else failed.push(finding)
      }
    }
    const backends = Array.from({ length: 4 }, backend)
    for (let i = 0; i < 5; i++) {
      const made = await owner.call('POST', path, { overlapMs: 600_000 })
      const before = passed
      while (passed < before + 20 && failed.length === 0) await new Promise(setImmediate)
      secret = made.body.secret
    }
    going = false
    await Promise.all(backends)
    assert.deepEqual(failed, [])
    assert.ok(passed >= 100)

    const token = await quickToken(page, seal, { sitekey })
    const fresh = (await owner.call('POST', path, { overlapMs: 0 })).body.secret
    const old = await verify(service.url, { secret, response: token })
    assert.equal(old.finding.reason, 'secret-unknown')
    const good = await verify(service.url, { secret: fresh, response: token })
    assert.equal(good.finding.success, true, 'and the visitor has lost nothing')
  })

  it('an invitation: once, in time, and as long as whoever gave it may give it', async () => {
    const service = await running()
    const { manage } = service.context
    const [owner, admin, guest] = [
      await addTenant(service),
      await addTenant(service),
      await addTenant(service),
    ]
    const { sitekey } = await furnish(service, owner)
    const person = ({ account }: typeof owner, elevated = true) => ({
      ...{ account, by: account.id, scopes: null, onlySite: null, elevated },
    })
    const { members } = service.context.store
    await members.set(sitekey, admin.account.id, 'admin')
    const invite = async () => (await manage.inviteMember(person(admin), sitekey, 'admin')).token
    const first = await invite()
    const took = await Promise.allSettled(
      [guest, admin, owner, guest].map((one) => manage.acceptInvitation(person(one), first)),
    )
    assert.equal(took.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.equal(await members.role(sitekey, owner.account.id), 'owner', 'nobody loses by it')

    await members.remove(sitekey, guest.account.id)
    const stale = await invite()
    await members.set(sitekey, admin.account.id, 'viewer')
    const notFound = { code: 'not-found' }
    await assert.rejects(manage.acceptInvitation(person(guest), stale), notFound)
    await members.set(sitekey, admin.account.id, 'admin')
    await service.context.store.accounts.setState(admin.account.id, 'suspended')
    await assert.rejects(manage.acceptInvitation(person(guest), stale), notFound)
    await service.context.store.accounts.setState(admin.account.id, 'active')
    await service.context.store.sites.setState(sitekey, 'suspended')
    await assert.rejects(manage.acceptInvitation(person(guest), stale), notFound)
    await service.context.store.sites.setState(sitekey, 'active')
    const key = await manage.byKey(guest.key)
    await assert.rejects(manage.acceptInvitation(key!, stale), { code: 'forbidden' })
    await manage.acceptInvitation(person(guest), stale)
    assert.equal(await members.role(sitekey, guest.account.id), 'admin')

    await assert.rejects(manage.inviteMember(person(admin), sitekey, 'owner'), {
      code: 'forbidden',
    })
    const ownerTired = person(owner, false)
    await assert.rejects(manage.inviteMember(ownerTired, sitekey, 'owner'), {
      code: 'proof-needed',
    })
    await assert.rejects(manage.setMember(person(admin), sitekey, owner.account.id, 'viewer'), {
      code: 'forbidden',
    })
    const { manage: m } = service.context
    await assert.rejects(
      m.addKey(ownerTired, { name: 'k', scopes: ['sites:read'] }),
      { code: 'proof-needed' },
      'a key outlives a browser that was left open',
    )
    await assert.rejects(m.addKey(person(owner), { name: 'k', scopes: ['accounts:write'] }), {
      code: 'field-invalid',
      field: 'scopes',
    })
  })
})

describe('a leaked secret [ASVS 14.2.1]', () => {
  const report = (url: string, secret: string) =>
    fetch(`${url}/v1/secrets/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    })

  it('ends for whoever shows it, of whatever sort, and all hear the same', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey, secret, invitationToken } = await furnish(service, owner)
    const second = await addKey(service, owner.account)
    const answers: string[] = []
    for (const one of [
      `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`,
      'anything',
      secret,
      secret,
      ` ${second.key}\n`,
      invitationToken,
      'oc-test-secret-pass',
    ]) {
      const response = await report(service.url, one)
      answers.push(`${response.status} ${await response.text()}`)
    }
    assert.deepEqual([...new Set(answers)], ['200 {"received":true}'])
    const { finding } = await verify(service.url, { secret, response: 'x' })
    assert.equal(finding.reason, 'secret-unknown')
    assert.equal((await second.call('GET', '/self')).status, 401)
    assert.equal(await service.context.store.invitations.byToken(invitationToken), null)
    const { events } = (await owner.call('GET', '/audit')).body
    const reported = events.filter((event: { by: string }) => event.by === 'reporter')
    assert.deepEqual(
      reported.map((event: { act: string }) => event.act),
      ['invitation.take', 'key.end', 'secret.end'],
    )
    const rotated = await owner.call('POST', `/sites/${sitekey}/secrets`, { overlapMs: 0 })
    assert.equal(rotated.status, 201, 'and its owner gets another')
  })

  it('can be reported so often from one network, and no oftener', async () => {
    const service = await running()
    const all = await Promise.all(
      Array.from({ length: 80 }, async () => (await report(service.url, 'x')).status),
    )
    const refused = all.filter((status) => status === 429).length
    assert.ok(refused >= 5 && refused <= 25, `${refused} of 80`)
    const fresh = await running()
    for (const body of ['{}', '{"secret": 1}', '{"secret": "x", "more": 1}', '{"secret": ""}']) {
      const response = await fetch(`${fresh.url}/v1/secrets/report`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      assert.equal(response.status, 400)
    }
  })

  it('is in no log, no answer and no file, whatever is done with it [ASVS 14.2.4, 16.2.5]', async () => {
    let log = ''
    const sink = new Writable({
      write(chunk, _, done) {
        log += chunk
        done()
      },
    })
    const service = await running({ ONE_CAPTCHA_LOG_LEVEL: 'trace' }, { log: sink as never })
    const owner = await addTenant(service, { role: 'operator' })
    const has = await furnish(service, owner)
    const made = (await owner.call('POST', `/sites/${has.sitekey}/secrets`, { overlapMs: 9_999 }))
      .body
    const invited = (
      await owner.call('POST', `/sites/${has.sitekey}/invitations`, { role: 'viewer' })
    ).body
    const canaries = [has.secret, made.secret, owner.key, has.invitationToken, invited.token]
    let told = ''
    for (const canary of canaries) {
      for (const good of [
        ...siteCalls(has),
        ...otherCalls({ ...owner, accountId: 'acc_x', invitationId: 'inv_x' }),
      ]) {
        if (good.method === 'DELETE' || good.status === 201) continue
        const as = callWith(service.url, canary)
        const answers = [
          await as(good.method, good.path, good.body),
          await owner.call(good.method, `${good.path}?x=${canary}`, good.body),
          await owner.call(good.method, good.path.replace(/[^/]+$/, canary), good.body),
          await owner.call('POST', good.path, JSON.stringify({ [canary]: canary })),
          await owner.call('POST', '/sites', { hosts: [canary], name: canary }),
          await owner.call('PATCH', '/settings', { [canary]: canary }),
        ]
        told += answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n')
      }
      await report(service.url, `${canary}x`)
      await verify(service.url, { secret: canary, response: canary })
    }
    const inFiles = (text: string) =>
      readdirSync(service.data).some((name) =>
        readFileSync(joinPath(service.data, name), 'latin1').includes(text),
      )
    // The search finds what is there.
    assert.ok(inFiles(has.sitekey) && told.includes(has.sitekey) && log.includes('"level"'))
    for (const canary of canaries) {
      const core = canary.slice(9, 30)
      assert.ok(!told.includes(core), 'an answer')
      assert.ok(!log.includes(core), 'the log')
      assert.ok(!inFiles(core), 'a file')
    }
  })
})

describe('the audit log over HTTP [ASVS 16.4.2, 16.4.3]', () => {
  it('can be taken along, one event per line, and checked by anybody', async () => {
    const service = await running()
    const operator = await addTenant(service, { role: 'operator' })
    const { sitekey } = await furnish(service, operator)
    // What would be a formula, a second line or a second cell elsewhere.
    for (const name of ['=cmd|calc!A1', '+1,2;3"4"', '@SUM(1)', '{"seq":1}', 'a\\nb', '<b>&amp;']) {
      assert.equal((await operator.call('PATCH', `/sites/${sitekey}`, { name })).status, 200)
    }
    const { text, headers } = await operator.call('GET', '/audit/export')
    assert.equal(headers.get('content-type'), 'application/x-ndjson')
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { body: head } = await operator.call('GET', '/audit/head')
    let before = GENESIS
    for (const [i, { seq, at, by, act, subject, detail, hash }] of events.entries()) {
      assert.equal(seq, i + 1)
      const parts = JSON.stringify([before, seq, at, by, act, subject, JSON.stringify(detail)])
      assert.equal(createHash('sha256').update(parts).digest('hex'), hash)
      before = hash
    }
    assert.deepEqual(head, { seq: events.length, hash: before })
    assert.equal(await service.context.store.audit.verify(head), null)
  })

  it('comes in pages without a gap, also while it grows', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { sitekey } = await furnish(service, owner)
    const path = `/sites/${sitekey}`
    for (let i = 0; i < 12; i++) await owner.call('PATCH', path, { name: `n${i}` })
    const seen: number[] = []
    for (let before: number | null = null; ; ) {
      const query: string = before === null ? '?limit=4' : `?limit=4&before=${before}`
      const { body } = await owner.call('GET', `${path}/audit${query}`)
      seen.push(...body.events.map((event: { seq: number }) => event.seq))
      await owner.call('PATCH', path, { name: `later ${seen.length}` })
      before = body.next
      if (before === null) break
    }
    assert.ok(seen.length >= 12)
    assert.deepEqual(
      seen,
      [...new Set(seen)].sort((a, b) => b - a),
    )
  })

  it('has who, what and to what of every change, as ids', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const { body: made } = await owner.call('POST', '/sites', { hosts: ['a.test'] })
    const site = `/sites/${made.sitekey}`
    await owner.call('PATCH', site, { mode: 'puzzle' })
    await owner.call('POST', `${site}/secrets`, { overlapMs: 0 })
    await owner.call('POST', `${site}/invitations`, { role: 'viewer' })
    const { events } = (await owner.call('GET', `${site}/audit`)).body
    assert.deepEqual(events.map((event: { act: string }) => event.act).reverse(), [
      'site.add',
      'member.add',
      'site.set',
      'secret.add',
      'invitation.add',
    ])
    for (const event of events) {
      assert.equal(event.by, owner.keyId)
      assert.equal(event.subject, made.sitekey)
    }
  })
})

describe('where the store cannot answer [ASVS 16.5.2, 16.5.3]', () => {
  it('nothing is let in or changed: 503, and when to try again', async () => {
    const service = await running()
    const owner = await addTenant(service)
    const has = await furnish(service, owner)
    const { store } = service.context
    const away = () => Promise.reject(new StoreUnavailable('the database is away'))
    const { byKey } = store.apiKeys
    store.apiKeys.byKey = away
    for (const good of siteCalls(has)) {
      const told = await owner.call(good.method, good.path, good.body)
      assert.deepEqual([told.status, told.body.error.code], [503, 'store-unavailable'], good.route)
      assert.ok(told.headers.get('retry-after'))
      assert.ok(!told.text.includes('database'))
    }
    store.apiKeys.byKey = byKey
    const { role } = store.members
    store.members.role = away
    for (const good of siteCalls(has)) {
      if (good.operator) continue
      const told = await owner.call(good.method, good.path, good.body)
      assert.equal(told.status, 503, good.route)
    }
    store.members.role = role
    assert.equal((await owner.call('GET', `/sites/${has.sitekey}`)).status, 200)
  })
})
