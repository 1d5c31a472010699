import { type Kysely, PostgresAdapter, sql } from 'kysely'

/**
 * The database itself refuses to change or delete an event of the audit log. Whoever may drop a trigger can still do so, and
 * then the chain tells; but no statement of ours, and no accident, gets by.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter
  if (!postgres) {
    for (const deed of ['UPDATE', 'DELETE']) {
      await sql`CREATE TRIGGER ${sql.raw(`audit_events_no_${deed.toLowerCase()}`)}
        BEFORE ${sql.raw(deed)} ON audit_events
        BEGIN SELECT RAISE(ABORT, 'An event of the audit log is never changed.'); END`.execute(db)
    }
    return
  }
  await sql`CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'An event of the audit log is never changed.'; END $$`.execute(db)
  await sql`CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()`.execute(db)
}
