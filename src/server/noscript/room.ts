import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import type { NoscriptWay } from '../../core/noscript.ts'
import type { Site } from '../../core/site.ts'
import { roomIn, within } from '../../ledger/within.ts'
import { countNetwork } from '../networks.ts'

/**
 * Tokens that one network gets of one site, fading. The codes of networks last for ten minutes, or twenty: longer bounds would
 * forget in the middle.
 */
const EACH: Record<NoscriptWay, number> = { picture: 6, wait: 2 }
const EACH_FADE_MS = 10 * 60_000
const SITE_FADE_MS = 3_600_000

/** How many tokens there still are without JavaScript. It is this, and no work, that bounds what a robot gets. */
export interface Room {
  /** In how many seconds there is one; 0 if there is one now. Nothing is counted. */
  look(): Promise<number>
  /** The same, and counts one if there is. */
  take(): Promise<number>
}

/** The room for one network on one site. No way uses up another's: who waits is not kept out by who has a program for pictures. */
export function roomFor(
  { ledger, networks }: Pick<Context, 'ledger' | 'networks'>,
  request: IncomingMessage,
  site: Site,
  way: NoscriptWay,
): Room {
  // The test keys' tokens are good for nothing, and those who test ask for many.
  if (site.test) return { look: async () => 0, take: async () => 0 }
  const { newest, former } = networks.keysOf(request, site.sitekey)
  const name = (code: string) => `noscript ${way} ${code}`
  const keys = { newest: name(newest), former: former && name(former) }
  const mine = (add: number) => countNetwork(ledger, keys, EACH_FADE_MS, add)
  const all = (add: number) => ledger.count(name(site.sitekey), SITE_FADE_MS, add)

  return {
    look: async () =>
      Math.max(
        roomIn(EACH[way], EACH_FADE_MS, await mine(0)),
        roomIn(site.noscriptPerHour, SITE_FADE_MS, await all(0)),
      ),
    take: async () =>
      (await within(EACH[way], EACH_FADE_MS, mine)) ||
      within(site.noscriptPerHour, SITE_FADE_MS, all),
  }
}
