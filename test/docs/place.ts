import { setTimeout as after } from 'node:timers/promises'
import { readConfig } from '../../src/config.ts'
import type { Mode } from '../../src/core/site.ts'
import { openStore, rootKeysOf } from '../../src/opening.ts'
import { systemRandom } from '../../src/random.ts'
import { makeSeal, type Seal } from '../../src/seal.ts'
import type { TestService } from '../support/service.ts'
import { addTenant, furnish, type Tenant } from '../support/tenants.ts'
import { quickToken } from '../support/visitor.ts'

/** Where the hosts of the documents' pages are. */
const HOSTS = ['example.org', 'localhost', 'docs.localhost', 'example.test']

/** What a document writes in general, and this place has in particular: by the names that it may have in a shell. */
export interface Facts {
  SITEKEY: string
  ONE_CAPTCHA_SECRET: string
  [name: string]: string
}

/** A running service that a document speaks of. */
export interface Place {
  url: string
  data: string
  seal: Seal
  addSite(mode: Mode, hosts?: string[]): Promise<{ sitekey: string; secret: string }>
  /** Gives a document what it may name: a site of its own, and for whoever has a key what belongs to it. */
  facts(): Promise<Facts>
}

/** The service that all documents share. */
export async function sharedPlace(service: TestService): Promise<Place> {
  const { store, tools } = service.context
  const operator = await addTenant(service, { role: 'operator' })
  return {
    url: service.url,
    data: service.data,
    seal: tools.seal,
    addSite: (mode, hosts = HOSTS) => service.addSite(hosts, mode, { noscriptPerHour: 60 }),
    facts: () => furnished(service, operator, store),
  }
}

async function furnished(
  service: TestService,
  operator: Tenant,
  { sites, audit }: TestService['context']['store'],
): Promise<Facts> {
  const has = await furnish(service, operator)
  await sites.set(has.sitekey, { hosts: HOSTS })
  const { revision } = (await sites.row(has.sitekey))!
  const head = await audit.head()
  return {
    KEY: operator.key,
    SITEKEY: has.sitekey,
    ONE_CAPTCHA_SECRET: has.secret,
    FOUND: has.secret,
    ETAG: `"${revision}"`,
    SECRET_ID: has.secretId,
    ACCOUNT_ID: has.memberId,
    HEAD: `${head.seq}:${head.hash}`,
  }
}

/** A service that a document's reader has started, with its files in this folder. */
export function startedPlace(url: string, data: string): Place {
  const config = readConfig({ ONE_CAPTCHA_DATA: data })
  const place: Place = {
    url,
    data,
    seal: makeSeal(rootKeysOf(config, false), systemRandom(), Date.now),
    async addSite(mode, hosts = HOSTS) {
      const { store } = await openStore(config)
      try {
        return await store.sites.add({ hosts, mode, effortFloor: 1 })
      } finally {
        await store.close()
      }
    },
    async facts() {
      const { sitekey, secret } = await place.addSite('checkbox')
      return { SITEKEY: sitekey, ONE_CAPTCHA_SECRET: secret }
    },
  }
  return place
}

/** A token that a visitor of `example.org` got for `signup`. */
export function tokenOf(place: Place, sitekey: string, action = 'signup'): Promise<string> {
  const page = { service: place.url, origin: 'https://example.org' }
  return quickToken(page, place.seal, { sitekey, host: 'example.org', action })
}

/** Whether nothing listens at an address any more. */
export async function gone(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    () => after(20).then(() => false),
    () => true,
  )
}
