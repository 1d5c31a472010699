import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as body } from 'node:stream/consumers'
import { verify } from '../support/backend.ts'
import type { Mailbox } from '../support/mailbox.ts'
import { askFrame, sendFrame } from '../support/noscript.ts'
import { codeOf } from '../support/people.ts'
import { newPerson, type Person, type Seen } from '../support/person.ts'
import { testSeal } from '../support/program.ts'
import { sendRaw } from '../support/raw.ts'
import { callWith } from '../support/tenants.ts'
import { until } from '../support/until.ts'
import { ask, handIn, lightChallenge, type Page, pass } from '../support/visitor.ts'

/** What people have with them that must be found nowhere. The addresses are of documentation ranges: nobody's. */
const VISITOR = {
  'user-agent': 'Marked-Agent/7.31',
  'x-forwarded-for': '2001:db8:cafe:f00d::77',
  cookie: 'marked-cookie=c00c1e5c00c1e5',
  referer: 'https://example.test/marked-page?who=marked-person',
  'accept-language': 'mk-Marked',
}

/** By what each of them is. */
export const VISITOR_MARKS: Record<string, string | Buffer> = {
  'a visitor’s agent': 'Marked-Agent/7.31',
  'a visitor’s address': '2001:db8:cafe:f00d::77',
  'a visitor’s address in full': '2001:0db8:cafe:f00d:0000:0000:0000:0077',
  'a visitor’s network': '2001:db8:cafe',
  'a visitor’s address in bytes': Buffer.from('20010db8cafef00d0000000000000077', 'hex'),
  'a visitor’s network in bytes': Buffer.from('20010db8cafe', 'hex'),
  'an address that a backend told': '198.51.100.77',
  'a cookie': 'marked-cookie',
  'a cookie’s value': 'c00c1e5c00c1e5',
  'a page’s address': 'marked-page',
  'a query': 'marked-person',
  'a language': 'mk-Marked',
  'what was mistaken': 'marked-mistake',
}

export const PUBLIC = 'https://captcha.example.org'
const HOST = 'example.test'
const EMAIL = 'marked.operator@mail.example'
const PASSWORDS = ['marked horse battery 1', 'marked horse battery 2', 'marked wrong password']

/** A service that people come to: one node or several, each asked in turn. */
export interface Stage {
  urls: readonly string[]
  mailbox: Mailbox
  /** Where the first operator signs up: the end of the link. */
  firstPath: string
}

/** What was said to somebody and must not be kept, by what it is. */
export type Secrets = Record<string, string>

/** Visitors and backends, with all that can go right and wrong. */
export async function visits(
  stage: Stage,
  site: { sitekey: string; secret: string },
): Promise<Secrets> {
  const secrets: Secrets = {}
  const seal = testSeal()
  const { sitekey, secret } = site
  for (const [node, url] of stage.urls.entries()) {
    const page: Page = { service: url, headers: VISITOR }
    const token = await pass(page, seal, { sitekey, action: 'login' })
    secrets[`a token at node ${node}`] = token.slice(24, 90)
    for (const response of [token, token, 'marked-mistake']) {
      await verify(url, { secret, response, remoteip: '198.51.100.77' })
    }
    const query = new URLSearchParams({ secret, response: token, remoteip: '198.51.100.77' })
    await fetch(`${url}/v1/siteverify?${query}`, { headers: VISITOR })
    await verify(url, { secret: 'marked-mistake', response: token })
    for (const order of [
      { sitekey: 'marked-mistake' },
      { 'marked-mistake': 1 },
      { sitekey, action: 'é' },
    ])
      await ask(page, order)
    await ask({ ...page, origin: 'https://marked-mistake.test' }, { sitekey })
    await handIn(page, { challenge: 'marked-mistake', replies: [{ x: 1, trace: [[1, 2, 3]] }] })
    const challenge = lightChallenge(seal, { sitekey, cdata: 'marked-mistake' })
    await handIn(page, { challenge, replies: [{ proof: 'marked-mistake' }] })
    secrets[`a challenge at node ${node}`] = challenge.slice(24, 90)
    const marked = { cdata: 'marked-mistake', action: 'marked-mistake', hl: 'marked-mistake' }
    const frame = await askFrame(url, { sitekey: 'oc-test-interactive', ...marked }, VISITOR)
    secrets[`a step at node ${node}`] = frame.step.slice(24, 90)
    for (const act of ['picture', 'wait', 'marked-mistake'])
      await sendFrame(url, { step: frame.step, do: act }, VISITOR)
    for (let i = 0; i < 20; i++) await ask(page, { sitekey })
    for (const path of [
      '/marked-mistake?who=marked-mistake',
      '/%zz-marked-mistake',
      '/v1/challenges?marked-mistake',
      ...['/', '/demo', '/privacy', '/terms', '/status', '/feedback', '/licenses', '/promises'],
      ...[
        '/breaches',
        '/breaches.atom',
        '/breaches.json',
        '/terms/feed.atom',
        '/status/calendar.ics',
      ],
    ])
      await fetch(url + path, { headers: VISITOR })
    await sendRaw(url, 'MARKED marked-mistake HTTP/1.1\r\nmarked-mistake\r\n\r\n')
    await sendRaw(
      url,
      `GET /?marked-mistake HTTP/1.1\r\nHost: marked-mistake\r\nX: ${'marked-mistake'.repeat(900)}\r\n\r\n`,
    )
  }
  return secrets
}

/** Somebody becomes the first operator, and uses all that the console and the management API have. */
export async function developers(stage: Stage): Promise<{
  secrets: Secrets
  site: { sitekey: string; secret: string }
  operator: Person
  key: string
}> {
  const url = stage.urls[0]!
  const secrets: Secrets = {}
  PASSWORDS.forEach((password, i) => {
    secrets[`password ${i}`] = password
  })
  const operator = newPerson(url, PUBLIC, VISITOR)
  await operator.get(stage.firstPath)
  const signedUp = await operator.send(stage.firstPath, 'sign-up', {
    login: 'audited',
    password: PASSWORDS[0]!,
    email: EMAIL,
  })
  assert.equal(signedUp.status, 303)
  await follow(operator, stage.mailbox, EMAIL, 'confirm')
  note(secrets, 'a session', operator)

  // A mistake, a wrong password, a forgotten one.
  const other = newPerson(stage.urls.at(-1)!, PUBLIC, VISITOR)
  await other.get('/console/log-in')
  await other.send('/console/log-in', 'log-in', { login: 'audited', password: PASSWORDS[2]! })
  await other.get('/console/log-in')
  await other.send('/console/log-in', 'log-in', { login: EMAIL, password: 'marked-mistake' })
  await other.get('/console/forgot')
  await other.send('/console/forgot', 'forgot', { login: EMAIL })
  secrets['a link in a letter'] = await follow(other, stage.mailbox, EMAIL, 'reset', {
    password: PASSWORDS[1]!,
  })
  await other.get('/console/log-in')
  const entered = await other.send('/console/log-in', 'log-in', {
    login: 'audited',
    password: PASSWORDS[1]!,
  })
  assert.equal(entered.status, 303)
  note(secrets, 'another session', other)

  await other.get('/console/sites/add')
  const added = await other.send('/console/sites/add', 'site', {
    ...{ name: 'Audited', hosts: HOST, mode: 'puzzle' },
  })
  assert.equal(added.status, 201)
  const sitekey = found(added, /ock_\w+/)
  secrets['a first secret'] = found(added, /ocs_live_\w+/)
  await other.get(`/console/sites/${sitekey}/secrets`)
  const rotated = await other.send(`/console/sites/${sitekey}/secrets`, 'rotate', { overlap: '0' })
  const secret = found(rotated, /ocs_live_\w+/)
  secrets['a second secret'] = secret

  await other.get('/console/keys/add')
  const keyed = await other.send('/console/keys/add', 'key', {
    ...{ name: 'audit', scopes: 'sites:read', life: '30' },
  })
  const key = found(keyed, /oca_\w+/)
  secrets['a management key'] = key
  for (const one of [key, `${key}x`, 'marked-mistake', null]) {
    const call = callWith(url, one)
    await call('GET', '/sites')
    await call('GET', `/sites/${sitekey}?marked-mistake=1`)
    await call('PATCH', `/sites/${sitekey}`, '{"marked-mistake":', VISITOR)
  }

  await other.get('/console/invitations')
  const invited = await other.send('/console/invitations', 'invite', { role: 'developer' })
  secrets['an invitation'] = found(invited, /oci_\w+/)
  await other.get('/console/account/app')
  const begun = await other.send('/console/account/app', 'begin')
  const totp = found(begun, /\b[A-Z2-7]{32}\b/)
  secrets['a secret of an app for codes'] = totp
  const confirmed = await other.send('/console/account/app', 'confirm', {
    code: codeOf(totp, Date.now()),
  })
  assert.equal(confirmed.status, 200, confirmed.body.slice(0, 300))
  for (const [i, [code]] of [
    ...confirmed.body.matchAll(/\b[a-z0-9]{4,6}(?:-[a-z0-9]{4,6})+\b/g),
  ].entries())
    if (i < 3) secrets[`a recovery code ${i}`] = code

  // Somebody who finds a key reports it; and somebody guesses.
  for (const said of ['marked-mistake', secrets['a first secret']!]) {
    await fetch(`${url}/v1/secrets/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...VISITOR },
      body: JSON.stringify({ secret: said }),
    })
  }
  secrets['an operator’s address'] = EMAIL
  return { secrets, site: { sitekey, secret }, operator: other, key }
}

/** What people tell the operator, what the operator writes down and has sent. */
export async function promises(stage: Stage, operator: Person, key: string): Promise<Secrets> {
  const url = stage.urls.at(-1)!
  const sender = 'marked.sender@mail.example'
  const text = 'The marked complaint about a slow box.'
  const answer = 'The marked answer to the complaint.'
  const send = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...VISITOR, ...headers },
      body: JSON.stringify(body),
    })
  const order = { kind: 'service', text, address: sender }
  const withKey = { authorization: `Bearer ${key}` }
  assert.equal((await send(order)).status, 403)
  assert.equal((await send({ ...order, token: 'marked-mistake' })).status, 403)
  // What looks personal is asked about, and is nowhere meanwhile.
  const personal = { ...order, text: 'Call me: marked.mistake@mail.example', personal: undefined }
  assert.equal((await send(personal, withKey)).status, 422)
  const sent = await send(order, withKey)
  assert.equal(sent.status, 201)
  const { receipt } = (await sent.json()) as { receipt: string }
  for (const one of [receipt, `${receipt}x`]) {
    await fetch(`${url}/v1/feedback/receipt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...VISITOR },
      body: JSON.stringify({ receipt: one }),
    })
  }

  const inbox = await operator.get('/console/promises/feedback')
  const item = found(inbox, /\/console\/promises\/feedback\/fbk_\w+/)
  await operator.get(item)
  assert.equal((await operator.send(item, 'note', { text: 'A marked note among us.' })).status, 303)
  await operator.get(item)
  assert.equal((await operator.send(item, 'reply', { text: answer })).status, 303)
  assert.match((await stage.mailbox.take(sender)).text, /marked answer/)

  const hook = await openReceiver()
  await operator.get('/console/account/notices')
  const kinds = { url: `${hook.url}/marked-hook-path`, kinds: 'breach' }
  const added = await operator.send('/console/account/notices', 'add', kinds)
  const hookSecret = found(added, /whsec_[\w+/=-]+/)

  const nature = 'A marked disk was lost on a train.'
  await operator.get('/console/promises/breaches/add')
  const registered = await operator.send('/console/promises/breaches/add', 'add', {
    ...{ title: 'The marked disk', nature, noticedAt: new Date().toISOString().slice(0, 16) },
    ...{ data: 'Marked addresses', people: 'Everybody', peopleCount: '1', recordsCount: '1' },
    ...{ consequences: 'Marked letters', measures: 'New keys', advice: 'Be careful' },
    ...{ contact: 'security@example.org', risk: 'high' },
  })
  assert.equal(registered.status, 303, registered.body.slice(0, 2_000))
  const breach = registered.location
  await operator.get(breach)
  assert.equal((await operator.send(breach, 'concern', { whom: 'everybody' })).status, 303)
  await operator.get(breach)
  const telling = await operator.send(breach, 'people')
  assert.equal(telling.status, 303, telling.body.slice(0, 2_000))
  await hook.heard(/marked disk was lost/)
  await hook.close()
  return {
    ...{ 'a sender’s address': sender, feedback: text, 'an answer': answer, 'a receipt': receipt },
    ...{
      'a note': 'A marked note among us.',
      'what looked personal': 'marked.mistake@mail.example',
    },
    ...{ 'a webhook’s path': 'marked-hook-path', 'a webhook’s secret': hookSecret },
    ...{ 'what was lost': nature, 'what a breach is called': 'The marked disk' },
  }
}

/** A real server of somebody's, who listens to webhooks. */
async function openReceiver() {
  let heard = ''
  const server = createServer(async (request, response) => {
    heard += await body(request)
    response.writeHead(204).end()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard: (what: RegExp) => until(() => what.test(heard), `a webhook of ${what}`),
    close: () => new Promise((closed) => server.close(closed)),
  }
}

/** Follows the link in the next letter and presses its button. Returns the link's secret part. */
async function follow(
  person: Person,
  mailbox: Mailbox,
  to: string,
  form: string,
  fields: Record<string, string> = {},
): Promise<string> {
  // Other letters tell what was changed, and have no such link.
  let link = ''
  while (link === '') link = (await mailbox.take(to)).link
  const path = link.slice(PUBLIC.length)
  await person.get(path)
  const { status } = await person.send(path, form, fields)
  assert.equal(status, 303, `the link of ${form} is good`)
  return new URL(link).searchParams.get('link')!.slice(24, 90)
}

function note(secrets: Secrets, what: string, { cookies }: Person) {
  for (const [name, value] of cookies) {
    if (value.length >= 40) secrets[`${what}, ${name}`] = value
  }
}

function found({ body }: Seen, pattern: RegExp): string {
  const match = pattern.exec(body)
  assert.ok(match, `the page has ${pattern}`)
  return match[0]
}
