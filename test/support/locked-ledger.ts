import { join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * Keeps a service from its ledger, in its data folder, as a fault of the disk would.
 *
 * @returns lets it go on
 */
export function lockLedger(data: string): () => void {
  const other = new Database(join(data, 'ledger.sqlite'))
  other.exec('BEGIN EXCLUSIVE')
  return () => {
    other.exec('ROLLBACK')
    other.close()
  }
}
