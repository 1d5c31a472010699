import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Random } from './core/random.ts'

/** Closes what lasts: it stays readable for as long as its root key is among the service's. */
export interface Vault {
  /**
   * Encrypts and authenticates `text`. Base64url, without padding.
   *
   * @param owner whose it is: what is closed for one row never opens in another
   */
  close(owner: string, text: string): string
  /** The text that was closed for this owner. Throws if it was not: then the database was tampered with, or its key is gone. */
  open(owner: string, closed: string): string
  /** True if it was closed under a root key that has been replaced since. */
  isOld(closed: string): boolean
}

const ID_BYTES = 4
const IV_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = ID_BYTES + IV_BYTES + TAG_BYTES

/**
 * A vault for one purpose, with AES-256-GCM. Layout: key id (4 bytes), iv (12), tag (16), ciphertext.
 *
 * One key lasts as long as its root key. Random 96-bit ivs are good for 2³² messages under one key (NIST SP 800-38D, 8.3):
 * far more than there are accounts. What passes through strangers' hands by the thousand is `seal.ts`'s.
 *
 * @param rootKeys 32 bytes each, the newest first: it closes, all of them open
 */
export function makeVault(rootKeys: readonly Uint8Array[], purpose: string, random: Random): Vault {
  const keys = rootKeys.map((root) => ({
    id: derive(root, 'vault id', ID_BYTES),
    key: createSecretKey(derive(root, `vault ${purpose}`, 32)),
  }))
  const newest = keys[0]
  if (!newest) throw new Error('At least one root key is needed.')

  return {
    close(owner, text) {
      const iv = random.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.key, iv)
      cipher.setAAD(Buffer.from(`${purpose}\n${owner}`))
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([newest.id, iv, cipher.getAuthTag(), ciphertext]).toString('base64url')
    },

    open(owner, closed) {
      const bytes = Buffer.from(closed, 'base64url')
      const key = keyOf(bytes)
      if (!key || bytes.length < HEAD_BYTES)
        throw new Error('This is closed under a root key that is not here.')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        key,
        bytes.subarray(ID_BYTES, ID_BYTES + IV_BYTES),
        {
          authTagLength: TAG_BYTES,
        },
      )
      decipher.setAAD(Buffer.from(`${purpose}\n${owner}`))
      decipher.setAuthTag(bytes.subarray(ID_BYTES + IV_BYTES, HEAD_BYTES))
      return decipher.update(bytes.subarray(HEAD_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },

    isOld: (closed) => !newest.id.equals(Buffer.from(closed, 'base64url').subarray(0, ID_BYTES)),
  }

  function keyOf(bytes: Buffer): KeyObject | undefined {
    return keys.find(({ id }) => id.equals(bytes.subarray(0, ID_BYTES)))?.key
  }
}

function derive(root: Uint8Array, name: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', `one-captcha ${name}`, bytes))
}
