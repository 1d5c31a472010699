import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Actor } from '../../src/manage/manage.ts'
import type { Incident, MaintenanceWish } from '../../src/store/store.ts'
import { verify } from '../support/backend.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { startService, type TestService } from '../support/service.ts'
import { addTenant, type Tenant } from '../support/tenants.ts'
import { until } from '../support/until.ts'
import { ask, HOST, handIn, LIGHT_REPLIES, lightChallenge, quickToken } from '../support/visitor.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PUBLIC = 'https://captcha.example.org'

let nowMs = Date.UTC(2026, 10, 2, 8)
let service: TestService
let mailbox: Mailbox
let listener: Server
let operator: Tenant
let actor: Actor
let site: { sitekey: string; secret: string }
/** What the webhook heard, by type. */
const heard: { type: string; data: { id: string } }[] = []

beforeAll(async () => {
  mailbox = await openMailbox()
  listener = createServer(async (request, response) => {
    heard.push(JSON.parse(await text(request)))
    response.end()
  })
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready))
  service = await startService(
    {
      ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'service@example.org' },
      ...{ ONE_CAPTCHA_PUBLIC_URL: PUBLIC, ONE_CAPTCHA_WEBHOOKS_PRIVATE: 'on' },
    },
    { now: () => nowMs },
  )
  const { store, notices } = service.context
  operator = await addTenant(service, { role: 'operator' })
  const { account } = operator
  actor = { account, by: account.id, scopes: null, onlySite: null, elevated: true }
  await store.accounts.setEmail(account.id, 'op@example.test')
  site = await service.addSite([HOST], 'checkbox')
  const { port } = listener.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  await notices.addWebhook(actor, { url, kinds: ['maintenance', 'incident'] })
})
afterAll(async () => {
  await service?.stop()
  await mailbox?.close()
  await new Promise((closed) => listener.close(closed))
})

const get = (path: string) => fetch(service.url + path)
const page = async (path = '/status') => (await get(path)).text()
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
const json = async (path: string): Promise<any> => (await get(`/api/v2/${path}.json`)).json()
const tick = () => service.context.jobs.tick()

/** Moves the clock, and has everything be done that is due. */
async function at(moment: number) {
  nowMs = moment
  await tick()
  // What was told just now goes out at the next tick.
  await tick()
}

async function event(id: string) {
  const calendar = new ICAL.Component(ICAL.parse(await page('/status/calendar.ics')))
  return calendar
    .getAllSubcomponents('vevent')
    .find((one) => one.getFirstPropertyValue('uid') === `${id}@one-captcha`)
}

const wish = (changes: Partial<MaintenanceWish> = {}): MaintenanceWish => ({
  ...{ title: 'New disks', body: 'Nothing is lost.', components: ['challenges'] },
  ...{ effect: 'paused', startsAt: nowMs + 3 * DAY_MS, endsAt: nowMs + 3 * DAY_MS + HOUR_MS },
  ...{ reason: '', ...changes },
})

/** The subject of the next letter, and the next event of the webhook. */
async function told(type: string): Promise<string> {
  await until(async () => {
    await tick()
    return heard.some((one) => one.type === type)
  }, `the webhook hears of ${type}`)
  heard.splice(
    heard.findIndex((one) => one.type === type),
    1,
  )
  return (await mailbox.take('op@example.test')).subject
}

describe('a window that is announced [Terms 4.2]', () => {
  it('is seen on every channel, each at its time', async () => {
    const { status } = service.context
    const visitor = { service: service.url }
    const { id, startsAt, endsAt } = await status.announce(actor, wish())

    // At once: the page, the feed, the calendar, JSON, news for the console, a letter, a webhook.
    assert.match(await page(), /New disks[\s\S]*Scheduled[\s\S]*Thursday 5 November 2026, 08:00/)
    assert.match(await page('/status/feed.atom'), /Maintenance, scheduled: New disks/)
    assert.equal((await event(id))!.getFirstPropertyValue('status'), 'CONFIRMED')
    const upcoming = (await json('scheduled-maintenances/upcoming')).scheduled_maintenances
    assert.deepEqual([upcoming[0].id, upcoming[0].status], [id, 'scheduled'])
    assert.deepEqual(
      status.news().maintenances.map((one) => [one.id, one.state]),
      [[id, 'scheduled']],
    )
    assert.match(await told('maintenance.announced'), /Thursday 5 November 2026, 08:00 UTC/)
    // Visitors’ pages hear of it a day ahead.
    assert.equal((await ask(visitor, site)).status, 400)
    const order = { sitekey: site.sitekey }
    const issued = async () => (await ask(visitor, order)).body as { maintenance?: object }
    assert.equal((await issued()).maintenance, undefined)

    await at(startsAt - DAY_MS - 5_000)
    assert.equal((await issued()).maintenance, undefined)
    assert.equal(mailbox.letters.length, 0)
    await at(startsAt - DAY_MS)
    assert.deepEqual((await issued()).maintenance, { startsAt, endsAt })
    assert.match(await told('maintenance.reminder'), /^Tomorrow/)

    await at(startsAt - 1)
    assert.equal((await ask(visitor, order)).status, 200)
    const challenge = lightChallenge(service.context.tools.seal, {
      ...{ sitekey: site.sitekey, startedAt: nowMs, issuedAt: nowMs },
      expiresAt: nowMs + 600_000,
    })
    nowMs = startsAt
    const refused = await ask(visitor, order)
    assert.equal(refused.status, 503)
    assert.deepEqual(
      [refused.body.error!.code, (refused.body.error as { until?: number }).until],
      ['maintenance', endsAt],
    )
    assert.equal(refused.headers.get('retry-after'), '3600')
    assert.equal(refused.headers.get('access-control-allow-origin'), '*')
    // Who has begun may finish, and what was issued is verified.
    const { body } = await handIn(visitor, { challenge, replies: LIGHT_REPLIES })
    const verified = await verify(service.url, { secret: site.secret, response: body.token! })
    assert.equal(verified.finding.success, true)
    await at(startsAt + 60_000)
    assert.match(await page(), /We are looking after the service, as announced/)
    assert.match(await page('/status/feed.atom'), /Maintenance, in progress: New disks/)
    assert.equal((await json('components')).components[0].status, 'under_maintenance')
    assert.equal((await json('scheduled-maintenances/active')).scheduled_maintenances[0].id, id)
    assert.equal((await json('status')).status.indicator, 'maintenance')
    assert.match(await told('maintenance.begun'), /has begun/)

    nowMs = endsAt - 60_000
    assert.equal((await ask(visitor, order)).headers.get('retry-after'), '60')
    await at(endsAt)
    assert.equal((await ask(visitor, order)).status, 200)
    assert.match(await told('maintenance.completed'), /is over/)
    await at(endsAt + 6_000)
    assert.match(await page(), /Everything works\.[\s\S]*New disks[\s\S]*Completed/)
    assert.deepEqual(status.news().maintenances, [])
    assert.deepEqual([mailbox.letters.length, heard.length], [0, 0])
    // It was a pause: that counts as time in which challenges did not work.
    const { components } = await status.snapshot()
    assert.ok(components[0]!.uptime! < 1 && components[1]!.uptime === 1)
  })

  it('can be moved, and is cancelled in calendars under the same UID', async () => {
    const { status } = service.context
    const { id } = await status.announce(actor, wish())
    await told('maintenance.announced')
    const startsAt = nowMs + 4 * DAY_MS
    await status.change(actor, id, { startsAt, endsAt: startsAt + HOUR_MS }, 0)
    assert.match(await told('maintenance.changed'), /has changed/)
    assert.equal((await event(id))!.getFirstPropertyValue('sequence'), 1)
    await assert.rejects(status.change(actor, id, { title: 'x' }, 0), { code: 'revision-outdated' })
    await status.cancel(actor, id)
    assert.match(await told('maintenance.cancelled'), /is cancelled/)
    const cancelled = (await event(id))!
    assert.equal(cancelled.getFirstPropertyValue('status'), 'CANCELLED')
    assert.equal(cancelled.getFirstPropertyValue('sequence'), 2)
    await assert.rejects(status.cancel(actor, id), { code: 'maintenance-over' })
    await assert.rejects(status.change(actor, id, { title: 'x' }), { code: 'maintenance-over' })
    await at(startsAt)
    assert.equal((await ask({ service: service.url }, { sitekey: site.sitekey })).status, 200)
    assert.deepEqual([mailbox.letters.length, heard.length], [0, 0])
  })

  it('needs a public reason at short notice, and ends when it is completed early', async () => {
    const { status, store } = service.context
    const soon = { startsAt: nowMs, endsAt: nowMs + HOUR_MS }
    await assert.rejects(status.announce(actor, wish(soon)), { field: 'reason' })
    const reason = 'A disk is about to fail.'
    const { id } = await status.announce(actor, wish({ ...soon, reason }))
    const [entry] = await store.audit.list({ limit: 1 })
    assert.deepEqual([entry!.act, entry!.detail.leadMs], ['maintenance.announce', 0])
    assert.equal(entry!.detail.shortNotice, true)
    assert.match(await page(), /Why so late: A disk is about to fail\./)
    await told('maintenance.announced')
    await told('maintenance.begun')
    const order = { sitekey: site.sitekey }
    assert.equal((await ask({ service: service.url }, order)).status, 503)
    nowMs += 60_000
    await status.complete(actor, id)
    assert.equal((await ask({ service: service.url }, order)).status, 200)
    await told('maintenance.completed')
    await at(nowMs + 2 * HOUR_MS)
    assert.deepEqual([mailbox.letters.length, heard.length], [0, 0])
  })

  it('without a pause, lets challenges go on', async () => {
    const { status } = service.context
    const soon = {
      startsAt: nowMs,
      endsAt: nowMs + HOUR_MS,
      reason: 'why',
      effect: 'none',
    } as const
    const { id, endsAt } = await status.announce(actor, wish(soon))
    const { status: code, body } = await ask({ service: service.url }, { sitekey: site.sitekey })
    assert.equal(code, 200)
    assert.equal((body as { maintenance?: { endsAt: number } }).maintenance!.endsAt, endsAt)
    const token = await quickToken({ service: service.url }, service.context.tools.seal, {
      ...{ sitekey: site.sitekey, startedAt: nowMs, issuedAt: nowMs },
      expiresAt: nowMs + 600_000,
    })
    assert.ok(token)
    await status.complete(actor, id)
    for (const type of ['announced', 'completed']) await told(`maintenance.${type}`)
  })
})

describe('an incident [Terms 4.2]', () => {
  it('is told of at each step, everywhere, and counts how long it took', async () => {
    heard.length = 0
    mailbox.letters.length = 0
    const { status } = service.context
    const order = {
      ...{ title: 'Letters are late', impact: 'major', cause: 'unknown', components: ['notices'] },
      ...{ state: 'investigating', body: 'We look.', startedAt: nowMs - HOUR_MS },
    } as Parameters<typeof status.open>[1]
    const { id } = await status.open(actor, order)
    const types = () => heard.map(({ type }) => type)
    const steps = ['identified', 'monitoring', 'identified', 'resolved'] as const
    for (const state of steps) {
      nowMs += 60_000
      await status.update(actor, id, { state, body: `It is ${state}.`, cause: 'supplier' })
    }
    await assert.rejects(status.update(actor, id, { state: 'identified', body: 'Again.' }), {
      code: 'incident-resolved',
    })
    await until(async () => {
      await tick()
      return heard.length === 5 && mailbox.letters.length === 5
    }, 'five letters and five events')
    assert.ok(types().every((type) => type.startsWith('incident')))
    const html = await page()
    assert.match(html, /it took 1 hour 4 minutes/)
    assert.match(html, /Cause: <!-- -->a supplier|Cause: a supplier/)
    const [known] = (await json('incidents')).incidents.filter((one: Incident) => one.id === id)
    assert.deepEqual(
      known.incident_updates.map((one: { status: string }) => one.status),
      ['resolved', 'identified', 'monitoring', 'identified', 'investigating'],
    )
    assert.deepEqual((await json('incidents/unresolved')).incidents, [])
    assert.match(await page('/status/history'), new RegExp(id))
  })
})

describe('the public addresses', () => {
  it('answer pages of any origin, in the shape that readers of status pages know', async () => {
    const response = await get('/api/v2/summary.json')
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    const {
      page: about,
      status,
      components,
      ...rest
    } = (await response.json()) as never as {
      [name: string]: { [name: string]: unknown }
    }
    assert.deepEqual(Object.keys(rest).sort(), ['incidents', 'scheduled_maintenances'])
    assert.deepEqual([about!.name, about!.url], ['One Captcha', PUBLIC])
    assert.deepEqual(Object.keys(status!).sort(), ['description', 'indicator'])
    assert.equal((components as unknown as object[]).length, 4)
    for (const [path, type] of [
      ['/status/feed.atom', 'application/atom+xml'],
      ['/status/calendar.ics', 'text/calendar'],
      ['/status', 'text/html'],
    ] as const) {
      const answer = await get(path)
      assert.equal(answer.status, 200)
      assert.ok(answer.headers.get('content-type')!.startsWith(type), path)
    }
  })

  it('show text as text, wherever it comes from', async () => {
    const { status } = service.context
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>]]>`
    const { id } = await status.announce(actor, wish({ title: evil, body: evil }))
    for (const path of ['/status', '/status/history', '/status/feed.atom']) {
      const html = await page(path)
      assert.ok(html.includes(id) && !/<script>alert|<img src/.test(html), path)
    }
    await status.cancel(actor, id)
  })

  it('ask the store once for all who come within five seconds', async () => {
    // Of what the page shows, the one thing that no job reads meanwhile but the doctor's, which may just be due.
    const { examinations } = service.context.store
    const { last } = examinations
    let asked = 0
    examinations.last = () => {
      asked += 1
      return last()
    }
    try {
      nowMs += 10_000
      await Promise.all(Array.from({ length: 40 }, () => page()))
      await Promise.all(Array.from({ length: 10 }, () => json('summary')))
      assert.ok(asked === 1 || asked === 2, `it was asked ${asked} times`)
      for (const before of ['-1', 'x', '1e3', '%00']) {
        assert.equal((await get(`/status/history?before=${before}`)).status, 200)
      }
    } finally {
      examinations.last = last
    }
  })

  it('go to history page by page, and find everything once', async () => {
    const { store } = service.context
    const ids = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const startsAt = nowMs - (i + 1) * DAY_MS
      const window = { ...wish(), startsAt, endsAt: startsAt + HOUR_MS, reason: 'x' }
      ids.add((await store.maintenances.announce(window, 'cli')).id)
    }
    const seen: string[] = []
    let path: string | undefined = '/status/history'
    for (let pages = 0; path && pages < 9; pages++) {
      const html: string = await page(path)
      seen.push(...[...html.matchAll(/id="(mnt_\w+)"/g)].map(([, id]) => id!))
      path = /href="(\/status\/history\?before=\d+)"/.exec(html)?.[1]
    }
    assert.equal(seen.length, new Set(seen).size)
    for (const id of ids) assert.ok(seen.includes(id))
  })
})

describe('what is an operator’s', () => {
  it('is refused to everybody else, by page and by key', async () => {
    const { status } = service.context
    const { account } = await addTenant(service)
    const other: Actor = { account, by: account.id, scopes: null, onlySite: null, elevated: true }
    const forbidden = { code: 'forbidden' }
    await assert.rejects(status.announce(other, wish()), forbidden)
    await assert.rejects(status.maintenances(other), forbidden)
    await assert.rejects(status.incidents(other), forbidden)
    for (const deed of [status.cancel, status.complete, status.maintenance, status.incident]) {
      await assert.rejects(deed(other, 'mnt_x'), forbidden)
      await assert.rejects(deed(actor, 'mnt_x'), { code: 'not-found' })
    }
    const suspended = { ...actor, account: { ...actor.account, state: 'suspended' as const } }
    await assert.rejects(status.announce(suspended, wish()), { code: 'account-suspended' })
  })
})
