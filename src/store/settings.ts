import type { Kysely } from 'kysely'
import { record } from './audit.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import type { OperatorSettings, Settings } from './store.ts'

/** Until an operator chooses: nobody comes in uninvited. */
const DEFAULTS: OperatorSettings = { signUp: 'invitation', sitesMax: 100 }

/** What an operator has chosen, in a SQL database. */
export function sqlSettings(db: Kysely<Schema>, { now }: SqlTools): Settings {
  return {
    read: () => read(db),

    async set(changes, by = 'service') {
      await db.transaction().execute(async (tx) => {
        // Taken first, so that what is written down as before was before.
        await tx
          .updateTable('audit_head')
          .set((e) => ({ seq: e.ref('seq') }))
          .execute()
        const before = await read(tx)
        for (const name of Object.keys(changes) as (keyof OperatorSettings)[]) {
          const value = changes[name]
          if (value === undefined || value === before[name]) continue
          const row = { value: JSON.stringify(value), changed_at: now() }
          await tx
            .insertInto('settings')
            .values({ name, ...row })
            .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
            .execute()
          const detail = { [name]: [before[name], value] }
          await record(tx, now(), { by, act: 'settings.set', subject: name, detail })
        }
      })
    },
  }
}

async function read(db: Kysely<Schema>): Promise<OperatorSettings> {
  const rows = await db.selectFrom('settings').select(['name', 'value']).execute()
  const known = rows.filter((row) => Object.hasOwn(DEFAULTS, row.name))
  return {
    ...DEFAULTS,
    ...Object.fromEntries(known.map((row) => [row.name, JSON.parse(row.value)])),
  }
}
