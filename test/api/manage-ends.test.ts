import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { running, stopAfterEach } from '../support/running.ts'
import { addKey, addTenant, furnish } from '../support/tenants.ts'
import { ask, quickToken } from '../support/visitor.ts'

stopAfterEach()

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
