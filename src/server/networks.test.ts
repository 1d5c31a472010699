import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'vitest'
import { readConfig } from '../config.ts'
import { memoryLedger } from '../ledger/memory.ts'
import { systemRandom } from '../random.ts'
import { addressOf, countNetwork, startNetworks } from './networks.ts'

const MINUTE_MS = 60_000

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

  it('gives one key to one network on one site', () => {
    const networks = startNetworks(trusting(''), systemRandom(), () => 0)
    const key = (address: string, site = 'a') => networks.keysOf(request(address), site).newest
    const first = key('198.51.100.7')
    assert.equal(key('198.51.100.250'), first)
    assert.notEqual(key('198.51.101.7'), first)
    assert.notEqual(key('198.51.100.7', 'b'), first)
    assert.equal(key('2001:db8:1::1'), key('2001:0db8:0001:ffff::2'))
    assert.notEqual(key('2001:db8:1::1'), key('2001:db8:2::1'))
    assert.equal(key('::1'), key('0:0:0:5::2'))
    assert.equal(first.length, 8)
  })

  it('makes a new key every ten minutes, and remembers the one before for ten more', () => {
    let now = 0
    const networks = startNetworks(trusting(''), systemRandom(), () => now)
    const keys = () => networks.keysOf(request('198.51.100.7'), 'a')
    const first = keys()
    assert.equal(first.former, null)
    now = 10 * MINUTE_MS - 1
    assert.deepEqual(keys(), first)
    now = 10 * MINUTE_MS
    const second = keys()
    assert.equal(second.former, first.newest)
    assert.notEqual(second.newest, first.newest)
    now = 20 * MINUTE_MS
    const third = keys()
    assert.equal(third.former, second.newest)
    assert.ok(![first.newest, second.newest].includes(third.newest))
  })

  it('remembers no key for longer than twenty minutes, also where nobody came meanwhile', () => {
    let now = 0
    const networks = startNetworks(trusting(''), systemRandom(), () => now)
    const keys = () => networks.keysOf(request('198.51.100.7'), 'a')
    const first = keys()
    now = 20 * MINUTE_MS
    assert.equal(keys().former, null)
    assert.notEqual(keys().newest, first.newest)
  })

  it('relieves no network when the key changes: what was counted before still counts', async () => {
    let now = 0
    const networks = startNetworks(trusting(''), systemRandom(), () => now)
    const ledger = memoryLedger(() => now)
    const count = (add: number) =>
      countNetwork(ledger, networks.keysOf(request('198.51.100.7'), 'a'), 3 * MINUTE_MS, add)
    // One a second.
    for (; now < 10 * MINUTE_MS; now += 1_000) await count(1)
    const before = await count(0)
    assert.ok(before > 170, `${before}`)
    assert.ok((await count(1)) >= before + 1)
    for (; now < 12 * MINUTE_MS; now += 1_000) await count(1)
    assert.ok(Math.abs((await count(0)) - before) < 10)
  })
})
