import fc from 'fast-check'
import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { csrfOf, isCsrf, isOurs, isTrustworthy, safeNext } from './session.ts'

const asked = (headers: Record<string, string>, host = 'captcha.test:8080') =>
  ({ headers, host, hostname: host.replace(/:\d+$/, '') }) as unknown as FastifyRequest

describe('where somebody is sent after logging in', () => {
  it.each(['/console', '/console/sites/ock_Ab9', '/console/log?of=all', '/console/a-b_c.d~e'])(
    'is the page they asked for: %s',
    (path) => expect(safeNext(path)).toBe(path),
  )

  it.each([
    ...['https://evil.test', '//evil.test', '/\\evil.test', '\\\\evil.test', '/console//evil.test'],
    ...[
      '/console@evil.test',
      '/console.evil.test',
      '/consoleevil',
      '/console/../x',
      '/console/%2e',
    ],
    ...['javascript:alert(1)', '/console\n', '/console\r\nset-cookie: a=b', '/console/x#y', ''],
    ...['/console?x=//evil.test', '/console?next=https://evil.test', '/\t/evil.test', '/console/é'],
    `/console/${'a'.repeat(600)}`,
  ])('is no other place: %j', (path) => expect(safeNext(path)).toBe('/console'))

  it('is this very server, whatever is asked for', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '?',
      '#',
      '@',
      ':',
      '%2f',
      'console',
      'evil.test',
      '\t',
      'http',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 8 }), (parts) => {
        for (const input of [parts.join(''), `/console${parts.join('')}`]) {
          const { origin, pathname } = new URL(safeNext(input), 'https://captcha.test')
          expect(origin).toBe('https://captcha.test')
          expect(pathname).toMatch(/^\/console(\/|$)/)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a form', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    // What the browser says of itself counts more than what a page can have it say.
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://captcha.test:8080' }, false],
    [{ origin: 'http://captcha.test:8080' }, true],
    [{ origin: 'https://captcha.test:8080' }, true],
    [{ origin: 'https://public.test' }, true],
    [{ origin: 'http://captcha.test' }, false],
    [{ origin: 'http://captcha.test:8080.evil.test' }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{}, false],
  ])('counts as ours by what the browser says: %j', (headers, ours) => {
    expect(isOurs(asked(headers as Record<string, string>), 'https://public.test')).toBe(ours)
  })

  it('carries what only its own session’s forms carry', () => {
    expect(isCsrf(csrfOf('a'), 'a')).toBe(true)
    expect(isCsrf(csrfOf('a'), 'b')).toBe(false)
    expect(isCsrf('', 'a')).toBe(false)
    expect(isCsrf(`${csrfOf('a')}x`, 'a')).toBe(false)
    // What a page shows must not give the cookie away.
    expect(csrfOf('a-token')).not.toContain('a-token')
  })
})

describe('the cookie', () => {
  it.each([
    ['localhost', {}, null, true],
    ['127.0.0.1:8787', {}, null, true],
    ['[::1]:8787', {}, null, true],
    ['captcha.test', {}, 'https://captcha.test', true],
    ['captcha.test', { 'sec-fetch-mode': 'navigate' }, null, true],
    ['captcha.test', {}, null, false],
    ['captcha.test', {}, 'http://captcha.test', false],
    ['localhost.evil.test', {}, null, false],
  ] as const)('stays in browsers at %s with %j, public at %s: %s', (host, headers, url, stays) => {
    expect(isTrustworthy(asked(headers as Record<string, string>, host), url)).toBe(stays)
  })
})
