import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, it } from 'vitest'
import { sqlitePlaces } from '../../test/support/stores.ts'
import { DEFAULT_POLICY } from '../core/policy.ts'
import { migrate } from './migrate.ts'
import { storeContract } from './store.contract.ts'
import { StoreUnavailable } from './store.ts'

const places = sqlitePlaces()
afterAll(places.close)

storeContract('SQLite', places.fresh)

describe('the SQLite store', () => {
  it('gives sites that were registered before there were policies the default one', async () => {
    const place = await places.fresh()
    await migrate(place.tables(), '0001-sites')
    const old = new Database(place.address)
    old.exec("INSERT INTO sites (sitekey, mode, created_at) VALUES ('ock_old', 'invisible', 1)")
    old.close()
    const store = await place.open()
    assert.deepEqual(await store.sites.byKey('ock_old'), {
      ...{ sitekey: 'ock_old', hosts: [], mode: 'invisible', name: '' },
      ...{ state: 'active', revision: 1, ...DEFAULT_POLICY },
    })
  })

  it('never has secrets written down, not even in part', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const { sitekey, secret } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    const next = (await store.sites.rotate(sitekey, 1_000))!.secret
    await store.sites.bySecret(next)
    for (const name of readdirSync(places.folder)) {
      const bytes = readFileSync(join(places.folder, name))
      for (const one of [secret, next]) {
        assert.equal(bytes.includes(one.slice(9, 21)), false, name)
        assert.equal(bytes.includes(one.slice(-12)), false, name)
      }
    }
    assert.ok(readFileSync(`${place.address}-wal`).includes(sitekey))
  })

  it('overwrites what is deleted: nobody reads in the file whose account it was [ASVS 14.2.7]', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const ada = { login: 'ada.lovelace', role: 'developer', password: null } as const
    const { id } = await store.accounts.add(ada)
    const key = { id: 'key', name: 'phone of lovelace', publicKey: 'x', counter: 0, transports: [] }
    await store.passkeys.add(id, key)
    await store.close()
    assert.ok(readFileSync(place.address).includes('lovelace'), 'the test looks at the right file')
    const again = await place.open()
    assert.equal(await again.accounts.terminate(id, id), true)
    await again.close()
    assert.equal(readFileSync(place.address).includes('lovelace'), false)
  })

  it('tells a change by another process for the very next request, without an announcement', async () => {
    const place = await places.fresh()
    const [here, there] = [await place.open({ announce: async () => {} }), await place.open()]
    const { sitekey } = await here.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    await there.sites.byKey(sitekey)
    await here.sites.set(sitekey, { name: 'new' })
    assert.equal((await there.sites.byKey(sitekey))!.name, 'new')
  })

  it('is away, and nothing worse, while another process holds its file for too long', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const { sitekey } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    const other = new Database(place.address)
    other.exec('BEGIN IMMEDIATE')
    await assert.rejects(store.sites.set(sitekey, { name: 'new' }), StoreUnavailable)
    assert.ok(await store.sites.byKey(sitekey))
    other.exec('ROLLBACK')
    other.close()
    assert.equal(await store.sites.set(sitekey, { name: 'new' }), true)
  })
})
