import { hkdfSync } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'
import { StoreRefused } from './store.ts'

/** A root key's public name: what follows from it, and does not lead back. Hex. */
export function rootKeyId(rootKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', rootKey, '', 'one-captcha root key', 16)).toString('hex')
}

/**
 * Has the store know our newest root key, if it is new or knows one of ours already; otherwise throws `StoreRefused`: under
 * another key all secrets would be void, and each that is made would be lost again when the right key is back.
 */
export async function admitRootKeys(
  db: Kysely<Schema>,
  rootKeys: readonly Uint8Array[],
  nowMs: number,
): Promise<void> {
  const rows = await db.selectFrom('root_keys').select('id').execute()
  assertKnown(
    rows.map((row) => row.id),
    rootKeys,
  )
  await db
    .insertInto('root_keys')
    .values({ id: rootKeyId(rootKeys[0]!), created_at: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Throws `StoreRefused` if there are ids, and none of them is one of our keys'. */
export function assertKnown(ids: readonly string[], rootKeys: readonly Uint8Array[]): void {
  if (ids.length === 0 || rootKeys.some((key) => ids.includes(rootKeyId(key)))) return
  throw new StoreRefused(
    'The root key is not one that this store was used with: its secrets would all be void. Restore root.key from a backup, ' +
      'or set ONE_CAPTCHA_ROOT_KEYS to the key that was used (a new key goes in front of it, not in its place).',
  )
}
