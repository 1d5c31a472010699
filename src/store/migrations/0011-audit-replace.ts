import { type Kysely, PostgresAdapter, sql } from 'kysely'

/** SQLite's `INSERT OR REPLACE` deletes without a word to the trigger that guards the audit log against it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter) return
  await sql`CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
    WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'An event of the audit log is never changed.'); END`.execute(db)
}
