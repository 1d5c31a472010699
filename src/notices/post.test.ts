import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { type Certificate, certificateFor } from '../../test/support/certificate.ts'
import { type Answer, makePost } from './post.ts'

const MESSAGE = { headers: { 'webhook-id': 'msg_1' }, body: '{"a":1}' }
const NOWHERE = { fault: 'There is no public server of this name.' }

type Heard = { url: string; headers: IncomingMessage['headers']; body: string }

/** A server on this machine that says what it heard. */
async function serve(answer: (response: ServerResponse) => void, tls?: Certificate) {
  const heard: Heard[] = []
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      heard.push({ url: request.url!, headers: request.headers, body })
      answer(response)
    })
  }
  const server = tls ? createSecureServer(tls, listener) : createServer(listener)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(
    () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  )
  return { heard, port: (server.address() as AddressInfo).port }
}

const ok = (response: ServerResponse) => response.end('thanks')
const here = async () => [{ address: '127.0.0.1', family: 4 }]

describe('a post to where somebody else says', () => {
  it('reaches no private address, however it is written', async () => {
    const { heard, port } = await serve(ok)
    const post = makePost({ privateToo: false })
    for (const host of [
      ...['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '127.1', '0177.0.0.1', '0'],
      ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[fe80::1]'],
      ...['localhost', '10.0.0.1', '169.254.169.254', '192.168.0.1', '[fd00::1]', '１２７.0.0.1'],
    ])
      assert.deepEqual(await post(`http://${host}:${port}/`, MESSAGE), NOWHERE, host)
    assert.deepEqual(heard, [])
  })

  it('reaches no name that leads to a private address, be it one of many', async () => {
    const { heard, port } = await serve(ok)
    for (const addresses of [
      ['127.0.0.1'],
      ['1.1.1.1', '127.0.0.1'],
      ['2606:4700::1111', '::ffff:127.0.0.1'],
      [],
    ]) {
      const lookup = async () => addresses.map((address) => ({ address, family: 4 }))
      const post = makePost({ privateToo: false, lookup })
      assert.deepEqual(await post(`http://rebind.example:${port}/`, MESSAGE), NOWHERE)
    }
    const failing = makePost({
      privateToo: false,
      lookup: async () => {
        throw new Error('ENOTFOUND secret.internal')
      },
    })
    assert.deepEqual(await failing('https://secret.internal/', MESSAGE), NOWHERE)
    assert.deepEqual(heard, [])
  })

  it('looks a name up once, and connects to what it has seen: the name cannot lead elsewhere in between', async () => {
    const { heard, port } = await serve(ok)
    let lookups = 0
    const lookup = async () => {
      lookups++
      return [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
    }
    const post = makePost({ privateToo: true, lookup })
    assert.deepEqual(await post(`http://hooks.example:${port}/a?b=c`, MESSAGE), { status: 200 })
    assert.equal(lookups, 1)
    const { url, headers, body } = heard[0]!
    assert.deepEqual([url, headers.host, body], ['/a?b=c', `hooks.example:${port}`, '{"a":1}'])
    assert.deepEqual([headers.cookie, headers.authorization], [undefined, undefined])
  })

  it('follows no redirection', async () => {
    const inner = await serve(ok)
    const { port } = await serve((response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${inner.port}/` }).end()
    })
    const post = makePost({ privateToo: true, lookup: here })
    assert.deepEqual(await post(`http://hooks.example:${port}/`, MESSAGE), { status: 307 })
    assert.deepEqual(inner.heard, [])
  })

  it('is done by the status, however long an answer is or takes, and repeats none of it', async () => {
    const post = makePost({ privateToo: true, lookup: here })
    const huge = await serve((response) => {
      response.writeHead(500)
      const more = () => {
        while (!response.destroyed && response.write('canary'.repeat(4_000)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const drip = await serve((response) => {
      response.writeHead(202)
      const timer = setInterval(() => response.write('.'), 100)
      response.on('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    const answers: Answer[] = await Promise.all([
      post(`http://hooks.example:${huge.port}/`, MESSAGE),
      post(`http://hooks.example:${drip.port}/`, MESSAGE),
    ])
    assert.deepEqual(answers, [{ status: 500 }, { status: 202 }])
    assert.ok(performance.now() - begun < 9_000)
  })

  it('waits no longer than it may for a status, or for a name', async () => {
    const silent = await serve(() => {})
    const slow = { fault: 'It did not answer within 10 seconds.' }
    const post = makePost({ privateToo: true, lookup: here })
    const given = AbortSignal.timeout(200)
    assert.deepEqual(await post(`http://hooks.example:${silent.port}/`, MESSAGE, given), slow)
    const nameless = makePost({ privateToo: true, lookup: () => new Promise(() => {}) })
    assert.deepEqual(
      await nameless('http://hooks.example/', MESSAGE, AbortSignal.timeout(200)),
      slow,
    )
  })

  it('comes to an end also where the other side would speak something else than HTTP from now on', async () => {
    const { port } = await serve((response) => {
      response.socket!.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n',
      )
    })
    const post = makePost({ privateToo: true, lookup: here })
    assert.deepEqual(await post(`http://hooks.example:${port}/`, MESSAGE), {
      fault: 'It could not be reached.',
    })
  })

  it('wants a certificate for the name, though it connects to an address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'one-captcha-certificate-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const certificate = certificateFor(['hooks.example'], folder)
    const { heard, port } = await serve(ok, certificate)
    const ca = certificate.cert.toString()
    const post = makePost({ privateToo: true, lookup: here, ca })
    assert.deepEqual(await post(`https://hooks.example:${port}/`, MESSAGE), { status: 200 })
    const fault = { fault: 'Its certificate does not hold.' }
    assert.deepEqual(await post(`https://other.example:${port}/`, MESSAGE), fault)
    const trusting = makePost({ privateToo: true, lookup: here })
    assert.deepEqual(await trusting(`https://hooks.example:${port}/`, MESSAGE), fault)
    assert.equal(heard.length, 1)
  })

  it('says in its own words that nobody is there', async () => {
    const { port } = await serve(ok)
    const post = makePost({
      privateToo: true,
      lookup: async () => [{ address: '127.0.0.2', family: 4 }],
    })
    const answer = await post(`http://hooks.example:${port}/canary`, MESSAGE)
    assert.deepEqual(answer, { fault: 'It could not be reached.' })
  })
})
