import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Random } from './core/random.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BODY_CHARS = 43
const CHECK_CHARS = 6
const SECRET = new RegExp(`^(ocs_live_[0-9A-Za-z]{${BODY_CHARS}})([0-9A-Za-z]{${CHECK_CHARS}})$`)

/** A new sitekey: `ock_` and 22 letters or digits (131 bits). Public. */
export function newSitekey(random: Random): string {
  return `ock_${base62(random, 22)}`
}

/**
 * A new secret: `ocs_live_`, 43 letters or digits (256 bits), and a checksum (CRC-32 of all before it, 6 letters or
 * digits), so that a scanner finds leaked ones and a mistyped one is told without asking the store.
 */
export function newSecret(random: Random): string {
  const secret = `ocs_live_${base62(random, BODY_CHARS)}`
  return secret + checksum(secret)
}

/** True if this has a secret's form and its checksum holds; says nothing about whether it is anybody's. */
export function isSecret(input: string): boolean {
  const match = SECRET.exec(input)
  return match !== null && checksum(match[1]!) === match[2]
}

/** How a secret is kept: HMAC-SHA-256 under a key derived from a root key; hex. Enough, as a secret has 256 random bits. */
export function secretHasher(rootKey: Uint8Array): (secret: string) => string {
  const key = createSecretKey(
    Buffer.from(hkdfSync('sha256', rootKey, '', 'one-captcha secrets', 32)),
  )
  return (secret) => createHmac('sha256', key).update(secret).digest('hex')
}

function base62(random: Random, count: number): string {
  let text = ''
  while (text.length < count) text += ALPHABET[random.integer(0, 62)]
  return text
}

/** A secret's last six characters: the CRC-32 of all before them, in base 62. Public: it only tells typing mistakes. */
export function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < CHECK_CHARS; i++) {
    digits = ALPHABET[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
