import { createHmac, type KeyObject } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP } from 'node:net'
import type { Random } from '../core/random.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Nodes, startCodeKeys } from './code-keys.ts'

/** Truncated, so that a code does not single out one network even while its key lives. */
const CODE_BYTES = 6

/** Tells visitors' networks apart for counting, without keeping who they are. */
export interface Networks {
  /**
   * The network this request comes from, on one site, as keys of counters: truncated HMACs under the random key that is
   * used now, and under the one before it. The address itself goes no further than this call. When both random keys are
   * gone, nobody can tell any more whom a counter was about.
   */
  keysOf(request: IncomingMessage, sitekey: string): NetworkKeys
  /** Resolves when the other nodes were asked for the random keys. */
  joined: Promise<void>
  close(): void
}

/** One network's keys. What is counted under the former still counts, so that changing keys relieves nobody. */
export interface NetworkKeys {
  newest: string
  /** Null where there was none. */
  former: string | null
}

/**
 * Starts telling networks apart.
 *
 * @param nodes who must tell them apart in the same way; absent where there are no others
 */
export function startNetworks(
  trusted: BlockList,
  random: Random,
  now: () => number,
  nodes?: Nodes,
): Networks {
  const keys = startCodeKeys(random, now, nodes)
  return {
    keysOf(request, sitekey) {
      const { newest, former } = keys.current()
      const network = `${sitekey}\n${prefix(addressOf(request, trusted))}`
      return { newest: code(newest, network), former: former && code(former, network) }
    },
    joined: keys.joined,
    close: keys.close,
  }
}

/** Counts a call against a network. Returns how many there were with it, fading (`Ledger.count`). */
export async function countNetwork(
  ledger: Ledger,
  { newest, former }: NetworkKeys,
  fadeMs: number,
  add = 1,
): Promise<number> {
  const fresh = await ledger.count(newest, fadeMs, add)
  return former === null ? fresh : fresh + (await ledger.count(former, fadeMs, 0))
}

function code(key: KeyObject, network: string): string {
  return createHmac('sha256', key).update(network).digest().toString('base64url', 0, CODE_BYTES)
}

/**
 * The address a request comes from: the socket's; or, where that is a trusted proxy, the right-most hop in
 * `X-Forwarded-For` or `Forwarded` that is not. A client can write anything to the left of that, so nothing there counts.
 */
export function addressOf(request: IncomingMessage, trusted: BlockList): string {
  const peer = plain(request.socket.remoteAddress ?? '') ?? ''
  if (!isTrusted(peer, trusted)) return peer
  const claims = [
    hopsOf(request.headers['x-forwarded-for'], (hop) => hop),
    hopsOf(request.headers.forwarded, (hop) => /(?:^|;)\s*for="?([^";]*)"?/i.exec(hop)?.[1] ?? ''),
  ]
    .filter((hops) => hops.length > 0)
    .map((hops) => lastUntrusted(hops, peer, trusted))
  // Where both headers are there, one of them may be the client's own: they must agree.
  return claims.length > 0 && claims.every((claim) => claim === claims[0]) ? claims[0]! : peer
}

function hopsOf(header: string | string[] | undefined, read: (hop: string) => string): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text ? text.split(',').map((hop) => read(hop.trim())) : []
}

function lastUntrusted(hops: string[], peer: string, trusted: BlockList): string {
  let address = peer
  for (const hop of hops.reverse()) {
    const next = plain(hop)
    if (next === null) return address
    address = next
    if (!isTrusted(address, trusted)) return address
  }
  return address
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address)
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** An address without port, brackets or zone; IPv4 in IPv6 as IPv4; null if it is none. */
function plain(hop: string): string | null {
  let address = hop.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/%.*$/, '')
  if (/^[\d.]+:\d+$/.test(address)) address = address.slice(0, address.indexOf(':'))
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped) address = mapped
  return isIP(address) ? address : null
}

/** The network an address is in: /24 for IPv4, /48 for IPv6. */
function prefix(address: string): string {
  if (isIP(address) === 4) return address.slice(0, address.lastIndexOf('.'))
  if (isIP(address) !== 6) return ''
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  const gap = groups.indexOf('')
  if (gap >= 0) {
    const rest = groups.filter((group) => group !== '')
    groups.splice(0, groups.length, ...rest)
    groups.splice(gap, 0, ...Array.from({ length: 8 - rest.length }, () => '0'))
  }
  return groups.slice(0, 3).join(':')
}
