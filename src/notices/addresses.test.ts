import assert from 'node:assert/strict'
import { it } from 'vitest'
import { isPublicAddress } from './addresses.ts'

it('takes for public what is on the internet, and neither this machine nor any network of somebody’s own', () => {
  for (const address of [
    '1.1.1.1',
    '9.9.9.9',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])
    assert.equal(isPublicAddress(address), true, address)
  for (const address of [
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255'],
    ...['127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.8', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.7', '203.0.113.9'],
    ...['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '2001::1'],
    // An IPv4 address in another guise: mapped, compatible, NAT64, 6to4.
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808'],
    ...['64:ff9b:1::1', '2002:7f00:1::', 'nothing', '', '127.1', '0x7f000001'],
  ])
    assert.equal(isPublicAddress(address), false, address)
})
