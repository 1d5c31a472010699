import assert from 'node:assert/strict'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, it } from 'vitest'
import { newCaller, PASSWORD, signUp } from '../support/people.ts'
import { startService, type TestService } from '../support/service.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let service: TestService
afterEach(() => service.stop())

/** A service whose clock the test moves. */
async function open() {
  let at = Date.now()
  service = await startService({ ONE_CAPTCHA_DEMO: 'off' }, { now: () => at })
  const db = new Database(join(service.data, 'store.sqlite'), { readonly: true })
  return {
    count: (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number,
    async later(ms: number) {
      at += ms
      await service.context.jobs.tick()
    },
  }
}

describe('what is kept for a time', () => {
  it('is deleted by the service itself within an hour of its end, and what is beside it stays', async () => {
    const { count, later } = await open()
    const { context } = service
    const { account } = await signUp(service, 'ada')
    const { sitekey } = await service.addSite(['a.test'], 'checkbox')
    await context.store.sites.rotate(sitekey, 2 * HOUR_MS)
    const key = { accountId: account.id, sitekey: null, name: 'short', scopes: [] }
    await context.store.apiKeys.add({ ...key, expiresAt: context.tools.now() + 3 * HOUR_MS })
    await context.store.apiKeys.add({ ...key, expiresAt: null })
    await context.accounts.logIn(newCaller(), { login: 'ada', password: PASSWORD })
    const sessions = count('sessions')
    assert.ok(sessions > 0)
    assert.deepEqual([count('site_secrets'), count('api_keys')], [2, 2])

    await later(HOUR_MS)
    assert.deepEqual(
      [count('site_secrets'), count('api_keys'), count('sessions')],
      [2, 2, sessions],
    )
    await later(HOUR_MS)
    assert.deepEqual([count('site_secrets'), count('api_keys')], [1, 2])
    await later(HOUR_MS)
    assert.deepEqual([count('site_secrets'), count('api_keys')], [1, 1])
    await later(12 * HOUR_MS)
    assert.equal(count('sessions'), 0)

    const [events, accounts] = [count('audit_events'), count('accounts')]
    await later(10_000 * DAY_MS)
    assert.deepEqual([count('audit_events'), count('accounts')], [events, accounts])
    assert.deepEqual([count('site_secrets'), count('api_keys')], [1, 1])
  })
})
