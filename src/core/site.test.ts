import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { DEFAULT_POLICY } from './policy.ts'
import { allowsHost, readHost, readOrigin, type Site } from './site.ts'

const site = (...hosts: string[]): Site => ({
  sitekey: 'ock_x',
  hosts,
  mode: 'checkbox',
  name: '',
  state: 'active',
  revision: 1,
  ...DEFAULT_POLICY,
})

describe('site', () => {
  it('takes the host names that it lists, and no others', () => {
    const listed = site('example.test', '127.0.0.1', 'xn--bcher-kva.example')
    for (const host of ['example.test', '127.0.0.1', 'xn--bcher-kva.example']) {
      assert.equal(allowsHost(listed, host), true, host)
    }
    for (const host of [
      '',
      'www.example.test',
      'evil-example.test',
      'example.test.evil.test',
      'example.test.',
      'xample.test',
      '*.example.test',
    ]) {
      assert.equal(allowsHost(listed, host), false, host)
    }
  })

  it('takes every name under a wildcard, but neither the name itself nor one that merely ends like it', () => {
    const wild = site('*.example.test')
    for (const host of ['a.example.test', 'a.b.example.test'])
      assert.equal(allowsHost(wild, host), true, host)
    for (const host of [
      'example.test',
      'evilexample.test',
      '.example.test',
      'a.example.test.evil.test',
    ]) {
      assert.equal(allowsHost(wild, host), false, host)
    }
  })

  it('reads host names as operators write them', () => {
    const read: Record<string, string> = {
      'Example.TEST': 'example.test',
      'bücher.example': 'xn--bcher-kva.example',
      localhost: 'localhost',
      '127.0.0.1': '127.0.0.1',
      '[::1]': '[::1]',
      '*.example.test': '*.example.test',
    }
    for (const [input, host] of Object.entries(read)) assert.equal(readHost(input), host)
    for (const input of [
      '',
      '*',
      '*.test',
      '*.*.test',
      '*.127.0.0.1',
      'a b',
      'a/b',
      'a:80',
      'https://a.test',
      'a..test',
      'u@a.test',
      '-a.test',
      'a_b.test',
      'a.test?x',
      'a'.repeat(300),
      '*.[::1]',
    ]) {
      assert.equal(readHost(input), null, input)
    }
  })

  it('reads the host name of an Origin, and nothing that only looks like one', () => {
    const read: Record<string, string> = {
      'https://example.test': 'example.test',
      'http://example.test:8080': 'example.test',
      'http://127.0.0.1:3000': '127.0.0.1',
      'http://[::1]:3000': '[::1]',
    }
    for (const [origin, host] of Object.entries(read)) assert.equal(readOrigin(origin), host)
    for (const origin of [
      undefined,
      '',
      'null',
      'example.test',
      'file://',
      'data:',
      'https://',
      'https://a.test/',
      'https://a.test@evil.test',
      'https://A.test',
      'https://a.test, https://b.test',
      'chrome-extension://abc',
      'https://a.test:',
    ]) {
      assert.equal(readOrigin(origin), null, origin)
    }
  })
})
