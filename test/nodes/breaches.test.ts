import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { csrfOf, SESSION_COOKIE } from '../../src/console/session.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { ROOT_KEY } from '../support/program.ts'
import { startRedis } from '../support/redis.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'

const PEOPLE = 40
const HOUR_MS = 3_600_000

let mailbox: Mailbox
let nodes: Nodes
beforeAll(async () => {
  mailbox = await openMailbox()
  nodes = await startNodes(2, {
    ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'one@captcha.example' },
    ONE_CAPTCHA_PUBLIC_URL: 'http://captcha.example',
  })
})
afterAll(async () => {
  await nodes?.close()
  await mailbox?.close()
})

/** An operator at one of the nodes, in a browser of their own. */
async function operatorAt(url: string, login: string) {
  const { store } = nodes
  const { id } = await store.accounts.add({ login, role: 'operator', password: null })
  const token = randomBytes(32).toString('base64url')
  const expiresAt = Date.now() + HOUR_MS
  const session = { accountId: id, way: 'passkey' as const, expiresAt, elevatedUntil: expiresAt }
  await store.sessions.add(token, session)
  return (path: string, form: string, fields: Record<string, string | number> = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { cookie: `${SESSION_COOKIE}=${token}`, origin: 'http://captcha.example' },
      body: new URLSearchParams({ form, csrf: csrfOf(token), ...fields } as Record<string, string>),
      redirect: 'manual',
    })
}

describe('a breach on two nodes [Terms 5.3]', () => {
  it('two operators press at once on two nodes, again and again: each account gets one letter for each telling', async () => {
    const [here, there] = nodes.programs
    const ada = await operatorAt(here!.url, 'ada')
    const bea = await operatorAt(there!.url, 'bea')
    for (let i = 0; i < PEOPLE; i++) {
      const person = { login: `person-${i}`, role: 'developer', password: null } as const
      const { id } = await nodes.store.accounts.add(person)
      await nodes.store.accounts.setEmail(id, `person-${i}@people.example`)
    }
    const told = () => mailbox.letters.filter(({ text }) => text.includes('It was lost.'))

    const noticedAt = new Date().toISOString().slice(0, 16).replace('T', ' ')
    const written = await ada('/console/promises/breaches/add', 'add', {
      ...{ title: 'A disk', nature: 'It was lost.', noticedAt, data: 'logins', people: 'all' },
      ...{ consequences: 'letters', measures: 'disks', contact: 'Grace', risk: 'high' },
    })
    assert.equal(written.status, 303)
    const path = written.headers.get('location')!
    await ada(path, 'concern', { whom: 'everybody', names: '' })

    for (const before of [0, 1]) {
      const order = { before, revision: 1 }
      const pressed = await Promise.all(
        [ada, bea, ada, bea].map((press) => press(path, 'people', order)),
      )
      assert.deepEqual(pressed.map(({ status }) => status).sort(), [303, 412, 412, 412])
    }
    await until(() => told().length >= 2 * PEOPLE, 'all letters are there')
    const got = new Map<string, number>()
    for (const { to } of told()) got.set(to[0]!, (got.get(to[0]!) ?? 0) + 1)
    assert.deepEqual([got.size, new Set(got.values())], [PEOPLE, new Set([2])])
  })
})

describe('the doctor on two nodes [Terms 5.3]', () => {
  it('holds the clocks of the database and of Redis against its own, and walks through the log', async () => {
    const carl = await operatorAt(nodes.programs[1]!.url, 'carl')
    assert.equal((await carl('/console/promises/doctor', 'look')).status, 303)
    const { checks } = (await nodes.store.examinations.last())!
    const states = (...names: string[]) =>
      names.map((name) => checks.find((check) => check.name === name)?.state)
    assert.deepEqual(
      states('clock of the database', 'clock of Redis', 'audit log', 'mail server', 'pages'),
      ['ok', 'ok', 'ok', 'ok', 'ok'],
    )
  })
  it('is called once a day by one of them, and by the other where that one is gone', async () => {
    let nowMs = Date.now()
    const redis = await startRedis({})
    const settings = {
      ONE_CAPTCHA_DATABASE_URL: await nodes.postgres.database(),
      ONE_CAPTCHA_REDIS_URL: redis.url,
      ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
      ONE_CAPTCHA_DEMO: 'off',
    }
    // No two moments are the same: what both find at one would be one.
    const world = { now: () => nowMs++ }
    const [one, two] = await Promise.all([
      startService(settings, world),
      startService(settings, world),
    ])
    try {
      const looks = async (ms: number, services: TestService[]) => {
        nowMs += ms
        await Promise.all(services.map(({ context }) => context.doctor.daily()))
        return (await two.context.store.examinations.list(100)).length
      }
      assert.equal(await looks(11 * 60_000, [one, two]), 1)
      assert.equal(await looks(HOUR_MS, [one, two]), 1)
      assert.equal(await looks(24 * HOUR_MS, [one, two]), 2)
      assert.equal(await looks(25 * HOUR_MS, [two]), 3)
    } finally {
      await Promise.all([one.stop(), two.stop()])
      await redis.close()
    }
  })
})
