import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { tellApart, timeLogins, timeSecrets } from '../../lab/timing.ts'
import { newSitekey } from '../../src/keys.ts'
import { systemRandom } from '../../src/random.ts'
import { signUp } from '../support/people.ts'
import { startService, type TestService } from '../support/service.ts'
import { addTenant } from '../support/tenants.ts'

let service: TestService
let shiftMs = 0

beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_DEMO: 'off' }, { now: () => Date.now() + shiftMs })
})
afterAll(() => service.stop())

/**
 * Not a duration but the odds that the two differ: ±4.5 is one in a hundred thousand. What really differs shows each time;
 * whatever else the machine had to do in one of them does not.
 */
async function assertAlike(measure: () => Promise<number>): Promise<void> {
  const found: number[] = []
  while (found.length < 3 && !found.some((t) => Math.abs(t) < 4.5)) found.push(await measure())
  assert.ok(Math.abs(found.at(-1)!) < 4.5, `t = ${found}`)
}

describe('a wrong secret', () => {
  it('takes as long to refuse whether it begins like a real one or not', async () => {
    const { secret } = await service.addSite(['example.test'], 'checkbox')
    const { sites } = service.context.store
    await assertAlike(async () => (await timeSecrets(sites, secret, 20_000)).t)
  })
})

describe('a site of somebody else', () => {
  it('takes as long to refuse as one that is not there [ASVS 8.4.1]', async () => {
    const { manage } = service.context
    const random = systemRandom()
    const [owner, stranger] = [await addTenant(service), await addTenant(service)]
    const foreign: string[] = []
    for (let i = 0; i < 50; i++) {
      const site = { hosts: ['a.test'], mode: 'checkbox', owner: owner.account.id } as const
      foreign.push((await service.context.store.sites.add(site)).sitekey)
    }
    const keys = [foreign, foreign.map(() => newSitekey(random))] as const
    const actor = (await manage.byKey(stranger.key))!
    await assertAlike(async () => {
      const times: [theirs: number[], nobodys: number[]] = [[], []]
      for (let i = 0; i < 11_000; i++) {
        const which = random.integer(0, 2) as 0 | 1
        const sitekey = keys[which][i % foreign.length]!
        const from = performance.now()
        await assert.rejects(manage.site(actor, sitekey))
        // The first of them also wait for the compiler.
        if (i >= 1_000) times[which].push(performance.now() - from)
      }
      return tellApart(...times)
    })
  })
})

describe('a wrong password', () => {
  it('takes as long to refuse as that of nobody [ASVS 6.3.8]', async () => {
    await signUp(service, 'ada')
    const wait = (ms: number) => {
      shiftMs += ms
    }
    await assertAlike(async () => (await timeLogins(service.context.accounts, 'ada', 400, wait)).t)
  })
})
