import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterEach, describe, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { lookFromOutside } from '../../src/doctor/web.ts'
import type { Actor } from '../../src/manage/manage.ts'
import type { Examination } from '../../src/store/store.ts'
import { certificateFor } from '../support/certificate.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { running, stopAll } from '../support/running.ts'
import type { TestService } from '../support/service.ts'

const HOUR_MS = 3_600_000
const MINUTES_10 = 600_000

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await stopAll()
  for (const end of ends.splice(0)) await end()
})

async function operatorOf({ context }: TestService): Promise<Actor> {
  const account = await context.store.accounts.add({
    ...{ login: 'ada', role: 'operator', password: null },
  })
  await context.store.accounts.setEmail(account.id, 'ada@people.example')
  return { account, by: account.id, scopes: null, onlySite: null, elevated: true }
}

const found = ({ checks }: Examination, name: string) =>
  checks.filter((check) => check.name === name)
const failing = ({ checks }: Examination) =>
  checks.filter(({ state }) => state === 'failing').map(({ name }) => name)

/** What an administrator can do who has the database to himself. */
function alter(data: string, sql: string) {
  const db = new Database(join(data, 'store.sqlite'))
  for (const trigger of ['audit_events_no_update', 'audit_events_no_delete'])
    db.exec(`DROP TRIGGER IF EXISTS ${trigger}`)
  db.exec(sql)
  db.close()
}

/** What a program finds that trusts this certificate, at these moments. */
async function lookTrusting(certificate: string, publicUrl: string, moments: number[]) {
  const web = new URL('../../src/doctor/web.ts', import.meta.url).href
  const script = `
    import { lookFromOutside } from ${JSON.stringify(web)}
    const found = []
    for (const at of ${JSON.stringify(moments)})
      found.push(await lookFromOutside({ publicUrl: ${JSON.stringify(publicUrl)} }, at))
    console.log(JSON.stringify(found.map((one) => one.map(({ name, state }) => name + ' ' + state))))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate } },
  )
  return JSON.parse(stdout) as string[][]
}

describe('the doctor inside the service [Terms 5.3, 7.2]', () => {
  it('names an altered event of the audit log, and each other fault that is planted, and what is mended is well', async () => {
    const service = await running({ ONE_CAPTCHA_DEMO: 'off' })
    const actor = await operatorOf(service)
    const { doctor, store } = service.context
    for (let i = 0; i < 5; i++) await store.settings.set({ sitesMax: 10 + i }, actor.by)
    const well = await doctor.look(actor)
    assert.deepEqual(failing(well), [])
    assert.match(found(well, 'audit log')[0]!.message, /holds; keep its head: \d+:[0-9a-f]{64}/)
    assert.deepEqual(found(well, 'pages')[0]!.state, 'ok')

    chmodSync(join(service.data, 'root.key'), 0o644)
    alter(service.data, "UPDATE audit_events SET detail = '{}' WHERE seq = 4")
    const ill = await doctor.look(actor)
    assert.deepEqual(failing(ill), ['root.key', 'audit log'])
    assert.match(found(ill, 'audit log')[0]!.message, /^event 4 is not as it was written/)
    chmodSync(join(service.data, 'root.key'), 0o600)
    assert.deepEqual(failing(await doctor.look(actor)), ['audit log'])
    const { all } = await doctor.found(actor)
    assert.deepEqual(
      all.map((one) => one.failing),
      [1, 2, 0],
    )
  })

  it('looks once a day by itself, tells the operators of what fails once a day, and says when it is overdue', async () => {
    const mailbox: Mailbox = await openMailbox()
    ends.push(mailbox.close)
    let nowMs = Date.now()
    const begun = nowMs
    const service = await running(
      {
        ...{ ONE_CAPTCHA_SMTP_URL: mailbox.url, ONE_CAPTCHA_MAIL_FROM: 'one@captcha.example' },
        ...{ ONE_CAPTCHA_PUBLIC_URL: 'http://127.0.0.1:9', ONE_CAPTCHA_DEMO: 'off' },
        ...{ ONE_CAPTCHA_ADVISORIES: '/nowhere/audit.json' },
      },
      { now: () => nowMs },
    )
    const actor = await operatorOf(service)
    const { doctor, jobs, store } = service.context
    await jobs.tick()
    mailbox.letters.splice(0)
    const looksAfter = async (ms: number) => {
      nowMs = begun + ms
      await jobs.tick()
      // What was found is told by the courier's next round.
      nowMs += 61_000
      await jobs.tick()
      return (await store.examinations.list(100)).length
    }
    nowMs = begun + MINUTES_10 - 1
    await jobs.tick()
    assert.equal(await store.examinations.last(), null, 'it has just started')
    assert.equal(await looksAfter(MINUTES_10 + 60_000), 1)
    assert.equal(await looksAfter(12 * HOUR_MS), 1)
    assert.equal(await looksAfter(25 * HOUR_MS), 2)
    assert.equal((await doctor.found(actor)).overdue, false)
    assert.deepEqual(failing((await store.examinations.last())!), ['advisories'])
    await doctor.look(actor)
    await looksAfter(25 * HOUR_MS + 600_000)
    const letters = mailbox.letters.filter(({ text }) => text.includes('/console/promises/doctor'))
    assert.deepEqual(
      letters.map(({ to }) => to[0]),
      ['ada@people.example', 'ada@people.example'],
      'one for each day',
    )
    assert.match(letters[0]!.text, /what fails: advisories/)

    const last = (await store.examinations.last())!
    nowMs = last.at + 36 * HOUR_MS
    assert.equal((await doctor.found(actor)).overdue, false)
    nowMs += 1
    assert.equal((await doctor.found(actor)).overdue, true)
  })

  it('sees what a proxy takes away, and an address that is somebody else’s', async () => {
    let serve: (path: string) => [status: number, headers: Record<string, string>, body: string] =
      () => [404, {}, 'no']
    const proxy = createServer((request, response) => {
      const [status, headers, body] = serve(request.url!)
      response.writeHead(status, headers).end(body)
    })
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
    ends.push(() => new Promise((closed) => proxy.close(closed)))
    const { port } = proxy.address() as { port: number }
    const service = await running({
      ONE_CAPTCHA_PUBLIC_URL: `http://127.0.0.1:${port}`,
      ONE_CAPTCHA_DEMO: 'off',
    })
    const actor = await operatorOf(service)
    const look = async () => found(await service.context.doctor.look(actor), 'public answers')[0]!
    assert.match((await look()).message, /healthz answers 404/)
    const bare = { 'x-content-type-options': 'nosniff' }
    serve = (path) => (path === '/healthz' ? [200, {}, '{"status":"ok"}'] : [200, bare, 'page'])
    const stripped = await look()
    assert.equal(stripped.state, 'failing')
    assert.match(stripped.message, /without Content-Security-Policy:/)
    const whole = { ...bare, 'content-security-policy': "default-src 'none'" }
    serve = (path) => (path === '/healthz' ? [200, {}, '{"status":"ok"}'] : [200, whole, 'page'])
    assert.equal((await look()).state, 'ok')
    proxy.closeAllConnections()
    await new Promise((closed) => proxy.close(closed))
    assert.match((await look()).message, /cannot be had from here: \w+$/)
  })

  it('says of a certificate that nobody trusts so, how long one is good, and that HSTS is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'one-captcha-certificate-'))
    ends.push(async () => rmSync(folder, { recursive: true }))
    const certificate = certificateFor(['localhost'], folder, 20)
    const proxy = createSecure(certificate, (_, response) => response.end('{"status":"ok"}'))
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
    ends.push(() => new Promise((closed) => proxy.close(closed)))
    const { port } = proxy.address() as { port: number }
    const config = readConfig({ ONE_CAPTCHA_PUBLIC_URL: `https://localhost:${port}` })
    const look = async (nowMs: number) =>
      (await lookFromOutside(config, nowMs)).map(({ name, state, message }) => [
        ...[name, state, message.replace(/\d+ days/, 'N days')],
      ])
    const stranger = await look(Date.now())
    assert.deepEqual(stranger[0], [
      ...['certificate', 'failing', 'is not accepted: DEPTH_ZERO_SELF_SIGNED_CERT'],
    ])
    assert.match(stranger[1]![2]!, /DEPTH_ZERO_SELF_SIGNED_CERT/)
    // Whoever trusts it, as an operator's own authority is trusted with NODE_EXTRA_CA_CERTS.
    const days = [0, 5.9, 6.1, 20.1]
    const moments = days.map((count) => Date.now() + count * 24 * HOUR_MS)
    const trusted = await lookTrusting(certificate.file, config.publicUrl!, moments)
    assert.deepEqual(trusted[0], ['certificate ok', 'public answers failing', 'HSTS warning'])
    assert.deepEqual(
      trusted.map(([certificate]) => certificate),
      ['certificate ok', 'certificate ok', 'certificate warning', 'certificate failing'],
    )
  })

  it('is the operators’ alone to see and to call', async () => {
    const service = await running({ ONE_CAPTCHA_DEMO: 'off' })
    const ada = await operatorOf(service)
    const developer = { ...ada, account: { ...ada.account, role: 'developer' as const } }
    const { doctor } = service.context
    await assert.rejects(doctor.look(developer), { code: 'forbidden' })
    await assert.rejects(doctor.found(developer), { code: 'forbidden' })
  })
})
