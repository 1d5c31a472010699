import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('config', () => {
  it('needs nothing', () => {
    const config = readConfig({})
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.port, 8787)
    assert.equal(config.rootKeys, null)
  })

  it('tells all mistakes at once, and repeats no value', () => {
    const mistaken = {
      ONE_CAPTCHA_PORT: '80a',
      ONE_CAPTCHA_ROOT_KEYS: 'hunter2hunter2',
      ONE_CAPTCHA_TRUSTED_PROXIES: '10.0.0.0/33',
      ONE_CAPTCHA_PUBLIC_URL: 'captcha.example.org',
      ONE_CAPTCHA_LOG_LEVEL: 'loud',
      ONE_CAPTCHA_COLOUR: 'blue',
    }
    assert.throws(
      () => readConfig(mistaken),
      (error: Error) => {
        assert.ok(error instanceof ConfigError)
        for (const name of Object.keys(mistaken)) assert.ok(error.message.includes(name), name)
        assert.ok(!error.message.includes('hunter2'))
        return true
      },
    )
  })

  it('lets a backend have its secrets in the same environment', () => {
    const config = readConfig({
      ONE_CAPTCHA_SECRET: 'ocs_live_x',
      ONE_CAPTCHA_WEBHOOK_SECRET: 'whsec_x',
    })
    assert.equal(config.port, 8787)
  })

  it('reads root keys and networks', () => {
    const key = Buffer.alloc(32, 7)
    const config = readConfig({
      ONE_CAPTCHA_ROOT_KEYS: `${key.toString('base64')}, ${key.toString('base64url')}`,
      ONE_CAPTCHA_TRUSTED_PROXIES: '10.0.0.0/8,2001:db8::/32,192.0.2.1',
    })
    assert.deepEqual(config.rootKeys, [key, key])
    assert.equal(config.trustedProxies.check('10.9.9.9'), true)
    assert.equal(config.trustedProxies.check('192.0.2.2'), false)
  })

  it('is described in docs/settings.md, each setting with its default', () => {
    const docs = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8')
    const source = readFileSync(new URL('./config.ts', import.meta.url), 'utf8')
    for (const [name] of source.matchAll(/ONE_CAPTCHA_[A-Z_]+/g))
      assert.ok(docs.includes(`\`${name}\``), name)
  })
})
