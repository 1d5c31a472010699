import type { PRICES } from './prices.ts'

/** The figure that says how fast a graphics card does a work. */
export type Card = Extract<keyof typeof PRICES, `${string}Card`>

/** A work that `measureWork` measures. */
interface Measured {
  /** Its row's name. */
  row: string
  card: Card
  /** What part of the tries an attacker must do. */
  share?: number
}

/** What a peer asks for by default whose own program is not measured. */
interface Unmeasured {
  name: string
  asks: string
  /** Expected tries. */
  tries: number
  card: Card
  /** The row of a work that is done in much the same way; null if there is none. */
  like: string | null
  /** Where the default was read. */
  source: string
}

export const EQUIX = 'One Captcha, Equi-X'
export const SHA256 = 'One Captcha, SHA-256 by wasm with SIMD'

/** In the order of the tables. */
export const MEASURED: readonly Measured[] = [
  { row: EQUIX, card: 'equixCard' },
  { row: SHA256, card: 'sha256Card' },
  { row: "Cap's wasm, SHA-256", card: 'sha256Card' },
  { row: 'ALTCHA, SHA-256 by WebCrypto', card: 'sha256Card' },
  // Nothing below 5,000 is ever the answer: a widget tries it all the same, of 7,500 on average, and an attacker does not.
  { row: 'ALTCHA, PBKDF2 of 5,000', card: 'pbkdf2Card', share: 1 / 3 },
  { row: 'friendly-pow, BLAKE2b', card: 'blake2bCard' },
]

export const UNMEASURED: readonly Unmeasured[] = [
  {
    name: 'Private Captcha, BLAKE2b',
    asks: '24 of difficulty 80',
    // A hash is to be below 2^((256 − difficulty) / 8).
    tries: 24 * 2 ** (80 / 8),
    card: 'blake2bCard',
    like: 'friendly-pow, BLAKE2b',
    source: 'PrivateCaptcha/PrivateCaptcha: pkg/common/difficulty.go, pkg/puzzle/puzzle.go',
  },
  {
    name: 'mCaptcha, SHA-256',
    asks: 'difficulty 50,000',
    tries: 50_000,
    card: 'sha256Card',
    like: "Cap's wasm, SHA-256",
    source: 'its package for NixOS: avg_traffic_difficulty',
  },
  {
    name: 'Anubis, SHA-256',
    asks: '4 hex digits',
    tries: 16 ** 4,
    card: 'sha256Card',
    like: 'ALTCHA, SHA-256 by WebCrypto',
    source: 'TecharoHQ/anubis: anubis.go, DefaultDifficulty',
  },
  {
    name: 'Procaptcha, SHA-256',
    asks: '4 hex digits',
    tries: 16 ** 4,
    card: 'sha256Card',
    like: null,
    source: 'prosopo/captcha: packages/types/src/client/settings.ts, powDifficultyDefault',
  },
]
