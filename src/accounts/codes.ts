import { Secret, TOTP } from 'otpauth'
import type { Random } from '../core/random.ts'

const STEP_MS = 30_000
const SECRET_BYTES = 20
const CODES = 10
const CODE_CHARS = 16
/** Without i, l, o and u: nobody mistakes one for another. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new secret for an app that shows codes, in base32. */
export function newTotpSecret(random: Random): string {
  const bytes = Uint8Array.from(random.bytes(SECRET_BYTES))
  return new Secret({ buffer: bytes.buffer }).base32
}

/** What an app reads from a link or a picture. */
export function totpUri(secret: string, login: string, host: string): string {
  return totp(secret, login, host).toString()
}

/** The step of the clock whose code this is: the one now, or one beside it, as clocks differ. Null if it is none's. */
export function stepOf(secret: string, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const delta = totp(secret).validate({ token: code, timestamp: nowMs, window: 1 })
  return delta === null ? null : Math.floor(nowMs / STEP_MS) + delta
}

function totp(secret: string, label = 'account', host = '') {
  // RFC 6238 as every app knows it.
  const form = { algorithm: 'SHA1', digits: 6, period: STEP_MS / 1_000 }
  const issuer = host ? `One Captcha ${host}` : 'One Captcha'
  return new TOTP({ ...form, issuer, label, secret: Secret.fromBase32(secret) })
}

/** New recovery codes, such as `7k2d-…`: 80 random bits each, so that guessing is hopeless whatever is kept of them. */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: CODES }, () =>
    Array.from({ length: CODE_CHARS }, () => LETTERS[random.integer(0, 32)])
      .join('')
      .replace(/.{4}(?=.)/g, '$&-'),
  )
}

/** A recovery code as it was given, from how it was typed; null if it is none. */
export function readRecoveryCode(input: string): string | null {
  const chars = input
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
  if (chars.length !== CODE_CHARS || [...chars].some((c) => !LETTERS.includes(c))) return null
  return chars.replace(/.{4}(?=.)/g, '$&-')
}
