import { Resolver, lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'

const LIMIT_MS = 10_000
/** What is answered beside the status does not matter: it is read to its end as long as it is short and comes soon. */
const ANSWER_BYTES_MAX = 65_536
const ANSWER_MS = 2_000
const HEADER_BYTES_MAX = 8_192
const NAME_MS = 3_000

/** What came back: a status, or why nothing did, in our words. Never a word of theirs. */
export type Answer = { status: number } | { fault: string }

/** Posts to where somebody else says. */
export type Post = (
  url: string,
  message: { headers: Readonly<Record<string, string>>; body: string },
  signal?: AbortSignal,
) => Promise<Answer>

type Lookup = (host: string) => Promise<{ address: string; family: number }[]>

/**
 * Whoever chooses where we post may mean to reach through us what they cannot reach themselves. So a name is looked up here,
 * once; all its addresses must be public; and the one that was looked at is the one that is connected to. Redirections are
 * not followed, no cookie or password is sent, and what comes back is thrown away.
 *
 * @param tools.privateToo also to private networks, and without TLS
 * @param tools.lookup how a name is looked up; in the public DNS, or where private networks are allowed in the system's way
 * @param tools.ca who vouches for servers beside those whom Node knows
 */
export function makePost({
  privateToo,
  lookup = privateToo ? asTheSystemDoes : inTheDns,
  ca,
}: {
  privateToo: boolean
  lookup?: Lookup
  ca?: string
}): Post {
  return async (url, { headers, body }, given) => {
    const target = new URL(url)
    const limit = AbortSignal.timeout(LIMIT_MS)
    const signal = given ? AbortSignal.any([given, limit]) : limit
    try {
      const address = await addressOf(target, signal)
      if (address === null) return { fault: 'There is no public server of this name.' }
      return { status: await send(target, address, { headers, body, signal, ca }) }
    } catch (error) {
      if (signal.aborted) return { fault: 'It did not answer within 10 seconds.' }
      return { fault: faultOf(error as NodeJS.ErrnoException) }
    }
  }

  /** The address to connect to; null if there is none, or one of them is not for us to reach. */
  async function addressOf({ hostname }: URL, signal: AbortSignal): Promise<string | null> {
    const host = hostname.replace(/^\[|\]$/g, '')
    const found = isIP(host)
      ? [{ address: host, family: isIP(host) }]
      : await unless(signal, lookup(host)).catch((error) => {
          if (signal.aborted) throw error
          return []
        })
    if (!privateToo && !found.every(({ address }) => isPublicAddress(address))) return null
    return (found.find(({ family }) => family === 4) ?? found[0])?.address ?? null
  }
}

function asTheSystemDoes(host: string) {
  return systemLookup(host, { all: true })
}

/**
 * Not by the system's own function: it holds one of a few threads while it waits, and whoever owns a name can have it answered
 * slowly. Those threads hash passwords and read files too.
 */
async function inTheDns(host: string): Promise<{ address: string; family: number }[]> {
  const resolver = new Resolver({ timeout: NAME_MS, tries: 1 })
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  return found.flatMap((one, i) =>
    one.status === 'fulfilled'
      ? one.value.map((address) => ({ address, family: i === 0 ? 4 : 6 }))
      : [],
  )
}

function send(
  target: URL,
  address: string,
  order: {
    headers: Readonly<Record<string, string>>
    body: string
    signal: AbortSignal
    ca: string | undefined
  },
): Promise<number> {
  const { headers, body, signal, ca } = order
  const isSecure = target.protocol === 'https:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const options = {
    ...{ method: 'POST', host: address, path: target.pathname + target.search, signal },
    port: target.port || (isSecure ? 443 : 80),
    // The certificate must be for the name, though it is the address that is connected to.
    ...(isSecure && { servername: isIP(host) ? '' : host, ca }),
    // A connection of its own: nothing of one account's is shared with another's.
    ...{ agent: false as const, maxHeaderSize: HEADER_BYTES_MAX },
    headers: { ...headers, host: target.host, 'content-length': Buffer.byteLength(body) },
  }
  return new Promise((resolve, reject) => {
    let answered = false
    const request = (isSecure ? httpsRequest : httpRequest)(options, (answer) => {
      answered = true
      void readOff(answer).then(() => {
        request.destroy()
        resolve(answer.statusCode!)
      })
    })
    request.on('error', reject)
    // A connection may end without an error or an answer: after a 101, Node says no more than this.
    request.on('close', () => {
      if (!answered) reject(new Error('It ended without an answer.'))
    })
    request.end(body)
  })
}

/** Reads on for a while, so that the other side is not cut off in the middle of a short answer. */
function readOff(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(resolve, ANSWER_MS)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > ANSWER_BYTES_MAX) end()
    })
    for (const event of ['end', 'error', 'close']) answer.once(event, end)
  })
}

function faultOf({ code = '' }: NodeJS.ErrnoException): string {
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER|EPROTO/.test(code)) return 'Its certificate does not hold.'
  return 'It could not be reached.'
}

function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason)
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
