import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Opened } from '../../src/accounts/accounts.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { codeOf, enter, newCaller, PASSWORD, setUpTotp, signUp } from '../support/people.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { startService, type TestService } from '../support/service.ts'

const closing: { close(): Promise<void> }[] = []
let mailbox: Mailbox
let a: TestService
let b: TestService

beforeAll(async () => {
  const postgres: TestPostgres = await startPostgres()
  closing.push(postgres)
  const redis: RedisProcess = await startRedis()
  closing.push(redis)
  mailbox = await openMailbox()
  closing.push(mailbox)
  const settings = {
    ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_DEMO: 'off' },
    ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 7).toString('base64url'),
    ONE_CAPTCHA_DATABASE_URL: await postgres.database(),
    ONE_CAPTCHA_REDIS_URL: redis.url,
    ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org' },
    ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org',
  }
  a = await startService(settings)
  b = await startService(settings)
})
afterAll(async () => {
  for (const service of [a, b]) await service?.stop()
  for (const one of closing.reverse()) await one.close()
})

const logIn = async (node: TestService, login: string, password = PASSWORD) =>
  (await node.context.accounts.logIn(newCaller(), { login, password })) as Opened
/** The same, asked of both nodes several times at once: how often it was let through. */
async function crowd(act: (node: TestService, i: number) => Promise<unknown>): Promise<number> {
  const all = Array.from({ length: 6 }, (_, i) => act(i % 2 ? a : b, i).catch(() => null))
  return (await Promise.all(all)).filter(Boolean).length
}

describe('accounts on two nodes', () => {
  it('have one first operator, by whichever node’s link', async () => {
    const links = await Promise.all([a, b].map((node) => node.context.accounts.firstLink()))
    const made = await crowd(({ context }, i) =>
      context.accounts.signUp(newCaller(), {
        ...{ login: `first-${i}`, password: PASSWORD, invitation: links[i % 2]! },
      }),
    )
    assert.equal(made, 1)
    assert.equal(await b.context.accounts.firstLink(), null)
  })

  it('are suspended on one, and out on the other in that very moment [ASVS 7.4.2]', async () => {
    const { account } = await signUp(a, 'ada')
    const { token } = await logIn(b, 'ada')
    assert.ok(await b.context.accounts.byToken(token))
    await a.context.store.accounts.setState(account.id, 'suspended')
    assert.equal(await b.context.accounts.byToken(token), null)
    await assert.rejects(logIn(b, 'ada'), { code: 'account-suspended' })
    await b.context.store.accounts.setState(account.id, 'active')
    assert.ok(await logIn(a, 'ada'))
  })

  it('change a password on one, and no session lives on the other, whatever came at that moment', async () => {
    const opened = await signUp(a, 'bob')
    let password = PASSWORD
    for (let round = 0; round < 4; round++) {
      const who = await enter(a, { ...opened, ...(await logIn(a, 'bob', password)) })
      const next = `seven blue whales ${round}`
      const [changed, ...late] = await Promise.all([
        a.context.accounts.setPassword(who, next),
        ...[1, 2, 3].map(() => logIn(b, 'bob', password)),
      ])
      for (const one of late)
        if (one) assert.equal(await b.context.accounts.byToken(one.token), null)
      assert.ok(await b.context.accounts.byToken(changed.token))
      password = next
    }
  })

  it('use a code, a recovery code and a link once, wherever they are shown [ASVS 6.5.1]', async () => {
    const who = await enter(a, await signUp(a, 'cyd', { email: 'cyd@example.org' }))
    const slip = ({ link }: { link: string }) => new URL(link).searchParams.get('link')!
    const confirm = slip(await mailbox.take('cyd@example.org'))
    assert.equal(
      await crowd(({ context }) => context.accounts.confirmEmail(newCaller(), confirm)),
      1,
    )

    await b.context.accounts.requestReset(newCaller(), 'cyd')
    const reset = slip(await mailbox.take('cyd@example.org'))
    const next = 'seven blue whales sing'
    assert.equal(await crowd(({ context }) => context.accounts.reset(newCaller(), reset, next)), 1)

    const { secret, codes } = await setUpTotp(a.context.accounts, who, Date.now())
    const pendings = await Promise.all(
      [a, b, a, b, a, b].map(async ({ context }) => {
        const heard = await context.accounts.logIn(newCaller(), { login: 'cyd', password: next })
        return (heard as { pending: string }).pending
      }),
    )
    const enterWith = (code: string) =>
      crowd(({ context }, i) => context.accounts.secondStep(newCaller(), pendings[i]!, code))
    // Ten tries an hour: six and what is left of them.
    assert.equal(await enterWith(codeOf(secret, Date.now())), 1)
    assert.ok((await enterWith(codes[0]!)) <= 1)
  })

  it('count tries together [ASVS 6.3.1]', async () => {
    await signUp(a, 'dan')
    let refused = 0
    for (let i = 0; i < 30; i++) {
      const node = i % 2 ? a : b
      await logIn(node, 'dan', `guess ${i}`).catch(() => refused++)
    }
    assert.ok(refused >= 9, String(refused))
  })

  it('never wait for each other for ever, whatever is done to them at once', async () => {
    const { store } = a.context
    const people = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        store.accounts.add({ login: `crowd-${i}`, role: 'developer', password: 'x' }),
      ),
    )
    for (let i = 0; i < 6; i++) {
      const site = { hosts: ['a.test'], mode: 'checkbox' } as const
      const { sitekey } = await store.sites.add({ ...site, owner: people[i]!.id })
      for (const { id } of people) await store.members.set(sitekey, id, 'owner')
    }
    const sites = await store.members.sitesOf(people[0]!.id)
    const acts = Array.from({ length: 120 }, (_, i) => {
      const { store, accounts } = (i % 2 ? a : b).context
      const { id, login } = people[i % people.length]!
      const { sitekey } = sites[i % sites.length]!
      return [
        () => store.accounts.setState(id, 'suspended'),
        () => store.accounts.setState(id, 'active'),
        () => store.accounts.setPassword(id, `password ${i}`),
        () =>
          store.sessions.add(`token ${i}`, {
            accountId: id,
            way: 'password',
            expiresAt: Date.now() + 1e6,
            elevatedUntil: 0,
          }),
        () => store.sites.set(sitekey, { name: `name ${i}` }),
        () => store.members.set(sitekey, id, i % 4 ? 'owner' : 'admin'),
        () => accounts.byToken(login.padEnd(43, 'x')),
      ][(i * 7 + (i >> 3)) % 7]!()
    })
    for (const one of await Promise.allSettled(acts)) {
      assert.equal(
        one.status,
        'fulfilled',
        one.status === 'rejected' ? String(one.reason?.stack) : '',
      )
    }
    assert.equal(await store.audit.verify(), null)
  })
})
