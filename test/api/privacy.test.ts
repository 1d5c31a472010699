import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { lockLedger } from '../support/locked-ledger.ts'
import {
  addSite,
  type Program,
  removeFolder,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { sendRaw } from '../support/raw.ts'
import { startService } from '../support/service.ts'
import {
  ask,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  type Page,
  pass,
} from '../support/visitor.ts'

/** Marks that may turn up nowhere. Addresses are from documentation ranges: nobody's. */
const VISITOR = {
  'user-agent': 'Canary-Agent/7.31',
  'x-forwarded-for': '2001:db8:cafe:f00d::77',
  cookie: 'canary-cookie=c00c1e5',
  referer: 'https://example.test/canary-page?who=canary-person',
  'accept-language': 'canary-language',
}
const MARKS = ['Canary-Agent', '2001:db8:cafe', 'cafe:f00d', '198.51.100.77', 'canary', 'c00c1e5']
/** The address as SQLite or a binary format would keep it. */
const PACKED = Buffer.from('20010db8cafef00d0000000000000077', 'hex')

describe('a visit', () => {
  it('leaves no address, agent, cookie, token, secret or query in the log or in any file', async () => {
    const data = temporaryFolder()
    const program = await startProgram(data, {
      ONE_CAPTCHA_LOG_LEVEL: 'trace',
      ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
    })
    try {
      const secrets = await visit(program, data)
      const marks = [...MARKS, ...secrets]
      assertNone(marks, readAll(data), 'while it runs')
      await program.stop()
      assertNone(marks, readAll(data), 'after it ended')
      assertNone(marks, new Map([['the log', Buffer.from(program.output())]]), 'in all it wrote')
      assert.match(program.output(), /"msg":"request failed"/)
    } finally {
      await program.kill()
      removeFolder(data)
    }
  })
})

/** Everything a visitor and a backend can do, right and wrong. Returns the strings that were secret. */
async function visit(program: Program, data: string): Promise<string[]> {
  const { sitekey, secret } = await addSite(data, [HOST], 'puzzle')
  const seal = testSeal()
  const page: Page = { service: program.url, headers: VISITOR }

  const token = await pass(page, seal, { sitekey, action: 'canary-action', cdata: 'canary-data' })
  for (const response of [token, token, 'canary-token']) {
    await verify(program.url, { secret, response, remoteip: '198.51.100.77' })
  }
  const query = new URLSearchParams({ secret, response: token, remoteip: '198.51.100.77' })
  await fetch(`${program.url}/v1/siteverify?${query}`, { headers: VISITOR })
  await verify(program.url, { secret: 'canary-secret', response: token })

  for (const order of [
    { sitekey: 'canary-key' },
    { 'canary-field': 1 },
    { sitekey, action: 'é canary' },
  ]) {
    await ask(page, order)
  }
  await ask({ ...page, origin: 'https://canary.test' }, { sitekey })
  for (const path of ['/canary?who=canary', '/%zz-canary', '/v1/challenges?canary']) {
    await fetch(program.url + path, { headers: VISITOR })
  }
  await sendRaw(program.url, 'CANARY canary HTTP/1.1\r\ncanary\r\n\r\n')
  await sendRaw(
    program.url,
    `GET /?canary HTTP/1.1\r\nHost: canary\r\nX: ${'canary'.repeat(2_000)}\r\n\r\n`,
  )

  // Our own faults are logged: they must not tell whose request it was.
  const challenge = lightChallenge(seal, { sitekey })
  const unlock = lockLedger(data)
  assert.equal((await handIn(page, { challenge, replies: LIGHT_REPLIES })).status, 503)
  assert.equal((await verify(program.url, { secret, response: token })).status, 503)
  unlock()
  return [secret, token, challenge, secret.slice(9, 40), token.slice(24, 64)]
}

function readAll(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  assert.ok(files.some((file) => file.endsWith('.sqlite')))
  return new Map(files.map((file) => [file, readFileSync(file)]))
}

function assertNone(marks: string[], files: Map<string, Buffer>, when: string) {
  for (const [name, bytes] of files) {
    for (const mark of marks) {
      for (const text of [mark, mark.toLowerCase(), encodeURIComponent(mark)]) {
        assert.equal(bytes.includes(text), false, `${name} holds ${mark} ${when}`)
      }
      assert.equal(bytes.includes(Buffer.from(mark, 'utf16le')), false, `${name} holds ${mark}`)
    }
    assert.equal(bytes.includes(PACKED), false, `${name} holds an address ${when}`)
  }
}

describe('the log', () => {
  it('has one line of JSON per event, and nothing that a stranger sent', async () => {
    let written = ''
    const log = {
      write(text: string) {
        written += text
      },
    }
    const service = await startService(
      { ONE_CAPTCHA_LOG_LEVEL: 'trace', ONE_CAPTCHA_DEMO: 'off' },
      { log },
    )
    const evil = 'canary\r\n{"level":60,"msg":"canary"}\u001b[31m\u202e\u0000'
    try {
      const { sitekey, secret } = await service.addSite([HOST], 'checkbox')
      const page: Page = {
        service: service.url,
        headers: { 'x-canary': 'canary', 'request-id': 'canary' },
      }
      for (const field of ['sitekey', 'action', 'cdata', 'kind', evil]) {
        await ask(page, { sitekey, [field]: evil })
      }
      await handIn(page, { challenge: evil, replies: [evil] })
      await verify(service.url, { secret: evil, response: evil, remoteip: evil, [evil]: evil })
      await fetch(`${service.url}/${encodeURIComponent(evil)}?${encodeURIComponent(evil)}`)
      await fetch(`${service.url}/%zz${encodeURIComponent(evil)}`)

      const challenge = lightChallenge(service.context.tools.seal, {
        sitekey,
        action: 'canary',
        cdata: evil,
      })
      const unlock = lockLedger(service.data)
      await handIn(page, { challenge, replies: LIGHT_REPLIES })
      await verify(service.url, { secret, response: 'canary' })
      unlock()
    } finally {
      await service.stop()
    }
    const lines = written.trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line) as { msg: string; route?: string })
    assert.ok(
      events.some(({ msg, route }) => msg === 'request failed' && route === '/v1/solutions'),
    )
    assert.ok(!written.includes('canary'))
    // Nothing a terminal would act on, either.
    assert.ok([...written].every((c) => c === '\n' || c >= ' '))
  })
})
