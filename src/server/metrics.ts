import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { LedgerUnavailable } from '../ledger/ledger.ts'
import { StoreUnavailable } from '../store/store.ts'
import { nothingHere } from './errors.ts'

/** What a proxy adds. Who comes through one is not on this machine, whatever the socket says. */
const FORWARDING = [
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['x-forwarded-server', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'],
]

/**
 * Counts every answer and every failure, and serves `/metrics`: to who has the token; where there is none, to this machine
 * alone; for everybody else there is nothing at this address.
 */
export function metrics(app: FastifyInstance, { config, metrics }: Context) {
  /** Requests that were refused because everybody was told that they would be. */
  const announced = new WeakSet<FastifyRequest>()

  app.addHook('onResponse', async (request, reply) => {
    const failed = reply.statusCode >= 500 && !announced.has(request)
    metrics.answered(request.routeOptions.url, reply.statusCode, reply.elapsedTime, failed)
  })
  app.addHook('onError', async (request, _, error) => {
    const theirs = error instanceof BadRequest || (error.statusCode ?? 500) < 500
    if (error instanceof BadRequest && error.code === 'maintenance') announced.add(request)
    if (!theirs) metrics.failed(partOf(error))
  })

  app.get(
    '/metrics',
    { schema: { hide: true }, exposeHeadRoute: false },
    async (request, reply) => {
      const welcome = config.metricsToken
        ? isBearer(request.raw, config.metricsToken)
        : isFromHere(request.raw, config.trustedProxies)
      if (!welcome) return nothingHere(reply)
      return reply
        .type(metrics.type)
        .header('cache-control', 'no-store')
        .send(await metrics.text())
    },
  )
}

/** Which part of us an error is of. */
export function partOf(error: unknown): 'ledger' | 'store' | 'other' {
  if (error instanceof LedgerUnavailable) return 'ledger'
  return error instanceof StoreUnavailable ? 'store' : 'other'
}

function isBearer(request: IncomingMessage, token: string): boolean {
  const given = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  // Hashes have one length, so that comparing them takes one time.
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'))
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * True for a program on this machine that asks directly. Not for a proxy that runs here: it is one if the operator trusts
 * it, or if it says so. And not for a page that has its own name point at this machine (DNS rebinding): `Host` must be
 * this machine's name too.
 */
function isFromHere(request: IncomingMessage, trusted: BlockList): boolean {
  const peer = request.socket.remoteAddress ?? ''
  const family = isIPv6(peer) ? 'ipv6' : 'ipv4'
  if (peer === '' || !LOOPBACK.check(peer, family) || trusted.check(peer, family)) return false
  if (FORWARDING.some((name) => request.headers[name] !== undefined)) return false
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '')
}
