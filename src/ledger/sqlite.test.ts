import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, it } from 'vitest'
import { claim, ledgerContract } from './ledger.contract.ts'
import { LedgerUnavailable } from './ledger.ts'
import { sqliteLedger } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'one-captcha-ledger-'))
let files = 0
const fresh = () => join(folder, `${files++}.sqlite`)
afterAll(() => rmSync(folder, { recursive: true }))

ledgerContract('SQLite', async (now) => sqliteLedger(fresh(), now))

describe('SQLite ledger', () => {
  it('remembers spent ids after it is opened again', async () => {
    const file = fresh()
    const first = sqliteLedger(file)
    assert.equal(await first.spend(claim('t1')), 'spent')
    await first.close()
    const second = sqliteLedger(file)
    assert.equal(await second.spend(claim('t1')), 'again')
    await second.close()
  })

  it('goes on with the file of an older version, which has no marks', async () => {
    const file = fresh()
    const db = new Database(file)
    db.exec(`CREATE TABLE spent (
      id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
    db.prepare('INSERT INTO spent VALUES (?, ?)').run('t1', Date.now() + 60_000)
    db.close()
    const [a, b] = [sqliteLedger(file), sqliteLedger(file)]
    assert.equal(await a.spend({ ...claim('t1'), mark: 'm' }), 'again')
    assert.equal(await b.spend({ ...claim('t2'), mark: 'm' }), 'spent')
    assert.equal(await a.spend({ ...claim('t2'), mark: 'm' }), 'repeated')
    await Promise.all([a.close(), b.close()])
  })

  it('spends an id once even when two processes hold the same file', async () => {
    const file = fresh()
    const [a, b] = [sqliteLedger(file), sqliteLedger(file)]
    const ids = Array.from({ length: 200 }, (_, i) => `id-${i}`)
    const spends = ids.flatMap((id) => [a, b].map((l) => l.spend(claim(id))))
    const wins = (await Promise.all(spends)).filter((spend) => spend === 'spent')
    assert.equal(wins.length, ids.length)
    await Promise.all([a.close(), b.close()])
  })

  it('forgets ids that have ended, also when they come in a flood', async () => {
    const file = fresh()
    let now = 1_000
    const ledger = sqliteLedger(file, () => now)
    const flood = (name: string) =>
      Promise.all(
        Array.from({ length: 2_500 }, (_, i) =>
          ledger.spend({ id: `${name}${i}`, issuedAt: now, expiresAt: now + 10 }),
        ),
      )
    const db = new Database(file, { readonly: true })
    const rows = () => db.prepare('SELECT count(*) FROM spent').pluck().get() as number
    for (const name of ['a', 'b', 'c', 'd']) {
      await flood(name)
      now += 10
      assert.ok(rows() <= 5_000, `${rows()} rows`)
    }
    db.close()
    await ledger.close()
  })

  it('forgets what was given out before, if its file is deleted', async () => {
    const file = fresh()
    const first = sqliteLedger(file)
    const one = claim('t1')
    assert.equal(await first.spend(one), 'spent')
    await first.close()
    rmSync(file)
    const second = sqliteLedger(file, () => one.issuedAt + 1)
    assert.equal(await second.spend(one), 'forgotten')
    await second.close()
  })

  it('remembers what an older version of this service has spent', async () => {
    const file = fresh()
    const db = new Database(file)
    db.exec(
      'CREATE TABLE spent (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    )
    const one = claim('t1')
    db.prepare('INSERT INTO spent VALUES (?, ?)').run('t1', one.expiresAt)
    db.close()
    const ledger = sqliteLedger(file, () => one.issuedAt + 1)
    assert.equal(await ledger.spend(one), 'again')
    await ledger.close()
  })

  it('remembers how sites stand, for all processes that hold the same file', async () => {
    const file = fresh()
    const [a, b] = [sqliteLedger(file), sqliteLedger(file)]
    await a.announce('site', 4)
    assert.equal(await b.spend(claim('t1', 'site', 3)), 'outdated')
    assert.equal(await b.spend(claim('t1', 'site', 4)), 'spent')
    await Promise.all([a.close(), b.close()])
  })

  it('refuses when it cannot write, and spends again when it can', async () => {
    const file = fresh()
    const ledger = sqliteLedger(file)
    const other = new Database(file)
    other.exec('BEGIN EXCLUSIVE')
    await assert.rejects(ledger.spend(claim('t1')), LedgerUnavailable)
    other.exec('ROLLBACK')
    other.close()
    assert.equal(await ledger.spend(claim('t1')), 'spent')
    await ledger.close()
    await assert.rejects(ledger.spend(claim('t2')), LedgerUnavailable)
  })
})
