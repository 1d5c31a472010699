import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { beforeEach, describe, it } from 'vitest'
import type { Place } from '../../test/support/stores.ts'
import { DEFAULT_POLICY, type Policy, PolicyError } from '../core/policy.ts'
import type { Mode } from '../core/site.ts'
import { rootKeyId } from './root-keys.ts'
import { Outdated, type SiteSettings, type Store } from './store.ts'

const KEY = Buffer.alloc(32, 1)
const DAY_MS = 86_400_000

/** What every store promises of sites, secrets, members and settings. Each driver's test calls this. */
export function storeContract(name: string, fresh: () => Promise<Place>) {
  let place: Place
  let store: Store
  let told: [string, number][]
  let now: number

  const open = (rootKeys = [KEY]) =>
    place.open({
      rootKeys,
      now: () => now,
    })
  const add = (hosts: string[], mode: Mode = 'checkbox') => store.sites.add({ hosts, mode })
  const revision = async (sitekey: string) => (await store.sites.row(sitekey))?.revision
  const acts = async () => (await store.audit.list({ limit: 100 })).map(({ act }) => act).reverse()
  const account = async (id: string, state = 'active') => {
    const times = { created_at: 1, changed_at: 1 }
    const row = { id, login: id, role: 'developer', state, password: null, email_sealed: null }
    const more = { email_hash: null, email_confirmed_at: null, totp_sealed: null, totp_step: null }
    await place
      .tables()
      .insertInto('accounts')
      .values({ ...row, ...more, ...times })
      .execute()
    return id
  }

  beforeEach(async () => {
    place = await fresh()
    told = []
    now = 1_600_000_000_000
    store = await place.open({
      rootKeys: [KEY],
      now: () => now,
      async announce(sitekey, at) {
        told.push([sitekey, at])
      },
    })
  })

  describe(`sites in ${name}`, () => {
    it('are found by key and by secret, and by nothing that is merely like them', async () => {
      const { sitekey, secret } = await add(['b.test', 'a.test', 'a.test'], 'invisible')
      const site = {
        ...{ sitekey, hosts: ['a.test', 'b.test'], mode: 'invisible', name: '' },
        ...{ state: 'active', revision: 1, ...DEFAULT_POLICY },
      }
      assert.deepEqual(await store.sites.byKey(sitekey), site)
      assert.deepEqual(await store.sites.bySecret(secret), site)
      for (const other of [
        '',
        sitekey.toLowerCase(),
        `${sitekey} `,
        `${sitekey}' OR '1'='1`,
        secret,
      ]) {
        assert.equal(await store.sites.byKey(other), null)
      }
      const swapped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
      for (const other of ['', sitekey, swapped, secret.toUpperCase(), ` ${secret}`, "' OR 1=1"]) {
        assert.equal(await store.sites.bySecret(other), null)
      }
    })

    it('are found by host name where exactly one that is active lists it, itself or by a wildcard', async () => {
      const a = await add(['a.test', 'shared.test'])
      const wild = await add(['*.b.test', 'shared.test'])
      const deep = await add(['*.c.b.test'])
      const by = async (host: string) => (await store.sites.byHost(host))?.sitekey
      assert.equal(await by('a.test'), a.sitekey)
      assert.equal(await by('x.b.test'), wild.sitekey)
      assert.equal(await by('x.y.b.test'), wild.sitekey)
      assert.equal(await by('c.b.test'), wild.sitekey)
      const none = ['shared.test', 'x.c.b.test', 'b.test', 'www.a.test', 'test', '', '*.b.test.']
      for (const host of none) assert.equal(await by(host), undefined, host)
      // Twice in one site is once.
      await store.sites.set(deep.sitekey, { hosts: ['*.d.test', 'x.d.test'] })
      assert.equal(await by('x.d.test'), deep.sitekey)
      await store.sites.setState(wild.sitekey, 'suspended')
      assert.equal(await by('x.b.test'), undefined)
      assert.equal(await by('shared.test'), a.sitekey)
    })

    it('keep all that is decided about them', async () => {
      const policy = {
        ...{ effortFloor: 2, effortCeiling: 65, waitMs: 10_000, tokenLifeMs: 60_000 },
        ...{ kinds: ['slider', 'rotate'], theme: 'dark', onFailure: 'open', noscriptPerHour: 60 },
      } as Policy
      const given = { hosts: ['a.test'], mode: 'puzzle' as const, name: 'Ä shop', ...policy }
      const { sitekey } = await store.sites.add(given)
      assert.partialDeepStrictEqual((await store.sites.byKey(sitekey))!, given)
      assert.partialDeepStrictEqual((await store.sites.list())[0]!, given)
      assert.partialDeepStrictEqual((await store.sites.byHost('a.test'))!, given)
      const changes = {
        ...{ hosts: ['b.test'], mode: 'invisible', name: '', effortFloor: 3, waitMs: 2_000 },
        ...{
          tokenLifeMs: 15_000,
          kinds: [],
          theme: 'light',
          onFailure: 'closed',
          noscriptPerHour: 0,
        },
      } as Partial<SiteSettings>
      await store.sites.set(sitekey, changes)
      assert.partialDeepStrictEqual((await store.sites.byKey(sitekey))!, changes)
      assert.equal(await store.sites.byHost('a.test'), null)
      assert.equal(await store.sites.set('ock_none', { hosts: ['b.test'] }), false)
    })

    it('are changed in what is given alone, and for other nodes too', async () => {
      const there = await open()
      const here = await open()
      const { sitekey } = await add(['a.test'])
      const before = (await there.sites.byKey(sitekey))!
      assert.equal(await here.sites.set(sitekey, { effortCeiling: 128 }), true)
      const after = { ...before, effortCeiling: 128, revision: 2 }
      assert.deepEqual(await there.sites.byKey(sitekey), after)
      assert.equal(await here.sites.set(sitekey, { mode: 'puzzle', effortFloor: 128 }), true)
      assert.deepEqual(await there.sites.byKey(sitekey), {
        ...after,
        ...{ mode: 'puzzle', effortFloor: 128, revision: 3 },
      })
    })

    it('never have a policy that is none: nothing is added, and nothing half-changed', async () => {
      const wrong = { hosts: ['a.test'], mode: 'puzzle', effortFloor: 65 } as const
      await assert.rejects(store.sites.add(wrong), PolicyError)
      assert.deepEqual(await store.sites.list(), [])
      const { sitekey } = await add(['a.test'])
      const before = await store.sites.byKey(sitekey)
      for (const field of [{ effortFloor: 65 }, { effortCeiling: 7 }, { waitMs: 999 }]) {
        const changes = { hosts: ['b.test'], mode: 'puzzle' as const, ...field }
        await assert.rejects(store.sites.set(sitekey, changes), PolicyError)
        assert.deepEqual(await store.sites.byKey(sitekey), before)
      }
      assert.deepEqual(await acts(), ['site.add'])
    })

    it('rise in revision with each change, which is then announced, and with nothing else', async () => {
      const { sitekey, secret } = await add(['a.test'])
      await store.sites.set(sitekey, {})
      await store.sites.set(sitekey, { hosts: ['a.test'], effortFloor: DEFAULT_POLICY.effortFloor })
      await store.sites.bySecret(secret)
      assert.deepEqual([await revision(sitekey), told], [1, []])
      await store.sites.set(sitekey, { hosts: ['b.test'] })
      now += 1
      const rotated = (await store.sites.rotate(sitekey, 1_000))!
      await store.secrets.end(sitekey, (await store.secrets.list(sitekey))[0]!.id)
      await store.sites.setState(sitekey, 'suspended')
      // Told again: who suspended it first may not have come to that yet.
      await store.sites.setState(sitekey, 'suspended')
      await store.sites.setState(sitekey, 'active')
      await store.secrets.endLeaked(rotated.secret)
      assert.equal(await revision(sitekey), 7)
      await store.sites.remove(sitekey)
      assert.deepEqual(
        told,
        [2, 3, 4, 5, 5, 6, 7, 8].map((at) => [sitekey, at]),
      )
    })

    it('are changed only at the revision that a change is meant for, where it says so', async () => {
      const { sitekey } = await add(['a.test'])
      assert.equal(await store.sites.set(sitekey, { name: 'one' }, 'cli', 1), true)
      await assert.rejects(store.sites.set(sitekey, { name: 'two' }, 'cli', 1), Outdated)
      const tries = Array.from({ length: 10 }, (_, i) =>
        store.sites.set(sitekey, { name: `n${i}` }, 'cli', 2).catch((error) => error),
      )
      const came = await Promise.all(tries)
      assert.equal(came.filter((one) => one === true).length, 1)
      assert.equal(came.filter((one) => one instanceof Outdated).length, 9)
    })

    it('are known and marked while they are suspended, with their secrets, on every node', async () => {
      const there = await open()
      const { sitekey, secret } = await add(['a.test'])
      await there.sites.bySecret(secret)
      const here = await open()
      assert.equal(await here.sites.setState(sitekey, 'suspended'), true)
      assert.equal((await there.sites.byKey(sitekey))!.state, 'suspended')
      assert.equal((await there.sites.bySecret(secret))!.state, 'suspended')
      assert.equal(await here.sites.setState(sitekey, 'active'), true)
      assert.equal((await there.sites.bySecret(secret))!.state, 'active')
      assert.equal(await here.sites.setState('ock_none', 'active'), false)
    })

    it('are gone with their hosts, secrets and members when removed, for other nodes too', async () => {
      const there = await open()
      const owner = await account('acc_1')
      const { sitekey, secret } = await store.sites.add({ hosts: ['a'], mode: 'puzzle', owner })
      assert.ok(await there.sites.bySecret(secret))
      assert.ok(await there.sites.byKey(sitekey))
      const here = await open()
      assert.equal(await here.sites.remove(sitekey), true)
      assert.equal(await here.sites.remove(sitekey), false)
      assert.equal(await there.sites.bySecret(secret), null)
      assert.equal(await there.sites.byKey(sitekey), null)
      for (const table of ['sites', 'site_hosts', 'site_secrets', 'site_members'] as const) {
        const rows = await place.tables().selectFrom(table).selectAll().execute()
        assert.deepEqual(rows, [], table)
      }
    })

    it('are listed the oldest first, or page by page', async () => {
      const keys: string[] = []
      for (let i = 0; i < 5; i++) {
        now += 1
        keys.push((await add([`h${i}.test`, `g${i}.test`])).sitekey)
      }
      const rows = await store.sites.list()
      assert.deepEqual(
        rows.map(({ sitekey }) => sitekey),
        keys,
      )
      assert.deepEqual(rows[1]!.hosts, ['g1.test', 'h1.test'])
      assert.deepEqual([rows[1]!.secrets, rows[1]!.createdAt], [1, now - 3])
      const paged: string[] = []
      for (;;) {
        const page = await store.sites.list({ after: paged.at(-1) ?? '', limit: 2 })
        assert.ok(page.length <= 2)
        if (page.length === 0) break
        paged.push(...page.map(({ sitekey }) => sitekey))
      }
      assert.deepEqual(paged.toSorted(), keys.toSorted())
    })

    it('change side by side, each change whole', async () => {
      const { sitekey } = await add(['a.test'])
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => [
          store.sites.rotate(sitekey, 1_000),
          store.sites.set(sitekey, { hosts: [`h${i}.test`] }),
          add([`n${i}.test`]),
        ]).flat(),
      )
      assert.equal((await store.sites.list()).length, 21)
      const site = (await store.sites.row(sitekey))!
      assert.deepEqual([site.hosts.length, site.secrets, site.revision], [1, 21, 41])
      assert.equal(await store.audit.verify(), null)
      assert.equal((await store.audit.head()).seq, 61)
    })

    it('hold when the change is told of, even where it could not be announced', async () => {
      const notices: string[] = []
      const deaf = await place.open({
        announce: () => Promise.reject(new Error('no ledger')),
        onWarning: (message) => notices.push(message),
      })
      const { sitekey } = await add(['a.test'])
      const there = await open()
      await there.sites.byKey(sitekey)
      await deaf.sites.setState(sitekey, 'suspended')
      assert.equal((await there.sites.byKey(sitekey))!.state, 'suspended')
      assert.equal(notices.length, 1)
    })

    it('whose keys follow from something are made once, however many nodes begin', async () => {
      const nodes = await place.nodes(5)
      const made = await add(['a.test'])
      await store.sites.remove(made.sitekey)
      const site = { ...made, hosts: ['b.test'], mode: 'puzzle', name: 'Demo' } as const
      await Promise.all(nodes.map((node) => node.sites.keep(site)))
      assert.equal((await store.sites.list()).length, 1)
      const before = (await store.sites.bySecret(made.secret))!
      assert.deepEqual(before.hosts, ['b.test'])
      // All nodes remember the revision of the one that was removed.
      assert.ok(before.revision > 2)
      await store.sites.keep(site)
      assert.equal(await revision(made.sitekey), before.revision)
      await store.sites.keep({ ...site, hosts: ['c.test'] })
      assert.deepEqual((await store.sites.byKey(made.sitekey))!.hosts, ['c.test'])
      await store.sites.rotate(made.sitekey, 0)
      await store.sites.keep(site)
      assert.ok(await store.sites.bySecret(made.secret))
    })
  })

  describe(`secrets in ${name}`, () => {
    const good = async (secret: string) => (await store.sites.bySecret(secret)) !== null

    it('are two while a rotation overlaps, and a shortened one never lives longer again', async () => {
      const { sitekey, secret: first } = await add(['a.test'])
      const second = (await store.sites.rotate(sitekey, 100))!.secret
      assert.deepEqual([await good(first), await good(second)], [true, true])
      assert.equal((await store.sites.list())[0]!.secrets, 2)
      // A second rotation with a longer overlap does not give the first secret more time.
      const third = (await store.sites.rotate(sitekey, 1_000))!.secret
      now += 100
      assert.deepEqual(
        [await good(first), await good(second), await good(third)],
        [false, true, true],
      )
      now += 900
      assert.deepEqual([await good(second), await good(third)], [false, true])
      assert.equal((await store.sites.list())[0]!.secrets, 1)
      const fourth = (await store.sites.rotate(sitekey, 0))!.secret
      assert.deepEqual([await good(third), await good(fourth)], [false, true])
      assert.equal(await store.sites.rotate('ock_none', 0), null)
    })

    it('are listed without what they are, with the last day of their use', async () => {
      const { sitekey, secret } = await add(['a.test'])
      const [only] = await store.secrets.list(sitekey)
      assert.match(only!.id, /^sec_\w{16}$/)
      assert.deepEqual(only, {
        ...{ id: only!.id, hint: secret.slice(-4), createdAt: now },
        ...{ expiresAt: null, lastUsedDay: null },
      })
      const lastUsed = async () => (await store.secrets.list(sitekey))[0]!.lastUsedDay
      for (let day = 0; day < 2; day++) {
        await good(secret)
        while ((await lastUsed()) !== Math.floor(now / DAY_MS)) await new Promise(setImmediate)
        now += DAY_MS
      }
      const { id } = (await store.sites.rotate(sitekey, 5_000))!
      const [old, fresh] = await store.secrets.list(sitekey)
      assert.deepEqual([old!.expiresAt, fresh!.expiresAt, fresh!.id], [now + 5_000, null, id])
      now += 5_000
      assert.equal((await store.secrets.list(sitekey)).length, 1)
      assert.deepEqual(await store.secrets.list('ock_none'), [])
    })

    it('end at once on every node, but for the last that lasts', async () => {
      const there = await open()
      const here = await open()
      const { sitekey, secret } = await add(['a.test'])
      const [first] = await store.secrets.list(sitekey)
      assert.equal(await here.secrets.end(sitekey, first!.id), false)
      const next = (await here.sites.rotate(sitekey, 60_000))!
      assert.ok(await there.sites.bySecret(secret))
      assert.equal(await here.secrets.end(sitekey, next.id), false)
      assert.equal(await here.secrets.end('ock_none', first!.id), false)
      assert.equal(await here.secrets.end(sitekey, first!.id), true)
      assert.equal(await here.secrets.end(sitekey, first!.id), false)
      assert.equal(await there.sites.bySecret(secret), null)
      assert.ok(await there.sites.bySecret(next.secret))
    })

    it('that were found lying about end, even the last one, by whoever has them', async () => {
      const { sitekey, secret } = await add(['a.test'])
      await good(secret)
      assert.equal(await store.secrets.endLeaked(secret, 'reporter'), true)
      assert.equal(await good(secret), false)
      assert.equal(await store.secrets.endLeaked(secret), false)
      assert.equal(await store.secrets.endLeaked('nonsense'), false)
      assert.deepEqual(await store.secrets.list(sitekey), [])
    })

    it('of older versions have ids too, which stay when the root key is replaced', async () => {
      const { sitekey, secret } = await add(['a.test'])
      await place.tables().updateTable('site_secrets').set({ id: '', hint: '' }).execute()
      const [row] = await store.secrets.list(sitekey)
      assert.match(row!.id, /^sec_\w{16}$/)
      const later = await open([Buffer.alloc(32, 2), KEY])
      assert.ok(await later.sites.bySecret(secret))
      assert.equal((await later.secrets.list(sitekey))[0]!.id, row!.id)
    })

    it('stay good when the root key is replaced, and move to the new one when they are used', async () => {
      const fresh = Buffer.alloc(32, 2)
      const used = await add(['a.test'])
      const unused = await add(['b.test'])
      const between = await open([fresh, KEY])
      assert.equal((await between.sites.bySecret(used.secret))!.sitekey, used.sitekey)
      assert.equal((await between.sites.bySecret(used.secret))!.sitekey, used.sitekey)
      const later = await open([fresh])
      assert.equal((await later.sites.bySecret(used.secret))!.sitekey, used.sitekey)
      assert.equal(await later.sites.bySecret(unused.secret), null)
    })
  })

  describe(`members in ${name}`, () => {
    it('begin with the one who makes the site', async () => {
      const owner = await account('acc_1')
      const { sitekey } = await store.sites.add({ hosts: ['a'], mode: 'puzzle', owner }, owner)
      assert.deepEqual(await store.members.of(sitekey), [
        { accountId: owner, login: owner, role: 'owner', createdAt: now },
      ])
      assert.equal(await store.members.role(sitekey, owner), 'owner')
      assert.equal(await store.members.role(sitekey, 'acc_2'), null)
      const [site] = await store.members.sitesOf(owner)
      assert.deepEqual([site!.sitekey, site!.role, site!.secrets], [sitekey, 'owner', 1])
      const order = { hosts: ['a'], mode: 'puzzle', owner: 'acc_none' } as const
      await assert.rejects(store.sites.add(order))
      assert.equal((await store.sites.list()).length, 1)
    })

    it('change, but never so that nobody who can act owns the site', async () => {
      const [a, b] = [await account('acc_a'), await account('acc_b')]
      const gone = await account('acc_gone', 'suspended')
      const { sitekey } = await store.sites.add({ hosts: ['a'], mode: 'puzzle', owner: a })
      assert.equal(await store.members.set(sitekey, b, 'viewer', a), true)
      assert.equal(await store.members.set(sitekey, gone, 'owner', a), true)
      assert.equal(await store.members.set(sitekey, a, 'admin', a), false)
      assert.equal(await store.members.remove(sitekey, a, a), false)
      assert.equal(await store.members.set(sitekey, b, 'owner', a), true)
      assert.equal(await store.members.set(sitekey, a, 'admin', a), true)
      assert.equal(await store.members.remove(sitekey, b, b), false)
      assert.equal(await store.members.remove(sitekey, a, b), true)
      assert.equal(await store.members.remove(sitekey, a, b), false)
      assert.equal(await store.members.set('ock_none', a, 'viewer'), false)
      assert.equal(await store.members.set(sitekey, 'acc_none', 'viewer'), false)
      assert.deepEqual((await acts()).slice(2), [
        ...['member.add', 'member.add', 'member.set', 'member.set', 'member.remove'],
      ])
      assert.equal(await revision(sitekey), 1)
    })

    it('keep an owner when all of them leave at the same moment', async () => {
      const owners = await Promise.all(['a', 'b', 'c', 'd'].map((id) => account(`acc_${id}`)))
      const { sitekey } = await store.sites.add({ hosts: ['a'], mode: 'puzzle', owner: owners[0] })
      for (const id of owners) await store.members.set(sitekey, id, 'owner')
      const nodes = await place.nodes(owners.length)
      const left = await Promise.all(
        owners.map((id, i) =>
          i % 2
            ? nodes[i]!.members.remove(sitekey, id)
            : nodes[i]!.members.set(sitekey, id, 'viewer'),
        ),
      )
      assert.equal(left.filter((one) => one).length, 3)
      const roles = (await store.members.of(sitekey)).map(({ role }) => role)
      assert.equal(roles.filter((role) => role === 'owner').length, 1)
    })
  })

  describe(`settings in ${name}`, () => {
    it('have defaults, and are written down with what was before', async () => {
      const before = await store.settings.read()
      assert.deepEqual(before, { signUp: 'invitation', sitesMax: 100 })
      await store.settings.set({ sitesMax: 3 }, 'acc_1')
      await store.settings.set({ sitesMax: 3, signUp: 'open' }, 'acc_1')
      const there = await open()
      assert.deepEqual(await there.settings.read(), { signUp: 'open', sitesMax: 3 })
      const events = await store.audit.list({ limit: 10 })
      assert.deepEqual(
        events.map(({ act, by, detail }) => [act, by, detail]),
        [
          ['settings.set', 'acc_1', { signUp: ['invitation', 'open'] }],
          ['settings.set', 'acc_1', { sitesMax: [100, 3] }],
        ],
      )
    })
  })

  describe(`the audit log in ${name}, of sites`, () => {
    it('tells who did what, before and after, and never a secret', async () => {
      const { sitekey, secret } = await store.sites.add({ hosts: ['a'], mode: 'puzzle' }, 'cli')
      await store.sites.set(sitekey, { hosts: ['b'], name: 'Shop' }, 'acc_1')
      const next = (await store.sites.rotate(sitekey, 0, 'acc_1'))!
      await store.sites.remove(sitekey, 'acc_1')
      const events = (await store.audit.list({ limit: 10 })).reverse()
      assert.deepEqual(
        events.map(({ act, by, subject }) => [act, by, subject]),
        [
          ['site.add', 'cli', sitekey],
          ['site.set', 'acc_1', sitekey],
          ['secret.add', 'acc_1', sitekey],
          ['site.remove', 'acc_1', sitekey],
        ],
      )
      assert.deepEqual(events[1]!.detail, { hosts: [['a'], ['b']], name: ['', 'Shop'] })
      const rows = await place.tables().selectFrom('site_secrets').select('hash').execute()
      const all = JSON.stringify(events)
      for (const one of [secret, next.secret, ...rows.map(({ hash }) => hash)]) {
        assert.equal(all.includes(one.slice(9, 21)), false)
        assert.equal(all.includes(one.slice(-6)), false)
      }
    })
  })

  describe(`a start on ${name}`, () => {
    it('is refused with a root key that the store does not know, and leaves no trace of it', async () => {
      const stranger = Buffer.alloc(32, 9)
      await assert.rejects(open([stranger]), /root key is not one that this store was used with/)
      await assert.rejects(open([stranger, Buffer.alloc(32, 8)]), /ONE_CAPTCHA_ROOT_KEYS/)
      const ids = async () =>
        (await place.tables().selectFrom('root_keys').select('id').execute()).map(({ id }) => id)
      assert.deepEqual(await ids(), [rootKeyId(KEY)])
      await open([stranger, KEY])
      assert.deepEqual((await ids()).sort(), [rootKeyId(KEY), rootKeyId(stranger)].sort())
      await open([stranger])
    })

    it('of many nodes at once on an empty database is as one', async () => {
      place = await fresh()
      const nodes = await place.nodes(6)
      await Promise.all(nodes.map((node) => node.sites.list()))
      const rows = await place.tables().selectFrom('root_keys').selectAll().execute()
      assert.equal(rows.length, 1)
    })

    it('of an older version on tables that a newer one has extended goes on, and says so', async () => {
      const { sitekey } = await add(['a.test'])
      const tables = place.tables() as never as Kysely<{
        kysely_migration: { name: string; timestamp: string }
      }>
      await tables.schema.alterTable('sites').addColumn('newer', 'text').execute()
      const row = { name: '9999-newer', timestamp: '2100-01-01T00:00:00.000Z' }
      await tables.insertInto('kysely_migration').values(row).execute()
      const notices: string[] = []
      const older = await place.open({ onWarning: (message) => notices.push(message) })
      assert.match(notices.join(), /by a newer version \(9999-newer\)/)
      assert.ok(await older.sites.byKey(sitekey))
      assert.ok(await older.sites.add({ hosts: ['b.test'], mode: 'puzzle' }))
      // One of its own is missing, and what comes after is there: that is no newer version, but another.
      await tables.deleteFrom('kysely_migration').where('name', '=', '0004-audit').execute()
      await assert.rejects(open(), /of another branch/)
    })
  })
}
