import Database from 'better-sqlite3'
import { type Claim, type Ledger, LedgerUnavailable, type Spend } from './ledger.ts'
import { sketches } from './sketch.ts'

interface Waiting {
  claim: Claim
  resolve: (spend: Spend) => void
  reject: (error: Error) => void
}

const SWEEP_MS = 30_000
/** Ended ids are also swept after so many spends, twice as many as came: a flood cannot make the file grow for ever. */
const SWEEP_SPENDS = 2_000
/** Rows that one sweep may delete, so that no visitor waits for it. */
const SWEEP_ROWS = 2 * SWEEP_SPENDS
/** Ids waiting to be written. More at once means that the disk does not keep up: refuse rather than pile up. */
const WAITING_MAX = 50_000

/**
 * A ledger in a SQLite file of its own.
 *
 * Ids that arrive in the same turn of the event loop are spent in one transaction. The primary key makes each id's
 * spend atomic, also between processes; the answer is given only after the commit, so that `kill -9` forgets nothing
 * that was acknowledged. `synchronous = NORMAL` in WAL mode keeps the file whole in a power failure too, though the last
 * moments' commits may then be lost with it; the service's own keys and clock decide nothing here.
 *
 * What was given out before the file was made is `forgotten`: an older file may have been there, and been deleted.
 *
 * @param file the path of the database
 */
export function sqliteLedger(file: string, now: () => number = Date.now): Ledger {
  const db = new Database(file, { timeout: 250 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  // A file of an older version has no note of when it was begun. It remembers what is good now.
  const older = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'spent'").get() !== undefined
  db.exec(`CREATE TABLE IF NOT EXISTS spent (
    id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, mark TEXT NOT NULL DEFAULT ''
  ) STRICT, WITHOUT ROWID; CREATE INDEX IF NOT EXISTS spent_expires_at ON spent (expires_at);
  CREATE TABLE IF NOT EXISTS revisions (
    sitekey TEXT PRIMARY KEY, revision INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID; CREATE TABLE IF NOT EXISTS memory (
    one INTEGER PRIMARY KEY CHECK (one = 1), begun_at INTEGER NOT NULL
  ) STRICT`)
  addMarks(db)
  db.prepare('INSERT INTO memory (one, begun_at) VALUES (1, ?) ON CONFLICT DO NOTHING').run(
    older ? 0 : now(),
  )
  const begunAt = db.prepare('SELECT begun_at FROM memory').pluck().get() as number

  const insert = db.prepare(
    'INSERT INTO spent (id, expires_at, mark) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const markOf = db.prepare<[string], string>('SELECT mark FROM spent WHERE id = ?').pluck()
  const sweep = db.prepare(
    'DELETE FROM spent WHERE id IN (SELECT id FROM spent WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)',
  )
  const revisionOf = db
    .prepare<[string], number>('SELECT revision FROM revisions WHERE sitekey = ?')
    .pluck()
  const raise = db.prepare(`INSERT INTO revisions (sitekey, revision) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET revision = excluded.revision WHERE revision < excluded.revision`)
  const write = db.transaction((batch: Waiting[]) => batch.map(({ claim }) => settle(claim)))
  const count = sketches(now)
  let waiting: Waiting[] = []
  const listeners: ((sitekey: string, revision: number) => void)[] = []
  let closed = false

  let sinceSweep = 0
  const sweeper = setInterval(sweepEnded, SWEEP_MS).unref()

  function settle({ id, issuedAt, expiresAt, site, mark = '' }: Claim): Spend {
    if (site) {
      const known = revisionOf.get(site.sitekey)
      if (known === undefined || known > site.revision) return 'outdated'
    }
    if (issuedAt < begunAt) return 'forgotten'
    if (insert.run(id, expiresAt, mark).changes === 1) return 'spent'
    return mark !== '' && markOf.get(id) === mark ? 'repeated' : 'again'
  }

  function sweepEnded() {
    sinceSweep = 0
    try {
      sweep.run(now(), SWEEP_ROWS)
    } catch {
      // Busy or full: the next sweep tries again, and what is not swept is only kept longer.
    }
  }

  function flush() {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      const spends = write.immediate(batch)
      for (const [i, one] of batch.entries()) one.resolve(spends[i]!)
      sinceSweep += batch.length
      if (sinceSweep >= SWEEP_SPENDS) sweepEnded()
    } catch (cause) {
      const error = new LedgerUnavailable('The ledger could not be written.', { cause })
      for (const one of batch) one.reject(error)
    }
  }

  return {
    spend(claim) {
      if (closed || waiting.length >= WAITING_MAX) {
        return Promise.reject(new LedgerUnavailable('The ledger is closed or overrun.'))
      }
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ claim, resolve, reject })
      })
    },
    count: async (key, fadeMs, add = 1) => count(key, fadeMs, add),
    async announce(sitekey, revision) {
      try {
        if (raise.run(sitekey, revision).changes === 0) return
      } catch (cause) {
        throw new LedgerUnavailable('The ledger could not be written.', { cause })
      }
      for (const hear of listeners) hear(sitekey, revision)
    },
    // Only this process is heard: with a ledger in a file there are no other nodes, and a store in a file needs no word.
    listen: (hear) => void listeners.push(hear),
    async close() {
      if (closed) return
      flush()
      closed = true
      clearInterval(sweeper)
      db.close()
    },
  }
}

/** A file of an older version has no marks yet. Several services may find that at once. */
function addMarks(db: Database.Database): void {
  const add = db.transaction(() => {
    const columns = db.pragma('table_info(spent)') as { name: string }[]
    if (columns.some(({ name }) => name === 'mark')) return
    db.exec("ALTER TABLE spent ADD COLUMN mark TEXT NOT NULL DEFAULT ''")
  })
  add.immediate()
}
