import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { newSecret } from '../../src/keys.ts'
import type { Actor } from '../../src/manage/manage.ts'
import { systemRandom } from '../../src/random.ts'
import { feedbackToken, hiddenIn, newWriter, receiptIn, type Writer } from '../support/feedback.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { enter, signUp } from '../support/people.ts'
import { SESSION } from '../support/person.ts'
import { startService, type TestService } from '../support/service.ts'
import { addTenant } from '../support/tenants.ts'

const HOUR_MS = 3_600_000
const TEXT = 'The slider is hard to use on my phone.'
const random = systemRandom()

/** Texts that would be more than text, if anybody let them. */
const XSS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</textarea><script>alert(1)</script>',
  '</title><svg onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<style>@import"//evil.test"</style>',
  '\u202e<b>gnp.exe\u2066',
]

let service: TestService
let mailbox: Mailbox
let nowMs = 1_800_000_000_000
let writer: Writer
let operator: Actor
const said: string[] = []

beforeAll(async () => {
  mailbox = await openMailbox()
  service = await startService(
    {
      ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
      ONE_CAPTCHA_SMTP_URL: mailbox.url,
      ONE_CAPTCHA_MAIL_FROM: 'service@example.org',
      ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org',
      ONE_CAPTCHA_CONTACT: 'hello@example.org',
      ONE_CAPTCHA_LOG_LEVEL: 'trace',
    },
    { now: () => nowMs, log: { write: (line: string) => void said.push(line) } },
  )
  const opened = await signUp(service, 'operator')
  const { account } = await enter(service, opened)
  operator = { account, by: account.id, scopes: null, onlySite: null, elevated: true }
})
afterAll(async () => {
  await service?.stop()
  await mailbox?.close()
})
beforeEach(() => {
  // What was counted before has faded.
  nowMs += 24 * HOUR_MS
  writer = newWriter(service)
})

const token = () => feedbackToken(service)
const room = () => service.context.feedback
const all = () => service.context.store.feedback.list({ limit: 1_000 })
const wish = (more: object = {}) => ({ kind: 'service', text: TEXT, ...more })
const filled = (more: Record<string, string> = {}) => ({
  ...{ kind: 'service', about: '', text: TEXT, address: '', ticket: '', ...more },
})

/** Logs the operator in. */
async function enterConsole(): Promise<string> {
  const session = Buffer.from(random.bytes(32)).toString('base64url')
  const [expiresAt, elevatedUntil] = [nowMs + HOUR_MS, nowMs + HOUR_MS]
  const { id: accountId } = operator.account
  const order = { accountId, way: 'passkey', expiresAt, elevatedUntil } as const
  await service.context.store.sessions.add(session, order)
  return session
}

/** Sends something, and gives its receipt. */
async function sent(more: object = {}): Promise<string> {
  const { status, body } = await newWriter(service).api(wish({ ...more, token: await token() }))
  assert.equal(status, 201)
  return body.receipt
}

/** Sends the form without a token, and waits until it may be sent. */
async function patient(who: Writer, more: Record<string, string> = {}) {
  const { status, text } = await who.form(filled(more))
  assert.equal(status, 403)
  nowMs += 30_000
  return hiddenIn(text, 'ticket')
}

describe('feedback over the API', () => {
  it('is kept for a token of the widget, and read with the receipt in the answer', async () => {
    const { status, headers, body } = await writer.api(wish({ token: await token() }))
    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body), ['receipt'])
    assert.equal(headers.get('cache-control'), 'no-store')
    const read = await writer.api({ receipt: body.receipt }, '/receipt')
    assert.deepEqual(read.body, {
      ...{ kind: 'service', state: 'new', text: TEXT, createdAt: nowMs },
      ...{ answeredByMail: false, entries: [] },
    })
  })

  it('is kept once for one token, however often it is sent at once', async () => {
    const before = (await all()).length
    const one = await token()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => writer.api(wish({ token: one }))),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
      assert.deepEqual([status, body.error.code], [403, 'token-invalid'])
    }
    assert.equal((await all()).length, before + 1)
  })

  it('is not kept for no token, a made-up one, or one of another form', async () => {
    const before = (await all()).length
    const { sitekey } = await service.addSite(['127.0.0.1'], 'checkbox')
    const other = await feedbackToken({
      ...service,
      context: {
        ...service.context,
        guards: {
          ...service.context.guards,
          feedback: { ...service.context.guards.feedback, sitekey: async () => sitekey },
        },
      },
    })
    for (const bad of [undefined, '', 'x', 'A'.repeat(200), other]) {
      const { status, body } = await writer.api(wish({ token: bad }))
      assert.deepEqual([status, body.error.code], [403, 'token-invalid'])
    }
    assert.equal((await all()).length, before)
  })

  it('takes a management key in place of a token, and a wrong key for no stranger', async () => {
    const { key } = await addTenant(service, { scopes: [] })
    const before = (await all()).length
    const authorization = `Bearer ${key}`
    assert.equal((await writer.api(wish(), '', { authorization })).status, 201)
    for (const bad of ['Bearer oca_none', `Bearer ${key}x`, `Basic ${key}`]) {
      const { status } = await writer.api(wish({ token: await token() }), '', {
        authorization: bad,
      })
      assert.equal(status, 401)
    }
    assert.equal((await all()).length, before + 1)
    // Whose key it was is written down nowhere.
    const events = await service.context.store.audit.list({ limit: 1 })
    assert.deepEqual([events[0]!.act, events[0]!.by], ['feedback.add', 'sender'])
  })

  it('names the field that is wrong, and its limit', async () => {
    for (const [more, field] of [
      [{ kind: 'praise' }, 'kind'],
      [{ text: '' }, 'text'],
      [{ text: '   \n ' }, 'text'],
      [{ text: 'x'.repeat(4_001) }, 'text'],
      [{ address: 'nobody' }, 'address'],
      [{ kind: 'terms', about: { version: 99 } }, 'version'],
      [{ kind: 'terms', about: { version: 0, clause: '99.9' } }, 'clause'],
      [{ about: { version: -1 } }, 'about.version'],
      [{ more: 1 }, 'more'],
    ] as const) {
      const { status, body } = await writer.api(wish({ ...more, token: 'x' }))
      assert.deepEqual([status, body.error.code, body.error.field], [400, 'field-invalid', field])
    }
  })

  it('takes 4,000 characters of any alphabet, and says how many bytes it takes', async () => {
    for (const letter of ['x', '字', '🌻', '\u2028']) {
      const text = `a${letter.repeat(3_998)}b`
      const { status, body } = await writer.api(wish({ text, token: await token() }))
      assert.equal(status, 201)
      const read = await writer.api({ receipt: body.receipt }, '/receipt')
      assert.equal(read.body.text, text)
    }
    const { status, body } = await writer.api(wish({ text: 'x'.repeat(70_000) }))
    assert.deepEqual([status, body.error.code], [413, 'body-too-large'])
    assert.match(body.error.message, /64 kB/)
  })

  it('is bound to a version and a clause of the Terms that are there', async () => {
    const [choice] = room().choices()
    const clause = choice!.clauses[0]!.id
    const about = { version: choice!.number, clause }
    const receipt = await sent({ kind: 'terms', about })
    const { about: kept } = (await service.context.store.feedback.byReceipt(receipt))!
    assert.deepEqual(kept, { number: choice!.number, clause })
  })
})

describe('what looks personal in feedback', () => {
  const text = 'I am ada@example.org, card 4111 1111 1111 1111.'

  it('is not kept before its sender has decided about it', async () => {
    const before = (await all()).length
    const one = await token()
    const { status, body } = await writer.api(wish({ text, token: one }))
    assert.deepEqual([status, body.error.code, body.error.field], [422, 'personal-data', 'text'])
    assert.deepEqual(
      body.findings.map((f: { what: string; from: number; to: number }) => [
        f.what,
        text.slice(f.from, f.to),
      ]),
      [
        ['e-mail address', 'ada@example.org'],
        ['payment card number', '4111 1111 1111 1111'],
      ],
    )
    assert.equal((await all()).length, before)
    // The token is used up: it has shown what it was for. The page gives a ticket in its place.
    const receipt = await sent({ text, personal: 'redact' })
    const redacted = await service.context.store.feedback.byReceipt(receipt)
    assert.equal(
      redacted!.text,
      'I am [e-mail address removed], card [payment card number removed].',
    )
    const kept = await service.context.store.feedback.byReceipt(
      await sent({ text, personal: 'keep' }),
    )
    assert.equal(kept!.text, text)
  })

  it('is marked on the page, with two choices, and nobody ticks the box twice for it', async () => {
    const asked = await writer.form({ ...filled({ text }), 'one-captcha-response': await token() })
    assert.equal(asked.status, 422)
    assert.match(asked.text, /E-mail address: <bdi>ada@example\.org<\/bdi>/)
    assert.match(asked.text, /<mark>4111 1111 1111 1111<\/mark>/)
    assert.match(asked.text, /name="personal" value="redact"/)
    assert.match(asked.text, /name="personal" value="keep"/)
    const ticket = hiddenIn(asked.text, 'ticket')
    const kept = await writer.form(filled({ text, ticket, personal: 'redact' }))
    assert.equal(kept.status, 201)
    const thread = await service.context.store.feedback.byReceipt(receiptIn(kept.text))
    assert.doesNotMatch(thread!.text, /ada@|4111/)
    // The ticket has shown it once.
    assert.equal((await writer.form(filled({ ticket }))).status, 403)
  })

  it('is left in the field for the address, which is for it', async () => {
    const receipt = await sent({ address: 'ada@example.org' })
    const read = await writer.api({ receipt }, '/receipt')
    assert.equal(read.body.answeredByMail, true)
    assert.doesNotMatch(read.text, /ada@/)
  })

  it('is asked about in a further message too', async () => {
    const receipt = await sent()
    const asked = await writer.api({ receipt, text }, '/receipt/messages')
    assert.equal(asked.body.error.code, 'personal-data')
    const page = await writer.form({ code: receipt, do: 'add', text }, '/feedback/receipt')
    assert.equal(page.status, 422)
    assert.match(page.text, /<mark>ada@example\.org<\/mark>/)
    const kept = await writer.api({ receipt, text, personal: 'redact' }, '/receipt/messages')
    assert.equal(kept.status, 201)
    const thread = await service.context.store.feedback.byReceipt(receipt)
    assert.deepEqual(
      thread!.entries.map((entry) => entry.text),
      ['I am [e-mail address removed], card [payment card number removed].'],
    )
  })
})

describe('the way of patience, without a script', () => {
  it('keeps all that was typed, says how long to wait, and takes it after half a minute, once', async () => {
    const fields = filled({ text: 'Two\nlines & <b>', address: 'ada@example.org' })
    const asked = await writer.form(fields)
    assert.equal(asked.status, 403)
    assert.match(asked.text, /Please wait 30 seconds/)
    assert.match(asked.text, /Two\nlines &amp; &lt;b>/)
    assert.match(asked.text, /value="ada@example\.org"/)
    assert.doesNotMatch(asked.text, /http-equiv/)
    const ticket = hiddenIn(asked.text, 'ticket')
    nowMs += 18_500
    const early = await writer.form({ ...fields, ticket })
    assert.equal(early.status, 403)
    assert.match(early.text, /Please wait 12 seconds/)
    assert.equal(hiddenIn(early.text, 'ticket'), ticket)
    nowMs += 11_499
    assert.match((await writer.form({ ...fields, ticket })).text, /Please wait 1 second,/)
    nowMs += 1
    const kept = await writer.form({ ...fields, ticket })
    assert.equal(kept.status, 201)
    assert.equal(kept.headers.get('cache-control'), 'no-store')
    const thread = await service.context.store.feedback.byReceipt(receiptIn(kept.text))
    assert.deepEqual([thread!.text, thread!.address], ['Two\nlines & <b>', 'ada@example.org'])
    const again = await writer.form({ ...fields, ticket })
    assert.equal(again.status, 403)
    assert.match(again.text, /used before, or is too old/)
  })

  it('takes a ticket once, also where it is sent twice at the same moment', async () => {
    const ticket = await patient(writer)
    const before = (await all()).length
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => newWriter(service).form(filled({ ticket }))),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 403, 403, 403])
    assert.equal((await all()).length, before + 1)
  })

  it('takes no ticket that is two hours old, altered, or was sealed for something else', async () => {
    const ticket = await patient(writer)
    const { seal } = service.context.tools
    const forged = JSON.stringify(['feedback', 'id', nowMs, nowMs + HOUR_MS, 'token', '0'])
    for (const bad of [
      `${ticket.slice(0, -2)}AA`,
      seal.close('link', forged),
      seal.close('token', forged),
      seal.close('pending', JSON.stringify(['totp', 'id', nowMs, nowMs + HOUR_MS, 'token', '0'])),
      'x',
    ]) {
      assert.equal((await writer.form(filled({ ticket: bad }))).status, 403)
    }
    nowMs += 2 * HOUR_MS
    assert.match((await writer.form(filled({ ticket }))).text, /used before, or is too old/)
  })

  it('takes three an hour from one network, and leaves the ticket good that was one too many', async () => {
    for (let i = 0; i < 3; i++) {
      const ticket = await patient(writer)
      assert.equal((await writer.form(filled({ ticket }))).status, 201)
    }
    const ticket = await patient(writer)
    const refused = await writer.form(filled({ ticket, text: 'Still here' }))
    assert.equal(refused.status, 429)
    assert.match(refused.text, /Still here/)
    assert.equal(hiddenIn(refused.text, 'ticket'), ticket)
    nowMs += 1_000 * Number(refused.headers.get('retry-after'))
    assert.equal((await writer.form(filled({ ticket }))).status, 201)
  })

  it('takes thirty an hour in all, from however many networks a robot has, and still takes tokens', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 45 }, async () => {
        const who = newWriter(service)
        return { who, ticket: hiddenIn((await who.form(filled())).text, 'ticket') }
      }),
    )
    nowMs += 30_000
    const answers = await Promise.all(
      tickets.map(({ who, ticket }) => who.form(filled({ ticket }))),
    )
    const kept = answers.filter(({ status }) => status === 201).length
    assert.ok(kept >= 25 && kept <= 30, `${kept} of 45`)
    assert.equal((await writer.api(wish({ token: await token() }))).status, 201)
  })
})

describe('a flood of feedback', () => {
  it('is taken ten times an hour from one network, and refused before a token is used up', async () => {
    for (let i = 0; i < 10; i++) {
      assert.equal((await writer.api(wish({ token: await token() }))).status, 201, `the ${i}th`)
    }
    const one = await token()
    const refused = await writer.api(wish({ token: one }))
    assert.deepEqual([refused.status, refused.body.error.code], [429, 'too-many-requests'])
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await newWriter(service).api(wish({ token: one }))).status, 201)
  })
})

describe('a receipt', () => {
  it('leads, mistyped, made up, deleted or not a receipt at all, to one and the same answer', async () => {
    const receipt = await sent()
    const deleted = await sent()
    await writer.api({ receipt: deleted }, '/receipt/delete')
    const wrong = [
      newSecret(random, 'receipt'),
      `${receipt.slice(0, -1)}${receipt.endsWith('a') ? 'b' : 'a'}`,
      deleted,
      'ocr_',
      'x',
    ]
    const [pages, replies] = [new Set<string>(), new Set<string>()]
    for (const code of wrong) {
      const page = await writer.form({ code, do: 'show' }, '/feedback/receipt')
      assert.equal(page.status, 404)
      pages.add(page.text)
      for (const path of ['/receipt', '/receipt/delete']) {
        const reply = await writer.api({ receipt: code }, path)
        replies.add(`${reply.status} ${reply.text}`)
      }
      const added = await writer.api({ receipt: code, text: 'x' }, '/receipt/messages')
      replies.add(`${added.status} ${added.text}`)
    }
    assert.equal(pages.size, 1)
    assert.equal(replies.size, 1)
    assert.ok(
      [...pages].every((page) =>
        wrong.every((code) => code === 'x' || !page.includes(`"${code}"`)),
      ),
    )
  })

  it('is guessed at sixty times in ten minutes, and no more', async () => {
    let last = 0
    for (let i = 0; i < 61; i++) {
      last = (await writer.api({ receipt: newSecret(random, 'receipt') }, '/receipt')).status
    }
    assert.equal(last, 429)
    assert.equal((await writer.form({ code: 'x', do: 'show' }, '/feedback/receipt')).status, 429)
  })

  it('is in no address: a page asked for with it in the query shows nothing', async () => {
    const receipt = await sent()
    const page = await fetch(`${service.url}/feedback/receipt?code=${receipt}&do=show`)
    const text = await page.text()
    assert.ok(!text.includes(TEXT) && !text.includes(receipt))
  })

  it('lets its holder add something, and delete all of it', async () => {
    const receipt = await sent()
    const added = await writer.form(
      { code: receipt, do: 'add', text: 'More.' },
      '/feedback/receipt',
    )
    assert.equal(added.status, 201)
    assert.match(added.text, /Your message is kept[\s\S]*More\./)
    const gone = await writer.form({ code: receipt, do: 'delete' }, '/feedback/receipt')
    assert.match(gone.text, /All of it is deleted/)
    assert.equal(
      (await writer.form({ code: receipt, do: 'show' }, '/feedback/receipt')).status,
      404,
    )
  })

  it('ends when somebody reports that it was found lying about', async () => {
    const receipt = await sent()
    await fetch(`${service.url}/v1/secrets/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: receipt }),
    })
    assert.equal((await writer.api({ receipt }, '/receipt')).status, 404)
  })
})

describe('what somebody wrote', () => {
  it('is shown as nothing but text, to its sender and to operators', async () => {
    for (const [nth, text] of XSS.entries()) {
      if (nth % 5 === 0) nowMs += HOUR_MS * 24
      const kept = await writer.form({
        ...filled({ text, address: '' }),
        ...{ personal: 'keep', 'one-captcha-response': await token() },
      })
      assert.equal(kept.status, 201)
      const code = receiptIn(kept.text)
      const { id } = (await service.context.store.feedback.byReceipt(code))!
      await room().reply(operator, id, `Re: ${text.replace(/\p{Cf}/gu, '')}`)
      const cookie = `${SESSION}=${await enterConsole()}`
      const pages = [
        (await writer.form({ code, do: 'show' }, '/feedback/receipt')).text,
        (await writer.form(filled({ text }))).text,
        (await writer.form(filled({ text, kind: text, about: text, address: text }))).text,
        ...(await Promise.all(
          ['', `/${id}`].map(async (path) => {
            const url = `${service.url}/console/promises/feedback${path}`
            return (await fetch(url, { headers: { cookie } })).text()
          }),
        )),
      ]
      for (const page of pages) {
        assert.doesNotMatch(page, /<script>alert|<img|<svg onload|<a href="javascript|<style>@/)
        assert.match(page, /alert|evil|gnp/)
      }
      // What turns a line around is taken out before it is kept.
      assert.doesNotMatch([pages[0], ...pages.slice(3)].join(''), /[\u202e\u2066]/)
    }
  })

  it('puts nothing into the header of a letter, whatever the address', async () => {
    const before = (await all()).length
    for (const address of [
      'ada@example.org\r\nBcc: evil@example.org',
      'ada@example.org\nBcc:evil@example.org',
      'ada@example.org, evil@example.org',
      'Ada <ada@example.org>',
      '"a b"@example.org',
      'ada@example.org\0',
      'ada@[127.0.0.1]',
      'ada@example',
      `${'a'.repeat(65)}@example.org`,
      '\u202eada@example.org',
    ]) {
      const { status, body } = await writer.api(wish({ address, token: 'x' }))
      assert.deepEqual([status, body.error.field], [400, 'address'], address)
    }
    assert.equal((await all()).length, before)
  })

  it('is answered by mail, the notes are not, and the address is gone once it is closed', async () => {
    const receipt = await sent({ address: 'ada@example.org', kind: 'abuse' })
    const { id } = (await service.context.store.feedback.byReceipt(receipt))!
    await room().note(operator, id, 'A NOTE AMONG US')
    await room().reply(operator, id, 'Thank you.\n\nWe have looked at it.')
    await service.context.jobs.tick()
    const letter = await mailbox.take('ada@example.org')
    assert.match(letter.text, /Thank you\.\s+We have looked at it\./)
    assert.match(letter.text, /https:\/\/captcha\.example\.org\/feedback\/receipt/)
    assert.doesNotMatch(letter.text, /A NOTE/)
    assert.equal(letter.headers.get('list-unsubscribe'), undefined)
    const read = await writer.api({ receipt }, '/receipt')
    assert.equal(read.body.state, 'answered')
    assert.deepEqual(
      read.body.entries.map(({ sort }: { sort: string }) => sort),
      ['reply'],
    )
    await room().setState(operator, id, 'closed')
    assert.equal((await room().one(operator, id)).address, null)
    const late = await writer.api({ receipt, text: 'More' }, '/receipt/messages')
    assert.deepEqual([late.status, late.body.error.code], [409, 'feedback-closed'])
  })

  it('is seen by operators alone', async () => {
    const { account } = await addTenant(service)
    const developer: Actor = { ...operator, account, by: account.id }
    const { id } = (await all())[0]!
    for (const deed of [
      () => room().list(developer, { limit: 1 }),
      () => room().counts(developer),
      () => room().one(developer, id),
      () => room().reply(developer, id, 'x'),
      () => room().note(developer, id, 'x'),
      () => room().setState(developer, id, 'closed'),
      () => room().remove(developer, id),
    ]) {
      await assert.rejects(deed, { code: 'forbidden' })
    }
    for (const id of ['fbk_none', "x' OR 1=1", '../x']) {
      await assert.rejects(() => room().one(operator, id), { code: 'not-found' })
      await assert.rejects(() => room().reply(operator, id, 'x'), { code: 'not-found' })
      await assert.rejects(() => room().remove(operator, id), { code: 'not-found' })
    }
  })

  it('is in no line of the log', async () => {
    const mark = 'MARK-OF-A-SENDER'
    await sent({ text: mark, address: 'mark-of-a-sender@example.org' })
    await writer.form(filled({ text: mark, address: mark }))
    await writer.api({ receipt: mark, text: mark, more: mark }, '/receipt/messages')
    await fetch(`${service.url}/feedback?clause=${mark}`)
    assert.doesNotMatch(said.join('\n'), /mark-of-a-sender|ocr_/i)
  })
})

describe('a form sent in a strange way', () => {
  it('is told so on a page, and finds no fault of ours', async () => {
    const twice = await fetch(`${service.url}/feedback`, {
      method: 'POST',
      body: new URLSearchParams([
        ['text', 'a'],
        ['text', 'b'],
      ]),
    })
    assert.equal(twice.status, 422)
    assert.match(await twice.text(), /sent twice/)
    for (const [type, body, status] of [
      ['application/json', '{"text":"x"}', 415],
      ['text/plain', 'text=x', 415],
      ['application/x-www-form-urlencoded', `text=${'x'.repeat(70_000)}`, 413],
      ['application/x-www-form-urlencoded', '__proto__=1&constructor=2&toString=3', 422],
      ['application/x-www-form-urlencoded', 'text=%00%ff%fe&kind=%ed%a0%80', 422],
    ] as const) {
      const answer = await fetch(`${service.url}/feedback`, {
        ...{ method: 'POST', headers: { 'content-type': type }, body },
      })
      assert.equal(answer.status, status, type)
      assert.match(answer.headers.get('content-type')!, /html/)
    }
  })
})

describe('feedback, counted in public', () => {
  it('is sums alone, and says how soon half of it was answered', async () => {
    nowMs += 100 * 24 * HOUR_MS
    const page = async () => (await fetch(`${service.url}/feedback`)).text()
    assert.match(await page(), /There was none so far/)
    const { id } = (await service.context.store.feedback.byReceipt(await sent()))!
    nowMs += 3 * HOUR_MS
    await room().reply(operator, id, 'Thanks.')
    const text = await page()
    assert.match(text, /Half of the answers came within 3 hours/)
    assert.match(text, /<th scope="row">Answered<\/th><td>1<\/td><td>0<\/td>/)
    assert.ok(!text.includes(TEXT))
  })

  it('is counted once a minute, however many look', async () => {
    const count = async () => {
      const { counts } = await room().numbers()
      return counts.reduce((sum, one) => sum + one.count, 0)
    }
    const before = await count()
    await sent()
    assert.equal(await count(), before)
    nowMs += 60_000
    assert.equal(await count(), before + 1)
  })
})

describe('where feedback is off', () => {
  it('there are no routes for it and no links to it, and a weakness can still be told', async () => {
    const off = await startService({
      ONE_CAPTCHA_FEEDBACK: 'off',
      ONE_CAPTCHA_SECURITY_CONTACT: 'security@example.org',
    })
    try {
      for (const path of ['/feedback', '/feedback/receipt', '/v1/feedback']) {
        assert.equal((await fetch(off.url + path)).status, 404)
        assert.equal((await fetch(off.url + path, { method: 'POST' })).status, 404)
      }
      for (const path of ['/', '/privacy']) {
        assert.doesNotMatch(await (await fetch(off.url + path)).text(), /href="\/feedback/)
        assert.match(await (await fetch(service.url + path)).text(), /href="\/feedback/)
      }
      const txt = await (await fetch(`${off.url}/.well-known/security.txt`)).text()
      assert.match(txt, /^Contact: mailto:security@example\.org\n/)
      assert.doesNotMatch(txt, /\/feedback/)
    } finally {
      await off.stop()
    }
  })
})

describe('what programs look for at well-known addresses', () => {
  it('is where to tell of a weakness, and where to change a password; anything else is not there', async () => {
    const at = (path: string) => fetch(`${service.url}/.well-known/${path}`, { redirect: 'manual' })
    const txt = await at('security.txt')
    assert.deepEqual(
      [txt.status, txt.headers.get('content-type')],
      [200, 'text/plain; charset=utf-8'],
    )
    const text = await txt.text()
    assert.match(text, /^Contact: mailto:hello@example\.org\n/)
    const change = await at('change-password')
    assert.deepEqual(
      [change.status, change.headers.get('location')],
      [302, '/console/account/password'],
    )
    // Where this answered 200, a password manager could not tell that the one before is real.
    const none = await at('resource-that-should-not-exist-whose-status-code-should-not-be-200')
    assert.equal(none.status, 404)
  })
})
