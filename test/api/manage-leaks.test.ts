import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { Writable } from 'node:stream'
import { describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { frozen, running, stopAfterEach } from '../support/running.ts'
import { addKey, addTenant, callWith, furnish, otherCalls, siteCalls } from '../support/tenants.ts'

stopAfterEach()

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
    const service = await running({}, { now: frozen() })
    const all = await Promise.all(
      Array.from({ length: 80 }, async () => (await report(service.url, 'x')).status),
    )
    const refused = all.filter((status) => status === 429).length
    assert.equal(refused, 20)
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
