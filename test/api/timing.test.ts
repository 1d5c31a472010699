import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { timeSecrets } from '../../lab/timing.ts'
import { startService, type TestService } from '../support/service.ts'

let service: TestService

beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_DEMO: 'off' })
})
afterAll(() => service.stop())

describe('a wrong secret', () => {
  it('takes as long to refuse whether it begins like a real one or not', async () => {
    const { secret } = await service.addSite(['example.test'], 'checkbox')
    const { t } = await timeSecrets(service.context.store.sites, secret, 20_000)
    // Not a duration but the odds that the two differ: ±4.5 is one in a hundred thousand.
    assert.ok(Math.abs(t) < 4.5, `t = ${t}`)
  })
})
