import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import { openMailbox } from '../support/mailbox.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startRedis } from '../support/redis.ts'
import { startService, type TestService } from '../support/service.ts'
import { addKey, addTenant, callWith } from '../support/tenants.ts'
import { until } from '../support/until.ts'

/** How long a node may take to hear of a version that another has announced. */
const HEARD_MS = 5_000

let nowMs = Date.now()
let postgres: TestPostgres
let mailbox: Awaited<ReturnType<typeof openMailbox>>
const closing: { close(): Promise<void> }[] = []
let a: TestService
let b: TestService
let operator: Account

beforeAll(async () => {
  postgres = await startPostgres()
  const redis = await startRedis()
  mailbox = await openMailbox()
  closing.push(redis, mailbox)
  const settings = {
    ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_DEMO: 'off' },
    ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 7).toString('base64url'),
    ONE_CAPTCHA_DATABASE_URL: await postgres.database(),
    ONE_CAPTCHA_REDIS_URL: redis.url,
    ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org' },
    ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org',
  }
  a = await startService(settings, { now: () => nowMs })
  b = await startService(settings, { now: () => nowMs })
  operator = (await addTenant(a, { role: 'operator' })).account
  await a.context.store.accounts.setEmail(operator.id, 'olga@example.org')
})
afterAll(async () => {
  for (const service of [a, b]) await service?.stop()
  for (const one of closing) await one.close()
})

const actor = () => ({
  ...{ account: operator, by: operator.id, scopes: null, onlySite: null, elevated: true },
})
const write = (node: TestService, acceptance: 'use' | 'click') =>
  node.context.terms.desk.write(actor(), {
    ...{ summary: 'Clearer words.', acceptance },
    texts: [{ lang: 'en', text: '# Terms\n' }],
  })

describe('the Terms on two nodes', () => {
  it('are announced once by two operators at the same moment, and told once [Terms 1.2]', async () => {
    await write(a, 'use')
    const done = await Promise.allSettled(
      [a, b, a, b].map((node) => node.context.terms.desk.announce(actor(), { effectiveAt: null })),
    )
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1)
    nowMs += HEARD_MS
    for (const node of [a, b]) assert.equal((await node.context.terms.current()).number, 1)
    await until(async () => {
      for (const node of [a, b]) await node.context.jobs.tick()
      return mailbox.letters.length > 0
    }, 'the letter is there')
    for (const node of [a, b]) await node.context.jobs.tick()
    assert.deepEqual(
      mailbox.letters.map(({ to }) => to),
      [['olga@example.org']],
    )
    assert.match(mailbox.letters[0]!.text, /Clearer words\./)
    assert.match(mailbox.letters[0]!.text, /https:\/\/captcha\.example\.org\/terms\/versions\/1/)
  })

  it('are accepted once by an account that uses both at once', async () => {
    const { account } = await addTenant(a)
    const { key } = await addKey(a, account)
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, i) => callWith((i % 2 ? a : b).url, key)('GET', '/sites')),
    )
    assert.ok(replies.every(({ status }) => status === 200))
    assert.equal((await b.context.terms.acceptances(account.id)).length, 1)
    const events = await b.context.store.audit.list({ subjects: [account.id], limit: 9 })
    assert.equal(events.filter(({ act }) => act === 'terms.accept').length, 1)
  })

  it('ask for a click on both, which counts on both at once [Terms 1.2]', async () => {
    const { account, key } = await addTenant(a)
    await write(a, 'click')
    const { effectiveAt } = await a.context.terms.desk.announce(actor(), { effectiveAt: null })
    nowMs = effectiveAt!
    for (const { url } of [a, b])
      assert.equal(
        (await callWith(url, key)('GET', '/sites')).body.error.code,
        'terms-not-accepted',
      )
    assert.equal(await b.context.terms.accept(account.id, 2), true)
    for (const { url } of [a, b])
      assert.equal((await callWith(url, key)('GET', '/sites')).status, 200)
  })

  it('are taken back on both before the day [Terms 1.2]', async () => {
    await write(b, 'click')
    const { effectiveAt } = await b.context.terms.desk.announce(actor(), { effectiveAt: null })
    nowMs += HEARD_MS
    assert.equal((await a.context.terms.upcoming())?.number, 3)
    nowMs = effectiveAt! - 60_000
    await b.context.terms.desk.withdraw(actor(), 3)
    nowMs = effectiveAt!
    assert.equal((await a.context.terms.current()).number, 2)
  })

  it('can be read while the database is gone', async () => {
    await postgres.close()
    nowMs += 2 * HEARD_MS
    for (const { context } of [a, b]) {
      assert.equal((await context.terms.current()).number, 2)
      assert.equal((await context.terms.version(1))!.texts[0]!.text, '# Terms\n')
      assert.deepEqual(context.terms.known().current.number, 2)
    }
  })
})
