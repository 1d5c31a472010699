import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Numbers, Range } from '../../src/stats/numbers.ts'
import { verify } from '../support/backend.ts'
import { lockLedger } from '../support/locked-ledger.ts'
import { startService, type TestService } from '../support/service.ts'
import {
  ask,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  type Page,
  pass,
  quickToken,
  replies,
} from '../support/visitor.ts'

const TOKEN = 'a token that monitoring has'

interface Seen {
  status: number
  text: string
}

/** Asks for metrics with any headers, also such as `fetch` would not send. */
function read(service: string, headers: Record<string, string> = {}, host?: string): Promise<Seen> {
  const url = new URL('/metrics', service)
  return new Promise((resolve, reject) => {
    const call = request({ host: host ?? url.hostname, port: url.port, path: '/metrics', headers })
    call.on('error', reject)
    call.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode!, text }))
    })
    call.end()
  })
}

/** The value of one sample; 0 where there is none. */
function sampleOf(text: string, sample: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `))
  return Number(line?.slice(sample.length + 1) ?? 0)
}

describe('/metrics without a token', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService({ ONE_CAPTCHA_HOST: '0.0.0.0', ONE_CAPTCHA_DEMO: 'off' })
  })
  afterAll(() => service.stop())

  it('are for this machine', async () => {
    for (const host of ['127.0.0.1:8787', 'localhost:9090', '[::1]']) {
      const { status, text } = await read(service.url, { host }, '127.0.0.1')
      assert.equal(status, 200)
      assert.match(text, /^one_captcha_build_info\{version="[\d.]+"\} 1$/m)
      assert.match(text, /^process_cpu_seconds_total /m)
    }
  })

  it('are not there for who comes through a proxy on this machine', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'X-Forwarded-Proto'])
      assert.equal((await read(service.url, { [name]: 'anything' }, '127.0.0.1')).status, 404)
    // Nor where a proxy hands the name on that it was asked for, or a page makes its name point here.
    for (const host of ['captcha.example.test', 'localhost.example.test', '127.0.0.1.example.test'])
      assert.equal((await read(service.url, { host }, '127.0.0.1')).status, 404)
  })

  it('are not there for other machines', async () => {
    const outward = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4')
    if (!outward) return
    const headers = { host: 'localhost' }
    const { status, text } = await read(service.url, headers, outward.address)
    assert.equal(status, 404)
    assert.match(text, /not-found/)
  })

  it('are not there where this machine is a trusted proxy', async () => {
    const behind = await startService({
      ...{ ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.1', ONE_CAPTCHA_DEMO: 'off' },
    })
    try {
      assert.equal((await read(behind.url)).status, 404)
    } finally {
      await behind.stop()
    }
  })
})

describe('/metrics with a token', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService({ ONE_CAPTCHA_METRICS_TOKEN: TOKEN, ONE_CAPTCHA_DEMO: 'off' })
  })
  afterAll(() => service.stop())

  it('are for who has it, also through a proxy', async () => {
    const authorization = `Bearer ${TOKEN}`
    assert.equal((await read(service.url, { authorization })).status, 200)
    const headers = { authorization, 'x-forwarded-for': '192.0.2.1', host: 'captcha.example.test' }
    assert.equal((await read(service.url, headers)).status, 200)
  })

  it('are not there for others, on this machine too', async () => {
    assert.equal((await read(service.url)).status, 404)
    for (const given of ['', 'x', TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
      assert.equal((await read(service.url, { authorization: `Bearer ${given}` })).status, 404)
      assert.equal((await read(service.url, { authorization: `Basic ${given}` })).status, 404)
    }
    assert.equal((await read(service.url, { authorization: TOKEN })).status, 404)
    const missing = await (await fetch(`${service.url}/metrics`)).json()
    assert.deepEqual(missing, await (await fetch(`${service.url}/nothing`)).json())
  })
})

describe('what happens on a site', () => {
  let service: TestService
  let data: string
  let site: { sitekey: string; secret: string }
  const settings = () => ({ ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_DEMO: 'off' })
  const seal = () => service.context.tools.seal
  const page = (): Page => ({ service: service.url })
  const numbers = (range: Range = 'day'): Promise<Numbers> =>
    service.context.stats.of([site.sitekey], range)

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'one-captcha-metrics-'))
    service = await startService(settings())
    site = await service.addSite([HOST], 'puzzle')
  })
  afterAll(async () => {
    await service.stop()
    rmSync(data, { recursive: true })
  })

  it('is counted for its owners and in metrics, each thing once', async () => {
    const { sitekey, secret } = site
    // A puzzle's way: work, a picture, a token; redeemed, shown again.
    const token = await pass(page(), seal(), { sitekey, action: 'sign-up' })
    for (let i = 0; i < 2; i++) await verify(service.url, { secret, response: token })
    // Work alone, on an older page's challenge; and work that is wrong.
    for (let i = 0; i < 3; i++) {
      const response = await quickToken(page(), seal(), { sitekey, action: 'sign-up' })
      await verify(service.url, { secret, response })
    }
    const wrong = lightChallenge(seal(), {
      sitekey,
      tasks: [{ kind: 'pow', answer: { algorithm: 'sha256', effort: 1_000_000, count: 4 } }],
    })
    await handIn(page(), { challenge: wrong, replies: [{ proof: 'AAAAAAAAAAAAAAAAAAAAAA' }] })
    // Another picture in place of an answer.
    const first = (await ask(page(), { sitekey })).body
    const shown = (
      await handIn(page(), { challenge: first.challenge, replies: await replies(seal(), first) })
    ).body
    const [, work] = await replies(seal(), shown)
    const next = await handIn(page(), {
      ...{ challenge: shown.challenge, replies: [null, work], instead: 'another' },
    })
    assert.equal(next.body.reason, 'another-wanted')
    await verify(service.url, { secret, response: 'none' })
    await verify(service.url, { secret: 'nobody’s', response: token })
    // What test keys do is no site's.
    await ask(page(), { sitekey: 'oc-test-pass' })
    await verify(service.url, { secret: 'oc-test-secret-pass', response: 'x' })
    await ask(page(), { sitekey: 'ock_nobodys' })

    await service.context.tally.flush()
    const { totals, passedBy, kinds, actions, insteadBy, refusedBy, ...rest } = await numbers()
    assert.deepEqual(totals, {
      ...{ challenges: 2, solutions: 8, puzzles: 3, passed: 4, failed: 1 },
      ...{ redeemed: 4, replayed: 1, refused: 1 },
    })
    assert.deepEqual(passedBy, [
      { label: 'work', count: 3 },
      { label: 'slider', count: 1 },
    ])
    assert.deepEqual(kinds, [{ kind: 'slider', shown: 3, passed: 1 }])
    assert.deepEqual(insteadBy, [{ label: 'another', count: 1 }])
    assert.deepEqual(refusedBy, [{ label: 'token-invalid', count: 1 }])
    assert.deepEqual(actions.map(({ action, redeemed }) => [action, redeemed]).sort(), [
      ['*', 2],
      ['', 0],
      ['sign-up', 2],
    ])
    assert.ok(rest.waitingMsMedian! > 0)
    assert.equal(rest.effort.at(-1) ?? rest.effort.at(-2), 1)
    // The same in each range.
    assert.deepEqual((await numbers('week')).totals, totals)
    assert.deepEqual((await numbers('year')).totals, totals)

    const { text } = await read(service.url)
    for (const [sample, value] of Object.entries({
      one_captcha_challenges_total: 2,
      'one_captcha_solutions_total{instead="none"}': 7,
      'one_captcha_solutions_total{instead="another"}': 1,
      'one_captcha_puzzles_total{kind="slider"}': 3,
      'one_captcha_passed_total{way="work"}': 3,
      'one_captcha_passed_total{way="slider"}': 1,
      'one_captcha_failed_total{reason="work-wrong"}': 1,
      one_captcha_redeemed_total: 4,
      one_captcha_replayed_total: 1,
      'one_captcha_refused_total{reason="token-invalid"}': 1,
      'one_captcha_refused_total{reason="secret-unknown"}': 1,
      one_captcha_waiting_seconds_count: 4,
      one_captcha_effort_count: 2,
      'one_captcha_pressure_count{of="site"}': 2,
      'one_captcha_faults_total{part="ledger"}': 0,
    }))
      assert.equal(sampleOf(text, sample), value, sample)
    assert.ok(sampleOf(text, 'one_captcha_pictures_ready') >= 0)
  })

  it('outlasts a restart', async () => {
    const before = (await numbers()).totals
    await service.stop()
    service = await startService(settings())
    assert.deepEqual((await numbers()).totals, before)
    await ask(page(), { sitekey: site.sitekey })
    await service.stop()
    service = await startService(settings())
    assert.equal((await numbers()).totals.challenges, before.challenges + 1)
  })

  it('is told without who it was, which site it was, or what it was for', async () => {
    const marked: Page = {
      service: service.url,
      headers: {
        'user-agent': 'Canary-Agent/7.31',
        'x-forwarded-for': '2001:db8:cafe:f00d::77',
        cookie: 'canary=c00c1e5',
        referer: 'https://example.test/canary',
        'accept-language': 'canary',
      },
    }
    const { sitekey, secret } = site
    for (const action of ['canary-1', 'canary-2', 'canary/3']) {
      const response = await quickToken(marked, seal(), { sitekey, action, cdata: 'canary' })
      await ask(marked, { sitekey, action })
      await verify(service.url, { secret, response, remoteip: '198.51.100.77' })
    }
    await fetch(`${service.url}/canary?canary=1`, marked)
    await service.context.tally.flush()

    const { text } = await read(service.url)
    const file = new Database(join(service.data, 'store.sqlite'), { readonly: true })
    const rows = JSON.stringify(file.prepare('SELECT * FROM site_counts').all())
    file.close()
    for (const mark of ['anary', 'c00c1e5', '2001:db8', 'f00d', '198.51.100', '127.0.0.1']) {
      assert.ok(!text.includes(mark), mark)
      assert.ok(!rows.includes(mark), mark)
    }
    for (const mark of [sitekey, sitekey.slice(4, 16), 'sign-up', HOST])
      assert.ok(!text.includes(mark))
    assert.ok(rows.includes(sitekey))
  })

  it('makes neither metrics nor rows grow by what strangers make up', async () => {
    const counted = async () => {
      await service.context.tally.flush()
      const file = new Database(join(service.data, 'store.sqlite'), { readonly: true })
      const { n } = file
        .prepare<[], { n: number }>(
          "SELECT count(DISTINCT name || ' ' || label) AS n FROM site_counts WHERE sitekey <> ''",
        )
        .get()!
      file.close()
      // Node's own come and go, as with each sort of garbage collection that happens for the first time.
      const lines = (await read(service.url)).text.split('\n')
      return { rows: n, lines: lines.filter((line) => line.startsWith('one_captcha_')).length }
    }
    const flood = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        await ask(page(), { sitekey: site.sitekey, action: `made-up-${i}` })
        await ask(page(), { sitekey: `ock_made-up-${i}` })
        await fetch(`${service.url}/made-up-${i}`)
        await verify(service.url, { secret: `made-up-${i}`, response: `made-up-${i}` })
      }
    }
    await flood(0, 3)
    // Once for the answer itself: a request for metrics is a request.
    await counted()
    const before = await counted()
    await flood(3, 60)
    assert.deepEqual(await counted(), before)
  })

  it('is told of our own failures, by part', async () => {
    const challenge = lightChallenge(seal(), { sitekey: site.sitekey })
    const unlock = lockLedger(service.data)
    assert.equal((await handIn(page(), { challenge, replies: LIGHT_REPLIES })).status, 503)
    unlock()
    const { text } = await read(service.url)
    assert.equal(sampleOf(text, 'one_captcha_faults_total{part="ledger"}'), 1)
    // Strangers' mistakes are none of ours.
    assert.equal(sampleOf(text, 'one_captcha_faults_total{part="other"}'), 0)
    const requests = 'one_captcha_request_seconds_count{route="/v1/solutions",status="5xx"}'
    assert.equal(sampleOf(text, requests), 1)
    assert.ok(sampleOf(text, 'one_captcha_request_seconds_count{route="none",status="4xx"}') > 0)
  })

  it('is in the dashboard and the docs by the names that it has', async () => {
    const { text } = await read(service.url)
    const names = new Set([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name!))
    const known = (name: string) =>
      names.has(name) || names.has(name.replace(/_(bucket|sum|count)$/, ''))
    const inDocs = (file: string) =>
      readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')
    const used = (text: string) =>
      new Set(text.match(/\b(one_captcha|process|nodejs)_[a-z0-9_]+/g) ?? [])

    const dashboard = inDocs('grafana.json')
    assert.ok(used(dashboard).size > 15)
    for (const name of used(dashboard)) assert.ok(known(name), `${name} of the dashboard`)
    const monitoring = inDocs('monitoring.md')
    for (const name of used(monitoring)) assert.ok(known(name), `${name} of monitoring.md`)
    for (const name of names) {
      if (name.startsWith('one_captcha_')) assert.ok(monitoring.includes(`\`${name}`), name)
    }
  })
})

describe('the dashboard', () => {
  it('is one that can be imported: panels apart from each other, each with a query', () => {
    const file = new URL('../../docs/grafana.json', import.meta.url)
    const { panels, templating, schemaVersion, title } = JSON.parse(readFileSync(file, 'utf8'))
    assert.equal(title, 'One Captcha')
    assert.ok(schemaVersion >= 36)
    assert.equal(new Set(panels.map((one: { id: number }) => one.id)).size, panels.length)
    const taken = new Set<string>()
    for (const { type, gridPos, targets, datasource } of panels) {
      const { x, y, w, h } = gridPos
      assert.ok(x >= 0 && x + w <= 24)
      for (let i = x; i < x + w; i++)
        for (let j = y; j < y + h; j++) {
          assert.ok(!taken.has(`${i} ${j}`))
          taken.add(`${i} ${j}`)
        }
      if (type === 'row') continue
      assert.equal(datasource.uid, '$'.concat('{datasource}'))
      assert.ok(targets.length > 0)
      for (const { expr } of targets) {
        assert.equal(expr.split('(').length, expr.split(')').length, expr)
        // Each query follows the choice of nodes.
        assert.match(expr, /instance=~"\$instance"/)
      }
    }
    const names = templating.list.map((one: { name: string }) => one.name)
    assert.deepEqual(names, ['datasource', 'job', 'instance'])
  })
})
