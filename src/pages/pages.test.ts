import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { pages } from './index.ts'

const DEMO = { sitekey: 'oc-test-pass', secret: 'oc-test-secret-pass' }

const PAGES = [
  ...['/', '/demo', '/privacy', '/licenses', '/promises', '/confidentiality', '/termination'],
]

let app: FastifyInstance
afterEach(() => app.close())

/** The pages need no more of the context than this. */
function open({ demo = DEMO as typeof DEMO | null, env = {} } = {}) {
  app = Fastify()
  pages(app, { config: readConfig(env), demo, widget: new Map() } as unknown as Context)
  return app
}

describe('a page', () => {
  it.each(PAGES)('lets in nothing but its own server’s files: %s', async (url) => {
    const { statusCode, headers, body } = await open().inject(url)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    // What such a policy forbids must not be there either.
    expect(body).not.toMatch(/ style=|<style|<script>| on\w+=|(?:src|href)="(?:https?:)?\/\//)
  })

  it.each(PAGES)('has a language, one heading and one main part: %s', async (url) => {
    const { body } = await open().inject(url)
    expect(body).toMatch(/^<!doctype html><html lang="en">/)
    expect(body.match(/<h1/g)).toHaveLength(1)
    expect(body.match(/<main id="main"/g)).toHaveLength(1)
    expect(body).toContain('href="#main"')
  })

  it('brings its style sheet compressed, under an address that changes with it', async () => {
    const { body } = await open().inject('/')
    const path = /href="(\/pages\/page-[0-9a-f]{12}\.css)"/.exec(body)![1]!
    const headers = { 'accept-encoding': 'gzip, br' }
    const reply = await app.inject({ url: path, headers })
    expect(reply.headers['content-encoding']).toBe('br')
    expect(reply.headers['cache-control']).toContain('immutable')
    expect(reply.headers['content-type']).toBe('text/css; charset=utf-8')
  })
})

describe('what an operator is called', () => {
  it('is text, and leads nowhere that is not ours', async () => {
    for (const evil of ['[x](//evil.test)', '[x](/\\evil.test)', '[x](https://evil.test)']) {
      const { body } = await open({ env: { ONE_CAPTCHA_OPERATOR: evil } }).inject('/privacy')
      expect(body).toContain(`${evil} runs this service`)
      expect(body).not.toMatch(/href="[^"]*evil/)
      await app.close()
    }
  })
})

describe('the home page', () => {
  it('names the address that the reader came by', async () => {
    const { body } = await open().inject({ url: '/', headers: { host: 'captcha.test:8080' } })
    expect(body).toContain('http://captcha.test:8080/v1/siteverify')
  })

  it('names the public address where the operator set one', async () => {
    const env = { ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org' }
    const { body } = await open({ env }).inject({ url: '/', headers: { host: 'inside:8787' } })
    expect(body).toContain('https://captcha.example.org/v1/siteverify')
    expect(body).not.toContain('inside:8787')
  })

  it('escapes what a request says of itself', async () => {
    const { body } = await open().inject({ url: '/', headers: { host: '"><script>x()</script>' } })
    expect(body).not.toContain('<script>x()')
  })

  it('shows test keys only where they work, and nobody’s secret', async () => {
    const demo = { sitekey: 'ock_demo', secret: 'ocs_never_shown' }
    const { body } = await open({ demo }).inject('/')
    expect(body).toContain('oc-test-secret-pass')
    expect(body).not.toContain('ocs_never_shown')
    await app.close()
    const off = await open({ env: { ONE_CAPTCHA_TEST_KEYS: 'off' } }).inject('/')
    expect(off.body).not.toContain('oc-test-secret-pass')
  })

  it('shows no widget and no way to a demo where there is none', async () => {
    const { body } = await open({ demo: null }).inject('/')
    expect(body).not.toMatch(/<one-captcha|\/demo|<script/)
    expect((await app.inject('/demo')).statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: '/demo' })).statusCode).toBe(404)
  })
})
