import { BlockList, isIP, isIPv6 } from 'node:net'

/** IPv4 that is not the public internet's (RFC 6890 and its like). */
const OTHERS = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  OTHERS.addSubnet(address, bits, 'ipv4')
}

/** IPv6 is public within 2000::/3; mapped, translated, local and multicast addresses lie outside of it. */
const PUBLIC_V6 = new BlockList()
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6')
/** But not these: Teredo and other special uses, documentation, and 6to4, which hides an IPv4 address. */
const OTHERS_V6 = new BlockList()
OTHERS_V6.addSubnet('2001::', 23, 'ipv6')
OTHERS_V6.addSubnet('2001:db8::', 32, 'ipv6')
OTHERS_V6.addSubnet('2002::', 16, 'ipv6')
OTHERS_V6.addSubnet('3fff::', 20, 'ipv6')

/** True for an address on the public internet: not for this machine, nor for a network that only we may be in. */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address)) return false
  if (isIPv6(address)) return PUBLIC_V6.check(address, 'ipv6') && !OTHERS_V6.check(address, 'ipv6')
  return !OTHERS.check(address, 'ipv4')
}
