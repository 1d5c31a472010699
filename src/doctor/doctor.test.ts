import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { type Config, readConfig } from '../config.ts'
import type { Looks } from '../store/looks.ts'
import { rootKeyId } from '../store/root-keys.ts'
import type { Check } from './check.ts'
import { lookAtFiles, node, room } from './files.ts'
import { lookAtSettings } from './settings.ts'
import { clock, lookAtStore } from './stored.ts'
import { lookAtMail } from './web.ts'

const DAY_MS = 86_400_000
const NOW = 1_800_000_000_000
const folder = mkdtempSync(join(tmpdir(), 'one-captcha-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

const config = (settings: Record<string, string> = {}): Config =>
  readConfig({ ONE_CAPTCHA_DATA: folder, ...settings })
const stateOf = (checks: readonly Check[], name: string) =>
  checks.filter((check) => check.name === name).map(({ state }) => state)
const messageOf = (checks: readonly Check[], name: string) =>
  checks.find((check) => check.name === name)?.message ?? ''
const PUBLIC = { ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org' }

describe('the doctor, of settings', () => {
  const of = (settings: Record<string, string>, nowMs = NOW) =>
    lookAtSettings(config(settings), nowMs)

  it('wants https, and a proxy that is believed, where visitors come by https', () => {
    assert.deepEqual(stateOf(of({}), 'public address'), ['ok'])
    assert.deepEqual(stateOf(of({ ONE_CAPTCHA_HOST: '0.0.0.0' }), 'public address'), ['warning'])
    const plain = { ONE_CAPTCHA_PUBLIC_URL: 'http://captcha.example.org' }
    assert.deepEqual(stateOf(of(plain), 'public address'), ['warning'])
    assert.deepEqual(stateOf(of(PUBLIC), 'proxies'), ['warning'])
    const behind = { ...PUBLIC, ONE_CAPTCHA_TRUSTED_PROXIES: '10.0.0.1' }
    assert.deepEqual(stateOf(of(behind), 'proxies'), ['ok'])
  })

  it('names what the Terms name and nobody has set, and what is on only for trying', () => {
    assert.match(messageOf(of(PUBLIC), 'names'), /OPERATOR, .*CONTACT, .*JURISDICTION/)
    const named = {
      ...{ ...PUBLIC, ONE_CAPTCHA_OPERATOR: 'Ada', ONE_CAPTCHA_CONTACT: 'ada@example.org' },
      ...{ ONE_CAPTCHA_JURISDICTION: 'Germany' },
    }
    assert.deepEqual(stateOf(of(named), 'names'), ['ok'])
    assert.deepEqual(stateOf(of(PUBLIC), 'demo'), ['warning'])
    assert.deepEqual(stateOf(of(PUBLIC), 'test keys'), ['warning'])
    const off = { ...PUBLIC, ONE_CAPTCHA_DEMO: 'off', ONE_CAPTCHA_TEST_KEYS: 'off' }
    assert.deepEqual([stateOf(of(off), 'demo'), stateOf(of(off), 'test keys')], [[], []])
    const open = { ...PUBLIC, ONE_CAPTCHA_WEBHOOKS_PRIVATE: 'on' }
    assert.deepEqual(stateOf(of(open), 'webhooks'), ['warning'])
  })

  it('watches when security.txt expires: 30 days before, and after', () => {
    const settings = {
      ONE_CAPTCHA_CONTACT: 'ada@example.org',
      ONE_CAPTCHA_SECURITY_EXPIRES: '2027-06-30',
    }
    const endsAt = Date.parse('2027-06-30T23:59:59Z')
    const at = (nowMs: number) => stateOf(of(settings, nowMs), 'security.txt')
    assert.deepEqual(at(endsAt - 30 * DAY_MS), ['ok'])
    assert.deepEqual(at(endsAt - 30 * DAY_MS + 1), ['warning'])
    assert.deepEqual(at(endsAt), ['warning'])
    assert.deepEqual(at(endsAt + 1), ['failing'])
    assert.deepEqual(stateOf(of(PUBLIC), 'security.txt'), ['warning'], 'there is none')
  })

  it('says when the DKIM key is not there, is none, or is open to others', () => {
    const file = join(folder, 'dkim.pem')
    const settings = {
      ...{ ONE_CAPTCHA_DKIM_DOMAIN: 'example.org', ONE_CAPTCHA_DKIM_SELECTOR: 'one' },
      ONE_CAPTCHA_DKIM_KEY: file,
    }
    const said = () => messageOf(lookAtSettings(config(settings), NOW), 'DKIM key')
    assert.match(said(), /cannot be read: ENOENT/)
    writeFileSync(file, 'nothing', { mode: 0o600 })
    assert.match(said(), /no private key/)
    writeFileSync(file, '-----BEGIN PRIVATE KEY-----\n…')
    assert.match(said(), /signed for example.org/)
    chmodSync(file, 0o640)
    assert.match(said(), /chmod 600/)
  })
})

describe('the doctor, of files', () => {
  const of = (settings: Record<string, string>, nowMs = NOW) => lookAtFiles(config(settings), nowMs)

  it('warns when the newest backup is older than two days, and fails where there is none', () => {
    const backups = mkdtempSync(join(folder, 'backups-'))
    const settings = { ONE_CAPTCHA_BACKUPS: backups }
    assert.deepEqual(stateOf(of(settings), 'backups'), ['failing'])
    const at = (name: string, ms: number) => {
      writeFileSync(join(backups, name), '')
      utimesSync(join(backups, name), ms / 1_000, ms / 1_000)
    }
    at('one-captcha-1.jsonl.gz', NOW - 9 * DAY_MS)
    at('notes.txt', NOW)
    assert.deepEqual(stateOf(of(settings), 'backups'), ['warning'])
    at('one-captcha-2.jsonl.gz', NOW - 2 * DAY_MS)
    assert.deepEqual(stateOf(of(settings), 'backups'), ['ok'])
    assert.deepEqual(stateOf(of(settings, NOW + 1_000), 'backups'), ['warning'])
    const gone = of({ ONE_CAPTCHA_BACKUPS: join(folder, 'nowhere') })
    assert.match(messageOf(gone, 'backups'), /ENOENT/)
  })

  it('counts what npm audit knows, by severity, and says when that is old or unreadable', () => {
    const file = join(folder, 'audit.json')
    const settings = { ONE_CAPTCHA_ADVISORIES: file }
    const write = (text: string, ms = NOW) => {
      writeFileSync(file, text)
      utimesSync(file, ms / 1_000, ms / 1_000)
    }
    const audit = (counts: object) =>
      JSON.stringify({
        auditReportVersion: 2,
        metadata: {
          vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...counts },
        },
      })
    assert.match(messageOf(of(settings), 'advisories'), /cannot be read: ENOENT/)
    for (const text of ['', 'npm ERR!', 'null', '{}', '{"metadata":{"vulnerabilities":{}}}']) {
      write(text)
      assert.deepEqual(stateOf(of(settings), 'advisories'), ['failing'], text)
    }
    write(audit({}))
    assert.deepEqual(stateOf(of(settings), 'advisories'), ['ok'])
    write(audit({ moderate: 2, low: 1 }))
    assert.deepEqual(stateOf(of(settings), 'advisories'), ['warning'])
    write(audit({ critical: 1, high: 3, low: 1 }))
    assert.match(messageOf(of(settings), 'advisories'), /^1 critical, 3 high, 1 low:/)
    assert.deepEqual(stateOf(of(settings), 'advisories'), ['failing'])
    write(audit({}), NOW - 31 * DAY_MS)
    assert.deepEqual(stateOf(of(settings), 'advisories'), ['ok', 'warning'])
  })

  it('measures what is free, and knows which Node is too old', () => {
    const states = [2 ** 30, 2 ** 30 - 1, 100 * 2 ** 20, 100 * 2 ** 20 - 1].map(
      (bytes) => room(bytes).state,
    )
    assert.deepEqual(states, ['ok', 'warning', 'warning', 'failing'])
    assert.deepEqual([node('24.0.0').state, node('22.9.1').state], ['ok', 'failing'])
    assert.equal(stateOf(of({}), 'disk').length, 1)
  })
})

describe('the doctor, of what is stored', () => {
  const key = Buffer.alloc(32, 7)
  const looks: Looks = {
    clock: async () => null,
    rootKeys: async () => [{ id: rootKeyId(key), createdAt: NOW - 2 * 365 * DAY_MS }],
    operators: async () => 1,
    secretsBefore: async () => 0,
    hasTerms: async () => true,
    deliveries: async () => ({ waiting: 0, failed: 0 }),
  }
  const audit = { verify: async () => null, head: async () => ({ seq: 3, hash: 'abc' }) }
  const of = (more: Partial<Looks> = {}, nowMs = NOW, rootKeys = [key]) =>
    lookAtStore({
      ...{ config: config(PUBLIC), looks: { ...looks, ...more }, audit, now: () => nowMs },
      rootKeys: () => rootKeys,
    })

  it('says how old the root key is, and that another does not belong to the store', async () => {
    assert.deepEqual(stateOf(await of(), 'root key’s age'), ['ok'])
    assert.deepEqual(stateOf(await of({}, NOW + 1), 'root key’s age'), ['warning'])
    const other = await of({}, NOW, [Buffer.alloc(32, 8)])
    assert.deepEqual(stateOf(other, 'root key of the store'), ['failing'])
  })

  it('counts old secrets, stale letters, and misses an operator and Terms', async () => {
    assert.deepEqual(
      (await of()).filter(({ state }) => state !== 'ok'),
      [],
    )
    const state = async (name: string, more: Partial<Looks>) => stateOf(await of(more), name)
    assert.deepEqual(await state('secrets', { secretsBefore: async () => 4 }), ['warning'])
    assert.deepEqual(await state('operator', { operators: async () => 0 }), ['warning'])
    assert.deepEqual(await state('Terms', { hasTerms: async () => false }), ['warning'])
    const stale = await of({ deliveries: async () => ({ waiting: 2, failed: 5 }) })
    assert.match(messageOf(stale, 'notices'), /2 wait .*5 have failed/)
  })

  it('sees clocks that are apart, in either direction, but not what asking took', async () => {
    const apart = async (theirs: number, tookMs = 0) => {
      let calls = 0
      const now = () => NOW + (calls++ > 0 ? tookMs : 0)
      return (await clock('clock', async () => theirs, now))[0]!.state
    }
    assert.equal(await apart(NOW + 999), 'ok')
    assert.equal(await apart(NOW - 1_000), 'warning')
    assert.equal(await apart(NOW + 9_999), 'warning')
    assert.equal(await apart(NOW - 10_000), 'failing')
    assert.equal(await apart(NOW + 4_000, 4_000), 'ok')
    assert.deepEqual(
      await clock(
        'clock',
        async () => null,
        () => NOW,
      ),
      [],
    )
  })
})

describe('the doctor, of the mail server', () => {
  it('hears whether it greets, and sends nothing', async () => {
    const heard: string[] = []
    let greeting = '220 mail.example ESMTP\r\n'
    const server = createServer((socket) => {
      socket.on('data', (chunk) => heard.push(chunk.toString()))
      socket.on('error', () => {})
      socket.end(greeting)
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as { port: number }
    const of = async (address: string) =>
      (
        await lookAtMail(
          config({
            ...{ ONE_CAPTCHA_SMTP_URL: address, ONE_CAPTCHA_MAIL_FROM: 'a@example.org', ...PUBLIC },
          }),
        )
      )[0]!
    assert.equal((await of(`smtp://user:hunter2@127.0.0.1:${port}`)).state, 'ok')
    greeting = 'HTTP/1.1 400 Bad Request\r\n'
    assert.equal((await of(`smtp://127.0.0.1:${port}`)).state, 'failing')
    await new Promise((closed) => server.close(closed))
    const away = await of(`smtp://user:hunter2@127.0.0.1:${port}`)
    assert.match(away.message, /does not answer: ECONNREFUSED$/)
    assert.ok(!heard.join().includes('hunter2'))
  })
})
