import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { systemRandom } from '../../src/random.ts'
import { postgresStore, postgresTables } from '../../src/store/postgres.ts'
import type { Schema } from '../../src/store/schema.ts'
import type { StoreOptions } from '../../src/store/sql.ts'
import { sqliteStore, sqliteTables } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

/** The root key of stores in tests. */
export const STORE_KEY = Buffer.alloc(32, 1)

/** A fresh database, and ways to look at it. */
export interface Place {
  /** Opens a store there, as one more node would: what any of them announces, all hear. */
  open(options?: Partial<StoreOptions>): Promise<Store>
  /** So many nodes at once; on SQLite, where there is one, that one. Programs side by side are `test/crash`'s. */
  nodes(count: number): Promise<Store[]>
  /** The tables themselves. `reading` is as for a copy. */
  tables(reading?: boolean): Kysely<Schema>
  /** A file's path or a server's address. */
  address: string
}

/** Makes fresh databases of one kind, and ends them all. */
export interface Places {
  fresh(): Promise<Place>
  close(): Promise<void>
}

export function sqlitePlaces(): Places & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-store-'))
  let files = 0
  const { make, end } = keeper(sqliteStore, sqliteTables, 1)
  return {
    folder,
    fresh: async () => make(join(folder, `${files++}.sqlite`)),
    async close() {
      await end()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The server starts when the first place is asked for. */
export function postgresPlaces(): Places & { server(): Promise<TestPostgres> } {
  let starting: Promise<TestPostgres> | undefined
  const server = () => (starting ??= startPostgres())
  const { make, end } = keeper(postgresStore, postgresTables)
  return {
    server,
    fresh: async () => make(await (await server()).database()),
    async close() {
      await end()
      await (await starting)?.close()
    },
  }
}

function keeper(
  openStore: (address: string, options: StoreOptions) => Promise<Store>,
  openTables: (address: string, reading?: boolean) => Kysely<Schema>,
  nodesMax = Number.POSITIVE_INFINITY,
) {
  const open: { close(): Promise<void> }[] = []
  return {
    make(address: string): Place {
      const nodes: Store[] = []
      const announce = async (sitekey: string, revision: number) => {
        for (const node of nodes) node.forget(sitekey, revision)
      }
      async function openOne(options?: Partial<StoreOptions>): Promise<Store> {
        const usual = { rootKeys: [STORE_KEY], random: systemRandom(), announce }
        const store = await openStore(address, { ...usual, ...options })
        nodes.push(store)
        open.push(store)
        return store
      }
      return {
        address,
        open: openOne,
        async nodes(count) {
          const made = await Promise.all(
            Array.from({ length: Math.min(count, nodesMax) }, () => openOne()),
          )
          return Array.from({ length: count }, (_, i) => made[i % made.length]!)
        },
        tables(reading) {
          const db = openTables(address, reading)
          open.push({ close: () => db.destroy() })
          return db
        },
      }
    },
    end: () => Promise.all(open.splice(0).map((one) => one.close())),
  }
}
