import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Opened } from '../../src/accounts/accounts.ts'
import type { BadRequestCode } from '../../src/core/bad-request.ts'
import { newSecret } from '../../src/keys.ts'
import { Taken } from '../../src/store/store.ts'
import { codeOf, enter, newCaller, PASSWORD, setUpTotp, signUp } from '../support/people.ts'
import { newPerson, SESSION } from '../support/person.ts'
import { removeFolder, temporaryFolder } from '../support/program.ts'
import { startService, type TestService } from '../support/service.ts'
import { pass } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let service: TestService
let nowMs = 1_800_000_000_000
const said: string[] = []
const refusal = (code: BadRequestCode) => (error: { code?: string }) => error.code === code

beforeAll(async () => {
  service = await startService(
    { ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_LOG_LEVEL: 'trace' },
    { now: () => nowMs, log: { write: (line: string) => void said.push(line) } },
  )
})
afterAll(() => service.stop())

const accounts = () => service.context.accounts
const logIn = (login: string, password = PASSWORD, caller = newCaller()) =>
  accounts().logIn(caller, { login, password })
const opened = async (login: string) => (await logIn(login)) as Opened

describe('the first operator', () => {
  it('comes by the link that the start prints, once, whoever else has another', async () => {
    assert.match(service.firstUrl!, /\/console\/sign-up\?invitation=[\w-]+$/)
    const { search, pathname } = new URL(service.firstUrl!)
    const links = [search.slice('?invitation='.length), (await accounts().firstLink())!]
    const path = pathname + search
    const person = newPerson(service.url)
    assert.match((await person.get(path)).body, /The first operator/)
    const heard = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        accounts().signUp(newCaller(), {
          ...{ login: `first-${i}`, password: PASSWORD, invitation: links[i % 2]! },
        }),
      ),
    )
    const good = heard.filter((one) => one.status === 'fulfilled')
    assert.equal(good.length, 1)
    assert.equal(good[0]!.value.account.role, 'operator')
    assert.equal(await accounts().firstLink(), null)
    assert.match((await person.get(path)).body, /not good any more/)
    const order = { login: 'late', password: PASSWORD, invitation: links[1]! }
    await assert.rejects(accounts().signUp(newCaller(), order), refusal('forbidden'))
  })
})

describe('signing up', () => {
  it('needs an invitation, until the operator says otherwise', async () => {
    const order = { login: 'uninvited', password: PASSWORD }
    await assert.rejects(accounts().signUp(newCaller(), order), refusal('forbidden'))
    assert.equal(await accounts().signUpNeeds(), 'invitation')
    const { store, tools } = service.context
    await store.settings.set({ signUp: 'closed' })
    const operator = (await store.accounts.list('', 50)).find(({ role }) => role === 'operator')!
    const invitation = newSecret(tools.random, 'invitation')
    const wish = { sitekey: null, role: 'developer', expiresAt: nowMs + HOUR_MS } as const
    await store.invitations.add(invitation, { ...wish, invitedBy: operator.id }, operator.id)
    const invited = { login: 'closed-out', password: PASSWORD, invitation }
    await assert.rejects(accounts().signUp(newCaller(), invited), refusal('forbidden'))
    // From the machine's own command line, somebody can be let in all the same.
    assert.ok(await signUp(service, 'let-in'))
    await service.context.store.settings.set({ signUp: 'open' })
    assert.equal(await accounts().signUpNeeds(), 'guard')
    // A robot has no token, or somebody else's.
    for (const token of [undefined, '', 'made up']) {
      const robot = accounts().signUp(newCaller(), { ...order, token })
      await assert.rejects(robot, refusal('field-invalid'))
    }
    await service.context.store.settings.set({ signUp: 'invitation' })
  })

  it('is for people where it is open: one account for one token of our own widget, from our own page', async () => {
    const { store, tools, guards } = service.context
    await store.settings.set({ signUp: 'open' })
    const sitekey = await guards.signUp.sitekey()
    const page = { service: service.url, origin: 'http://localhost' }
    const person = newPerson(service.url)
    assert.ok((await person.get('/console/sign-up')).body.includes(sitekey))
    const token = await pass(page, tools.seal, { sitekey, action: 'signup' })
    const fields = (login: string) => ({ login, password: PASSWORD, 'one-captcha-response': token })
    const weak = { ...fields('open-1'), password: 'password1234' }
    assert.equal((await person.send('/console/sign-up', 'sign-up', weak)).status, 422)
    const all = await Promise.all(
      [1, 2, 3].map((i) => person.send('/console/sign-up', 'sign-up', fields(`open-${i}`))),
    )
    assert.deepEqual(all.map(({ status }) => status).sort(), [303, 422, 422])

    const mine = await service.addSite(['localhost'], 'checkbox')
    for (const order of [
      { sitekey, action: 'login' },
      { sitekey: mine.sitekey, action: 'signup' },
    ]) {
      const other = await pass(page, tools.seal, order)
      const robot = accounts().signUp(newCaller(), {
        ...{ login: 'robot', password: PASSWORD, token: other },
      })
      await assert.rejects(robot, refusal('field-invalid'))
    }
    await store.settings.set({ signUp: 'invitation' })
  })

  it('takes an invitation once, however many come with it', async () => {
    const { store, tools } = service.context
    const invitation = newSecret(tools.random, 'invitation')
    const expiresAt = nowMs + HOUR_MS
    await store.invitations.add(invitation, { sitekey: null, role: 'developer', expiresAt }, 'cli')
    const heard = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) =>
        accounts().signUp(newCaller(), { login: `crowd-${i}`, password: PASSWORD, invitation }),
      ),
    )
    assert.equal(heard.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  it('does not use up an invitation for a login that looks like another', async () => {
    const { store, tools } = service.context
    await signUp(service, 'lollipop')
    const invitation = newSecret(tools.random, 'invitation')
    const expiresAt = nowMs + HOUR_MS
    await store.invitations.add(invitation, { sitekey: null, role: 'developer', expiresAt }, 'cli')
    const order = { password: PASSWORD, invitation }
    await assert.rejects(
      accounts().signUp(newCaller(), { ...order, login: '10llip0p' }),
      refusal('field-invalid'),
    )
    assert.ok(await accounts().signUp(newCaller(), { ...order, login: 'toffee' }))
  })

  it('refuses an invitation of somebody who may not invite any more', async () => {
    const { store, tools } = service.context
    const { account } = await signUp(service, 'mallory')
    const invitation = newSecret(tools.random, 'invitation')
    const order = { sitekey: null, role: 'operator', expiresAt: nowMs + HOUR_MS } as const
    await store.invitations.add(invitation, { ...order, invitedBy: account.id }, account.id)
    const late = accounts().signUp(newCaller(), { login: 'friend', password: PASSWORD, invitation })
    await assert.rejects(late, refusal('forbidden'))
  })

  it('says what is wrong before it uses anything up, and takes nothing but what it asks for [ASVS 15.3.3]', async () => {
    await assert.rejects(signUp(service, 'x'), refusal('field-invalid'))
    await assert.rejects(
      signUp(service, 'weak', { password: 'password1234' }),
      refusal('field-invalid'),
    )
    await assert.rejects(
      signUp(service, 'mail', { email: 'a@example.org' }),
      refusal('field-invalid'),
    )
    const more = { role: 'operator', state: 'terminated' } as object
    const { account } = await signUp(service, 'grace', more)
    assert.partialDeepStrictEqual(account, { role: 'developer', state: 'active' })
    await assert.rejects(signUp(service, 'GRACE'), (error) =>
      refusal('field-invalid')(error as object),
    )
    await assert.rejects(
      service.context.store.accounts.add({ login: 'grace', role: 'developer', password: null }),
      Taken,
    )
  })
})

describe('logging in', () => {
  beforeAll(() => signUp(service, 'ada'))

  it('answers the same to a wrong password and to nobody [ASVS 6.3.8]', async () => {
    const seen = []
    for (const login of ['ada', 'nobody', 'no one at all', 'ada@example.org', "ada' or '1'='1"]) {
      const person = newPerson(service.url)
      await person.get('/console/log-in')
      const fields = { login, password: 'not it at all' }
      const { status, body, headers } = await person.send('/console/log-in', 'log-in', fields)
      assert.equal(person.cookies.has(SESSION), false)
      // What was typed is given back, escaped; there is nothing else to tell them apart.
      const plain = body.replace(/value="[^"]*"/g, '')
      seen.push(JSON.stringify([status, plain, headers.get('content-type')]))
      assert.ok(!body.includes('not it at all'))
    }
    assert.equal(new Set(seen).size, 1)
  })

  it('gives a new token each time, whatever the browser had before [ASVS 7.2.4]', async () => {
    const person = newPerson(service.url)
    const planted = 'A'.repeat(43)
    person.cookies.set(SESSION, planted)
    await person.get('/console/log-in')
    const seen = await person.send('/console/log-in', 'log-in', {
      login: 'Ada',
      password: PASSWORD,
    })
    assert.equal(seen.status, 303)
    assert.equal(seen.location, '/console')
    const token = person.cookies.get(SESSION)!
    assert.match(token, /^[\w-]{43}$/)
    assert.notEqual(token, planted)
    assert.equal(await accounts().byToken(planted), null)
    const cookies = seen.headers.getSetCookie()
    assert.ok(cookies.some((line) => line.startsWith(SESSION)))
    // [ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4]
    for (const cookie of cookies) {
      assert.match(cookie, /^__Host-one-captcha-/)
      for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
        assert.ok(cookie.includes(part), cookie)
      assert.ok(!/domain/i.test(cookie))
    }
    // Logging out ends it for good, not in the browser alone [ASVS 7.4.1].
    await person.get('/console/account')
    await person.send('/console/log-out', 'log-out')
    assert.equal(person.cookies.has(SESSION), false)
    assert.equal(await accounts().byToken(token), null)
  })

  it('leads on to a page of the console, and nowhere else [ASVS 3.7.2]', async () => {
    for (const [next, to] of [
      ['/console/account', '/console/account'],
      ['/console/keys?x=1', '/console/keys?x=1'],
      ['https://evil.example', '/console'],
      ['//evil.example/console', '/console'],
      ['/console/../../evil', '/console'],
      ['/console\\evil', '/console'],
      ['javascript:alert(1)', '/console'],
    ] as const) {
      const person = newPerson(service.url)
      const path = `/console/log-in?next=${encodeURIComponent(next)}`
      await person.get(path)
      const { location } = await person.send(path, 'log-in', { login: 'ada', password: PASSWORD })
      assert.equal(location, to)
    }
  })

  it('is refused from another site, and changes nothing by GET [ASVS 3.5.1, 3.5.3]', async () => {
    const stranger = newPerson(service.url, 'https://evil.example')
    await stranger.get('/console/log-in')
    const seen = await stranger.send('/console/log-in', 'log-in', {
      login: 'ada',
      password: PASSWORD,
    })
    assert.equal(seen.status, 403)
    assert.equal(stranger.cookies.has(SESSION), false)
    await stranger.get(
      `/console/log-in?form=log-in&login=ada&password=${encodeURIComponent(PASSWORD)}`,
    )
    assert.equal(stranger.cookies.has(SESSION), false)
  })

  it('has an answer to the proof of somebody who is nobody yet', async () => {
    for (const path of ['log-in', 'forgot', 'reset?link=x', 'sign-up', 'invitations/oci_x']) {
      for (const proof of ['password', 'code', 'passkey']) {
        const body = new URLSearchParams({ form: 'proof', [`proof-${proof}`]: '1' })
        const { origin } = new URL(service.url)
        const to = `${service.url}/console/${path}`
        const { status } = await fetch(to, { method: 'POST', headers: { origin }, body })
        assert.equal(status, 422, path)
      }
    }
  })

  it('slows down guessing, and neither ends sessions nor locks the owner out for ever [ASVS 6.3.1]', async () => {
    const mine = await opened('ada')
    let refused = 0
    // From a thousand networks.
    for (let i = 0; i < 60; i++) {
      await logIn('ada', `guess number ${i}`).catch((error) => {
        refused += Number(refusal('too-many-requests')(error))
      })
    }
    assert.ok(refused >= 38, String(refused))
    await assert.rejects(logIn('ada'), refusal('too-many-requests'))
    assert.ok(await accounts().byToken(mine.token), 'the session goes on')
    const known = () => ({ ...newCaller(), mark: mine.mark! })
    assert.ok(await logIn('ada', PASSWORD, known()), 'a browser that knew the password logs in')
    const others = (await opened('grace')).mark!
    for (const mark of ['', 'made up', others, mine.mark!.toUpperCase()]) {
      const stranger = { ...newCaller(), mark }
      await assert.rejects(logIn('ada', PASSWORD, stranger), refusal('too-many-requests'))
    }
    for (let i = 0; i < 40; i++) await logIn('ada', `guess ${i}`, known()).catch(() => {})
    await assert.rejects(logIn('ada', PASSWORD, known()), refusal('too-many-requests'))
    assert.ok(await logIn('grace'), 'others log in as before')
    nowMs += 30 * MINUTE_MS
    assert.ok(await logIn('ada'), 'and so does the owner, after a while')
    nowMs += 5 * HOUR_MS
  })

  it('stops a network that tries many accounts [ASVS 6.3.1]', async () => {
    const caller = newCaller()
    let refused = 0
    for (let i = 0; i < 80; i++) {
      await logIn(`stuffing-${i}`, 'leaked elsewhere', caller).catch((error) => {
        refused += Number(refusal('too-many-requests')(error))
      })
    }
    assert.equal(refused, 20)
  })

  it('tells an owner who is suspended, and nobody else, and ends their sessions at once [ASVS 7.4.2]', async () => {
    const { account, token } = await signUp(service, 'eve')
    const person = newPerson(service.url)
    person.cookies.set(SESSION, token)
    assert.equal((await person.get('/console/account')).status, 200)
    await service.context.store.accounts.setState(account.id, 'suspended')
    assert.equal((await person.get('/console/account')).status, 303)
    assert.equal(await accounts().byToken(token), null)
    await assert.rejects(logIn('eve'), refusal('account-suspended'))
    assert.equal(await logIn('eve', 'not it at all'), null)
    await service.context.store.accounts.setState(account.id, 'active')
    assert.ok(await logIn('eve'))
    assert.equal(await accounts().byToken(token), null)
    await service.context.store.accounts.terminate(account.id)
    assert.equal(await logIn('eve'), null)
  })

  it('hashes anew a password of a lower cost', async () => {
    const { account } = await signUp(service, 'hopper')
    const light = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 })
    await service.context.store.accounts.setPassword(account.id, light)
    assert.equal(await logIn('hopper', 'not it at all'), null)
    assert.equal(await service.context.store.accounts.passwordOf(account.id), light)
    const { token } = await opened('hopper')
    assert.match((await service.context.store.accounts.passwordOf(account.id))!, /m=32768,t=2/)
    assert.ok(await accounts().byToken(token))
    assert.ok(await logIn('hopper'))
  })
})

describe('a session', () => {
  it('is elevated for ten minutes, and then asks again before what is dangerous [ASVS 7.5.1, 7.5.3]', async () => {
    const first = await signUp(service, 'lin')
    const person = newPerson(service.url)
    person.cookies.set(SESSION, first.token)
    nowMs += 10 * MINUTE_MS
    const who = await enter(service, first)
    assert.equal(who.elevated, false)
    const acts = [
      () => accounts().setPassword(who, 'seven blue whales sing'),
      () => accounts().setEmail(who, null),
      () => accounts().beginTotp(who),
      () => accounts().confirmTotp(who, '', '000000'),
      () => accounts().endTotp(who),
      () => accounts().newRecoveryCodes(who),
      () => accounts().beginPasskey(who),
      () => accounts().addPasskey(who, '', 'x', {}),
      () => accounts().removePasskey(who, 'x'),
      () => accounts().exportData(who),
      () => accounts().deleteAccount(who),
    ]
    for (const act of acts) await assert.rejects(act(), refusal('proof-needed'))

    // In the browser the form goes on once the password is given, under a new token.
    assert.equal((await person.get('/console/account')).status, 200)
    const asked = await person.send('/console/account', 'export')
    assert.equal(asked.status, 403)
    assert.match(asked.body, /Is it you/)
    const wrong = await person.send('/console/account', 'export', { 'proof-password': 'not it' })
    assert.equal(wrong.status, 422)
    assert.equal(person.cookies.get(SESSION), first.token)
    const right = await person.send('/console/account', 'export', { 'proof-password': PASSWORD })
    assert.equal(right.status, 200)
    assert.equal(JSON.parse(right.body).account.login, 'lin')
    assert.notEqual(person.cookies.get(SESSION), first.token)
    assert.equal(await accounts().byToken(first.token), null, 'the old token is dead')
    const raised = await enter(service, { ...first, token: person.cookies.get(SESSION)! })
    assert.deepEqual([raised.elevated, raised.session.id], [true, who.session.id])
  })

  it('can be seen and ended from another, by its owner alone [ASVS 7.5.2]', async () => {
    const mine = await enter(service, await opened('lin'))
    const other = await opened('lin')
    const stranger = await enter(service, await opened('grace'))
    const theirs = (await enter(service, other)).session.id
    assert.ok((await accounts().sessions(mine)).some(({ id }) => id === theirs))
    assert.equal(await accounts().endSession(stranger, theirs), false)
    assert.ok(await accounts().byToken(other.token))
    assert.equal(await accounts().endSession(mine, theirs), true)
    assert.equal(await accounts().byToken(other.token), null)
    const third = await opened('lin')
    await accounts().endOtherSessions(mine)
    assert.equal(await accounts().byToken(third.token), null)
    assert.equal((await accounts().sessions(mine)).length, 1)
  })

  it('ends after twelve idle hours, and after fourteen days in any case [ASVS 7.3.1, 7.3.2]', async () => {
    const idle = await opened('lin')
    const busy = await opened('lin')
    for (let hour = 0; hour < 12; hour++) {
      nowMs += HOUR_MS
      assert.ok(await accounts().byToken(busy.token))
    }
    assert.equal(await accounts().byToken(idle.token), null)
    for (let hour = 12; hour < 14 * 24 - 1; hour++) {
      nowMs += HOUR_MS
      assert.ok(await accounts().byToken(busy.token))
    }
    nowMs += HOUR_MS
    assert.equal(await accounts().byToken(busy.token), null)
  })

  it('ends with the password, all but the one that changes it, which goes on under a new token [ASVS 7.4.3]', async () => {
    const one = await opened('lin')
    const two = await opened('lin')
    const next = await accounts().setPassword(await enter(service, one), 'seven blue whales sing')
    for (const { token } of [one, two]) assert.equal(await accounts().byToken(token), null)
    assert.ok(await accounts().byToken(next.token))
    assert.equal(await logIn('lin'), null)
    assert.ok(await logIn('lin', 'seven blue whales sing'))
  })
})

describe('codes from an app', () => {
  let secret: string
  let codes: string[]
  const second = (pending: string, code: string) =>
    accounts().secondStep(newCaller(), pending, code)
  const pendingOf = async () => ((await logIn('turing')) as { pending: string }).pending

  beforeAll(async () => {
    const who = await enter(service, await signUp(service, 'turing'))
    ;({ secret, codes } = await setUpTotp(accounts(), who, nowMs))
  })

  it('are asked for after the password, and each is good once [ASVS 6.5.1]', async () => {
    const pending = await pendingOf()
    assert.equal(await second(pending, '000000'), null)
    const code = codeOf(secret, nowMs)
    const same = await Promise.all(Array.from({ length: 4 }, () => second(pending, code)))
    assert.equal(same.filter(Boolean).length, 1)
    assert.equal(await second(await pendingOf(), code), null, 'not with another log-in either')
    nowMs += 30_000
    assert.equal(await second(pending, codeOf(secret, nowMs)), null, 'the log-in is used up')
    nowMs += 30_000
    assert.ok(await second(await pendingOf(), codeOf(secret, nowMs)))
    nowMs += 30_000
  })

  it('are of no use with what was sealed for something else, for another, or too long ago', async () => {
    const pending = await pendingOf()
    const { accounts: all } = service.context
    const passkey = await all.passkeyOptions()
    for (const other of ['', 'x', passkey.pending, `${pending}A`, (await all.firstLink()) ?? ''])
      assert.equal(await second(other, codeOf(secret, nowMs)), null)
    nowMs += 10 * MINUTE_MS
    assert.equal(await second(pending, codeOf(secret, nowMs)), null)
    nowMs += HOUR_MS
  })

  it('cannot be guessed [ASVS 6.5.2]', async () => {
    const pending = await pendingOf()
    let refused = 0
    for (let i = 0; i < 30; i++) {
      await second(pending, String(100_000 + i)).catch((error) => {
        refused += Number(refusal('too-many-requests')(error))
      })
    }
    assert.ok(refused >= 15, String(refused))
    nowMs += 6 * HOUR_MS
  })

  it('have recovery codes beside them, each good once [ASVS 6.5.1, 6.4.4]', async () => {
    const pending = await pendingOf()
    const used = await Promise.all(Array.from({ length: 4 }, () => second(pending, codes[0]!)))
    assert.equal(used.filter(Boolean).length, 1)
    const { session } = await enter(service, used.find(Boolean)!)
    assert.equal(session.way, 'recovery')
    assert.equal(await second(await pendingOf(), codes[0]!), null)
    const who = await enter(service, (await second(await pendingOf(), codes[1]!.toUpperCase()))!)
    assert.equal(await accounts().recoveryCodesLeft(who), 8)
    const fresh = await accounts().newRecoveryCodes(who)
    assert.equal(await second(await pendingOf(), codes[2]!), null)
    assert.ok(await second(await pendingOf(), fresh[0]!))
    nowMs += 6 * HOUR_MS
  })

  it('prove again who it is; a recovery code does not, and is not used up by it', async () => {
    const first = (await second(await pendingOf(), codeOf(secret, nowMs)))!
    nowMs += 10 * MINUTE_MS
    const who = await enter(service, first)
    const left = await accounts().recoveryCodesLeft(who)
    const [code] = await accounts().newRecoveryCodes({ ...who, elevated: true })
    assert.equal(await accounts().elevate(newCaller(), who, { code: code! }), null)
    assert.equal(await accounts().recoveryCodesLeft(who), 10)
    assert.ok(left < 10)
    assert.equal(await accounts().elevate(newCaller(), who, {}), null)
    // Where two things are shown, both must be right.
    const wrong = { password: 'not it at all', code: codeOf(secret, nowMs) }
    assert.equal(await accounts().elevate(newCaller(), who, wrong), null)
    const raised = await accounts().elevate(newCaller(), who, { code: codeOf(secret, nowMs) })
    assert.equal((await enter(service, raised!)).elevated, true)
  })

  it('are not set up by who has no code, and end with all recovery codes', async () => {
    nowMs += MINUTE_MS
    const who = await enter(service, (await second(await pendingOf(), codeOf(secret, nowMs)))!)
    const begun = await accounts().beginTotp(who)
    assert.equal(await accounts().confirmTotp(who, begun.pending, '000000'), null)
    const other = await enter(service, await opened('grace'))
    const code = codeOf(begun.secret, nowMs)
    assert.equal(await accounts().confirmTotp(other, begun.pending, code), null)
    assert.equal(accounts().begunTotp(other, begun.pending), null)
    await accounts().endTotp(who)
    assert.equal(await accounts().recoveryCodesLeft(who), 0)
    assert.ok('token' in (await logIn('turing'))!)
  })
})

it('tells nobody without end of changes that somebody makes over and over', async () => {
  const opened = await signUp(service, 'restless')
  const who = await enter(service, opened)
  const acts = [
    () => accounts().endTotp(who),
    () => accounts().newRecoveryCodes(who),
    () => accounts().removePasskey(who, 'pky_none'),
  ]
  let done = 0
  for (let i = 0; i < 300; i++) {
    try {
      await acts[i % acts.length]!()
      done++
    } catch (error) {
      assert.ok(refusal('too-many-requests')(error as { code?: string }))
    }
  }
  // What has faded leaves a rest.
  assert.ok(done >= 59 && done <= 60, String(done))
  nowMs += HOUR_MS
  await accounts().endTotp(
    await enter(service, opened).then((again) => ({ ...again, elevated: true })),
  )
})

describe('one’s own data', () => {
  it('can be had, all of it, and without a secret [ASVS 14.2.6]', async () => {
    const who = await enter(service, await signUp(service, 'curie'))
    const { secret, codes } = await setUpTotp(accounts(), who, nowMs)
    const text = JSON.stringify(
      await accounts().exportData(await enter(service, { ...(await second()) })),
    )
    for (const part of ['curie', 'account.add', 'account.totp', 'password'])
      assert.ok(text.includes(part))
    for (const hidden of [secret, codes[0]!, 'argon2', '_sealed', 'hash'])
      assert.ok(!text.includes(hidden), hidden)

    async function second(): Promise<Opened> {
      const { pending } = (await logIn('curie')) as { pending: string }
      return (await accounts().secondStep(newCaller(), pending, codeOf(secret, nowMs)))!
    }
  })

  it('is deleted at once, with the sites that nobody else owns, which is said before', async () => {
    const { store } = service.context
    const { token, account } = await signUp(service, 'noether')
    const who = await enter(service, { token, account, expiresAt: 0, mark: null })
    const grace = (await store.accounts.byLogin('grace'))!
    const alone = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox', owner: account.id })
    const shared = await store.sites.add({ hosts: ['b.test'], mode: 'checkbox', owner: account.id })
    await store.members.set(shared.sitekey, grace.id, 'owner')
    assert.deepEqual(
      (await accounts().ownedAlone(who)).map(({ sitekey }) => sitekey),
      [alone.sitekey],
    )

    const person = newPerson(service.url)
    person.cookies.set(SESSION, token)
    assert.match((await person.get('/console/account')).body, /Nobody else owns[\s\S]*a\.test/)
    const unsure = await person.send('/console/account', 'delete', { login: 'grace' })
    assert.equal(unsure.status, 422)
    const gone = await person.send('/console/account', 'delete', { login: ' Noether' })
    assert.equal(gone.location, '/console/log-in')
    assert.equal(person.cookies.has(SESSION), false)
    assert.equal(await accounts().byToken(token), null)
    assert.equal(await store.sites.byKey(alone.sitekey), null)
    assert.ok(await store.sites.byKey(shared.sitekey))
    assert.equal(await logIn('noether'), null)
  })

  it('of the last operator stays', async () => {
    const [operator] = (await service.context.store.accounts.list('', 100)).filter(
      ({ role }) => role === 'operator',
    )
    const who = await enter(service, await opened(operator!.login))
    await assert.rejects(accounts().deleteAccount(who), refusal('last-operator'))
  })
})

it('keeps accounts when the root key is replaced, once a service was started with both', async () => {
  const data = temporaryFolder()
  const [old, fresh] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64url'))
  const run = async (keys: string, act: (one: TestService) => Promise<void>) => {
    const settings = { ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_DEMO: 'off', ONE_CAPTCHA_DATA: data }
    const one = await startService({ ...settings, ONE_CAPTCHA_ROOT_KEYS: keys })
    await act(one).finally(one.stop)
  }
  let secret = ''
  await run(old!, async (one) => {
    const who = await enter(one, await signUp(one, 'ada'))
    ;({ secret } = await setUpTotp(one.context.accounts, who, Date.now()))
    await one.context.store.accounts.setEmail(who.account.id, 'ada@example.org')
  })
  // It moves them while it starts; to stop waits for that.
  await run(`${fresh},${old}`, async () => {})
  await run(fresh!, async ({ context: { accounts, store } }) => {
    const heard = await accounts.logIn(newCaller(), { login: 'ada', password: PASSWORD })
    const { pending } = heard as { pending: string }
    const opened = await accounts.secondStep(newCaller(), pending, codeOf(secret, Date.now()))
    assert.equal(opened!.account.email, 'ada@example.org')
    assert.equal((await store.accounts.allByEmail('ada@example.org')).length, 1)
  })
  removeFolder(data)
})

it('writes no password, token or login into a file or the log [ASVS 14.2.4, 16.2.5]', async () => {
  const files = readdirSync(service.data).filter((name) => name !== 'root.key')
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(service.data, name))))
  assert.ok(bytes.includes('grace'), 'the test looks at the right files')
  const { token } = await opened('grace')
  for (const secret of [PASSWORD, '$argon2id$', 'seven blue whales', token])
    assert.ok(!bytes.includes(secret), secret)
  const log = said.join('')
  for (const secret of [PASSWORD, 'grace', 'turing', 'stuffing', 'invitation=', token])
    assert.ok(!log.includes(secret), secret)
})
