import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { StoreRefused, StoreUnavailable } from './store.ts'

/** The advisory lock that a service holds which must be the only one. */
const ALONE_LOCK = 7_366_002
/** How often a held place is looked after, and a lost one tried for. */
const LOOK_MS = 1_000
const ANSWER_MS = 3_000
/** Who stops just now, as in a restart, is waited for. */
const TRIES = 5

/** A service's place at its database. */
export interface Place {
  /** False while it is not ours: then nothing may be read on the strength of which something is accepted. */
  held(): boolean
  close(): Promise<void>
}

/**
 * Takes a place at a database, for as long as the service runs. Throws `StoreRefused` if it is not to be had.
 *
 * `alone` is the only place: what was spent is remembered by one service alone, and another would accept it again. When the
 * connection is lost, so is the place, until it is taken anew. `shared` is one of many, for services whose ledger is shared:
 * it keeps out whoever would be alone, and a lost connection matters no more than the database being away.
 */
export async function holdPlace(
  url: string,
  sort: 'alone' | 'shared',
  onLost: () => void,
  onWarning: (message: string) => void = () => {},
): Promise<Place> {
  let client: pg.Client | null = null
  let denied = false
  let closed = false
  for (let tries = 1; !(await take()); tries++) {
    if (tries === TRIES) {
      throw new StoreRefused(
        sort === 'alone'
          ? 'Another One Captcha service is at this database. Several can be, once they share a Redis: set ONE_CAPTCHA_REDIS_URL.'
          : 'A One Captcha service without ONE_CAPTCHA_REDIS_URL is at this database, and would accept what this one has spent. Stop it first.',
      )
    }
    await after(LOOK_MS)
  }
  void look()

  return {
    held: () => (sort === 'alone' ? client !== null : !denied),
    async close() {
      closed = true
      await client?.end().catch(() => {})
    },
  }

  async function take(): Promise<boolean> {
    const taker = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: 'one-captcha alone',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    })
    taker.on('error', () => lose(taker))
    taker.on('end', () => lose(taker))
    await taker.connect().catch((error: NodeJS.ErrnoException) => {
      throw new StoreUnavailable(`The database cannot be reached: ${error.message || error.code}.`)
    })
    try {
      // A machine that loses its power says no goodbye: the server finds out in half a minute, not in two hours.
      await taker.query(
        'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3',
      )
      const lock = sort === 'alone' ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared'
      const { rows } = await taker.query(`SELECT ${lock}(${ALONE_LOCK}) AS held`)
      denied = !rows[0].held
      if (denied) onLost()
      else if (!closed) client = taker
    } finally {
      if (client !== taker) await taker.end().catch(() => {})
    }
    return client === taker
  }

  function lose(which: pg.Client): void {
    if (client !== which) return
    client = null
    if (sort === 'shared') return
    onLost()
    if (!closed)
      onWarning('The place at the database is lost: nothing is accepted until it is back.')
  }

  async function look(): Promise<void> {
    // Looking after it is no reason for the process to go on.
    for (; !closed; await after(LOOK_MS, undefined, { ref: false })) {
      const holder = client
      try {
        if (holder) await holder.query('SELECT 1')
        else if ((await take()) && sort === 'alone') onWarning('The place at the database is back.')
      } catch {
        if (!holder) continue
        lose(holder)
        holder.end().catch(() => {})
      }
    }
  }
}
