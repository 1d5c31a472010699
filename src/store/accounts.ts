import { type Kysely, type Selectable, sql } from 'kysely'
import { keyedHasher, newId } from '../keys.ts'
import { makeVault } from '../vault.ts'
import {
  assertOperatorLeft,
  changeOwnSites,
  countOperators,
  endSessions,
  forgetAccount,
  LastOperator,
  leaveSites,
  recordOf,
  tellHolder,
  updateAccount,
} from './account-rows.ts'
import type { Schema } from './schema.ts'
import type { SqlTools } from './sql.ts'
import {
  type Account,
  type AccountRole,
  type AccountRows,
  type AccountState,
  Taken,
} from './store.ts'
import { addAcceptance } from './terms.ts'

/** So many accounts may share an address; who has more must name the login. */
const SAME_EMAIL_MAX = 5

/** As long as an Argon2id string is. */
const ARGON2_CHARS = 97

type AccountColumns = Selectable<Schema['accounts']>

/** The accounts in a SQL database. */
export function sqlAccounts(
  db: Kysely<Schema>,
  tools: Pick<SqlTools, 'rootKeys' | 'random' | 'now' | 'announce' | 'notify'>,
): AccountRows {
  const { rootKeys, random, now, announce } = tools
  const emails = makeVault(rootKeys, 'e-mail', random)
  const passwords = makeVault(rootKeys, 'password', random)
  const totps = makeVault(rootKeys, 'totp', random)
  const nobodys = passwords.close('', 'x'.repeat(ARGON2_CHARS))
  const hashers = rootKeys.map((root) => keyedHasher(root, 'e-mail'))
  const emailHashes = (email: string) => hashers.map((hash) => hash(plainEmail(email)))

  return {
    async add({ login, role, password, first, agrees }, by) {
      const at = now()
      const id = newId(random, 'acc')
      const row: AccountColumns = {
        ...{ id, login, role, state: 'active' },
        password: password === null ? null : passwords.close(id, password),
        ...{ email_sealed: null, email_hash: null, email_confirmed_at: null },
        ...{ totp_sealed: null, totp_step: null },
        ...{ created_at: at, changed_at: at },
      }
      try {
        return await db.transaction().execute(async (tx) => {
          if (first) {
            // The queue of all changes: of two who would be the first, one waits and finds the other.
            await tx
              .updateTable('audit_head')
              .set((e) => ({ seq: e.ref('seq') }))
              .execute()
            const some = await tx
              .selectFrom('accounts')
              .select('id')
              .where('role', '=', 'operator')
              .where('state', '!=', 'terminated')
              .executeTakeFirst()
            if (some) throw new Taken('There is an operator already.')
          }
          if (await isTaken(tx, login))
            throw new Taken('This login, or one that looks like it, is taken.')
          await tx.insertInto('accounts').values(row).execute()
          await recordOf(tx, at, by ?? id)('account.add', id, { role })
          if (agrees) await addAcceptance(tx, at, id, { ...agrees, way: 'sign-up' })
          return read(row)
        })
      } catch (error) {
        throw isDuplicate(error) ? new Taken('This login is taken.') : error
      }
    },

    byId: (id) => one((all) => all.where('id', '=', id)),
    byLogin: (login) => one((all) => all.where('login', '=', login)),
    isTaken: (login) => isTaken(db, login),

    async allByEmail(email) {
      const rows = await db
        .selectFrom('accounts')
        .selectAll()
        .where('email_hash', 'in', emailHashes(email))
        .where('email_confirmed_at', 'is not', null)
        .orderBy('created_at')
        .limit(SAME_EMAIL_MAX)
        .execute()
      return rows.map(read)
    },

    async list(after, limit) {
      const rows = await db
        .selectFrom('accounts')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      for (const row of rows) await renew(row)
      return rows.map(read)
    },

    countOperators: () => countOperators(db),

    async passwordOf(id) {
      const row = await column(id, 'password')
      // What is opened in place of nobody's takes as long: a stranger can have this asked of any login.
      const text = passwords.open(row?.password ? id : '', row?.password ?? nobodys)
      return row?.password ? text : null
    },

    async setPassword(id, password, by = id, from) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        // Taken first: what it is changed from is then what it is.
        const before = await updateAccount(tx, at, id, {})
        if (!before) return false
        const until = before.password === null ? null : passwords.open(id, before.password)
        if (from !== undefined && until !== from) return false
        await updateAccount(tx, at, id, { password: passwords.close(id, password) })
        const sessions = await endSessions(tx, id)
        await recordOf(tx, at, by)('account.password', id, { sessions })
        await tellHolder(tools, tx, at, id, { change: 'password', login: before.login ?? '' })
        return true
      })
    },

    async rehash(id, from, to) {
      const row = await column(id, 'password')
      if (!row?.password || passwords.open(id, row.password) !== from) return
      await db
        .updateTable('accounts')
        .set({ password: passwords.close(id, to) })
        .where('id', '=', id)
        .where('password', '=', row.password)
        .execute()
    },

    async setEmail(id, email, by = id) {
      return db.transaction().execute(async (tx) => {
        const at = now()
        // Taken first: whoever had the old address must hear of it there.
        const before = await updateAccount(tx, at, id, {})
        if (!before) return false
        await updateAccount(tx, at, id, {
          email_sealed: email === null ? null : emails.close(id, email),
          email_hash: email === null ? null : emailHashes(email)[0]!,
          email_confirmed_at: email === null ? null : at,
        })
        await recordOf(tx, at, by)('account.email', id, { confirmed: email !== null })
        const change = { change: 'email', login: before.login ?? '' } as const
        await tellHolder(tools, tx, at, id, { ...change, address: addressOf(before) })
        return true
      })
    },

    async totpOf(id) {
      const row = await column(id, 'totp_sealed', 'totp_step')
      if (!row?.totp_sealed) return null
      return { secret: totps.open(id, row.totp_sealed), step: Number(row.totp_step ?? 0) }
    },

    async setTotp(id, secret, step, by = id) {
      await db.transaction().execute(async (tx) => {
        const at = now()
        const row = await updateAccount(tx, at, id, {
          totp_sealed: secret === null ? null : totps.close(id, secret),
          totp_step: secret === null ? null : step,
        })
        if (!row) return
        if (secret === null) {
          await tx.deleteFrom('recovery_codes').where('account_id', '=', id).execute()
        }
        await recordOf(tx, at, by)('account.totp', id, { on: secret !== null })
        const change = secret === null ? 'totpOff' : 'totpOn'
        await tellHolder(tools, tx, at, id, { change, login: row.login ?? '' })
      })
    },

    async useTotpStep(id, step) {
      // One statement decides: of two who show the same code at once, one changes the row.
      const used = await db
        .updateTable('accounts')
        .set({ totp_step: step })
        .where('id', '=', id)
        .where('totp_sealed', 'is not', null)
        .where((e) => e.or([e('totp_step', 'is', null), e('totp_step', '<', step)]))
        .executeTakeFirst()
      return used.numUpdatedRows > 0n
    },

    setRole: (id, role, by = 'service') =>
      unlessLast(() =>
        db.transaction().execute(async (tx) => {
          const at = now()
          if (!(await updateAccount(tx, at, id, { role }))) return false
          await recordOf(tx, at, by)('account.role', id, { role })
          await tellHolder(tools, tx, at, id, { change: 'role' })
          await assertOperatorLeft(tx)
          return true
        }),
      ),

    setState: (id, state, by = 'service', reason) => changeStanding(id, state, by, reason),
    terminate: (id, by = 'service', reason) => changeStanding(id, 'terminated', by, reason),
  }

  async function changeStanding(
    id: string,
    to: AccountState,
    by: string,
    reason?: string,
  ): Promise<boolean> {
    let changed: [string, number][] = []
    const done = await unlessLast(() =>
      db.transaction().execute(async (tx) => {
        const at = now()
        const row = await updateAccount(tx, at, id, {})
        if (!row) return false
        await updateAccount(tx, at, id, {
          state: to,
          ...(to === 'terminated' ? EMPTIED : {}),
        })
        // What was open is not open again when the account is reinstated.
        if (to === 'suspended') await endSessions(tx, id)
        const left = to === 'terminated' ? await forgetAccount(tx, id) : []
        changed = await changeOwnSites(tx, at, { id, to, by })
        if (to === 'terminated') await leaveSites(tx, at, { id, by, left })
        await recordOf(tx, at, by)(ACTS[to], id)
        if (row.state !== to) {
          await tellHolder(tools, tx, at, id, {
            ...{ change: CHANGES[to], login: row.login ?? '', reason },
            // Of what has ended there is nothing left that could be looked up later.
            ...(to === 'terminated' && { address: addressOf(row) }),
          })
        }
        if (to !== 'active' && row.role === 'operator') await assertOperatorLeft(tx)
        return true
      }),
    )
    if (done) for (const [sitekey, revision] of changed) await announce(sitekey, revision)
    return done
  }

  async function one(
    find: (all: ReturnType<typeof selectAll>) => ReturnType<typeof selectAll>,
  ): Promise<Account | null> {
    const row = await find(selectAll()).executeTakeFirst()
    if (!row) return null
    await renew(row)
    return read(row)
  }

  function selectAll() {
    return db.selectFrom('accounts').selectAll()
  }

  async function column<Name extends keyof AccountColumns>(id: string, ...names: Name[]) {
    const row = await db
      .selectFrom('accounts')
      .select(names)
      .where('id', '=', id)
      .executeTakeFirst()
    return row as Pick<AccountColumns, Name> | undefined
  }

  /** Moves what is under an older root key under the newest, when it is met: so the older one can be taken away some day. */
  async function renew(row: AccountColumns): Promise<void> {
    const { id, email_sealed, totp_sealed, password } = row
    const changes: Partial<AccountColumns> = {}
    if (email_sealed && emails.isOld(email_sealed)) {
      const email = emails.open(id, email_sealed)
      changes.email_sealed = emails.close(id, email)
      changes.email_hash = emailHashes(email)[0]!
    }
    if (totp_sealed && totps.isOld(totp_sealed))
      changes.totp_sealed = totps.close(id, totps.open(id, totp_sealed))
    if (password && passwords.isOld(password))
      changes.password = passwords.close(id, passwords.open(id, password))
    if (Object.keys(changes).length === 0) return
    // Only if nobody has changed it meanwhile.
    await db
      .updateTable('accounts')
      .set(changes)
      .where('id', '=', id)
      .where('changed_at', '=', row.changed_at)
      .where('password', password === null ? 'is' : '=', password)
      .execute()
  }

  function addressOf({ id, email_sealed }: AccountColumns): string | null {
    return email_sealed === null ? null : emails.open(id, email_sealed)
  }

  function read(row: AccountColumns): Account {
    return {
      id: row.id,
      login: row.login ?? '',
      role: row.role as AccountRole,
      state: row.state as AccountState,
      email: addressOf(row),
      emailConfirmedAt: row.email_confirmed_at === null ? null : Number(row.email_confirmed_at),
      hasPassword: row.password !== null,
      hasTotp: row.totp_sealed !== null,
      createdAt: Number(row.created_at),
    }
  }
}

const ACTS: Record<AccountState, string> = {
  active: 'account.reinstate',
  suspended: 'account.suspend',
  terminated: 'account.terminate',
}

const CHANGES = {
  active: 'reinstated',
  suspended: 'suspended',
  terminated: 'terminated',
} as const satisfies Record<AccountState, string>

/** What is left of an account that has ended: its id. */
const EMPTIED = {
  ...{ login: null, password: null },
  ...{ email_sealed: null, email_hash: null, email_confirmed_at: null },
  ...{ totp_sealed: null, totp_step: null },
}

async function unlessLast(act: () => Promise<boolean>): Promise<boolean> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof LastOperator) return false
    throw error
  }
}

async function isTaken(from: Kysely<Schema>, login: string): Promise<boolean> {
  const alike = await from
    .selectFrom('accounts')
    .select('id')
    .where(sql`replace(replace(login, '0', 'o'), '1', 'l')`, '=', lookOf(login))
    .executeTakeFirst()
  return alike !== undefined
}

/** What a login looks like at a glance: 0 as o, 1 as l. All other look-alikes are no characters of a login. */
function lookOf(login: string): string {
  return login.replaceAll('0', 'o').replaceAll('1', 'l')
}

/** By which an address is found: nobody has two that differ in case alone. */
function plainEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

/** True for what SQLite and PostgreSQL say of a value that must be unique and is not. */
function isDuplicate(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE'
}
