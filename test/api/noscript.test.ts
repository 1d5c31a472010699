import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { ROUNDS } from '../../src/core/noscript.ts'
import { LedgerUnavailable } from '../../src/ledger/ledger.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { verify } from '../support/backend.ts'
import { askFrame, lookInto, press, type Shown, sendFrame } from '../support/noscript.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { HOST, ORIGIN, quickToken } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const REFERER = { referer: `${ORIGIN}/` }

let service: TestService
let site: { sitekey: string; secret: string }
/** The service's clock: the tests put it forward instead of waiting. */
let aheadMs = 0
const lines: string[] = []

beforeAll(async () => {
  const log = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  service = await startService(
    { ONE_CAPTCHA_LOG_LEVEL: 'debug' },
    { now: () => Date.now() + aheadMs, log },
  )
})
afterAll(() => service.stop())
beforeEach(async () => {
  site = await service.addSite([HOST, '*.shop.test'], 'checkbox', { noscriptPerHour: 60 })
  await fullShelf()
})

const seal = () => service.context.tools.seal
const fullShelf = () =>
  until(() => service.context.painter.ready() > 45, 'there are more pictures than half a shelf')
const ask = (more: Record<string, string> = {}, headers: Record<string, string> = REFERER) =>
  askFrame(service.url, { sitekey: site.sitekey, ...more }, headers)
const send = (fields: Record<string, string> | string[][], headers = {}) =>
  sendFrame(service.url, fields, headers)
const go = (shown: Shown, what: string) => send({ step: shown.step, do: what })
const begin = async (more: Record<string, string> = {}) => go(await ask(more), 'picture')
const redeem = async (response: string, secret = site.secret) =>
  (await verify(service.url, { secret, response })).finding
const stepOf = (shown: Shown) => lookInto(seal(), shown.step)

/** Presses one picture after the other in its gap, until there is a token or something else than a picture. */
async function solve(shown: Shown): Promise<Shown> {
  let now = shown
  for (let i = 0; i < ROUNDS && now.status === 200 && now.token === ''; i++) {
    now = await send(press(seal(), now.step))
  }
  return now
}

/** Waits, in place of pictures. */
async function wait(more: Record<string, string> = {}): Promise<Shown> {
  const shown = await go(await ask(more), 'wait')
  aheadMs += Math.max(0, stepOf(shown).readyAt - service.context.tools.now())
  return go(shown, 'go')
}

describe('the way by pictures', () => {
  it('ends after three in a row with an ordinary token for the page that it was asked for', async () => {
    const first = await begin({ action: 'signup', cdata: 'order 7' })
    assert.equal(first.status, 200)
    const { token } = await solve(first)
    const finding = await redeem(token)
    assert.deepEqual(
      [finding.success, finding.hostname, finding.action, finding.cdata],
      [true, HOST, 'signup', 'order 7'],
    )
    assert.equal((await redeem(token)).reason, 'token-spent')
  })

  it('paints nothing, and counts nothing, before somebody asks for it', async () => {
    const before = service.context.painter.ready()
    const { html } = await ask()
    assert.ok(!html.includes('data:image'))
    assert.ok(service.context.painter.ready() >= before)
  })

  it('begins anew after a miss, with another picture', async () => {
    const second = await send(press(seal(), (await begin()).step))
    assert.equal(stepOf(second).hits, 1)
    const missed = await send(press(seal(), second.step, false))
    assert.match(missed.html, /Almost! Here is another one\./)
    assert.match(missed.html, /Picture 1 of 3/)
    assert.equal(stepOf(missed).hits, 0)
    assert.ok((await solve(missed)).token)
  })

  it('keeps what was right when another picture is asked for, or pressed by a keyboard, and then the old one is gone', async () => {
    const corner: Record<string, string> = { 'at.x': '0', 'at.y': '0' }
    for (const fields of [{ do: 'picture' }, corner]) {
      const second = await send(press(seal(), (await begin()).step))
      const other = await send({ step: second.step, ...fields })
      assert.equal(stepOf(other).hits, 1)
      assert.notDeepEqual(stepOf(other).gap, stepOf(second).gap)
      assert.equal((await send(press(seal(), second.step))).status, 409)
    }
  })

  it('takes each answer once, however many come at once', async () => {
    const first = await begin()
    const fields = press(seal(), first.step)
    const all = await Promise.all(Array.from({ length: 20 }, () => send(fields)))
    assert.deepEqual(all.map(({ status }) => status).sort(), [200, ...Array(19).fill(409)])
    const again = await send(fields)
    assert.equal(again.status, 409)
    assert.match(again.html, /This is no longer good\./)
    // Nothing is lost but the try.
    assert.equal((await go(again, 'start')).status, 200)
  })

  it('gives out one token for a last answer, however many come at once', async () => {
    let last = await begin()
    for (let i = 1; i < ROUNDS; i++) last = await send(press(seal(), last.step))
    const fields = press(seal(), last.step)
    const all = await Promise.all(Array.from({ length: 20 }, () => send(fields)))
    assert.equal(all.filter(({ token }) => token !== '').length, 1)
  })

  it('leaves half of the shelf to those whose machines work for it, keeps what was right, and says when to come', async () => {
    const second = await send(press(seal(), (await begin()).step))
    const { painter } = service.context
    while (painter.ready() > 30) painter.take()
    const busy = await send(press(seal(), second.step))
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '5'])
    assert.match(busy.html, /Very busy just now/)
    assert.ok(painter.ready() > 25)
    await fullShelf()
    const third = await go(busy, 'go')
    assert.equal(stepOf(third).hits, 2)
    assert.ok((await solve(third)).token)
  })
})

describe('the way by waiting', () => {
  it('ends with a token when it is over, and not before', async () => {
    const shown = await go(await ask({ action: 'login' }), 'wait')
    assert.match(shown.html, /Please wait: 60 sec/)
    for (let i = 0; i < 3; i++) {
      const early = await go(shown, 'go')
      assert.equal(early.status, 200)
      // Nobody who is early waits for longer.
      assert.deepEqual([early.token, early.step], ['', shown.step])
      aheadMs += 19_000
    }
    aheadMs += 3_000
    const { token } = await go(shown, 'go')
    const { success, action } = await redeem(token)
    assert.deepEqual([success, action], [true, 'login'])
    assert.equal((await go(shown, 'go')).status, 409)
  })

  it('is open from a picture too, and takes nothing right along', async () => {
    const second = await send(press(seal(), (await begin()).step))
    const shown = await go(second, 'wait')
    assert.equal(stepOf(shown).hits, 0)
    assert.equal(stepOf(shown).way, 'wait')
  })

  it('gives one network two tokens in ten minutes, however many it waits for at once', async () => {
    const waits = await Promise.all(Array.from({ length: 8 }, async () => go(await ask(), 'wait')))
    aheadMs += MINUTE_MS
    const ended = await Promise.all(waits.map((one) => go(one, 'go')))
    assert.equal(ended.filter(({ token }) => token !== '').length, 2)
    for (const { status, token } of ended) assert.equal(status, token ? 200 : 429)
    // Who would begin now is told before the wait, and another way is not used up by it.
    assert.equal((await go(await ask(), 'wait')).status, 429)
    assert.ok((await solve(await begin())).token)
  })

  it('is not lost where there is no token left: it is good when there is one again', async () => {
    const waits = [await ask(), await ask(), await ask()]
    const begun = []
    for (const one of waits) begun.push(await go(one, 'wait'))
    aheadMs += MINUTE_MS
    for (const one of begun.slice(0, 2)) assert.ok((await go(one, 'go')).token)
    const late = await go(begun[2]!, 'go')
    assert.equal(late.status, 429)
    const seconds = Number(late.headers.get('retry-after'))
    assert.ok(seconds > 60 && seconds < 600, String(seconds))
    // To ask too early costs nothing, and makes nothing last for longer.
    const early = await go(late, 'go')
    assert.deepEqual([early.status, early.step], [429, late.step])
    aheadMs += seconds * 1_000
    assert.ok((await go(late, 'go')).token)
  })

  it('takes longer under pressure', async () => {
    const busy = await startService({ ONE_CAPTCHA_CALM: '10', ONE_CAPTCHA_PAINTERS: '1' })
    try {
      const { sitekey } = await busy.addSite([HOST], 'checkbox', { noscriptPerHour: 60 })
      const waits: number[] = []
      for (let i = 0; i < 5; i++) {
        const { step } = await askFrame(busy.url, { sitekey }, REFERER)
        const shown = await sendFrame(busy.url, { step, do: 'wait' })
        if (shown.status === 429) {
          assert.equal(shown.headers.get('retry-after'), '60')
          break
        }
        const { readyAt, issuedAt } = lookInto(busy.context.tools.seal, shown.step)
        waits.push(readyAt - issuedAt)
      }
      assert.ok(waits.length < 5, 'refused in the end')
      assert.deepEqual(
        waits,
        [...waits].sort((a, b) => a - b),
      )
      assert.ok(waits.at(-1)! > 2 * waits[0]!, String(waits))
    } finally {
      await busy.stop()
    }
  })
})

describe('a site', () => {
  it('has no such way unless its owners say so', async () => {
    const { sitekey } = await service.addSite([HOST], 'checkbox')
    const { status, html } = await askFrame(service.url, { sitekey }, REFERER)
    assert.equal(status, 403)
    assert.match(html, /This page is not set up for it yet\./)
    assert.match(html, /noscriptPerHour is 0/)
  })

  it('can close it, also to those who are on their way', async () => {
    const first = await begin()
    await service.context.store.sites.set(site.sitekey, { noscriptPerHour: 0 })
    assert.equal((await send(press(seal(), first.step))).status, 403)
  })

  it('gives out no more than it says in an hour, by each way', async () => {
    await service.context.store.sites.set(site.sitekey, { noscriptPerHour: 1 })
    const first = await begin()
    const second = await begin()
    assert.ok((await solve(first)).token)
    const late = await solve(second)
    assert.equal(late.status, 429)
    assert.ok(Number(late.headers.get('retry-after')) > 1_000)
    assert.equal((await begin()).status, 429)
    assert.ok((await wait()).token)
    // What was solved is not lost; but nor does it wait for ever.
    assert.equal(stepOf(late).hits, ROUNDS)
    aheadMs += 11 * MINUTE_MS
    assert.equal((await go(late, 'go')).status, 410)
  })

  it('that is suspended, removed or unknown is refused, also to those who are on their way', async () => {
    const first = await begin()
    const fields = press(seal(), first.step)
    await service.context.store.sites.setState(site.sitekey, 'suspended')
    assert.equal((await ask()).status, 403)
    assert.equal((await send(fields)).status, 403)
    await service.context.store.sites.remove(site.sitekey)
    assert.equal((await ask()).status, 400)
    assert.equal((await send(fields)).status, 400)
    assert.equal((await ask({ sitekey: 'ock_none' })).status, 400)
  })

  it('gives its tokens the life that its owners chose', async () => {
    await service.context.store.sites.set(site.sitekey, { tokenLifeMs: 120_000 })
    const { token, html } = await solve(await begin())
    assert.match(html, /It is good for: 2 min/)
    aheadMs += 120_001
    assert.equal((await redeem(token)).reason, 'token-expired')
  })
})

describe('the page around the frame', () => {
  it('must be the site’s: by its address, and by who may show it', async () => {
    const { headers } = await ask()
    const policy = headers.get('content-security-policy')!
    const all = `http://*.shop.test:* https://*.shop.test:* http://${HOST}:* https://${HOST}:*`
    assert.match(policy, new RegExp(`frame-ancestors ${all.replaceAll('*', '\\*')}$`))
    const foreign = await ask({}, { referer: 'https://evil.test/page' })
    assert.equal(foreign.status, 403)
    assert.match(foreign.html, /one of the site/)
  })

  it('is named in the token: by its address, or where that is not told by the site’s first name', async () => {
    for (const [headers, host] of [
      [{ referer: 'https://www.shop.test/x' }, 'www.shop.test'],
      [{ 'sec-fetch-dest': 'iframe' }, HOST],
      [{}, HOST],
    ] as const) {
      assert.equal(stepOf(await ask({}, headers)).host, host)
    }
    const wild = await service.addSite(['*.wild.test'], 'checkbox', { noscriptPerHour: 1 })
    assert.equal((await askFrame(service.url, { sitekey: wild.sitekey })).status, 403)
  })

  it('is where people come from: nobody is led to it from elsewhere to solve what another wants', async () => {
    assert.equal((await ask({}, { 'sec-fetch-dest': 'document' })).status, 403)
    const link = { ...REFERER, 'sec-fetch-dest': 'document' }
    assert.equal((await ask({}, link)).status, 200)
  })

  it('gets a refusal that it can show, whoever it is', async () => {
    const { headers, html } = await ask({ sitekey: 'ock_none' })
    assert.match(headers.get('content-security-policy')!, /frame-ancestors \*$/)
    assert.ok(!html.includes('<form'))
  })
})

describe('a page of the frame', () => {
  it('has no script and no cookie, and is kept by nobody', async () => {
    const first = await begin()
    for (const shown of [await ask(), first, await solve(first), await ask({ action: '<' })]) {
      assert.ok(!/<script|\son\w+=|style=|javascript:/i.test(shown.html))
      assert.equal(shown.headers.get('set-cookie'), null)
      assert.equal(shown.headers.get('cache-control'), 'no-store')
      assert.equal(shown.headers.get('referrer-policy'), 'no-referrer')
      const policy = shown.headers.get('content-security-policy')!
      assert.match(
        policy,
        /^default-src 'none'; style-src 'self'; img-src 'self' data:; form-action/,
      )
      assert.ok(!policy.includes('unsafe'))
    }
  })

  it('says in its title what has come of what was done, and what is to be done now', async () => {
    const titleOf = ({ html }: Shown) => /<title>(.*?) · One Captcha<\/title>/.exec(html)?.[1]
    const start = await ask()
    assert.equal(titleOf(start), 'I am human')
    assert.match(start.html, /<p>This is a captcha\..*“Skip puzzle and wait” below\.<\/p>/)
    const picture = await go(start, 'picture')
    const task = 'Press where this piece belongs · Picture'
    assert.equal(titleOf(picture), `${task} 1 of 3`)
    const second = await send(press(seal(), picture.step))
    assert.equal(titleOf(second), `${task} 2 of 3`)
    const missed = await send(press(seal(), second.step, false))
    assert.equal(titleOf(missed), `Almost! Here is another one. ${task} 1 of 3`)
    assert.equal(titleOf(await go(missed, 'wait')), 'Please wait: 60 sec')
    assert.equal(titleOf(await solve(missed)), 'Thank you, all done.')
    assert.equal(titleOf(await send(press(seal(), missed.step))), 'This is no longer good.')
    const refused = await askFrame(service.url, { sitekey: 'nobody' }, REFERER)
    assert.equal(titleOf(refused), 'This page is not set up for it yet.')
  })

  it('speaks the visitor’s language, or the one that the page asks for', async () => {
    const in_ = async (more: Record<string, string>, accepted?: string) =>
      (await ask(more, { ...REFERER, ...(accepted && { 'accept-language': accepted }) })).html
    assert.match(await in_({}, 'xx, de-AT;q=0.9, en;q=0.5'), /<html lang="de" dir="ltr">/)
    assert.match(await in_({}, 'en;q=0.1, ar;q=0.2'), /<html lang="ar" dir="rtl">/)
    assert.match(await in_({ hl: 'he' }, 'de'), /<html lang="he" dir="rtl">/)
    assert.match(await in_({ hl: 'xx' }, 'xx;q=oops, ;;, *'), /<html lang="en" dir="ltr">/)
    const first = await begin({ hl: 'de' })
    assert.match(first.html, /Drücken Sie dorthin/)
    assert.match((await send(press(seal(), first.step, false))).html, /Fast!/)
  })

  it('looks as the page asks', async () => {
    const sheet = async (theme: string) =>
      /rel="stylesheet" href="([^"]+)"/.exec((await ask({ theme })).html)![1]!
    const [auto, light, dark] = await Promise.all(['auto', 'light', 'dark'].map(sheet))
    assert.equal(new Set([auto, light, dark]).size, 3)
    assert.equal(await sheet('x'), auto)
    const text = await (await fetch(service.url + dark)).text()
    assert.ok(!text.includes('prefers-color-scheme'))
  })

  it('escapes all that it is asked to carry, and takes nothing that is out of shape', async () => {
    const { status, step } = await ask({ cdata: '"><b>&' })
    assert.equal(status, 200)
    assert.equal(lookInto(seal(), step).cdata, '"><b>&')
    const long = 'a'.repeat(2_000)
    const wrong: Record<string, string>[] = [
      { action: 'a"b' },
      { action: long },
      { cdata: 'ü' },
      { cdata: long },
      { sitekey: long },
      { sitekey: '' },
      { hl: '"><script>' },
      { return: `https://${HOST}/${long}` },
      { return: `https://${HOST}/a b` },
    ]
    for (const more of wrong) {
      const refused = await ask(more)
      assert.equal(refused.status, 400, JSON.stringify(more).slice(0, 60))
      assert.ok(!refused.html.includes('<script') && !refused.html.includes('a"b'))
    }
  })

  it('is not to be had with a parameter given twice', async () => {
    const twice = `sitekey=${site.sitekey}&action=a&action=b`
    assert.equal((await askFrame(service.url, twice, REFERER)).status, 400)
    const { step } = await begin()
    for (const fields of [
      [
        ['step', step],
        ['step', step],
        ['do', 'go'],
      ],
      [
        ['step', step],
        ['do', 'go'],
        ['do', 'wait'],
      ],
      [
        ['step', step],
        ['at.x', '1'],
        ['at.x', '2'],
        ['at.y', '3'],
      ],
    ]) {
      assert.equal((await send(fields)).status, 400)
    }
  })

  it('takes nothing but its own forms', async () => {
    const { step } = await begin()
    for (const fields of [
      { step },
      { step, do: 'token' },
      { step, do: 'go', 'at.x': '1', 'at.y': '1' },
      { step, 'at.x': '1' },
      { step, 'at.x': '-1', 'at.y': '1' },
      { step, 'at.x': '1.5', 'at.y': '1' },
      { step, 'at.x': '99999', 'at.y': '1' },
      { do: 'go' },
      { step: 'x', do: 'go' },
      { step: `${step}A`, do: 'go' },
      { step: step.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), do: 'go' },
    ] as Record<string, string>[]) {
      const { status } = await send(fields)
      assert.equal(status, 400, JSON.stringify(fields).slice(0, 80))
    }
    assert.equal((await send({ step, do: 'x'.repeat(20_000) })).status, 413)
    const json = await fetch(`${service.url}/v1/noscript`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    assert.equal(json.status, 415)
    // Nothing of it has used the step up.
    assert.equal((await send(press(seal(), step))).status, 200)
  })
})

describe('what is sealed', () => {
  it('is good for nothing else: no challenge, no token, and neither is a step', async () => {
    const { step } = await begin()
    assert.equal((await redeem(step)).reason, 'token-invalid')
    const body = JSON.stringify({ challenge: step, replies: [{ x: 1 }] })
    const reply = await fetch(`${service.url}/v1/solutions`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: ORIGIN },
      body,
    })
    assert.equal(reply.status, 400)
    const issuedAt = service.context.tools.now()
    const facts = { ...site, issuedAt, startedAt: issuedAt, expiresAt: issuedAt + MINUTE_MS }
    const token = await quickToken({ service: service.url }, seal(), facts)
    assert.equal((await send({ step: token, do: 'go' })).status, 400)
  })

  it('belongs to one site and action, whatever comes along with it', async () => {
    const other = await service.addSite([HOST], 'checkbox', { noscriptPerHour: 60 })
    const { token } = await solve(await begin({ action: 'newsletter' }))
    assert.equal((await redeem(token, other.secret)).reason, 'token-invalid')
    const { finding } = await verify(service.url, {
      ...{ secret: site.secret, response: token, action: 'transfer' },
    })
    assert.equal(finding.reason, 'action-mismatch')
  })

  it('takes the right answers of one journey into no other', async () => {
    const [a, b] = [await begin(), await begin()]
    const second = await send(press(seal(), a.step))
    // The answer to one picture, sent with the other's step, is an answer to that other one.
    const crossed = await send({ ...press(seal(), second.step), step: b.step })
    assert.ok(stepOf(crossed).hits <= 1)
    assert.equal(stepOf(second).hits, 1)
    assert.equal((await send(press(seal(), a.step))).status, 409)
  })

  it('says nothing of the gap by its length', async () => {
    const lengths = new Set<number>()
    for (let i = 0; i < 5; i++) lengths.add((await begin()).step.length)
    assert.equal(lengths.size, 1)
  })

  it('ends', async () => {
    const start = await ask()
    const first = await go(start, 'picture')
    aheadMs += 11 * MINUTE_MS
    const over = await send(press(seal(), first.step))
    assert.equal(over.status, 410)
    assert.ok((await solve(await go(await go(over, 'start'), 'picture'))).token)
    aheadMs += 4 * 60 * MINUTE_MS
    assert.equal((await go(start, 'picture')).status, 410)
  })
})

describe('a page of its own', () => {
  const RETURN = `https://${HOST}/signup?draft=7&x=%22%3E`

  it('brings the token back to the site, and shows it nowhere else', async () => {
    const { status, html, token, headers } = await solve(
      await go(
        await ask({ return: RETURN }, { ...REFERER, 'sec-fetch-dest': 'document' }),
        'picture',
      ),
    )
    assert.equal(status, 200)
    assert.match(
      html,
      /<form method="post" action="https:\/\/example\.test\/signup\?draft=7&amp;x=%22%3E">/,
    )
    assert.ok(!html.includes('id="token"'))
    assert.match(
      headers.get('content-security-policy')!,
      /form-action [^;]*https:\/\/example\.test:\*/,
    )
    const finding = await redeem(token)
    assert.deepEqual([finding.success, finding.hostname], [true, HOST])
  })

  it('leads to no page but the site’s', async () => {
    for (const target of [
      'https://evil.test/',
      `https://${HOST}.evil.test/`,
      `https://${HOST}@evil.test/`,
      'javascript:alert(1)',
      `//${HOST}/`,
    ]) {
      const { status, html } = await ask({ return: target })
      assert.equal(status, 400, target)
      assert.ok(!html.includes('<form'), target)
    }
  })

  it('is shown only to those who come from the site, as nobody else can have a browser say', async () => {
    for (const referer of ['', 'https://evil.test/', 'x']) {
      const { status, html } = await ask({ return: RETURN }, { referer })
      assert.equal(status, 403)
      assert.ok(!html.includes('<form') && html.includes('referrerpolicy=&quot;origin&quot;'))
    }
    // Nor does a step that a stranger got there, and has a visitor's browser send.
    const { step } = await ask({ return: RETURN })
    for (const from of ['cross-site', 'same-site', 'none']) {
      const shown = await send({ step, do: 'picture' }, { 'sec-fetch-site': from })
      assert.equal(shown.status, 400, from)
      assert.ok(!shown.html.includes('<form'))
    }
    const own = await send({ step, do: 'picture' }, { 'sec-fetch-site': 'same-origin' })
    assert.match(own.html, /type="image"/)
  })

  it('leads there no more once the site does not list it', async () => {
    const first = await go(await ask({ return: RETURN }), 'picture')
    await service.context.store.sites.set(site.sitekey, { hosts: ['new.test'] })
    assert.equal((await send(press(seal(), first.step))).status, 403)
  })
})

describe('the test keys', () => {
  const at = (sitekey: string, more = {}) => askFrame(service.url, { sitekey, ...more })

  it('oc-test-pass: a token at once, from any page, by either way, as often as one likes', async () => {
    for (let i = 0; i < 5; i++) {
      for (const way of ['picture', 'wait']) {
        const start = await askFrame(
          service.url,
          { sitekey: 'oc-test-pass' },
          { referer: 'https://any.where.test/' },
        )
        assert.match(start.html, /Testing only/)
        const { token } = await go(start, way)
        assert.equal((await redeem(token, 'oc-test-secret-pass')).success, true)
        assert.equal((await redeem(token)).reason, 'token-invalid')
      }
    }
  })

  it('oc-test-interactive: a picture, and any answer is right', async () => {
    const first = await go(await at('oc-test-interactive'), 'picture')
    assert.match(first.html, /type="image"/)
    const { token } = await send({ step: first.step, 'at.x': '3', 'at.y': '5' })
    assert.equal((await redeem(token, 'oc-test-secret-pass')).success, true)
  })

  it('oc-test-block: never a token, however right the answer', async () => {
    let shown = await go(await at('oc-test-block'), 'picture')
    for (let i = 0; i < ROUNDS + 1; i++) {
      shown = await send(press(seal(), shown.step))
      assert.equal(shown.token, '')
      assert.match(shown.html, /Almost!/)
    }
    const waiting = await go(await at('oc-test-block'), 'wait')
    aheadMs += 2_000
    assert.equal((await go(waiting, 'go')).token, '')
  })

  it('bring a token to this machine alone', async () => {
    const sitekey = 'oc-test-pass'
    const from = (referer: string, more: object) =>
      askFrame(service.url, { sitekey, ...more }, { referer })
    const back = { return: 'http://localhost:3000/form' }
    assert.equal((await from('http://localhost:3000/', back)).status, 200)
    assert.equal((await from('https://evil.test/', back)).status, 403)
    const away = { return: 'https://evil.test/' }
    assert.equal((await from('https://evil.test/', away)).status, 400)
  })

  it('has no pictures painted for nothing without end', async () => {
    const test = await startService({ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_CALM: '5' })
    try {
      const { painter } = test.context
      for (let i = 0; ; i++) {
        await until(() => painter.ready() > 45, 'there are more pictures than half a shelf')
        const { step } = await askFrame(test.url, { sitekey: 'oc-test-interactive' })
        const { status } = await sendFrame(test.url, { step, do: 'picture' })
        if (status === 429) break
        assert.ok(i < 20, 'one network is told to come later')
      }
    } finally {
      await test.stop()
    }
  })
})

describe('when something is away', () => {
  it('says so and lets nobody through: the ledger', async () => {
    const first = await begin()
    const { ledger } = service.context
    const { spend } = ledger
    ledger.spend = () => Promise.reject(new LedgerUnavailable('away'))
    try {
      const { status, headers, html } = await send(press(seal(), first.step))
      assert.deepEqual([status, headers.get('retry-after')], [503, '5'])
      assert.match(html, /Very busy just now/)
    } finally {
      ledger.spend = spend
    }
    assert.equal((await send(press(seal(), first.step))).status, 200)
  })

  it('says so: the store', async () => {
    const { sites } = service.context.store
    const { byKey } = sites
    sites.byKey = () => Promise.reject(new StoreUnavailable('away'))
    try {
      assert.deepEqual([(await ask()).status], [503])
    } finally {
      sites.byKey = byKey
    }
  })
})

it('counts those who came this way, as others', async () => {
  const { stats, tally } = service.context
  await solve(await begin({ action: 'signup' }))
  await wait()
  await send(press(seal(), (await begin()).step, false))
  await tally.flush()
  const numbers = await stats.of([site.sitekey], 'day')
  assert.deepEqual(numbers.passedBy, [
    { label: 'noscript', count: 1 },
    { label: 'noscript-wait', count: 1 },
  ])
  assert.equal(numbers.totals.challenges, 3)
  assert.equal(numbers.totals.failed, 1)
  assert.deepEqual(numbers.kinds, [{ kind: 'noscript', shown: 5, passed: 1 }])
})

it('writes nothing of what it was asked into the log', async () => {
  const cdata = 'canary-7f3a'
  const first = await begin({ cdata, action: cdata, return: `https://${HOST}/${cdata}` })
  await ask({ cdata, action: `${cdata}"` })
  const { ledger } = service.context
  const { spend } = ledger
  ledger.spend = () => Promise.reject(new Error('broken'))
  try {
    assert.equal((await send(press(seal(), first.step))).status, 500)
  } finally {
    ledger.spend = spend
  }
  const log = lines.join('\n')
  assert.match(log, /broken/)
  assert.ok(!log.includes(cdata) && !log.includes(first.step) && !log.includes(site.sitekey))
})
