import { newSecret, secretHasher } from '../src/keys.ts'
import { systemRandom } from '../src/random.ts'
import type { Schema } from '../src/store/schema.ts'
import type { Store } from '../src/store/store.ts'
import {
  type Place,
  type Places,
  postgresPlaces,
  STORE_KEY,
  sqlitePlaces,
} from '../test/support/stores.ts'
import { inTurns, table } from './measure.ts'

/** More than a store recalls: asked for one after the other, each is read anew. */
const SITES = 12_000
/** So many are asked for at once, as in a busy service. */
const AT_ONCE = 32

interface Keys {
  sitekey: string
  secret: string
}

/** How often a site is found by its key and by its secret: recalled, and read. */
export async function store(): Promise<string> {
  const random = systemRandom()
  const sites = Array.from({ length: SITES }, (_, i) => ({
    sitekey: `ock_${String(i).padStart(22, '0')}`,
    secret: newSecret(random),
  }))
  const kinds: [string, Places][] = [
    ['SQLite', sqlitePlaces()],
    ['PostgreSQL', postgresPlaces()],
  ]
  const contenders: Parameters<typeof inTurns>[0] = []
  try {
    for (const [name, places] of kinds) {
      const place = await places.fresh()
      // Each that is read is read by its own store, so that none recalls for another.
      const [recalling, byKey, bySecret] = [
        await place.open(),
        await place.open(),
        await place.open(),
      ]
      await fill(place, recalling, sites)
      contenders.push(
        act(`${name}, by key, recalled`, () => recalling.sites.byKey(sites[0]!.sitekey)),
        act(`${name}, by secret, recalled`, () => recalling.sites.bySecret(sites[0]!.secret)),
        act(`${name}, by key, read`, (i) => byKey.sites.byKey(sites[i % SITES]!.sitekey)),
        act(`${name}, by secret, read`, (i) => bySecret.sites.bySecret(sites[i % SITES]!.secret)),
      )
    }
    const measures = await inTurns(contenders, 3)
    return table(
      'Finding a site',
      'per second of our processor',
      measures.map((one) => ({ ...one, perCpuSecond: one.perCpuSecond * AT_ONCE })),
    )
  } finally {
    for (const [, places] of kinds) await places.close()
  }
}

function act(name: string, find: (i: number) => Promise<unknown>) {
  return {
    name,
    async act(turn: number) {
      const found = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, k) => find(turn * AT_ONCE + k)),
      )
      if (found.includes(null)) throw new Error(`${name}: a site was not found.`)
    },
  }
}

async function fill(place: Place, first: Store, sites: readonly Keys[]): Promise<void> {
  const { sitekey } = await first.sites.add({ hosts: ['example.test'], mode: 'checkbox' })
  const hash = secretHasher(STORE_KEY)
  const today = Math.floor(Date.now() / 86_400_000)
  const db = place.tables()
  await db.transaction().execute(async (tx) => {
    const like = await tx
      .selectFrom('sites')
      .selectAll()
      .where('sitekey', '=', sitekey)
      .executeTakeFirstOrThrow()
    for (let i = 0; i < sites.length; i += 500) {
      const some = sites.slice(i, i + 500)
      const rows = some.map((site) => ({ ...like, sitekey: site.sitekey }))
      await tx.insertInto('sites').values(rows).execute()
      const hosts = some.map((site) => ({ sitekey: site.sitekey, host: 'example.test' }))
      await tx.insertInto('site_hosts').values(hosts).execute()
      const secrets = some.map((site): Schema['site_secrets'] => ({
        ...{ hash: hash(site.secret), id: '', sitekey: site.sitekey, hint: '', created_at: 1 },
        // Used today already, so that nothing is written down.
        ...{ expires_at: null, last_used_day: today },
      }))
      await tx.insertInto('site_secrets').values(secrets).execute()
    }
  })
}
