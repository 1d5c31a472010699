import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Random } from './core/random.ts'

/**
 * What a sealed string is for. One never opens as another: a challenge and a token; what somebody who logs in has shown so
 * far, or is to show (`pending`); what is behind a link in a mail (`link`); what nodes say to each other (`peers`); and where
 * somebody without JavaScript is (`noscript`).
 */
export type Purpose = keyof typeof AAD

/** Closes and opens what passes through strangers' hands. */
export interface Seal {
  /** Encrypts and authenticates `text`. Base64url, without padding. */
  close(purpose: Purpose, text: string): string
  /** The text that was closed for this purpose; null if it was not closed here, was altered, or is too old. */
  open(purpose: Purpose, sealed: string): string | null
}

const KEY_ID_BYTES = 3
const HOUR_BYTES = 3
const IV_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = KEY_ID_BYTES + HOUR_BYTES + IV_BYTES + TAG_BYTES

const HOUR_MS = 3_600_000
/** Most sealed strings live for minutes, links for a day; old keys let "expired" be told from "forged" for a while. */
const HOURS_KEPT = 24
/** A sealed challenge is at most this long (8 kB of text); more is not worth decrypting. */
const SEALED_MAX = 8_192

/** AES-256-GCM's tag covers this, so that a key derived for one purpose cannot be taken for another by mistake. */
const AAD = {
  challenge: Buffer.from('challenge'),
  token: Buffer.from('token'),
  pending: Buffer.from('pending'),
  link: Buffer.from('link'),
  peers: Buffer.from('peers'),
  noscript: Buffer.from('noscript'),
}
const PURPOSES = Object.keys(AAD).length

/**
 * Seals with AES-256-GCM. Layout: key id (3 bytes), hour (3), iv (12), tag (16), ciphertext.
 *
 * Each purpose has its own key in each hour (HKDF-SHA-256), because random 96-bit ivs are good for 2³² messages under
 * one key (NIST SP 800-38D, 8.3), which a busy service would reach in a day.
 *
 * @param rootKeys 32 bytes each, the newest first: it closes, all of them open
 */
export function makeSeal(rootKeys: readonly Uint8Array[], random: Random, now: () => number): Seal {
  const roots = rootKeys.map((root) => ({
    root,
    id: Buffer.from(hkdfSync('sha256', root, '', 'one-captcha key id', KEY_ID_BYTES)).readUIntBE(
      0,
      3,
    ),
  }))
  const newest = roots[0]
  if (!newest) throw new Error('At least one root key is needed.')
  const keys = new Map<string, KeyObject>()

  function keyFor(purpose: Purpose, id: number, hour: number): KeyObject | null {
    const name = `${purpose}/${id}/${hour}`
    const known = keys.get(name)
    if (known) return known
    const root = roots.find((candidate) => candidate.id === id)?.root
    if (!root) return null
    const info = `one-captcha ${purpose} ${hour}`
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, '', info, 32)))
    // At most all purposes × a day × the root keys: a stranger who names other hours never gets here.
    if (keys.size >= PURPOSES * (HOURS_KEPT + 2) * roots.length) keys.clear()
    keys.set(name, key)
    return key
  }

  return {
    close(purpose, text) {
      const hour = Math.floor(now() / HOUR_MS)
      const iv = random.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose, newest.id, hour)!, iv)
      cipher.setAAD(AAD[purpose])
      // GCM's ciphertext is as long as the text, and comes whole from `update`.
      const ciphertext = cipher.update(Buffer.from(text))
      cipher.final()
      const sealed = Buffer.allocUnsafe(HEAD_BYTES + ciphertext.length)
      sealed.writeUIntBE(newest.id, 0, 3)
      sealed.writeUIntBE(hour, 3, 3)
      sealed.set(iv, 6)
      sealed.set(cipher.getAuthTag(), 18)
      sealed.set(ciphertext, HEAD_BYTES)
      return sealed.toString('base64url')
    },

    open(purpose, sealed) {
      if (sealed.length > SEALED_MAX) return null
      const bytes = Buffer.from(sealed, 'base64url')
      // Node skips what is not base64url and drops spare bits: only the one spelling that we write is ours.
      if (bytes.length <= HEAD_BYTES || bytes.toString('base64url') !== sealed) return null
      const hour = bytes.readUIntBE(3, 3)
      const age = Math.floor(now() / HOUR_MS) - hour
      if (age > HOURS_KEPT || age < -1) return null
      const key = keyFor(purpose, bytes.readUIntBE(0, 3), hour)
      if (!key) return null
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(6, 18), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(AAD[purpose])
      decipher.setAuthTag(bytes.subarray(18, HEAD_BYTES))
      const text = decipher.update(bytes.subarray(HEAD_BYTES))
      try {
        decipher.final()
        return text.toString()
      } catch {
        return null
      }
    },
  }
}
