import type { Context } from '../context.ts'
import type { Site } from '../core/site.ts'
import { type Claim, LedgerUnavailable, type Spend } from '../ledger/ledger.ts'

/** How often a site may turn out to have changed while one request is answered. */
const READS_MAX = 2

/**
 * Reads a site, and acts on what it says; anew if it turns out to have changed since it was read. So what one node has
 * changed holds on all of them, though each recalls what it read.
 *
 * @param act whatever it does before it answers `outdated` must be harmless if done again
 */
export async function onCurrentSite<T>(
  { store, ledger }: Pick<Context, 'store' | 'ledger'>,
  read: () => Promise<Site | null>,
  act: (site: Site | null) => Promise<T | 'outdated'>,
): Promise<T> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    const site = await read()
    // The ledger may not know how the site stands: it has forgotten, or never heard.
    if (reads > 0 && site) await ledger.announce(site.sitekey, site.revision)
    const done = await act(site)
    if (done !== 'outdated') return done
    if (site) store.forget(site.sitekey, Number.POSITIVE_INFINITY)
  }
  throw new LedgerUnavailable('The site changes faster than it can be read.')
}

/** Spends what belongs to a site, as the site is known here. The public test sites are the same everywhere. */
export function spendOf(
  { ledger }: Pick<Context, 'ledger'>,
  site: Site,
  claim: Omit<Claim, 'site'>,
): Promise<Spend> {
  return ledger.spend(
    site.test ? claim : { ...claim, site: { sitekey: site.sitekey, revision: site.revision } },
  )
}
