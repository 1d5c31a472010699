import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, describe, it } from 'vitest'
import { postgresPlaces } from '../../test/support/stores.ts'
import { until } from '../../test/support/until.ts'
import { accountsContract } from './accounts.contract.ts'
import { apiKeysContract } from './api-keys.contract.ts'
import { auditLogContract } from './audit-log.contract.ts'
import { breachesContract } from './breaches.contract.ts'
import { countsContract } from './counts.contract.ts'
import { deliveriesContract } from './deliveries.contract.ts'
import { feedbackContract } from './feedback.contract.ts'
import { invitationsContract } from './invitations.contract.ts'
import { migrate } from './migrate.ts'
import { retentionContract } from './retention.contract.ts'
import { statusContract } from './status.contract.ts'
import { storeContract } from './store.contract.ts'
import { StoreUnavailable } from './store.ts'
import { termsContract } from './terms.contract.ts'

const places = postgresPlaces()
afterAll(places.close)

storeContract('PostgreSQL', places.fresh)
for (const contract of [
  auditLogContract,
  breachesContract,
  invitationsContract,
  apiKeysContract,
  countsContract,
  deliveriesContract,
  feedbackContract,
  accountsContract,
  retentionContract,
  statusContract,
  termsContract,
]) {
  contract('PostgreSQL', async () => {
    const db = (await places.fresh()).tables()
    await migrate(db)
    return db
  })
}

describe('the PostgreSQL store', () => {
  it('gives numbers where PostgreSQL has larger ones, for itself alone', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const { sitekey, secret } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    const row = (await store.sites.row(sitekey))!
    assert.deepEqual([typeof row.createdAt, typeof row.secrets], ['number', 'number'])
    await store.sites.rotate(sitekey, 1_000)
    assert.ok(await store.sites.bySecret(secret))
    const client = new pg.Client(place.address)
    await client.connect()
    const { rows } = await client.query('SELECT 1::bigint AS one')
    assert.equal(rows[0].one, '1')
    await client.end()
  })

  it('ends an account while its keys end and it is removed from a site: nobody waits for ever', async () => {
    const [here, there] = await (await places.fresh()).nodes(2)
    const add = (login: string) => here!.accounts.add({ login, role: 'developer', password: null })
    const owner = await add('owner')
    for (let i = 0; i < 8; i++) {
      const { id } = await add(`user-${i}`)
      const site = { hosts: ['a.test'], mode: 'checkbox' } as const
      for (let own = 0; own < 4; own++) await here!.sites.add({ ...site, owner: id })
      const { sitekey } = await here!.sites.add({ ...site, owner: owner.id })
      await here!.members.set(sitekey, id, 'admin')
      const key = { accountId: id, sitekey: null, name: '', scopes: [], expiresAt: null }
      const keys = []
      for (let nth = 0; nth < 4; nth++) keys.push((await here!.apiKeys.add(key)).row.id)
      await Promise.all([
        here!.accounts.terminate(id),
        setTimeout(i).then(() => there!.members.remove(sitekey, id)),
        ...keys.map((one, nth) => setTimeout(i + 2 * nth).then(() => there!.apiKeys.end(id, one))),
      ])
      assert.equal((await here!.accounts.byId(id))!.state, 'terminated')
    }
  })

  it('never tells a log which values a fault was about', async () => {
    const place = await places.fresh()
    await place.open()
    const tables = place.tables()
    const row = { name: 'ada@example.test', value: '1', changed_at: 1 }
    await tables.insertInto('settings').values(row).execute()
    const told = await tables
      .insertInto('settings')
      .values(row)
      .execute()
      .catch((error) => error)
    assert.equal(told.code, '23505')
    assert.doesNotMatch(JSON.stringify({ ...told, text: String(told.stack) }), /ada@/)
  })

  it('is away while its server is, and comes back by itself', async () => {
    const place = await places.fresh()
    const server = await places.server()
    const store = await place.open()
    const { sitekey, secret } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    await Promise.all(Array.from({ length: 30 }, () => store.sites.list()))
    await store.sites.byKey(sitekey)
    const back = server.restart(500)
    await until(() => store.sites.list().then(() => false, isAway), 'it is away')
    // What was known of a site does for challenges; a secret must be looked up anew.
    assert.ok(await store.sites.byKey(sitekey))
    await assert.rejects(store.sites.bySecret(secret), StoreUnavailable)
    await assert.rejects(store.sites.set(sitekey, { name: 'new' }), StoreUnavailable)
    await back
    await until(() => store.sites.list().then(() => true, isAwayStill), 'it is back')
    assert.ok(await store.sites.bySecret(secret))
    assert.equal(await store.sites.set(sitekey, { name: 'new' }), true)
  })

  it('gives up a server that stands still, and uses none of its connections again', async () => {
    const place = await places.fresh()
    const { pid } = await places.server()
    const store = await place.open()
    const { sitekey } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    const busy = await backends(place.address)
    for (const one of busy) process.kill(one, 'SIGSTOP')
    try {
      const begun = performance.now()
      await assert.rejects(store.sites.set(sitekey, { name: 'new' }), StoreUnavailable)
      assert.ok(performance.now() - begun < 10_000)
      // Others of the server are well, and a new connection is theirs.
      assert.ok(await store.sites.row(sitekey))
    } finally {
      for (const one of busy) process.kill(one, 'SIGCONT')
    }
    process.kill(pid(), 0)
  })

  it('lets no node that is frozen in the middle of a change hold up the others', async () => {
    const place = await places.fresh()
    const store = await place.open()
    const { sitekey } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    const frozen = new pg.Client({
      connectionString: place.address,
      idle_in_transaction_session_timeout: 3_000,
    })
    frozen.on('error', () => {})
    await frozen.connect()
    await frozen.query('BEGIN')
    await frozen.query('UPDATE audit_head SET seq = seq')
    assert.equal(await store.sites.set(sitekey, { name: 'new' }), true)
    await frozen.end().catch(() => {})
  })

  it('refuses a second service where none shares a ledger, and lets it in when the first is gone', async () => {
    const place = await places.fresh()
    const first = await place.open(alone())
    await assert.rejects(place.open(alone()), /set ONE_CAPTCHA_REDIS_URL/)
    // The command line is no service.
    assert.deepEqual(await (await place.open()).sites.list(), [])
    await first.close()
    await place.open(alone())
  })

  it('serves nothing while its place may be taken, and takes it anew', async () => {
    const place = await places.fresh()
    const notices: string[] = []
    const store = await place.open({ ...alone(), onWarning: (message) => notices.push(message) })
    const { sitekey, secret } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    assert.ok(await store.sites.byKey(sitekey))
    assert.ok(await store.sites.bySecret(secret))
    const client = new pg.Client(place.address)
    await client.connect()
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'one-captcha alone' AND datname = current_database()",
    )
    await client.query('SELECT pg_advisory_lock(7366002)')
    await until(() => notices.length > 0, 'the place is lost')
    for (const read of [store.sites.byKey(sitekey), store.sites.bySecret(secret)]) {
      await assert.rejects(read, StoreUnavailable)
    }
    await client.end()
    await until(() => store.sites.byKey(sitekey).then(() => true, isAwayStill), 'it has its place')
  })

  it('lets in no service without a shared ledger beside those that have one, nor one of those beside it', async () => {
    const place = await places.fresh()
    const [one, two] = [await place.open(shared()), await place.open(shared())]
    const { sitekey } = await one.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
    await assert.rejects(place.open(alone()), /set ONE_CAPTCHA_REDIS_URL/)
    // A connection that is lost is made again, and matters to nobody meanwhile.
    const client = new pg.Client(place.address)
    await client.connect()
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'one-captcha alone' AND datname = current_database()",
    )
    await client.end()
    assert.ok(await two.sites.byKey(sitekey))
    await Promise.all([one.close(), two.close()])
    const only = await place.open(alone())
    await assert.rejects(place.open(shared()), /would accept what this one has spent/)
    await only.close()
  })
})

const alone = () => ({ place: 'alone' }) as object
const shared = () => ({ place: 'shared' }) as object

function isAway(error: unknown): boolean {
  assert.ok(error instanceof StoreUnavailable, String(error))
  return true
}

function isAwayStill(error: unknown): boolean {
  return !isAway(error)
}

/** The server's processes for this database. */
async function backends(address: string): Promise<number[]> {
  const client = new pg.Client(address)
  await client.connect()
  const { rows } = await client.query(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
  return rows.map((row) => row.pid)
}
