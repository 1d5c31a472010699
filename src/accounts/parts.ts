import { createHash } from 'node:crypto'
import { BadRequest } from '../core/bad-request.ts'
import type { Random } from '../core/random.ts'
import type { Outbox } from '../mail/outbox.ts'
import type { Account, SessionRow, Store } from '../store/store.ts'
import type { Terms } from '../terms/terms.ts'
import type { LoggedIn, Opened } from './accounts.ts'
import type { Ceremonies } from './ceremonies.ts'
import type { letters } from './letters.ts'
import type { Passwords } from './passwords.ts'
import type { Slips } from './slips.ts'
import type { Tries } from './tries.ts'

/** What the deeds are made of. */
export interface Parts {
  store: Store
  random: Random
  now: () => number
  terms: Pick<Terms, 'current'>
  /** The service's host name, as people know it. */
  host: string
  tries: Tries
  slips: Slips
  passwords: Passwords
  ceremonies: Ceremonies
  outbox: Outbox
  /** Null where no letters can be sent. */
  letters: ReturnType<typeof letters> | null
  /** True if the widget's token is good, which is used up by asking. */
  guard: (token: string) => Promise<boolean>
}

const SESSION_LIFE_MS = 14 * 86_400_000
const ELEVATED_MS = 10 * 60_000

/**
 * Opens a session under a token of its own. To log in is to prove who one is, so that counts at once.
 *
 * @param password null unless this is still the account's
 */
export async function openSession(
  { store, random, now, tries }: Parts,
  account: Account,
  way: SessionRow['way'],
  password?: string,
): Promise<Opened | null> {
  const token = newToken(random)
  const expiresAt = now() + SESSION_LIFE_MS
  const session = { accountId: account.id, way, expiresAt, elevatedUntil: now() + ELEVATED_MS }
  const row = await store.sessions.add(token, session, password)
  const mark = password === undefined ? null : tries.markOf(account.login, password)
  return row && { token, expiresAt, account, mark }
}

/** A session goes on under a new token, with more rights for some minutes. Null if it has ended meanwhile. */
export async function raiseSession(
  { store, random, now }: Parts,
  { account, session }: LoggedIn,
): Promise<Opened | null> {
  const token = newToken(random)
  const raised = await store.sessions.elevate(session.id, token, now() + ELEVATED_MS)
  return raised ? { token, expiresAt: session.expiresAt, account, mark: null } : null
}

const TOKEN = /^[\w-]{43}$/

/** 256 random bits. */
function newToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url')
}

/** True for what could be a session's token. */
export function isToken(input: string): boolean {
  return TOKEN.test(input)
}

/** Throws unless they have just proved who they are. */
export function assertElevated({ elevated }: LoggedIn): void {
  if (!elevated) throw new BadRequest('proof-needed', 'Prove again who you are, then repeat this.')
}

/** Throws for an account that may not act. Only ever said to somebody who has shown that it is theirs. */
export function assertActive({ state }: Account): void {
  if (state !== 'active') {
    throw new BadRequest(
      'account-suspended',
      'This account is suspended. Please ask whoever runs the service.',
    )
  }
}

/** What a link is bound to: it dies when the password or the address is another. */
export function printOf({ id, email }: Account, password: string | null): string {
  const text = JSON.stringify([id, email, password])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
