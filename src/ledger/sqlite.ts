import Database from 'better-sqlite3'
import { type Ledger, LedgerUnavailable } from './ledger.ts'
import { sketches } from './sketch.ts'

interface Waiting {
  id: string
  expiresAt: number
  resolve: (won: boolean) => void
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
 * @param file the path of the database
 */
export function sqliteLedger(file: string, now: () => number = Date.now): Ledger {
  const db = new Database(file, { timeout: 250 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(`CREATE TABLE IF NOT EXISTS spent (
    id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID; CREATE INDEX IF NOT EXISTS spent_expires_at ON spent (expires_at)`)
  const insert = db.prepare(
    'INSERT INTO spent (id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const sweep = db.prepare(
    'DELETE FROM spent WHERE id IN (SELECT id FROM spent WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)',
  )
  const write = db.transaction((batch: Waiting[]) =>
    batch.map(({ id, expiresAt }) => insert.run(id, expiresAt).changes === 1),
  )
  const count = sketches(now)
  let waiting: Waiting[] = []
  let closed = false

  let sinceSweep = 0
  const sweeper = setInterval(sweepEnded, SWEEP_MS).unref()

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
      const wins = write.immediate(batch)
      for (const [i, one] of batch.entries()) one.resolve(wins[i]!)
      sinceSweep += batch.length
      if (sinceSweep >= SWEEP_SPENDS) sweepEnded()
    } catch (cause) {
      const error = new LedgerUnavailable('The ledger could not be written.', { cause })
      for (const one of batch) one.reject(error)
    }
  }

  return {
    spend(id, expiresAt) {
      if (closed || waiting.length >= WAITING_MAX) {
        return Promise.reject(new LedgerUnavailable('The ledger is closed or overrun.'))
      }
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ id, expiresAt, resolve, reject })
      })
    },
    count: async (key, fadeMs, add = 1) => count(key, fadeMs, add),
    async close() {
      if (closed) return
      flush()
      closed = true
      clearInterval(sweeper)
      db.close()
    },
  }
}
