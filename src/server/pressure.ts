import type { IncomingMessage } from 'node:http'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import {
  type Call,
  FADE_MS,
  isRefused,
  networkPressure,
  type Pressure,
  sitePressure,
  siteWeight,
} from '../core/pressure.ts'
import type { Site } from '../core/site.ts'
import { countNetwork } from './networks.ts'

const RETRY_AFTER_S = 60

/** What the counting needs of the service. */
export type Counters = Pick<Context, 'ledger' | 'networks'> & { config: { calm: number } }

/** Counts a call that is welcome, and tells how busy it is with it. Throws `too-many-requests`. */
export async function feelCall(
  counters: Counters,
  request: IncomingMessage,
  site: Site,
  call: Call,
): Promise<Pressure> {
  assertWelcome(await feelNetwork(counters, request, site), call)
  return countCall(counters, request, site, call)
}

/**
 * Throws `too-many-requests` if a network under this pressure is refused such a call.
 *
 * What is refused must not be counted: neither can a network make it dear for others, nor is it locked out for longer than
 * its challenges take to fade, with all who share it.
 */
export function assertWelcome(network: number, call: Call): void {
  if (isRefused(network, call)) throw tooMany()
}

/** Counts a call, and tells how busy it is with it. */
export async function countCall(
  { ledger, networks, config }: Counters,
  request: IncomingMessage,
  site: Site,
  call: Call,
): Promise<Pressure> {
  const keys = networks.keysOf(request, site.sitekey)
  const network = networkPressure(
    await countNetwork(ledger, keys, FADE_MS, call.weight),
    config.calm,
  )
  const share = call.weight * siteWeight(network)
  const forSite = await ledger.count(`site ${site.sitekey}`, FADE_MS, share)
  return { network, site: sitePressure(forSite, config.calm) }
}

/** Tells how busy a visitor's network is, and counts nothing. */
export async function feelNetwork(
  { ledger, networks, config }: Counters,
  request: IncomingMessage,
  site: Site,
): Promise<number> {
  const keys = networks.keysOf(request, site.sitekey)
  return networkPressure(await countNetwork(ledger, keys, FADE_MS, 0), config.calm)
}

function tooMany(): BadRequest {
  const error = new BadRequest(
    'too-many-requests',
    'Too many challenges for this network. Try again later.',
  )
  error.retryAfterS = RETRY_AFTER_S
  return error
}
