import type { RedisOptions } from 'ioredis'

/** Where a Redis is, and how to speak to it. */
export interface Address {
  way: 'single' | 'sentinel' | 'cluster'
  hosts: { host: string; port: number }[]
  /** What Sentinel calls the master; '' where there is none. */
  master: string
  /** Who we are, and whether the line is encrypted: the same for each server. */
  common: RedisOptions
}

const PORTS = { single: 6379, sentinel: 26379, cluster: 6379 }
const QUERY = ['tls', 'db', 'sentinelUsername', 'sentinelPassword']

/**
 * Reads `redis://`, `rediss://`, `redis+sentinel://h1:p,h2:p/master` and `redis+cluster://h1:p,h2:p`. Throws an error that
 * repeats nothing of the text, as there may be a password in it.
 */
export function readAddress(url: string): Address {
  const match =
    /^(rediss?|redis\+sentinel|redis\+cluster):\/\/(?:([^@/?]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(
      url,
    )
  if (!match) throw unreadable('cannot be read')
  const [, scheme, auth = '', list = '', path = '', search = ''] = match
  const way =
    scheme === 'redis+sentinel' ? 'sentinel' : scheme === 'redis+cluster' ? 'cluster' : 'single'
  const query = new URLSearchParams(search)
  for (const name of query.keys())
    if (!QUERY.includes(name)) throw unreadable('has an unknown parameter')

  const hosts = list.split(',').map((entry) => {
    const found = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/.exec(entry)
    if (!found) throw unreadable('names a host that cannot be read')
    return { host: found[1]!.replace(/^\[|\]$/g, ''), port: Number(found[2] ?? PORTS[way]) }
  })
  if (way === 'single' && hosts.length > 1) throw unreadable('may name one host only')
  const master = way === 'sentinel' ? decode(path) : ''
  if (way === 'sentinel' && !/^[\w.-]+$/.test(master))
    throw unreadable('must end in the name of the master')

  const db = (way === 'single' ? path : null) || query.get('db') || '0'
  if (!/^\d{1,5}$/.test(db)) throw unreadable('names a database that is no number')
  if (way === 'cluster' && (path || db !== '0'))
    throw unreadable('names a database, which a cluster has not')

  const colon = auth.indexOf(':')
  const common: RedisOptions = {
    username: decode(colon < 0 ? auth : auth.slice(0, colon)) || undefined,
    password: colon < 0 ? undefined : decode(auth.slice(colon + 1)),
    db: Number(db),
  }
  if (scheme === 'rediss' || query.get('tls') === 'on') common.tls = {}
  if (way === 'sentinel') {
    common.sentinelUsername = query.get('sentinelUsername') ?? undefined
    common.sentinelPassword = query.get('sentinelPassword') ?? undefined
    if (common.tls) Object.assign(common, { sentinelTLS: {}, enableTLSForSentinelMode: true })
  }
  return { way, hosts, master, common }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw unreadable('cannot be read')
  }
}

function unreadable(why: string): Error {
  return new Error(`ONE_CAPTCHA_REDIS_URL ${why}.`)
}
