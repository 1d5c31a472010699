import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { memoryLedger } from '../ledger/memory.ts'
import { systemRandom } from '../random.ts'
import { makeSeal } from '../seal.ts'
import { startNetworks } from '../server/networks.ts'
import { siteverify } from '../server/siteverify.ts'
import { pages } from './index.ts'

const XSS = '"><script>alert(1)</script>'

let app: FastifyInstance
afterEach(() => app.close())

/** A real siteverify and the demo, listening; the demo site's secret is a public test secret. */
async function open(secret = 'oc-test-secret-pass') {
  const config = readConfig({})
  const random = systemRandom()
  const seal = makeSeal([random.bytes(32)], random, Date.now)
  const context = {
    config,
    demo: { sitekey: 'oc-test-pass', secret },
    widget: new Map(),
    ledger: memoryLedger(Date.now),
    networks: startNetworks(config.trustedProxies, random, Date.now),
    tools: { seal, random, now: Date.now, kinds: new Map() },
    store: { sites: { bySecret: async () => null } },
  } as unknown as Context
  app = Fastify()
  siteverify(app, context)
  pages(app, context)
  await app.listen({ port: 0, host: '127.0.0.1' })
}

const GOOD = { name: 'Ada', email: 'ada@example.org', 'one-captcha-response': 'a-token' }

function send(fields: Record<string, string> | string) {
  return app.inject({
    method: 'POST',
    url: '/demo',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  })
}

describe('the demo', () => {
  it('shows the widget in a language of its own that is asked for, and in no other', async () => {
    await open()
    const see = async (lang: string) =>
      (await app.inject({ url: '/demo', query: { lang } })).body.match(/<one-captcha[^>]*>/)![0]
    expect(await see('pt-PT')).toContain('lang="pt-PT"')
    for (const lang of ['', 'xx', XSS]) expect(await see(lang)).not.toContain('lang=')
  })

  it('lets in whom the service lets in, and shows what it heard', async () => {
    await open()
    const { statusCode, body } = await send(GOOD)
    expect(statusCode).toBe(200)
    expect(body).toContain('Welcome, Ada')
    expect(body).toContain('&quot;success&quot;: true')
    expect(body).not.toContain('oc-test-secret-pass')
  })

  it('says kindly that a token was used before, and keeps what was typed', async () => {
    await open('oc-test-secret-spent')
    const { statusCode, body } = await send(GOOD)
    expect(statusCode).toBe(422)
    expect(body).toContain('This token was used before')
    expect(body).toContain('&quot;token-spent&quot;')
    expect(body).toContain('value="ada@example.org"')
    expect(body).toContain('<one-captcha')
  })

  it('does not take a missing token for a yes', async () => {
    await open()
    const { statusCode, body } = await send({ ...GOOD, 'one-captcha-response': '' })
    expect(statusCode).toBe(422)
    expect(body).toContain('is not ticked yet')
    expect(body).toContain('missing-input-response')
  })

  it('does not take silence for a yes', async () => {
    app = Fastify()
    pages(app, {
      config: readConfig({}),
      demo: { sitekey: 'oc-test-pass', secret: 'oc-test-secret-pass' },
      widget: new Map(),
    } as unknown as Context)
    // Not listening: there is nobody to ask.
    const { statusCode, body } = await send(GOOD)
    expect(statusCode).toBe(503)
    expect(body).toContain('That is never taken for a yes')
    expect(body).not.toContain('Welcome, ')
  })

  it('puts each mistake beside its field, and asks nobody about the token yet', async () => {
    await open()
    const { statusCode, body } = await send({ ...GOOD, name: ' ', email: 'ada' })
    expect(statusCode).toBe(422)
    expect(body).toMatch(/id="name"[^>]* aria-invalid="true" aria-describedby="name-mistake"/)
    expect(body).toContain('<p class="mistake" id="name-mistake">')
    expect(body).toContain('<p class="mistake" id="email-mistake">')
    expect(body).not.toContain('It asked, and heard')
  })

  it.each(['name', 'email', 'one-captcha-response'])(
    'refuses a field sent twice: %s',
    async (name) => {
      await open()
      const twice = `${new URLSearchParams(GOOD)}&${name}=other`
      const { statusCode, body } = await send(twice)
      expect(statusCode).toBe(422)
      expect(body).toContain('This was sent twice')
      expect(body).not.toContain('Welcome, ')
    },
  )

  it.each(['oc-test-secret-pass', 'oc-test-secret-spent'])(
    'shows markup as the text it is: %s',
    async (secret) => {
      await open(secret)
      const email = `${XSS}@example.org`.replaceAll(' ', '')
      const { body } = await send({ name: XSS, email, 'one-captcha-response': XSS })
      expect(body).not.toContain('<script>alert')
      expect(body).toContain('&lt;script')
    },
  )

  it('bounds what it takes', async () => {
    await open()
    expect((await send({ ...GOOD, name: 'a'.repeat(101) })).statusCode).toBe(422)
    expect((await send({ ...GOOD, email: `${'a'.repeat(254)}@b` })).statusCode).toBe(422)
    expect((await send({ ...GOOD, email: 'a@b', name: 'a'.repeat(100) })).statusCode).toBe(200)
  })

  it('is not confused by names that every object has', async () => {
    await open()
    const { statusCode } = await send('__proto__=x&constructor=y&toString=z')
    expect(statusCode).toBe(422)
  })
})
