import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { letters } from '../../src/accounts/letters.ts'
import { smtpMailer } from '../../src/mail/smtp.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { enter, newCaller, PASSWORD, setUpTotp, signUp } from '../support/people.ts'
import { newPerson, SESSION } from '../support/person.ts'
import { startService, type TestService } from '../support/service.ts'

const HOUR_MS = 3_600_000
const PUBLIC = 'https://captcha.example.org'
const NEXT_PASSWORD = 'seven blue whales sing'

let service: TestService
let mailbox: Mailbox
let nowMs = 1_800_000_000_000
const said: string[] = []

beforeAll(async () => {
  mailbox = await openMailbox()
  service = await startService(
    {
      ...{ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_LOG_LEVEL: 'trace' },
      ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org' },
      ONE_CAPTCHA_PUBLIC_URL: PUBLIC,
    },
    { now: () => nowMs, log: { write: (line: string) => void said.push(line) } },
  )
})
afterAll(async () => {
  await service.stop()
  await mailbox.close()
})

const accounts = () => service.context.accounts
const slipIn = (link: string) => new URL(link).searchParams.get('link')!
const pathOf = (link: string) => link.slice(PUBLIC.length)
const person = () => newPerson(service.url, PUBLIC)

/** An account with a confirmed address. */
async function settle(login: string, email = `${login}@example.org`) {
  const opened = await signUp(service, login, { email })
  const { link } = await mailbox.take(email)
  assert.equal(await accounts().confirmEmail(newCaller(), slipIn(link)), true)
  return opened
}

async function resetLink(login: string, email = `${login}@example.org`) {
  await accounts().requestReset(newCaller(), login)
  return (await mailbox.take(email)).link
}

describe('an address', () => {
  it('counts once its link is followed and a button pressed: to look at the link does nothing', async () => {
    const opened = await signUp(service, 'ada', { email: 'Ada@Example.org' })
    const letter = await mailbox.take('Ada@Example.org')
    assert.ok(letter.link.startsWith(`${PUBLIC}/console/confirm-email?link=`))
    const scanner = person()
    for (let i = 0; i < 3; i++) {
      assert.equal((await scanner.get(pathOf(letter.link))).status, 200)
    }
    assert.equal((await enter(service, opened)).account.email, null)
    const seen = await scanner.send(pathOf(letter.link), 'confirm')
    assert.equal(seen.location, '/console/log-in')
    const { account } = await enter(service, opened)
    assert.deepEqual([account.email, account.emailConfirmedAt], ['Ada@Example.org', nowMs])
    // Once [ASVS 6.6.2].
    await scanner.get(pathOf(letter.link))
    assert.equal((await scanner.send(pathOf(letter.link), 'confirm')).status, 422)
  })

  it('is confirmed for one account and one address, within a day, and as things were', async () => {
    const opened = await settle('bob')
    const who = await enter(service, opened)
    await accounts().setEmail(who, 'bob@one.example')
    await accounts().setEmail(who, 'bob@two.example')
    const one = slipIn((await mailbox.take('bob@one.example')).link)
    const two = slipIn((await mailbox.take('bob@two.example')).link)
    assert.equal(await accounts().confirmEmail(newCaller(), two), true)
    assert.equal(
      await accounts().confirmEmail(newCaller(), one),
      false,
      'the address is another by now',
    )
    assert.match((await mailbox.take('bob@example.org')).text, /this one is not used any more/)

    nowMs += 6 * HOUR_MS
    const next = { ...(await enter(service, opened)), elevated: true }
    await accounts().setEmail(next, 'bob@three.example')
    const three = slipIn((await mailbox.take('bob@three.example')).link)
    nowMs += 24 * HOUR_MS
    assert.equal(await accounts().confirmEmail(newCaller(), three), false)
    assert.equal(await accounts().confirmEmail(newCaller(), `${two.slice(0, -1)}A`), false)
  })

  it('is no link’s that somebody else began before the password was changed', async () => {
    const who = await enter(service, await settle('cyd'))
    await accounts().setEmail(who, 'thief@example.net')
    const { link } = await mailbox.take('thief@example.net')
    await accounts().setPassword(who, NEXT_PASSWORD)
    assert.equal(await accounts().confirmEmail(newCaller(), slipIn(link)), false)
  })

  it('gets a few letters, however often somebody asks', async () => {
    const who = await enter(service, await signUp(service, 'dan'))
    let refused = 0
    for (let i = 0; i < 6; i++) {
      await accounts()
        .setEmail(who, 'flooded@example.net')
        .catch(() => refused++)
    }
    assert.equal(refused, 3)
    const other = await enter(service, await signUp(service, 'dora'))
    await assert.rejects(accounts().setEmail(other, 'Flooded@example.net'), /too many/)
    for (let i = 0; i < 3; i++) await mailbox.take('flooded@example.net')
  })

  it('lets nobody write headers of their own [ASVS 1.3.11]', async () => {
    const who = await enter(service, await signUp(service, 'eve'))
    for (const email of [
      'eve@example.org\r\nBcc: all@example.org',
      'eve@example.org\nSubject: hello',
      'eve@example.org%0aBcc:all@example.org,x',
      'eve@example.org>\r\nRCPT TO:<all@example.org',
      'a@example.org,b@example.org',
    ])
      await assert.rejects(accounts().setEmail(who, email), { code: 'field-invalid' })
    const mailer = smtpMailer(mailbox.url, 'captcha@example.org')
    for (const evil of [
      { to: 'a@b.example\r\nBcc: c@d.example' },
      { subject: 'x\r\nBcc: c@d.example' },
    ])
      await assert.rejects(
        mailer.send({ to: 'a@b.example', subject: 'x', text: 'x', ...evil }),
        /one line/,
      )
    await mailer.send({
      to: 'a@b.example',
      subject: 'Grüße',
      text: '.\r\n.\r\nRSET\r\n\r\nBcc: c@d.example',
    })
    const letter = await mailbox.take('a@b.example')
    assert.deepEqual([letter.to, letter.subject], [['a@b.example'], 'Grüße'])
    assert.equal(letter.headers.has('bcc'), false)
    assert.equal(letter.headers.get('auto-submitted'), 'auto-generated')
    assert.equal(letter.headers.has('x-mailer'), false)
    await mailer.close()
  })
})

describe('a reset', () => {
  it('goes to the confirmed address alone, and leads where the operator says we are', async () => {
    await settle('grace')
    // The name in the request is a stranger's to choose.
    const browser = person()
    await browser.get('/console/forgot')
    const seen = await browser.send('/console/forgot', 'forgot', { login: 'GRACE@example.org' })
    assert.equal(seen.status, 200)
    const { link, text } = await mailbox.take('grace@example.org')
    assert.ok(link.startsWith(`${PUBLIC}/console/reset?link=`))
    assert.match(text, /account grace/)
  })

  it('says the same of somebody, of nobody, and of one without an address [ASVS 6.3.8]', async () => {
    await signUp(service, 'no-address')
    const bodies = new Set<string>()
    for (const login of ['grace', 'nobody', 'no-address', 'nobody@example.org', '😀'.repeat(20)]) {
      const browser = person()
      await browser.get('/console/forgot')
      const { status, body } = await browser.send('/console/forgot', 'forgot', { login })
      bodies.add(JSON.stringify([status, body]))
    }
    assert.equal(bodies.size, 1)
    await mailbox.take('grace@example.org')
    assert.ok(mailbox.letters.every(({ text }) => !/nobody|no-address/.test(text)))
  })

  it('changes nothing when it is looked at, ends all sessions, and is good once [ASVS 6.4.3, 7.4.3]', async () => {
    const before = await settle('hedy')
    const link = await resetLink('hedy')
    const browser = person()
    browser.cookies.set(SESSION, before.token)
    for (let i = 0; i < 3; i++) await browser.get(pathOf(link))
    assert.ok(await accounts().byToken(before.token))
    assert.equal(
      (await browser.send(pathOf(link), 'reset', { password: 'password1234' })).status,
      422,
    )
    const seen = await browser.send(pathOf(link), 'reset', { password: NEXT_PASSWORD })
    assert.equal(seen.location, '/console/log-in')
    assert.equal(await accounts().byToken(before.token), null)
    const proof = { login: 'hedy', password: NEXT_PASSWORD }
    assert.ok(await accounts().logIn(newCaller(), proof))
    assert.equal(await accounts().logIn(newCaller(), { ...proof, password: PASSWORD }), null)
    assert.match((await mailbox.take('hedy@example.org')).text, /The password was changed/)
    assert.equal(await accounts().reset(newCaller(), slipIn(link), 'another good one here'), false)
  })

  it('by one of two links ends the other, and one link is used once by whoever is first', async () => {
    await settle('ida')
    const [one, two] = [await resetLink('ida'), await resetLink('ida')]
    const all = await Promise.all(
      [one, two, one, two].map((link, i) =>
        accounts().reset(newCaller(), slipIn(link), `seven blue whales ${'abcd'[i]}`),
      ),
    )
    assert.equal(all.filter(Boolean).length, 1)
  })

  it('dies after an hour, with the password, with the address, and with the account', async () => {
    const opened = await settle('joan')
    const isDead = async (link: string) =>
      assert.equal(await accounts().reset(newCaller(), slipIn(link), NEXT_PASSWORD), false)

    const late = await resetLink('joan')
    nowMs += HOUR_MS
    await isDead(late)

    const who = await enter(service, opened)
    const elevated = { ...who, elevated: true }
    const beforeAddress = await resetLink('joan')
    await accounts().setEmail(elevated, 'joan@two.example')
    const confirm = await mailbox.take('joan@two.example')
    await accounts().confirmEmail(newCaller(), slipIn(confirm.link))
    await mailbox.take('joan@example.org')
    await isDead(beforeAddress)

    nowMs += 6 * HOUR_MS
    const beforePassword = await resetLink('joan', 'joan@two.example')
    const renewed = { ...(await enter(service, opened)), elevated: true }
    await accounts().setPassword(renewed, NEXT_PASSWORD)
    await mailbox.take('joan@two.example')
    await isDead(beforePassword)

    nowMs += 6 * HOUR_MS
    const beforeEnd = await resetLink('joan', 'joan@two.example')
    await service.context.store.accounts.terminate(who.account.id)
    await isDead(beforeEnd)
  })

  it('is no way around codes from an app, and no other link is good for it', async () => {
    const who = await enter(service, await settle('kay'))
    await setUpTotp(accounts(), who, nowMs)
    await mailbox.take('kay@example.org')
    const link = await resetLink('kay')
    const confirm = slipIn(link)
    assert.equal(await accounts().confirmEmail(newCaller(), confirm), false)
    assert.equal(await accounts().reset(newCaller(), confirm, NEXT_PASSWORD), true)
    const heard = await accounts().logIn(newCaller(), { login: 'kay', password: NEXT_PASSWORD })
    assert.ok(heard && 'pending' in heard)
    await mailbox.take('kay@example.org')
  })

  it('names each account of an address, and takes a few letters an hour at most', async () => {
    await settle('lise', 'shared@example.org')
    await settle('lotte', 'shared@example.org')
    await accounts().requestReset(newCaller(), 'shared@example.org')
    const texts = [
      (await mailbox.take('shared@example.org')).text,
      (await mailbox.take('shared@example.org')).text,
    ]
    assert.deepEqual(texts.map((text) => /account (\w+)/.exec(text)![1]).sort(), ['lise', 'lotte'])
    for (let i = 0; i < 5; i++) await accounts().requestReset(newCaller(), 'lise')
    for (let i = 0; i < 2; i++) await mailbox.take('shared@example.org')
    // Whatever else was to be sent is sent before this one.
    await resetLink('ida')
    assert.ok(mailbox.letters.every(({ to }) => !to.includes('shared@example.org')))
  })
})

describe('letters', () => {
  it('come later where the mail server takes none at first', async () => {
    mailbox.refuse(1)
    const sent = accounts().requestReset(newCaller(), 'grace')
    await sent
    await mailbox.take('grace@example.org')
  })

  it('are calm, short, and plain text', () => {
    const { confirm, reset } = letters(PUBLIC)
    const slip = 'x'.repeat(300)
    for (const { text, subject } of [confirm('ada', slip), reset('ada', slip)]) {
      assert.ok(text.length < 1_500 && subject.length < 60)
      assert.doesNotMatch(text, /<|!/)
    }
  })
})

it('keeps no address in a file that could be read, and none in the log', () => {
  const files = readdirSync(service.data).filter((name) => name !== 'root.key')
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(service.data, name))))
  assert.ok(bytes.includes('grace'))
  const marks = ['grace@example', 'ada@example', 'Ada@Example', 'two.example', 'thief', 'flooded']
  for (const text of marks) {
    for (const form of [
      text,
      Buffer.from(text).toString('base64url').slice(0, -2),
      Buffer.from(text).toString('hex'),
    ])
      assert.ok(!bytes.includes(form), form)
    assert.ok(!said.join('').includes(text), text)
  }
})
