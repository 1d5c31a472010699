import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { terms as termsCommand } from '../../src/cli/terms.ts'
import { readConfig } from '../../src/config.ts'
import { makeGate } from '../../src/manage/gate.ts'
import type { Actor } from '../../src/manage/manage.ts'
import { openStore } from '../../src/opening.ts'
import { dump, linesOf } from '../../src/store/dump.ts'
import { load } from '../../src/store/load.ts'
import { type Account, type Store, TermsRefused, type TermsRow } from '../../src/store/store.ts'
import { hashOf } from '../../src/terms/draft.ts'
import { makeTerms } from '../../src/terms/make-terms.ts'
import { standingsAt } from '../../src/terms/states.ts'
import type { DraftText, Terms, Version } from '../../src/terms/terms.ts'
import { verify } from '../support/backend.ts'
import { newCaller, PASSWORD } from '../support/people.ts'
import { removeFolder, run, temporaryFolder } from '../support/program.ts'
import { startService, type TestService } from '../support/service.ts'
import { type Places, postgresPlaces, STORE_KEY, sqlitePlaces } from '../support/stores.ts'
import { addTenant, type Tenant } from '../support/tenants.ts'
import { ask, HOST, ORIGIN, quickToken } from '../support/visitor.ts'

const DAY_MS = 86_400_000
const NOTICE_MS = 14 * DAY_MS

const kinds: Record<string, Places> = { SQLite: sqlitePlaces(), PostgreSQL: postgresPlaces() }
afterAll(() => Promise.all(Object.values(kinds).map((places) => places.close())))

let nowMs = Date.now()

const actorOf = (account: Account, more: Partial<Actor> = {}): Actor => ({
  ...{ account, by: account.id, scopes: null, onlySite: null, elevated: true },
  ...more,
})
const draft = (more: Partial<DraftText> = {}): DraftText => ({
  ...{ summary: 'Clearer words.', acceptance: 'use' },
  texts: [{ lang: 'en', text: '# Terms\n\n## 1 Welcome\n' }],
  ...more,
})

/** Announces a version, to be in force as early as may be. */
async function announce(terms: Terms, operator: Account, more: Partial<DraftText> = {}) {
  await terms.desk.write(actorOf(operator), draft(more))
  return terms.desk.announce(actorOf(operator), { effectiveAt: null })
}

describe('a version of the Terms', () => {
  let terms: Terms
  let store: Store
  let operator: Account
  let ada: Account
  beforeEach(async () => {
    store = await (await kinds.SQLite!.fresh()).open({ now: () => nowMs })
    operator = await store.accounts.add({ login: 'op', role: 'operator', password: null })
    ada = await store.accounts.add({ login: 'ada', role: 'developer', password: null })
    const founding = [{ lang: 'en', text: 'Founding.', hash: 'h' }]
    terms = await makeTerms({
      ...{ rows: store.terms, gate: makeGate(store), now: () => nowMs, founding, noticeDays: 14 },
    })
  })

  it('is in force from its moment on, to the millisecond, and ends the one before [Terms 1.2]', async () => {
    assert.equal((await terms.current()).state, 'founding')
    const first = await announce(terms, operator)
    assert.deepEqual([first.number, first.state, first.effectiveAt], [1, 'in-force', nowMs])
    const second = await announce(terms, operator, { summary: 'Even clearer.' })
    const at = second.effectiveAt!
    assert.equal(at, nowMs + NOTICE_MS)
    nowMs = at - 1
    for (const { current, upcoming } of [
      terms.known(),
      { current: await terms.current(), upcoming: await terms.upcoming() },
    ])
      assert.deepEqual([current.number, upcoming?.number, upcoming?.state], [1, 2, 'announced'])
    nowMs = at
    assert.deepEqual(
      [terms.known().current.number, (await terms.current()).number, await terms.upcoming()],
      [2, 2, null],
    )
    assert.deepEqual(
      (await terms.versions()).map(({ number, state, endedAt }) => [number, state, endedAt]),
      [
        [2, 'in-force', null],
        [1, 'superseded', at],
        [0, 'superseded', first.effectiveAt],
      ],
    )
  })

  it('says for ever what it said, under its hash', async () => {
    const text = '# Terms\r\n\r\nÄ \u{1F6B2} &<b>\r\n'
    const { texts } = await announce(terms, operator, { texts: [{ lang: 'en', text }] })
    assert.equal(texts[0]!.text, '# Terms\n\nÄ \u{1F6B2} &<b>\n')
    assert.equal(texts[0]!.hash, hashOf(texts[0]!.text))
    nowMs += NOTICE_MS
    await announce(terms, operator, { texts: [{ lang: 'zh', text: '# 条款' }] })
    nowMs += 400 * DAY_MS
    assert.deepEqual((await terms.version(1))!.texts, texts)
    assert.equal((await terms.version(2))!.texts[0]!.text, '# 条款\n')
  })

  it('is nobody’s business but the operator’s while it is a draft', async () => {
    await terms.desk.write(actorOf(operator), draft({ summary: 'Secret plans.' }))
    assert.equal(await terms.version(1), null)
    assert.deepEqual(
      (await terms.versions()).map(({ number }) => number),
      [0],
    )
    assert.equal((await terms.desk.draft(actorOf(operator)))!.summary, 'Secret plans.')
  })

  it('is written by operators alone, and announced by one who has just shown who they are [ASVS 8.2.1]', async () => {
    const { desk } = terms
    await desk.write(actorOf(operator), draft())
    const key = actorOf(operator, { scopes: new Set(['accounts:write']) })
    for (const actor of [
      actorOf(ada),
      key,
      actorOf(operator, { scopes: new Set(['service:write']), onlySite: 'ock_1' }),
    ]) {
      for (const act of [
        () => desk.all(actor),
        () => desk.draft(actor),
        () => desk.begin(actor),
        () => desk.write(actor, draft()),
        () => desk.discard(actor),
        () => desk.earliest(actor),
        () => desk.announce(actor, { effectiveAt: null }),
        () => desk.withdraw(actor, 1),
        () => desk.accepted(actor, 0),
        () => desk.audience(actor),
      ])
        await assert.rejects(act(), { code: 'forbidden' })
    }
    const late = actorOf(operator, { elevated: false })
    await assert.rejects(desk.announce(late, { effectiveAt: null }), { code: 'proof-needed' })
    await assert.rejects(desk.withdraw(late, 1), { code: 'proof-needed' })
    assert.deepEqual(await store.terms.list(), [])
    const good = actorOf(operator, { scopes: new Set(['service:write']) })
    assert.equal((await desk.announce(good, { effectiveAt: null })).number, 1)
  })

  it.each([
    ['no text', { texts: [] }, 'texts'],
    ['an empty text', { texts: [{ lang: 'en', text: ' \n' }] }, 'text-en'],
    ['a text that is too long', { texts: [{ lang: 'en', text: '条'.repeat(66_667) }] }, 'text-en'],
    ['no language', { texts: [{ lang: '../x', text: 'a' }] }, 'lang'],
    [
      'a language twice',
      {
        texts: [
          { lang: 'en', text: 'a' },
          { lang: 'en', text: 'b' },
        ],
      },
      'lang',
    ],
    ['a summary that is too long', { summary: 'x'.repeat(1_001) }, 'summary'],
    ['another way to accept it', { acceptance: 'silence' as 'use' }, 'acceptance'],
  ])('is not written with %s', async (_, more, field) => {
    await assert.rejects(terms.desk.write(actorOf(operator), draft(more)), {
      ...{ code: 'field-invalid', field },
    })
    assert.equal(await terms.desk.draft(actorOf(operator)), null)
  })

  it('may have a text of just 200 kB, and what PostgreSQL cannot hold is put right', async () => {
    const text = `${'条'.repeat(66_666)}a`
    const { texts } = await terms.desk.write(
      actorOf(operator),
      draft({ texts: [{ lang: 'en', text }], summary: 'a\0b\ud800' }),
    )
    assert.equal(Buffer.byteLength(texts[0]!.text), 200_000)
    assert.equal((await terms.desk.draft(actorOf(operator)))!.summary, 'a\u{fffd}b\u{fffd}')
  })
})

describe('who uses the service', () => {
  let service: TestService
  let terms: Terms
  let operator: Tenant
  let ada: Tenant
  beforeAll(async () => {
    service = await startService({ ONE_CAPTCHA_PAINTERS: '1' }, { now: () => nowMs })
    terms = service.context.terms
  })
  afterAll(() => service?.stop())
  beforeEach(async () => {
    operator = await addTenant(service, { role: 'operator' })
    ada = await addTenant(service)
  })

  /** Announces a version, and moves the clock to when it is in force. */
  async function inForce(more: Partial<DraftText> = {}): Promise<Version> {
    const version = await announce(terms, operator.account, more)
    nowMs = version.effectiveAt!
    return version
  }
  const waysOf = async ({ account }: Tenant) =>
    (await terms.acceptances(account.id)).map(({ number, way }) => [number, way])

  it('agrees to the founding text, while there is no other, and with a key that has ended to nothing', async () => {
    await ada.call('GET', '/sites')
    assert.deepEqual(await waysOf(ada), [[0, 'use']])
    await service.context.store.apiKeys.end(operator.account.id, operator.keyId)
    assert.equal((await operator.call('GET', '/sites')).status, 401)
    assert.deepEqual(await waysOf(operator), [])
  })

  it('agrees with the first call after a version is in force, once, whatever comes at once [Terms 1.2]', async () => {
    const one = await inForce()
    const two = await announce(terms, operator.account)
    nowMs = two.effectiveAt! - 1
    assert.equal((await ada.call('GET', '/sites')).status, 200)
    assert.deepEqual(await waysOf(ada), [[one.number, 'use']])
    nowMs += 1
    const replies = await Promise.all(Array.from({ length: 100 }, () => ada.call('GET', '/sites')))
    assert.ok(replies.every(({ status }) => status === 200))
    assert.deepEqual(await waysOf(ada), [
      [two.number, 'use'],
      [one.number, 'use'],
    ])
    const [{ at, hash } = { at: 0, hash: '' }] = await terms.acceptances(ada.account.id)
    assert.deepEqual([at, hash], [two.effectiveAt, two.texts[0]!.hash])
    const events = await service.context.store.audit.list({ subjects: [ada.account.id], limit: 9 })
    assert.deepEqual(
      events
        .filter(({ act }) => act === 'terms.accept')
        .map(({ by, detail }) => [by, detail.number]),
      [
        [ada.keyId, two.number],
        [ada.keyId, one.number],
      ],
    )
  })

  it('is refused by the API until they click, where a version wants that; visitors notice nothing [Terms 1.2]', async () => {
    const { sitekey, secret } = await service.context.store.sites.add({
      ...{ hosts: [HOST], mode: 'checkbox', owner: ada.account.id, effortFloor: 1 },
    })
    const { number } = await inForce({ acceptance: 'click' })
    for (const { call } of [ada, operator]) {
      for (const [method, path] of [
        ['GET', '/sites'],
        ['GET', '/self'],
        ['DELETE', `/sites/${sitekey}`],
      ] as const) {
        const { status, body } = await call(method, path)
        assert.deepEqual([status, body.error.code], [403, 'terms-not-accepted'])
        assert.match(body.error.message, new RegExp(`Version ${number} .* /console/terms`))
      }
    }
    assert.deepEqual(await waysOf(ada), [])
    const page = { service: service.url, origin: ORIGIN }
    assert.equal((await ask(page, { sitekey })).status, 200)
    const token = await quickToken(page, service.context.tools.seal, {
      ...{ sitekey, startedAt: nowMs, issuedAt: nowMs, expiresAt: nowMs + 60_000 },
    })
    assert.equal((await verify(service.url, { secret, response: token })).finding.success, true)

    assert.equal(await terms.accept(ada.account.id, number + 1), false)
    assert.equal(await terms.accept(ada.account.id, number), true)
    assert.equal((await ada.call('GET', '/sites')).status, 200)
    assert.equal((await operator.call('GET', '/sites')).status, 403)
    assert.deepEqual(await waysOf(ada), [[number, 'click']])
  })

  it('may click ahead of the day, so that nothing stops on it', async () => {
    const { number, effectiveAt } = await announce(terms, operator.account, { acceptance: 'click' })
    assert.equal(await terms.accept(ada.account.id, number), true)
    nowMs = effectiveAt!
    assert.equal((await ada.call('GET', '/sites')).status, 200)
    assert.equal((await operator.call('GET', '/sites')).status, 403)
    // The next version by use wants no click any more.
    await inForce()
    assert.equal((await operator.call('GET', '/sites')).status, 200)
  })

  it('does not agree to what is taken back', async () => {
    const { number } = await inForce()
    const next = await announce(terms, operator.account, { acceptance: 'click' })
    await terms.desk.withdraw(actorOf(operator.account), next.number)
    assert.equal(await terms.accept(ada.account.id, next.number), false)
    nowMs = next.effectiveAt!
    assert.equal((await ada.call('GET', '/sites')).status, 200)
    assert.equal((await terms.version(next.number))!.state, 'withdrawn')
    assert.deepEqual(await waysOf(ada), [[number, 'use']])
  })

  it('signs up to the version that was shown, and to no other [Terms 1.1]', async () => {
    const { number } = await inForce()
    const { accounts, manage } = service.context
    const { token: invitation } = await manage.inviteAccount(actorOf(operator.account), 'developer')
    const order = { login: 'signs-up', password: PASSWORD, invitation }
    for (const shown of [number - 1, number + 1, -1]) {
      const late = accounts.signUp(newCaller(), { ...order, terms: shown })
      await assert.rejects(late, { code: 'field-invalid', field: 'terms' })
    }
    // Nothing was used up by that.
    const { account } = await accounts.signUp(newCaller(), { ...order, terms: number })
    const [one] = await terms.acceptances(account.id)
    assert.deepEqual([one!.number, one!.way], [number, 'sign-up'])
  })

  it('finds in their own data what they agreed to [Terms 5.1]', async () => {
    const { number, texts } = await inForce()
    await ada.call('GET', '/sites')
    const data = await service.context.accounts.exportData({
      account: ada.account,
      session: {} as never,
      elevated: true,
    })
    const { acceptedTerms } = data as { acceptedTerms: unknown }
    assert.deepEqual(acceptedTerms, [
      {
        ...{ version: number, way: 'use', at: new Date(nowMs).toISOString() },
        sha256: texts[0]!.hash,
      },
    ])
  })

  it('stays responsible for what they agreed to when the account has ended [Terms 7.2]', async () => {
    const { number } = await inForce()
    await ada.call('GET', '/sites')
    await service.context.store.accounts.terminate(ada.account.id)
    assert.deepEqual(await waysOf(ada), [[number, 'use']])
    assert.equal(await service.context.store.audit.verify(), null)
  })
})

describe.each(Object.entries(kinds))('a copy out of %s', (_, places) => {
  it('keeps what was announced and accepted, guarded as before, in either database [Terms 1.2]', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const { id } = await store.accounts.add({ login: 'ada', role: 'developer', password: null })
    await store.terms.write(draft(), 'cli')
    await store.terms.announce({ effectiveAt: null, noticeMs: NOTICE_MS }, 'cli')
    await store.terms.write(draft({ summary: 'Next.' }), 'cli')
    await store.terms.accept(id, { number: 1, hash: 'h', way: 'click' })
    const lines: string[] = []
    for await (const line of linesOf(dump(place.tables(true), [STORE_KEY], nowMs))) lines.push(line)
    for (const target of Object.values(kinds)) {
      const fresh = await target.fresh()
      const db = fresh.tables()
      const options = { rootKeys: [STORE_KEY], nowMs, act: 'store.import' }
      await db.transaction().execute((tx) => load(tx, each(lines), options))
      const copy = await fresh.open()
      assert.deepEqual(await copy.terms.list(), await store.terms.list())
      assert.deepEqual(await copy.terms.texts(1), await store.terms.texts(1))
      assert.deepEqual(await copy.terms.draft(), await store.terms.draft())
      assert.deepEqual(await copy.terms.acceptances(id), await store.terms.acceptances(id))
      await assert.rejects(
        db.updateTable('terms_texts').set({ text: 'x' }).where('number', '=', 1).execute(),
        /is never changed/,
      )
      await assert.rejects(db.deleteFrom('terms_acceptances').execute(), /is never changed/)
      await copy.terms.announce({ effectiveAt: null, noticeMs: NOTICE_MS }, 'cli')
    }
  })
})

async function* each(lines: string[]) {
  yield* lines
}

/** What operators do, one after another, at moments of their own. */
const deeds = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('write' as const), click: fc.boolean() }),
    fc.record({ do: fc.constant('discard' as const) }),
    fc.record({
      do: fc.constant('announce' as const),
      inDays: fc.option(fc.integer({ min: -2, max: 40 })),
    }),
    fc.record({ do: fc.constant('withdraw' as const), number: fc.integer({ min: 0, max: 6 }) }),
    fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 0, max: 500 }) }),
  ),
  { minLength: 4, maxLength: 30 },
)

describe('whatever operators do, in whatever order', () => {
  it('one version holds at every moment, at most one waits, dates grow, and what was published stays [Terms 1.2]', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (steps) => {
        let at = 1_800_000_000_000
        const place = await kinds.SQLite!.fresh()
        const store = await place.open({ now: () => at })
        const seen = new Map<number, string>()
        let before: TermsRow[] = []
        for (const step of steps) {
          const holding = (moment: number, rows = before) =>
            [...standingsAt(rows, moment)].filter(([, { state }]) =>
              ['founding', 'in-force'].includes(state),
            )
          const held = holding(at)[0]![0]
          await done(async () => {
            if (step.do === 'write')
              await store.terms.write(draft({ acceptance: step.click ? 'click' : 'use' }), 'cli')
            if (step.do === 'discard') await store.terms.discard('cli')
            if (step.do === 'withdraw') await store.terms.withdraw(step.number, 'cli')
            if (step.do === 'wait') at += step.hours * 3_600_000
            if (step.do === 'announce') {
              const effectiveAt = step.inDays === null ? null : at + step.inDays * DAY_MS
              await store.terms.announce({ effectiveAt, noticeMs: NOTICE_MS }, 'cli')
            }
          })
          const rows = await store.terms.list()
          const states = standingsAt(rows, at)
          // One holds now, and at every moment to come.
          for (const moment of [at, ...rows.map(({ effectiveAt }) => effectiveAt!)])
            assert.equal(holding(moment, rows).length, 1)
          const waiting = rows.filter(({ number }) => states.get(number)!.state === 'announced')
          assert.ok(waiting.length <= 1)
          const valid = rows.filter(({ withdrawnAt }) => withdrawnAt === null)
          for (const [i, row] of valid.entries()) {
            if (i === 0) continue
            assert.ok(row.effectiveAt! > valid[i - 1]!.effectiveAt!)
            assert.ok(row.effectiveAt! - row.announcedAt! >= NOTICE_MS)
          }
          // Nothing that held is taken back, and time goes one way.
          const now = holding(at, rows)[0]![0]
          assert.ok(now >= held)
          for (const row of rows) {
            const was = seen.get(row.number)
            const { withdrawnAt: _, ...rest } = row
            const is = JSON.stringify([rest, await store.terms.texts(row.number)])
            assert.ok(was === undefined || was === is)
            seen.set(row.number, is)
          }
          assert.ok(before.every(({ number }) => rows.some((row) => row.number === number)))
          before = rows
        }
        await store.close()
      }),
      { numRuns: 30 },
    )
  })
})

/** That something cannot be done as things are is an outcome like any. */
async function done(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof TermsRefused)) throw error
  }
}

describe('the command line', () => {
  const folder = temporaryFolder()
  afterAll(() => removeFolder(folder))

  const cli = (...args: string[]) =>
    run(process.execPath, ['src/cli/main.ts', 'terms', ...args], { ONE_CAPTCHA_DATA: folder })

  it('writes a version from a file, announces it, and shows it byte for byte [Terms 1.2]', async () => {
    const file = join(folder, 'terms.md')
    const founding = await cli('show')
    assert.match(founding.out, /^# Terms of Use/)
    writeFileSync(file, `${founding.out}\n## 11 Bicycles\r\n\r\nThey are welcome.\n`)
    const saved = await cli('draft', file, '--summary', 'Bicycles.', '--json')
    assert.equal(saved.code, 0, saved.err)
    assert.deepEqual(JSON.parse(saved.out).languages, ['en', 'zh'])
    const announced = JSON.parse((await cli('announce', '--json')).out)
    assert.deepEqual([announced.number, announced.accounts], [1, 0])
    const shown = await cli('show', '1')
    assert.equal(shown.out, readFileSync(file, 'utf8').replaceAll('\r\n', '\n'))

    const { store, close } = await openStore(readConfig({ ONE_CAPTCHA_DATA: folder }))
    await store.terms.write(draft({ summary: 'Once more.' }), 'cli')
    const soon = await cli('announce', '--effective', new Date().toISOString().slice(0, 10))
    assert.equal(soon.code, 1)
    assert.match(soon.out, /Everybody must know 14 days before: it can be in force from \d{4}-/)
    await store.terms.announce({ effectiveAt: null, noticeMs: NOTICE_MS }, 'cli')
    await close()
    assert.match((await cli('withdraw', '2')).out, /Version 2 is withdrawn/)
    const list = (await cli('list')).out.split('\n')
    assert.match(list[0]!, /^ +2 {2}withdrawn .*Once more\.$/)
    assert.match(list[1]!, /^ +1 {2}in-force .*Bicycles\.$/)
    assert.match(list[2]!, /^ +0 {2}superseded .*the founding text$/)
  })

  it('says what is wrong with a command', async () => {
    for (const [args, words] of [
      [['burn'], /terms needs one of: list, show, draft/],
      [['draft'], /terms draft needs a FILE/],
      [['list', '2'], /terms list takes no more/],
      [['list', '--click'], /--click does not go with terms list/],
      [['draft', 'x.md', '--click', '--use'], /not both/],
    ] as const)
      await assert.rejects(termsCommand([...args]), words)
    const day = await cli('announce', '--effective', '2027-02-30')
    assert.deepEqual(
      [day.code, day.err.split('\n')[0]],
      [...[2, '--effective is a day, such as 2027-01-31, or 2027-01-31T12:00Z.']],
    )
  })
})
