import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/opening.ts'
import { verify } from '../support/backend.ts'
import {
  type Program,
  removeFolder,
  run,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { ask, quickToken } from '../support/visitor.ts'

const folders: string[] = []
const programs: Program[] = []
afterEach(async () => {
  for (const program of programs.splice(0)) await program.stop()
  for (const folder of folders.splice(0)) removeFolder(folder)
})

function folder(): string {
  const made = temporaryFolder()
  folders.push(made)
  return made
}

async function running(data: string, settings: Record<string, string> = {}): Promise<Program> {
  const program = await startProgram(data, settings)
  programs.push(program)
  return program
}

const cli = (data: string, args: string[], settings: Record<string, string> = {}) =>
  run(process.execPath, ['src/cli/main.ts', ...args], { ONE_CAPTCHA_DATA: data, ...settings })

describe('one-captcha sites', () => {
  it('registers a site that the running service knows at once, rotates its secret, and removes it', async () => {
    const data = folder()
    // The key in the data folder: the command line and the service share it.
    const service = await running(data, { ONE_CAPTCHA_ROOT_KEYS: '' })
    const npm = ['run', '--silent', 'one-captcha', '--', 'sites', 'add', '--host', 'example.test']
    const added = await run('npm', [...npm, '--mode', 'checkbox', '--json'], {
      ONE_CAPTCHA_DATA: data,
    })
    assert.equal(added.code, 0, added.err)
    const site = JSON.parse(added.out) as { sitekey: string; secret: string }
    assert.deepEqual(Object.keys(site), ['sitekey', 'secret'])
    const asked = await ask({ service: service.url }, { sitekey: site.sitekey })
    assert.equal(asked.status, 200)
    const reason = async (secret: string) =>
      (await verify(service.url, { secret, response: 'x' })).finding.reason
    assert.equal(await reason(site.secret), 'token-invalid')

    const listed = await cli(data, ['sites', 'list', '--json'])
    const rows = JSON.parse(listed.out)
    assert.equal(rows.length, 1)
    assert.deepEqual(
      [rows[0].sitekey, rows[0].hosts, rows[0].mode, rows[0].secrets],
      [site.sitekey, ['example.test'], 'checkbox', 1],
    )
    assert.ok(!listed.out.includes(site.secret))

    const rotate = ['sites', 'rotate', site.sitekey, '--overlap-hours', '0', '--json']
    const rotated = JSON.parse((await cli(data, rotate)).out)
    assert.equal(await reason(site.secret), 'secret-unknown')
    assert.equal(await reason(rotated.secret), 'token-invalid')

    const removed = await cli(data, ['sites', 'remove', site.sitekey, '--json'])
    assert.deepEqual(JSON.parse(removed.out), { removed: true })
    assert.equal(await reason(rotated.secret), 'secret-unknown')
    const gone = await ask({ service: service.url }, { sitekey: site.sitekey })
    assert.equal(gone.body.error!.code, 'sitekey-unknown')
    const again = await cli(data, ['sites', 'remove', site.sitekey, '--json'])
    assert.equal(again.code, 1)
    assert.equal(JSON.parse(again.out).error.code, 'sitekey-unknown')
  })

  it('takes several hosts, and speaks to people where no JSON is asked for', async () => {
    const data = folder()
    const added = await cli(data, ['sites', 'add', '--host', 'a.test', '--host', '*.b.test'])
    assert.match(added.out, /^sitekey {2}ock_\w{22}\nsecret {3}ocs_live_\w{49}\n/)
    assert.match(
      (await cli(data, ['sites', 'list'])).out,
      /checkbox {3}8 to 64 {7}4000 ms {3}\*\.b\.test, a\.test\n$/,
    )
  })

  it('changes what a site asks of visitors, for a running service at once, and nothing by half', async () => {
    const data = folder()
    const service = await running(data, { ONE_CAPTCHA_ROOT_KEYS: '' })
    const policy = ['--effort-floor', '4', '--effort-ceiling', '32', '--wait-ms', '2000']
    const added = await cli(data, ['sites', 'add', '--host', 'example.test', ...policy, '--json'])
    const { sitekey } = JSON.parse(added.out) as { sitekey: string }
    const asked = async (origin = 'https://example.test') => {
      const { status, body } = await ask({ service: service.url, origin }, { sitekey })
      return status === 200 ? [body.tasks[0]!.prompt.effort, body.waitMs, body.mode] : status
    }
    assert.deepEqual(await asked(), [4, 2_000, 'checkbox'])

    const set = (...changes: string[]) => cli(data, ['sites', 'set', sitekey, ...changes])
    assert.equal((await set('--effort-floor', '16')).code, 0)
    assert.deepEqual(await asked(), [16, 2_000, 'checkbox'])
    const told = await set('--mode', 'invisible', '--wait-ms', '5000', '--json')
    assert.deepEqual(JSON.parse(told.out), { sitekey, mode: 'invisible', waitMs: 5_000 })
    assert.deepEqual(await asked(), [16, 5_000, 'invisible'])
    await set('--host', 'a.test', '--host', 'b.test')
    assert.equal(await asked(), 403)
    assert.deepEqual(await asked('https://b.test'), [16, 5_000, 'invisible'])

    const wrong = await set('--host', 'c.test', '--mode', 'puzzle', '--effort-floor', '33')
    assert.equal(wrong.code, 2)
    assert.match(wrong.err, /--effort-floor must be at most --effort-ceiling, which is 32/)
    const [row] = JSON.parse((await cli(data, ['sites', 'list', '--json'])).out)
    assert.partialDeepStrictEqual(row, {
      hosts: ['a.test', 'b.test'],
      mode: 'invisible',
      effortFloor: 16,
      effortCeiling: 32,
      waitMs: 5_000,
    })
    assert.match((await cli(data, ['sites', 'list'])).out, /invisible {2}16 to 32 {6}5000 ms/)
    const unknown = await cli(data, ['sites', 'set', 'ock_none', '--wait-ms', '5000', '--json'])
    assert.equal(unknown.code, 1)
    assert.equal(JSON.parse(unknown.out).error.code, 'sitekey-unknown')
  })

  it('answers every mistake with 2, what to do, and no change', async () => {
    const data = folder()
    const add = ['sites', 'add', '--host', 'a.test']
    const mistakes: [string[], RegExp][] = [
      [['sites'], /sites needs one of: add, list, set, rotate, suspend, reinstate, remove/],
      [['sites', 'ad'], /sites needs one of/],
      [['sites', 'toString'], /sites needs one of/],
      [['sites', 'add'], /at least one --host/],
      [['sites', 'add', '--host', 'https://a.test'], /--host must be a host name alone/],
      [['sites', 'add', '--host', 'a.test', '--mode', 'easy'], /--mode must be one of/],
      [['sites', 'add', '--host', 'a.test', '--colour', 'x'], /Unknown option '--colour'/],
      [[...add, '--effort-floor', '0'], /--effort-floor must be a whole number from 1 to 512/],
      [[...add, '--effort-floor', '8.5'], /--effort-floor must be a whole number from 1 to 512/],
      [[...add, '--effort-ceiling', '513'], /--effort-ceiling must be a whole number from 1 to/],
      [[...add, '--wait-ms', 'soon'], /--wait-ms must be a whole number from 1000 to 60000/],
      [[...add, '--token-life-ms', '1'], /--token-life-ms must be a whole number from 15000 to/],
      [[...add, '--kinds', 'pow'], /--kinds must be any, or some of slider/],
      [[...add, '--theme', 'pink'], /--theme must be one of auto, light, dark/],
      [[...add, '--on-failure', 'maybe'], /--on-failure must be one of closed, open/],
      [
        [...add, '--noscript-per-hour', 'many'],
        /--noscript-per-hour must be a whole number from 0/,
      ],
      [[...add, '--name', 'a\u202eb'], /--name must be at most 80 characters/],
      [[...add, '--name', 'x'.repeat(81)], /--name must be at most 80 characters/],
      [[...add, '--wait-ms', '999'], /--wait-ms must be a whole number from 1000 to 60000/],
      [
        [...add, '--effort-floor', '9', '--effort-ceiling', '8'],
        /--effort-floor must be at most --effort-ceiling, which is 8/,
      ],
      [
        [...add, '--effort-floor', '65'],
        /--effort-floor must be at most --effort-ceiling, which is 64/,
      ],
      [['sites', 'set'], /sites set needs a SITEKEY/],
      [['sites', 'set', 'ock_x'], /needs something to change/],
      [['sites', 'set', 'ock_x', '--mode', 'easy'], /--mode must be one of/],
      [['sites', 'set', 'ock_x', '--host', 'a/b'], /--host must be a host name alone/],
      [['sites', 'set', 'ock_x', '--wait-ms', '60001'], /--wait-ms must be a whole number/],
      [['sites', 'add', 'ock_x', '--host', 'a.test'], /takes no SITEKEY/],
      [['sites', 'rotate'], /needs a SITEKEY/],
      [['sites', 'rotate', 'ock_x', '--overlap-hours', '-1'], /overlap-hours/],
      [['sites', 'rotate', 'ock_x', '--overlap-hours', 'soon'], /must be 0 to 720/],
      [['sites', 'remove', 'ock_x', 'ock_y'], /sites needs one of/],
      [['sites', 'suspend'], /needs a SITEKEY/],
      [['accounts'], /accounts needs one of: list, invite, suspend, reinstate, terminate/],
      [['accounts', 'suspend'], /accounts suspend needs an ID/],
      [['accounts', 'list', 'acc_x'], /accounts list takes no ID/],
      [['accounts', 'invite', '--role', 'owner'], /--role must be one of developer, operator/],
      [['accounts', 'list', '--role', 'operator'], /--role goes with accounts invite/],
      [['audit'], /audit needs one of: head, verify, export/],
      [['audit', 'verify', '--head', '3'], /--head must be as audit head shows it/],
      [['audit', 'head', '--head', `3:${'0'.repeat(64)}`], /--head goes with audit verify/],
      [['secrets', 'find', '.'], /secrets needs: scan PATH/],
      [['secrets', 'scan', '/nowhere/at/all'], /There is nothing at/],
      [['site'], /no command of this name/],
      [['constructor'], /no command of this name/],
    ]
    const told = await Promise.all(mistakes.map(([args]) => cli(data, args)))
    for (const [i, { code, out, err }] of told.entries()) {
      const [args, says] = mistakes[i]!
      assert.equal(code, 2, args.join(' '))
      assert.match(err, says)
      assert.equal(out, '')
      assert.doesNotMatch(err, /\n {4}at /)
    }
    assert.deepEqual(readdirSync(data), [])
    const help = await cli(data, ['--help'])
    assert.equal(help.code, 0)
    assert.match(help.out, /one-captcha sites add --host HOST/)
  })

  it('names, suspends and reinstates a site, and sets all that its owners may, for a running service at once', async () => {
    const data = folder()
    const service = await running(data, { ONE_CAPTCHA_ROOT_KEYS: '' })
    const policy = ['--token-life-ms', '60000', '--kinds', 'slider', '--theme', 'dark']
    const noscript = ['--noscript-per-hour', '60']
    const words = [...policy, ...noscript, '--on-failure', 'open', '--name', 'Shop', '--json']
    const { sitekey } = JSON.parse(
      (await cli(data, ['sites', 'add', '--host', 'example.test', ...words])).out,
    )
    const row = async () => JSON.parse((await cli(data, ['sites', 'list', '--json'])).out)[0]
    const expected = {
      ...{ tokenLifeMs: 60_000, kinds: ['slider'], theme: 'dark', onFailure: 'open' },
      noscriptPerHour: 60,
    }
    assert.partialDeepStrictEqual(await row(), { ...expected, name: 'Shop', state: 'active' })
    await cli(data, ['sites', 'set', sitekey, '--kinds', 'any', '--name', ''])
    assert.partialDeepStrictEqual(await row(), { kinds: [], name: '', theme: 'dark' })

    const status = async () => (await ask({ service: service.url }, { sitekey })).status
    assert.equal(await status(), 200)
    assert.equal((await cli(data, ['sites', 'suspend', sitekey])).code, 0)
    assert.notEqual(await status(), 200)
    assert.match((await cli(data, ['sites', 'list'])).out, /suspended/)
    assert.equal((await cli(data, ['sites', 'reinstate', sitekey])).code, 0)
    assert.equal(await status(), 200)

    const log = (await cli(data, ['audit', 'export'])).out.trim().split('\n')
    const acts = log.map((line) => JSON.parse(line)).filter((event) => event.subject === sitekey)
    assert.deepEqual([...new Set(acts.map((event) => event.by))], ['cli'])
    assert.equal(acts.length, 4)
  })

  it('makes one root key and one store, however many commands begin at once in an empty folder', async () => {
    const data = folder()
    const told = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        cli(data, ['sites', 'add', '--host', `h${i}.test`, '--json']),
      ),
    )
    for (const { code, err } of told) assert.equal(code, 0, err)
    const service = await running(data, { ONE_CAPTCHA_ROOT_KEYS: '' })
    for (const { out } of told) {
      const { secret } = JSON.parse(out)
      // Under another key, this secret's hash would be another, and the secret unknown.
      const { finding } = await verify(service.url, { secret, response: 'x' })
      assert.equal(finding.reason, 'token-invalid')
    }
    assert.deepEqual(
      readdirSync(data).filter((name) => name.includes('key')),
      ['root.key'],
    )
  })
})

describe('one-captcha accounts', () => {
  it('invites whoever has the machine in again, and suspends, reinstates and ends accounts', async () => {
    const data = folder()
    const empty = await cli(data, ['accounts', 'list'])
    assert.deepEqual([empty.code, empty.out], [0, 'There are no accounts yet.\n'])
    const invited = await cli(data, ['accounts', 'invite', '--role', 'operator'])
    assert.match(
      invited.out,
      /^http:\/\/127\.0\.0\.1:8787\/console\/sign-up\?invitation=oci_\w{49}\n\n.*\(operator\)/,
    )
    const settings = { ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example' }
    const there = await cli(data, ['accounts', 'invite', '--json'], settings)
    assert.match(
      JSON.parse(there.out).link,
      /^https:\/\/captcha\.example\/console\/sign-up\?invitation=/,
    )

    const { store, close } = await openStore(readConfig({ ONE_CAPTCHA_DATA: data }))
    const [ada, bob] = await Promise.all(
      (['operator', 'developer'] as const).map((role) =>
        store.accounts.add({ login: `the-${role}`, role, password: null }),
      ),
    )
    await close()
    const act = async (name: string, id: string) => {
      const { code, out } = await cli(data, ['accounts', name, id, '--json'])
      return [code, JSON.parse(out).state ?? JSON.parse(out).error.code]
    }
    assert.deepEqual(await act('suspend', ada!.id), [1, 'last-operator'])
    assert.deepEqual(await act('terminate', ada!.id), [1, 'last-operator'])
    assert.deepEqual(await act('suspend', bob!.id), [0, 'suspended'])
    const listed = (await cli(data, ['accounts', 'list'])).out
    assert.match(listed, new RegExp(`${bob!.id}  developer  suspended   the-developer`))
    assert.deepEqual(await act('reinstate', bob!.id), [0, 'active'])
    assert.deepEqual(await act('terminate', bob!.id), [0, 'terminated'])
    assert.deepEqual(await act('reinstate', bob!.id), [1, 'not-found'])
    assert.deepEqual(await act('suspend', 'acc_nobody'), [1, 'not-found'])
    const rows = JSON.parse((await cli(data, ['accounts', 'list', '--json'])).out)
    assert.ok(rows.every((row: object) => !('email' in row)))
  })
})

describe('one-captcha audit [ASVS 16.4.2]', () => {
  it('shows the head, and tells later whether all before it is as it was', async () => {
    const data = folder()
    await cli(data, ['sites', 'add', '--host', 'a.test'])
    await cli(data, ['sites', 'add', '--host', 'b.test'])
    const head = (await cli(data, ['audit', 'head'])).out.trim()
    assert.match(head, /^2:[0-9a-f]{64}$/)
    await cli(data, ['sites', 'add', '--host', 'c.test'])
    const good = await cli(data, ['audit', 'verify', '--head', head, '--json'])
    assert.partialDeepStrictEqual(JSON.parse(good.out), { ok: true, fault: null })
    assert.equal(good.code, 0)
    const other = await cli(data, ['audit', 'verify', '--head', `2:${'0'.repeat(64)}`])
    assert.equal(other.code, 1)
    assert.match(other.out, /event 2 has another hash than the one that was kept/)

    const db = new Database(join(data, 'store.sqlite'))
    db.exec('DROP TRIGGER audit_events_no_update')
    db.exec("UPDATE audit_events SET detail = replace(detail, 'a.test', 'x.test') WHERE seq = 1")
    db.close()
    const bad = await cli(data, ['audit', 'verify'])
    assert.equal(bad.code, 1)
    assert.match(bad.out, /event 1 is not as it was written/)
    const doctor = JSON.parse((await cli(data, ['doctor', '--json'])).out)
    const check = doctor.checks.find((one: { name: string }) => one.name === 'audit log')
    assert.deepEqual([doctor.ok, check.state], [false, 'failing'])
    assert.match(check.message, /event 1/)
  })
})

describe('one-captcha secrets scan', () => {
  it('finds what is ours and real, and never shows it whole', async () => {
    const data = folder()
    const { secret } = JSON.parse(
      (await cli(data, ['sites', 'add', '--host', 'a.test', '--json'])).out,
    )
    const place = folder()
    mkdirSync(join(place, 'src'))
    writeFileSync(join(place, 'src', 'config.js'), `// keys\nconst secret = '${secret}'\n`)
    writeFileSync(join(place, 'none.txt'), `${secret.slice(0, -1)}-`)
    const told = await cli(data, ['secrets', 'scan', place])
    assert.equal(told.code, 1)
    assert.match(told.out, /src\/config\.js:2: a site's secret …\w{4}\n$/)
    assert.ok(!told.out.includes(secret.slice(9, 20)))
    const clean = await cli(data, ['secrets', 'scan', join(place, 'none.txt')])
    assert.deepEqual([clean.code, clean.out], [0, 'None of our secrets is there.\n'])
  })
})

describe('the data folder', () => {
  it('is for its owner alone, and so is every file in it', async () => {
    const data = join(folder(), 'made', 'by', 'it')
    await running(data, { ONE_CAPTCHA_ROOT_KEYS: '', ONE_CAPTCHA_DEMO: 'on' })
    assert.equal(statSync(data).mode & 0o777, 0o700)
    const names = readdirSync(data)
    for (const name of ['root.key', 'store.sqlite', 'ledger.sqlite', 'ledger.sqlite-wal']) {
      assert.ok(names.includes(name), name)
    }
    for (const name of names) assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name)
  })

  it('keeps its key: what was sealed before a restart is good after it', async () => {
    const data = folder()
    const { sitekey, secret } = JSON.parse(
      (await cli(data, ['sites', 'add', '--host', 'example.test', '--json'])).out,
    )
    const key = readFileSync(join(data, 'root.key'), 'utf8').trim()
    const env = Buffer.alloc(32, 'one captcha tests').toString('base64url')
    // Under another key all that is kept would be void: the service does not begin to make it worse.
    await assert.rejects(running(data), /The root key is not one that this store was used with/)
    const keys = { ONE_CAPTCHA_ROOT_KEYS: `${env},${key}` }
    const first = await running(data, keys)
    const token = await quickToken({ service: first.url }, testSeal(), { sitekey })
    await first.stop()
    const second = await running(data, keys)
    assert.equal((await verify(second.url, { secret, response: token })).finding.success, true)
  })
})

describe('one-captcha doctor', () => {
  const examine = async (data: string, settings: Record<string, string> = {}) => {
    const told = await cli(data, ['doctor', '--json'], settings)
    return { code: told.code, ...JSON.parse(told.out) } as {
      code: number
      ok: boolean
      checks: { name: string; state: string; message: string }[]
    }
  }
  const failing = (report: Awaited<ReturnType<typeof examine>>) =>
    report.checks.filter(({ state }) => state === 'failing').map(({ name }) => name)

  it('finds nothing wrong with a service as it was installed, while it runs', async () => {
    const data = folder()
    await running(data, { ONE_CAPTCHA_ROOT_KEYS: '' })
    const report = await examine(data)
    assert.deepEqual([report.code, report.ok, failing(report)], [0, true, []])
    assert.match((await cli(data, ['doctor'])).out, /^ok {7}settings: /)
  })

  it('says which server is out of reach, and never its password', async () => {
    const report = await examine(folder(), {
      ONE_CAPTCHA_ROOT_KEYS: Buffer.alloc(32, 1).toString('base64url'),
      ONE_CAPTCHA_DATABASE_URL: 'postgres://one:hunter2@127.0.0.1:9/captcha',
      ONE_CAPTCHA_REDIS_URL: 'redis://:hunter2@127.0.0.1:9',
    })
    assert.deepEqual([report.code, failing(report)], [1, ['store', 'ledger']])
    const said = report.checks.map(({ message }) => message).join()
    assert.match(said, /PostgreSQL cannot be read: ECONNREFUSED/)
    assert.match(said, /Redis does not answer/)
    assert.ok(!said.includes('hunter2'))
  })

  it('says what is wrong, and what to do', async () => {
    const data = folder()
    await cli(data, ['sites', 'list'])
    chmodSync(join(data, 'root.key'), 0o644)
    const readable = await examine(data)
    assert.deepEqual([readable.code, failing(readable)], [1, ['root.key']])
    assert.match(readable.checks.find(({ name }) => name === 'root.key')!.message, /chmod 600 /)
    chmodSync(join(data, 'root.key'), 0o600)
    assert.equal((await examine(data)).code, 0)

    const settings = { ONE_CAPTCHA_PORT: 'x', ONE_CAPTCHA_TYPO: '1' }
    const mistaken = await examine(data, settings)
    assert.deepEqual([mistaken.code, failing(mistaken)], [1, ['settings', 'settings']])

    writeFileSync(
      join(data, 'ledger.sqlite'),
      'this is no database, but long enough to be one'.repeat(99),
    )
    chmodSync(join(data, 'ledger.sqlite'), 0o600)
    assert.deepEqual(failing(await examine(data)), ['ledger.sqlite'])
  })
})
