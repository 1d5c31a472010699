import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'vitest'
import { readConfig } from '../config.ts'
import { systemRandom } from '../random.ts'
import { addressOf, startNetworks } from './networks.ts'

const trusting = (list: string) => readConfig({ ONE_CAPTCHA_TRUSTED_PROXIES: list }).trustedProxies
const request = (peer: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress: peer }, headers }) as unknown as IncomingMessage

describe('networks', () => {
  it('believes no header unless the peer is a trusted proxy', () => {
    const headers = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.7' }
    assert.equal(addressOf(request('203.0.113.1', headers), trusting('')), '203.0.113.1')
    assert.equal(addressOf(request('203.0.113.1', headers), trusting('10.0.0.0/8')), '203.0.113.1')
  })

  it('takes the right-most hop that is no trusted proxy, whatever a client wrote before it', () => {
    const trusted = trusting('10.0.0.0/8, ::1')
    const cases: Record<string, string> = {
      '198.51.100.7': '198.51.100.7',
      '1.1.1.1, 198.51.100.7': '198.51.100.7',
      '1.1.1.1,, junk, 198.51.100.7, 10.1.1.1': '198.51.100.7',
      '198.51.100.7:4711': '198.51.100.7',
      '[2001:db8::1]:80': '2001:db8::1',
      'fe80::1%eth0': 'fe80::1',
      '::ffff:198.51.100.7': '198.51.100.7',
    }
    for (const [header, address] of Object.entries(cases)) {
      assert.equal(
        addressOf(request('10.0.0.1', { 'x-forwarded-for': header }), trusted),
        address,
        header,
      )
    }
    assert.equal(
      addressOf(
        request('::ffff:10.0.0.1', {
          forwarded: 'for=1.1.1.1, for="[2001:db8::1]:80";proto=https',
        }),
        trusted,
      ),
      '2001:db8::1',
    )
  })

  it('counts garbage for the proxy itself, so that it buys no fresh counter', () => {
    const trusted = trusting('10.0.0.1')
    for (const junk of ['junk', '1.1.1.1, junk', '999.1.1.1', '_hidden', 'unknown', '<script>']) {
      assert.equal(
        addressOf(request('10.0.0.1', { 'x-forwarded-for': junk }), trusted),
        '10.0.0.1',
        junk,
      )
    }
    const both = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=1.2.3.4' }
    assert.equal(addressOf(request('10.0.0.1', both), trusted), '10.0.0.1')
  })

  it('gives one key to one network on one site, for ten minutes', () => {
    let now = 0
    const networks = startNetworks(trusting(''), systemRandom(), () => now)
    const key = (address: string, site = 'a') => networks.keyOf(request(address), site)
    const first = key('198.51.100.7')
    assert.equal(key('198.51.100.250'), first)
    assert.notEqual(key('198.51.101.7'), first)
    assert.notEqual(key('198.51.100.7', 'b'), first)
    assert.equal(key('2001:db8:1::1'), key('2001:0db8:0001:ffff::2'))
    assert.notEqual(key('2001:db8:1::1'), key('2001:db8:2::1'))
    assert.equal(key('::1'), key('0:0:0:5::2'))
    assert.equal(first.length, 8)
    now = 10 * 60_000
    assert.notEqual(key('198.51.100.7'), first)
  })
})
