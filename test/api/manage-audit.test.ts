import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'vitest'
import { GENESIS } from '../../src/store/audit-log.ts'
import { startPostgres } from '../support/postgres.ts'
import { running, stopAfterEach, stopAll } from '../support/running.ts'
import { addTenant, furnish, siteCalls } from '../support/tenants.ts'
import { until } from '../support/until.ts'

stopAfterEach()

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
  it('nothing is let in or changed: 503, when to try again, and no word about the database', async () => {
    const postgres = await startPostgres()
    try {
      const service = await running({
        ONE_CAPTCHA_DATABASE_URL: await postgres.database(),
        ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 1).toString('base64url'),
      })
      const owner = await addTenant(service, { role: 'operator' })
      const has = await furnish(service, owner)
      const back = postgres.restart(3_000)
      const { store } = service.context
      await until(
        () =>
          store.settings.read().then(
            () => false,
            () => true,
          ),
        'the database is away',
      )
      const told = await Promise.all(
        siteCalls(has).map(({ method, path, body }) => owner.call(method, path, body)),
      )
      for (const { status, text, body, headers } of told) {
        assert.deepEqual([status, body.error.code], [503, 'store-unavailable'])
        assert.ok(headers.get('retry-after'))
        assert.doesNotMatch(text, /postgres|sql|127\.0\.0\.1/i)
      }
      await back
      const works = async () => (await owner.call('GET', '/self')).status === 200
      await until(works, 'the database is back')
      assert.deepEqual(
        [
          (await store.sites.row(has.sitekey))!.name,
          (await store.secrets.list(has.sitekey)).length,
        ],
        ['', 2],
      )
      assert.equal(await store.audit.verify(), null)
    } finally {
      await stopAll()
      await postgres.close()
    }
  })
})
