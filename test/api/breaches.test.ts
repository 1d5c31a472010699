import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, describe, it } from 'vitest'
import type { BreachFacts } from '../../src/breaches/breach.ts'
import type { Actor } from '../../src/manage/manage.ts'
import type { Account, AccountRole } from '../../src/store/store.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { running, stopAll } from '../support/running.ts'
import { addTenant } from '../support/tenants.ts'

const HOUR_MS = 3_600_000

let mailbox: Mailbox | null = null
afterEach(async () => {
  await stopAll()
  await mailbox?.close()
  mailbox = null
})

const actorOf = (account: Account, elevated = true): Actor => ({
  ...{ account, by: account.id, scopes: null, onlySite: null, elevated },
})

/** A service with a clock that the test moves, a mail server, and people. */
async function drill() {
  mailbox = await openMailbox()
  const lines: string[] = []
  const log = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  let nowMs = Date.now()
  const settings = {
    ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'one@captcha.example' },
    ...{
      ONE_CAPTCHA_PUBLIC_URL: 'http://captcha.example',
      ONE_CAPTCHA_OPERATOR: 'Harbour Library',
    },
    ...{ ONE_CAPTCHA_LOG_LEVEL: 'debug', ONE_CAPTCHA_DEMO: 'off' },
  }
  const service = await running(settings, { now: () => nowMs, log })
  const { store, breaches, jobs } = service.context
  const person = async (login: string, role: AccountRole = 'developer', mail = true) => {
    const account = await store.accounts.add({ login, role, password: null })
    if (mail) await store.accounts.setEmail(account.id, `${login}@people.example`)
    return (await store.accounts.byId(account.id))!
  }
  const ada = await person('ada', 'operator')
  // What was to be said about their accounts is no part of the drill.
  await jobs.tick()
  mailbox.letters.splice(0)
  return {
    ...{ service, store, breaches, jobs, person, ada, actor: actorOf(ada), lines },
    letters: mailbox.letters,
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms
    },
    /** Nothing known but that it was noticed now. */
    facts: (known: Partial<BreachFacts> = {}): BreachFacts => ({
      ...{ title: 'The marked disk', nature: '', happenedAt: null, noticedAt: nowMs, data: '' },
      ...{ people: '', peopleCount: null, recordsCount: null, consequences: '', measures: '' },
      ...{ advice: '', contact: '', risk: 'open', reason: '', lateReason: '', ...known },
    }),
  }
}

const KNOWN = {
  ...{ nature: 'A disk with the mark NATURE-7 was lost.', data: 'The mark DATA-7.' },
  ...{ people: 'PEOPLE-7', peopleCount: 3, recordsCount: 9, consequences: 'FOLLOWS-7' },
  ...{ measures: 'MEASURES-7', advice: 'ADVICE-7', contact: 'GRACE-7', risk: 'high' as const },
}
const MARKS = /NATURE-7|DATA-7|PEOPLE-7|FOLLOWS-7|MEASURES-7|ADVICE-7|GRACE-7|marked disk/

describe('a breach, from the register to the letters [Terms 5.3]', () => {
  it('each account that it concerns is told once, with all that the law asks for, and nobody else', async () => {
    const { breaches, actor, facts, jobs, person, letters, now, pass, store } = await drill()
    const [bo, cyan] = [await person('bo'), await person('cyan')]
    await person('eve')
    const dan = await person('dan', 'developer', false)
    await store.accounts.setState(cyan.id, 'suspended')
    await jobs.tick()
    letters.splice(0)

    const { id } = await breaches.add(actor, facts())
    pass(HOUR_MS)
    await breaches.set(actor, id, facts({ ...KNOWN, noticedAt: now() - HOUR_MS }), 1)
    const names = ['bo', cyan.id, dan.id]
    assert.equal(await breaches.concern(actor, id, { accounts: names }), 3)
    assert.match(
      await breaches.authorityDraft(actor, id),
      /NATURE-7[\s\S]*PEOPLE-7[\s\S]*3[\s\S]*FOLLOWS-7/,
    )
    await breaches.authorityTold(actor, id, now(), '')
    const { revision } = await breaches.one(actor, id)
    await breaches.tellPeople(actor, id, { before: 0, revision })
    await jobs.tick()
    await jobs.tick()
    assert.deepEqual(letters.map(({ to }) => to[0]).sort(), [
      'bo@people.example',
      'cyan@people.example',
    ])
    const [letter] = letters.splice(0)
    assert.match(letter!.subject, /something has happened/)
    for (const word of ['NATURE-7', 'DATA-7', 'FOLLOWS-7', 'MEASURES-7', 'ADVICE-7', 'GRACE-7'])
      assert.ok(letter!.text.includes(word), word)
    assert.match(letter!.text, /Harbour Library/)
    assert.equal(letter!.headers.has('list-unsubscribe'), false, 'it cannot be refused')

    // What is known later is a further letter to the same people.
    const later = await breaches.one(actor, id)
    await breaches.set(actor, id, { ...later.facts, nature: 'It was found.' }, later.revision)
    const again = { before: 1, revision: later.revision + 1 }
    await breaches.tellPeople(actor, id, again)
    await assert.rejects(breaches.tellPeople(actor, id, again), { code: 'revision-outdated' })
    await jobs.tick()
    assert.deepEqual(
      letters.map(({ text }) => text.includes('It was found.')),
      [true, true],
    )
    const end = await breaches.one(actor, id)
    await breaches.close(actor, id, end.revision)
    const { done } = await breaches.history(actor, id)
    assert.deepEqual(done.map(({ act }) => act).reverse(), [
      ...['breach.add', 'breach.set', 'breach.concern', 'breach.authority', 'breach.people'],
      ...['breach.set', 'breach.people', 'breach.close'],
    ])
    assert.equal(bo.state, 'active')
  })

  it('nobody is told while something is missing that they must be told, or nobody is concerned', async () => {
    const { breaches, actor, facts, jobs, person, letters } = await drill()
    await person('bo')
    await jobs.tick()
    letters.splice(0)
    for (const name of ['nature', 'data', 'consequences', 'measures', 'contact'] as const) {
      const { id } = await breaches.add(actor, facts({ ...KNOWN, [name]: '' }))
      await breaches.concern(actor, id, 'everybody')
      const told = breaches.tellPeople(actor, id, { before: 0, revision: 1 })
      await assert.rejects(told, { code: 'field-invalid' })
      assert.match(await breaches.peopleDraft(actor, id), /^NOT COMPLETE/)
    }
    const { id } = await breaches.add(actor, facts(KNOWN))
    const nobody = breaches.tellPeople(actor, id, { before: 0, revision: 1 })
    await assert.rejects(nobody, /which accounts/)
    await jobs.tick()
    assert.deepEqual(letters, [])
  })

  it('what it is about is in no log, not in the audit log, and encrypted in the database', async () => {
    const { breaches, actor, facts, service, store, lines, jobs } = await drill()
    const { id } = await breaches.add(actor, facts(KNOWN))
    await breaches.concern(actor, id, 'everybody')
    await breaches.tellPeople(actor, id, { before: 0, revision: 1 })
    await jobs.tick()
    const events = await store.audit.list({ limit: 500 })
    assert.ok(events.some(({ act }) => act === 'breach.people'))
    assert.doesNotMatch(JSON.stringify(events), MARKS)
    assert.doesNotMatch(lines.join(''), MARKS)
    for (const name of readdirSync(service.data)) {
      const bytes = readFileSync(join(service.data, name)).toString('latin1')
      assert.doesNotMatch(bytes, MARKS, name)
    }
    assert.match(JSON.stringify(await breaches.register(actor)), /NATURE-7/)
  })

  it('the operators are reminded at 48, 66 and 72 hours, and a late telling wants its reason', async () => {
    const { breaches, actor, facts, jobs, letters, now, pass } = await drill()
    const begun = now()
    const { id } = await breaches.add(actor, facts({ ...KNOWN, risk: 'open' }))
    const remindedAt = async (ms: number) => {
      pass(begun + ms - now())
      await jobs.tick()
      await jobs.tick()
      return letters.splice(0).map(({ to, text }) => {
        assert.doesNotMatch(text, MARKS)
        assert.match(text, new RegExp(`/console/promises/breaches/${id}`))
        return to[0]
      })
    }
    assert.deepEqual(await remindedAt(48 * HOUR_MS - 60_000), [])
    assert.deepEqual(await remindedAt(48 * HOUR_MS), ['ada@people.example'])
    assert.deepEqual(await remindedAt(66 * HOUR_MS), ['ada@people.example'])
    assert.deepEqual(await remindedAt(72 * HOUR_MS + 60_000), ['ada@people.example'])
    const draft = await breaches.authorityDraft(actor, id)
    assert.match(draft, /Why this is later than 72 hours/)
    const late = breaches.authorityTold(actor, id, now(), ' ')
    await assert.rejects(late, { code: 'field-invalid', field: 'lateReason' })
    // In time is what was told in time, however late it is written down.
    const tomorrow = breaches.authorityTold(actor, id, now() + 120_000, 'x')
    await assert.rejects(tomorrow, { field: 'at' })
    const early = breaches.authorityTold(actor, id, begun - 1, 'x')
    await assert.rejects(early, { field: 'at' })
    await breaches.authorityTold(actor, id, begun + 72 * HOUR_MS, '')
    assert.equal((await breaches.one(actor, id)).authorityToldAt, begun + 72 * HOUR_MS)

    const other = await breaches.add(actor, facts({ noticedAt: begun }))
    await breaches.authorityTold(actor, other.id, begun + 72 * HOUR_MS + 1, 'Nobody was here.')
    assert.match(await breaches.authorityDraft(actor, other.id), /Nobody was here\./)
  })

  it('is nobody’s to see or change but the operators’, and telling is theirs who have just proved who they are', async () => {
    const { breaches, actor, facts, ada, person, service } = await drill()
    const { id } = await breaches.add(actor, facts(KNOWN))
    await breaches.concern(actor, id, 'everybody')
    const suspended = { ...ada, state: 'suspended' as const }
    const developer = await person('bo')
    for (const who of [actorOf(developer), actorOf(suspended)]) {
      const deeds = [
        ...[breaches.list(who), breaches.one(who, id), breaches.history(who, id)],
        ...[breaches.register(who), breaches.authorityDraft(who, id)],
        ...[breaches.peopleDraft(who, id), breaches.accounts(who, id, '', 9)],
        ...[breaches.add(who, facts()), breaches.set(who, id, facts(), 1)],
        ...[breaches.concern(who, id, 'everybody'), breaches.unconcern(who, id)],
        ...[breaches.authorityTold(who, id, 1, ''), breaches.close(who, id, 1)],
        ...[breaches.tellPeople(who, id, { before: 0, revision: 1 })],
        ...[breaches.publish(who, id, { title: 't', text: 't', before: 0 })],
        ...[breaches.reopen(who, id, 1), breaches.endSessions(who, '')],
      ]
      for (const outcome of await Promise.allSettled(deeds)) {
        assert.equal(outcome.status, 'rejected')
        assert.match((outcome.reason as { code: string }).code, /^(forbidden|account-suspended)$/)
      }
    }
    const low = actorOf(ada, false)
    for (const deed of [
      () => breaches.tellPeople(low, id, { before: 0, revision: 1 }),
      () => breaches.publish(low, id, { title: 't', text: 't', before: 0 }),
      () => breaches.endSessions(low, ''),
    ])
      await assert.rejects(deed, { code: 'proof-needed' })
    await assert.rejects(breaches.one(actor, 'brc_none'), { code: 'not-found' })
    await assert.rejects(breaches.one(actor, "'; --"), { code: 'not-found' })

    // Over HTTP it is as if it were not there.
    const { url } = service
    assert.equal(
      (await fetch(`${url}/console/promises/breaches/${id}`, { redirect: 'manual' })).status,
      303,
    )
    const { body } = await (await addTenant(service)).call('GET', '/audit')
    assert.doesNotMatch(JSON.stringify(body), /breach/)
  })

  it('everybody is logged out at once but whoever says so, and the log says it', async () => {
    const { breaches, actor, ada, person, store, now } = await drill()
    const bo = await person('bo')
    const open = (accountId: string, token: string) =>
      store.sessions.add(token, {
        ...{ accountId, way: 'passkey' as const, expiresAt: now() + HOUR_MS, elevatedUntil: 0 },
      })
    const mine = await open(ada.id, 'mine')
    await open(ada.id, 'my phone')
    await open(bo.id, 'bo')
    assert.equal(await breaches.endSessions(actor, mine!.id), 2)
    assert.ok(await store.sessions.byToken('mine'))
    assert.equal(await store.sessions.byToken('my phone'), null)
    assert.equal(await store.sessions.byToken('bo'), null)
    const [event] = await store.audit.list({ limit: 1 })
    assert.deepEqual(
      [event!.act, event!.by, event!.detail],
      [...['session.endAll', ada.id, { sessions: 2 }]],
    )
  })
})

describe('the public record of breaches [Terms 5.3]', () => {
  it('has what was published for good: on a page, in a feed and as JSON, with a hash that anybody can check', async () => {
    const { breaches, actor, facts, service } = await drill()
    const read = async (path: string) => (await fetch(service.url + path)).text()
    assert.match(await read('/breaches'), /Nothing was made public so far/)
    const { id } = await breaches.add(actor, facts(KNOWN))
    const text = 'It <b>was</b> found.\n\nNobody & nothing is missing.'
    const title = 'A disk <script>alert(1)</script> & more'
    const statement = await breaches.publish(actor, id, { title, text, before: 0 })
    const twice = breaches.publish(actor, id, { title, text, before: 0 })
    await assert.rejects(twice, { code: 'revision-outdated' })
    const sha256 = createHash('sha256').update(`${title}\n${text}`).digest('hex')
    assert.equal(statement.hash, sha256)

    const page = await read('/breaches')
    assert.match(page, /A disk &lt;script>alert\(1\)&lt;\/script>/)
    assert.doesNotMatch(page, /<script>alert|<b>was|NATURE-7|marked disk/)
    const json = JSON.parse(await read('/breaches.json'))
    assert.deepEqual(json.statements, [
      {
        ...{ breach: id, number: 1, title, text, sha256 },
        ...{ at: new Date(statement.at).toISOString() },
        url: `http://captcha.example/breaches#${id}-1`,
      },
    ])
    const feed = await fetch(`${service.url}/breaches.atom`)
    assert.match(feed.headers.get('content-type')!, /^application\/atom\+xml/)
    const atom = await feed.text()
    assert.ok(atom.includes(`<id>http://captcha.example/breaches#${id}-1</id>`))
    // Readers take titles and texts for HTML.
    assert.doesNotMatch(atom, /<script>alert|<b>was/)
    assert.match(atom, /&lt;b&gt;was|&lt;b>was/)
  })

  it('refuses what says nothing, is too long, or reads otherwise than it is', async () => {
    const { breaches, actor, facts } = await drill()
    const { id } = await breaches.add(actor, facts())
    const say = (title: string, text: string) =>
      breaches.publish(actor, id, { title, text, before: 0 })
    for (const [title, text, field] of [
      ['', 'x', 'title'],
      ['a\nb', 'x', 'title'],
      ['x'.repeat(121), 'x', 'title'],
      ['x', ' \n ', 'text'],
      ['x', 'x'.repeat(8_001), 'text'],
      ['x', 'a\u202eb', 'text'],
    ] as const)
      await assert.rejects(say(title, text), { code: 'field-invalid', field })
    await assert.rejects(breaches.add(actor, facts({ noticedAt: Date.now() + 9e9 })), {
      field: 'noticedAt',
    })
    await assert.rejects(breaches.add(actor, facts({ noticedAt: Number.NaN })), {
      field: 'noticedAt',
    })
    await assert.rejects(breaches.add(actor, facts({ peopleCount: -1 })), { field: 'peopleCount' })
    await assert.rejects(breaches.add(actor, facts({ title: '' })), { field: 'title' })
    await assert.rejects(breaches.add(actor, facts({ risk: 'huge' as never })), { field: 'risk' })
    await say('x'.repeat(120), 'x'.repeat(8_000))
  })
})
