import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Random } from './core/random.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BODY_CHARS = 43
const CHECK_CHARS = 6

/**
 * What each sort of secret begins with: a site's own, a key to the management API, what is in an invitation's link, and the
 * code with which the sender of feedback reads the answer.
 */
export const PREFIXES = {
  secret: 'ocs_live_',
  apiKey: 'oca_',
  invitation: 'oci_',
  receipt: 'ocr_',
} as const

/** The sorts of secret that we give out. */
export type SecretSort = keyof typeof PREFIXES

const SECRET = new RegExp(
  `^((${Object.values(PREFIXES).join('|')})[0-9A-Za-z]{${BODY_CHARS}})([0-9A-Za-z]{${CHECK_CHARS}})$`,
)

/** A new sitekey: `ock_` and 22 letters or digits (131 bits). Public. */
export function newSitekey(random: Random): string {
  return `ock_${base62(random, 22)}`
}

/** A new public id, such as `key_` and 16 letters or digits (95 bits). */
export function newId(random: Random, prefix: string): string {
  return `${prefix}_${base62(random, 16)}`
}

/**
 * A new secret: its prefix, 43 letters or digits (256 bits), and a checksum (CRC-32 of all before it, 6 letters or
 * digits), so that a scanner finds leaked ones and a mistyped one is told without asking the store.
 */
export function newSecret(random: Random, sort: SecretSort = 'secret'): string {
  const secret = PREFIXES[sort] + base62(random, BODY_CHARS)
  return secret + checksum(secret)
}

/** What sort of secret has this form, if its checksum holds; null for none. Says nothing about whether it is anybody's. */
export function sortOf(input: string): SecretSort | null {
  const match = SECRET.exec(input)
  if (match === null || checksum(match[1]!) !== match[3]) return null
  return (Object.keys(PREFIXES) as SecretSort[]).find((sort) => PREFIXES[sort] === match[2])!
}

/** All secrets in a text, of whatever sort, whose checksum holds. */
export function* secretsIn(text: string): Generator<string> {
  for (const [word] of text.matchAll(/\b\w{50,70}\b/g)) if (sortOf(word)) yield word
}

/** True if this has the form of a site's secret and its checksum holds. */
export function isSecret(input: string): boolean {
  return sortOf(input) === 'secret'
}

/** The last four characters of a secret, by which its owner tells it from others. */
export function hintOf(secret: string): string {
  return secret.slice(-4)
}

/** How a secret is kept: HMAC-SHA-256 under a key derived from a root key; hex. Enough, as a secret has 256 random bits. */
export function secretHasher(rootKey: Uint8Array): (secret: string) => string {
  return keyedHasher(rootKey, 'secrets')
}

/** The same for anything else that is looked up by its hash. What is hashed for one purpose is never found as another. */
export function keyedHasher(rootKey: Uint8Array, purpose: string): (text: string) => string {
  const info = `one-captcha ${purpose}`
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', rootKey, '', info, 32)))
  return (text) => createHmac('sha256', key).update(text).digest('hex')
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
