import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { LoggedIn } from '../../src/accounts/accounts.ts'
import { actorOf } from '../../src/console/visit.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { enter, signUp } from '../support/people.ts'
import { newPerson, SESSION } from '../support/person.ts'
import { startService, type TestService } from '../support/service.ts'
import { addKey, type Call } from '../support/tenants.ts'
import { until } from '../support/until.ts'

const DAY_MS = 86_400_000
const PUBLIC = 'https://captcha.example.org'

interface Heard {
  headers: Record<string, string>
  body: string
}

let nowMs = Date.now()
let service: TestService
let mailbox: Mailbox
let receiver: Server
let hook: string
const heard: Heard[] = []
let answer = 200
let boss: LoggedIn

beforeAll(async () => {
  mailbox = await openMailbox()
  receiver = createServer(async (request, response) => {
    const body = await text(request)
    heard.push({ headers: request.headers as Record<string, string>, body })
    response.writeHead(answer).end('canary')
  })
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/news`
  service = await startService(
    {
      ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_PUBLIC_URL: PUBLIC },
      ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org' },
      ...{ ONE_CAPTCHA_WEBHOOKS_PRIVATE: 'on', ONE_CAPTCHA_OPERATOR: 'Example GmbH' },
    },
    { now: () => nowMs },
  )
  const opened = await signUp(service, 'boss')
  boss = await enter(service, opened)
})
afterAll(async () => {
  await service?.stop()
  await mailbox?.close()
  await new Promise((closed) => receiver.close(closed))
})

const tick = () => service.context.jobs.tick()
const actor = (who: LoggedIn) => ({ ...actorOf(who), elevated: true })

/** Somebody with an address, and a key for webhooks. */
async function joinAs(login: string) {
  const { store } = service.context
  const opened = await signUp(service, login)
  const { account } = await enter(service, opened)
  await store.accounts.setEmail(account.id, `${login}@example.org`)
  const { call } = await addKey(service, account, { scopes: ['webhooks:write'] })
  return { ...opened, id: account.id, call, who: await enter(service, opened) }
}

let count = 0
/** An incident that goes on, as an operator writes it. */
async function tellIncident() {
  const wish = { title: `Disk ${++count}`, impact: 'minor', cause: 'ours', components: ['console'] }
  const body = 'We are looking into it.'
  const update = { ...wish, state: 'investigating', body }
  await service.context.status.open(actor(boss), update as never)
}

const person = (token?: string) => {
  const browser = newPerson(service.url, PUBLIC)
  if (token) browser.cookies.set(SESSION, token)
  return browser
}

describe('letters that nobody need have', () => {
  it('are stopped by one click, without a cookie, and by nobody who only looks; what is agreed still comes', async () => {
    const { token, id } = await joinAs('ada')
    await tellIncident()
    await tick()
    const letter = await mailbox.take('ada@example.org')
    assert.match(letter.html, /No more letters about incidents/)
    assert.match(letter.text, /Example GmbH: One Captcha at captcha\.example\.org/)
    const list = JSON.stringify([...letter.headers])
    assert.match(list, /List-Unsubscribe=One-Click/)
    const url = /https:\/\/captcha\.example\.org(\/unsubscribe\?slip=[\w-]+)/.exec(letter.text)![1]!
    assert.doesNotMatch(url, new RegExp(id))

    // A scanner follows every link.
    for (let i = 0; i < 3; i++) {
      const page = await fetch(service.url + url)
      assert.equal(page.status, 200)
      assert.match(await page.text(), /No more letters about incidents/)
    }
    const { mailChoices } = service.context.store
    assert.deepEqual(await mailChoices.refused(id), [])
    const oneClick = () =>
      fetch(service.url + url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      })
    for (let i = 0; i < 2; i++) assert.equal((await oneClick()).status, 200)
    assert.deepEqual(await mailChoices.refused(id), ['incident'])
    // Mail programs should send it so (RFC 8058, section 3.2), and anybody can send something else.
    await mailChoices.set(id, 'incident', true)
    const parts = new FormData()
    parts.set('Other', 'One-Click')
    const asParts = () => fetch(service.url + url, { method: 'POST', body: parts })
    assert.equal((await asParts()).status, 404)
    parts.set('List-Unsubscribe', 'One-Click')
    assert.equal((await asParts()).status, 200)
    assert.deepEqual(await mailChoices.refused(id), ['incident'])
    for (const type of ['application/json', 'text/plain']) {
      const headers = { 'content-type': type }
      const sent = await fetch(service.url + url, { method: 'POST', headers, body: '5' })
      assert.equal(sent.status, 415)
    }
    await tellIncident()
    await service.context.store.accounts.setPassword(id, 'hash')
    await tick()
    const next = await mailbox.take('ada@example.org')
    assert.equal(next.subject, 'Your account was changed')
    assert.equal(next.headers.has('list'), false)
    assert.doesNotMatch(next.text, /unsubscribe/)

    // And are wanted again.
    const again = await signIn('ada', id)
    const page = await again.get('/console/account/notices')
    assert.match(page.body, /ada@example\.org/)
    await again.send('/console/account/notices', 'letters', { letters: 'incident' })
    assert.deepEqual(await mailChoices.refused(id), ['maintenance'])
    assert.ok(token)
  })

  it('are stopped by no link that we have not given', async () => {
    const { id } = await joinAs('bob')
    for (const slip of ['', 'x', 'a'.repeat(90), `incident ${id}`, '../../x', 'a'.repeat(5_000)]) {
      const url = `${service.url}/unsubscribe?slip=${encodeURIComponent(slip)}`
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
      for (const response of [await fetch(url), await fetch(url, { method: 'POST', body })])
        assert.equal(response.status, 404)
    }
    assert.equal((await fetch(`${service.url}/unsubscribe?slip=a&slip=b`)).status, 404)
    assert.deepEqual(await service.context.store.mailChoices.refused(id), [])
  })

  it('are not sent to whom no longer wants them when they go out', async () => {
    const { id } = await joinAs('cyd')
    await tellIncident()
    await service.context.store.mailChoices.set(id, 'incident', false)
    await tick()
    const [row] = await all(id)
    assert.deepEqual([row!.state, row!.why], ['dropped', 'Letters of this kind are not wanted.'])
  })
})

/** What was to be brought to somebody, the newest notice first. */
async function all(recipient: string) {
  const { deliveries } = service.context.store
  const rows = []
  for (const { id } of await deliveries.notices(50)) {
    for await (const row of deliveries.report(id)) if (row.recipient === recipient) rows.push(row)
  }
  return rows
}

async function signIn(login: string, id: string) {
  const { store, tools } = service.context
  const token = Buffer.from(tools.random.bytes(32)).toString('base64url')
  const expiresAt = nowMs + DAY_MS
  await store.sessions.add(token, { accountId: id, way: 'passkey', expiresAt, elevatedUntil: 0 })
  assert.ok(login)
  return person(token)
}

describe('a webhook', () => {
  async function add(call: Call, kinds = ['incident']) {
    const { status, body } = await call('POST', '/webhooks', { url: hook, kinds })
    assert.equal(status, 201)
    return body as { webhook: { id: string }; secret: string }
  }
  const events = (id: string) => heard.filter(({ headers }) => headers['webhook-id'] === id)

  it('is told in the way of Standard Webhooks, which others’ libraries verify', async () => {
    const { call } = await joinAs('dan')
    const { webhook, secret } = await add(call)
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    heard.length = 0
    assert.deepEqual((await call('POST', `/webhooks/${webhook.id}/test`)).body, { fault: null })
    await tellIncident()
    await tick()
    assert.equal(heard.length, 2)
    const verifier = new Webhook(secret)
    const [test, incident] = heard.map(({ body, headers }) => verifier.verify(body, headers)) as {
      type: string
      data: { title?: string }
    }[]
    assert.equal(test!.type, 'test')
    assert.deepEqual(
      [incident!.type, incident!.data.title],
      ['incident.investigating', `Disk ${count}`],
    )
    const [{ body, headers }] = [heard[1]!]
    assert.throws(() => verifier.verify(`${body} `, headers))
    assert.throws(() =>
      new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, headers),
    )
    // Shown once, and never again.
    const listed = await call('GET', '/webhooks')
    assert.doesNotMatch(listed.text, /whsec|secret/)
    await call('DELETE', `/webhooks/${webhook.id}`)
  })

  it('is told again under the same id until it takes it', async () => {
    const { call } = await joinAs('eve')
    const { webhook } = await add(call)
    heard.length = 0
    answer = 503
    await tellIncident()
    await tick()
    const id = heard[0]!.headers['webhook-id']!
    assert.match(id, /^msg_[0-9a-f]{40}$/)
    const [row] = await all(webhook.id)
    assert.deepEqual([row!.state, row!.why], ['waiting', 'It answered 503.'])
    await tick()
    assert.equal(events(id).length, 1)
    answer = 204
    nowMs += 60_000
    await tick()
    assert.equal(events(id).length, 2)
    assert.equal((await all(webhook.id))[0]!.state, 'sent')
    answer = 200
    await call('DELETE', `/webhooks/${webhook.id}`)
  })

  it('that is gone, or fails for three days, is turned off, and its holder hears of it', async () => {
    const { call } = await joinAs('fay')
    const gone = await add(call)
    answer = 410
    await tellIncident()
    await tick()
    await tick()
    const state = async () => (await call('GET', '/webhooks')).body.webhooks[0]
    assert.partialDeepStrictEqual(await state(), { state: 'off', why: 'It answered 410.' })
    const letters = [await mailbox.take('fay@example.org'), await mailbox.take('fay@example.org')]
    assert.ok(letters.some(({ subject }) => subject === 'A webhook was turned off'))

    answer = 500
    await call('PATCH', `/webhooks/${gone.webhook.id}`, { state: 'on' })
    await tellIncident()
    for (let i = 0; i < 50; i++, nowMs += 2 * 3_600_000) await tick()
    assert.partialDeepStrictEqual(await state(), { state: 'off', why: 'It answered 500.' })
    answer = 200
    await call('DELETE', `/webhooks/${gone.webhook.id}`)
  })

  it('is its account’s alone, one of five, and of no kind that is not its own to hear', async () => {
    const [gil, hal] = [await joinAs('gil'), await joinAs('hal')]
    const { webhook } = await add(gil.call)
    const path = `/webhooks/${webhook.id}`
    assert.equal((await hal.call('PATCH', path, { kinds: ['terms'] })).status, 404)
    assert.equal((await hal.call('POST', `${path}/test`)).status, 404)
    assert.equal((await hal.call('DELETE', path)).status, 404)
    for (let i = 0; i < 4; i++) await add(gil.call)
    const sixth = await gil.call('POST', '/webhooks', { url: hook, kinds: ['terms'] })
    assert.equal(sixth.body.error.code, 'limit-reached')
    const alert = await hal.call('POST', '/webhooks', { url: hook, kinds: ['alert'] })
    assert.deepEqual([alert.status, alert.body.error.field], [400, 'kinds'])
    for (const url of [
      ...[
        '',
        'nothing',
        'ftp://example.org/',
        'https://a:b@example.org/',
        'https://example.org/#a',
      ],
      `https://example.org/${'a'.repeat(500)}`,
    ]) {
      const refused = await hal.call('POST', '/webhooks', { url, kinds: ['terms'] })
      assert.deepEqual([refused.status, refused.body.error.field], [400, 'url'], url)
    }
    await service.context.store.accounts.terminate(gil.id)
    assert.deepEqual(await service.context.store.webhooks.of(gil.id), [])
  })

  it('is added, tried and removed in the console, without a script', async () => {
    const { id } = await joinAs('ira')
    const browser = await signIn('ira', id)
    const path = '/console/account/notices'
    await browser.get(path)
    const missing = await browser.send(path, 'add', { url: hook })
    assert.equal(missing.status, 422)
    const shown = await browser.send(path, 'add', { url: hook, kinds: 'terms' })
    assert.equal(shown.status, 201)
    assert.match(shown.body, /whsec_/)
    assert.equal((await browser.send(path, 'test')).location, path)
    answer = 418
    await browser.get(path)
    const failed = await browser.send(path, 'test')
    assert.equal(failed.status, 422)
    assert.match(failed.body, /It answered 418\./)
    assert.doesNotMatch(failed.body, /canary|whsec_/)
    answer = 200
    assert.equal((await browser.send(path, 'remove')).location, path)
    assert.deepEqual(await service.context.store.webhooks.of(id), [])
  })
})

describe('a webhook where not everybody is trusted', () => {
  it('leads into no private network, and is sent nothing without TLS', async () => {
    const strict = await startService({ ONE_CAPTCHA_PAINTERS: '1' })
    try {
      const { context } = strict
      const who = actor(await enter(strict, await signUp(strict, 'boss')))
      const add = (url: string) => context.notices.addWebhook(who, { url, kinds: ['terms'] })
      for (const url of [
        ...[hook, hook.replace('http:', 'https:'), 'https://localhost/', 'https://2130706433/'],
        ...['https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://intranet/'],
        ...['https://db.internal/', 'https://printer.local/', 'https://169.254.169.254/latest/'],
        ...['http://example.org/', 'https://a.localhost/'],
      ])
        await assert.rejects(add(url), { code: 'field-invalid', field: 'url' }, url)
      // What has a name is found out when it is tried: this one is nobody’s.
      const { webhook } = await add('https://nobody.invalid/')
      assert.deepEqual(await context.notices.tryWebhook(who, webhook.id), {
        fault: 'There is no public server of this name.',
      })
      const name = `webhook tries ${who.account.id}`
      for (let i = 0; i < 19; i++) await context.ledger.count(name, 3_600_000)
      await assert.rejects(context.notices.tryWebhook(who, webhook.id), {
        code: 'too-many-requests',
      })
    } finally {
      await strict.stop()
    }
  })
})

describe('what could not be delivered', () => {
  it('is shown to operators with its reason, told to them once, and tried again by a button', async () => {
    const { id } = await joinAs('jan')
    await service.context.store.accounts.setEmail(boss.account.id, 'boss@example.org')
    mailbox.refuse(3, 550)
    await service.context.store.accounts.setPassword(id, 'hash')
    for (let i = 0; i < 3; i++, nowMs += 600_000) await tick()
    await tick()
    assert.match((await mailbox.take('boss@example.org')).subject, /could not be delivered/)

    const browser = await signIn('boss', boss.account.id)
    const list = await browser.get('/console/promises/notices')
    assert.match(list.body, /Could not be delivered/)
    assert.match(list.body, new RegExp(`/console/accounts/${id}`))
    assert.match(list.body, /\(EENVELOPE 550\)|\(EMESSAGE 550\)/)
    assert.doesNotMatch(list.body, /jan@/)
    const [row] = await all(id)
    const page = await browser.get(`/console/promises/notices/${row!.noticeId}`)
    assert.match(page.body, /1 failed/)
    const report = await browser.get(`/console/promises/notices/${row!.noticeId}/report`)
    assert.match(report.headers.get('content-type')!, /text\/csv/)
    assert.match(report.body, new RegExp(`^channel,.*\r\n"mail","${id}","failed","3",`))
    assert.doesNotMatch(report.body, /@/)

    await browser.get('/console/promises/notices')
    const path = '/console/promises/notices'
    assert.equal((await browser.send(path, 'retry')).location, path)
    await tick()
    await mailbox.take('jan@example.org')
    assert.equal((await all(id))[0]!.state, 'sent')
  })

  it('is for operators to see', async () => {
    const { id } = await joinAs('kim')
    const browser = await signIn('kim', id)
    const [notice] = await service.context.store.deliveries.notices(1)
    for (const path of ['', `/${notice!.id}`, `/${notice!.id}/report`])
      assert.equal((await browser.get(`/console/promises/notices${path}`)).status, 404)
  })

  it('fails with a reason where no mail server is set, after seven days', async () => {
    let at = Date.now()
    const lone = await startService({ ONE_CAPTCHA_PAINTERS: '1' }, { now: () => at })
    try {
      const { store, jobs } = lone.context
      const { id } = await store.accounts.add({ login: 'a-b', role: 'developer', password: null })
      await store.accounts.setEmail(id, 'a-b@example.org')
      await store.accounts.setPassword(id, 'hash')
      at += 7 * DAY_MS - 3_600_000
      await jobs.tick()
      assert.equal((await store.deliveries.notices(1))[0]!.counts.mail.waiting, 1)
      at += 2 * 3_600_000
      await jobs.tick()
      const [dead] = await store.deliveries.failed(1)
      assert.match(dead!.why, /No mail server is set/)
    } finally {
      await lone.stop()
    }
  })
})

describe('an account that an operator suspends, reinstates or ends [Terms 7.1]', () => {
  it('is told each time, with the reason if there is one, which is in no log', async () => {
    const { id } = await joinAs('lea')
    const { manage, store } = service.context
    await manage.suspendAccount(actor(boss), id, 'Spam was <sent>.')
    await tick()
    const first = await mailbox.take('lea@example.org')
    assert.equal(first.subject, 'Your account is suspended')
    assert.match(first.text, /The operator says:\s+Spam was <sent>\./)
    assert.match(first.html, /Spam was &lt;sent&gt;\./)
    await manage.reinstateAccount(actor(boss), id)
    await tick()
    assert.equal((await mailbox.take('lea@example.org')).subject, 'Your account is active again')
    await manage.terminateAccount(actor(boss), id, 'As you wished.')
    await tick()
    const last = await mailbox.take('lea@example.org')
    assert.deepEqual(
      [last.subject, /As you wished/.test(last.text)],
      ['Your account has ended', true],
    )
    await assert.rejects(manage.suspendAccount(actor(boss), boss.account.id, 'x'.repeat(501)), {
      field: 'reason',
    })
    for await (const event of store.audit.all())
      assert.doesNotMatch(JSON.stringify(event), /Spam|wished/)
  })
})

describe('the console', () => {
  it('says at its top what everybody should know', async () => {
    const { id } = await joinAs('mia')
    const browser = await signIn('mia', id)
    await until(async () => {
      nowMs += 5_000
      await tick()
      return /Something is wrong: <a href="\/status#inc_\w+">Disk \d+/.test(
        (await browser.get('/console')).body,
      )
    }, 'the console says so')
  })
})

describe('the key that letters are signed with', () => {
  it('is looked at when the service starts', async () => {
    const file = join(service.data, 'dkim.pem')
    writeFileSync(file, 'nothing')
    const settings = {
      ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_PUBLIC_URL: PUBLIC },
      ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org' },
      ...{ ONE_CAPTCHA_DKIM_DOMAIN: 'example.org', ONE_CAPTCHA_DKIM_SELECTOR: 's1' },
    }
    for (const ONE_CAPTCHA_DKIM_KEY of [file, `${file}.none`])
      await assert.rejects(startService({ ...settings, ONE_CAPTCHA_DKIM_KEY }), {
        name: 'ConfigError',
        message: /ONE_CAPTCHA_DKIM_KEY must be a file with an RSA private key/,
      })
  })
})

it('counts what became of each try, and names nobody', async () => {
  const metrics = await service.context.metrics.text()
  const lines = metrics.split('\n').filter((line) => line.includes('deliveries_total{'))
  assert.equal(lines.length, 8)
  assert.ok(lines.some((line) => /channel="mail",ending="sent"\} [1-9]/.test(line)))
  assert.ok(lines.some((line) => /channel="webhook",ending="failed"\} 2$/.test(line)))
  assert.doesNotMatch(lines.join('\n'), /@|acc_|whk_/)
})
