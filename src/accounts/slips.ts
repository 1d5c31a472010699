import type { Random } from '../core/random.ts'
import { type Ledger, LedgerUnavailable } from '../ledger/ledger.ts'
import type { Seal } from '../seal.ts'

const MINUTE_MS = 60_000

/** What slips are for: how long they last, and who carries them. */
const KINDS = {
  // In a form, while somebody logs in or shows who they are.
  second: { purpose: 'pending', lifeMs: 10 * MINUTE_MS },
  passkey: { purpose: 'pending', lifeMs: 5 * MINUTE_MS },
  prove: { purpose: 'pending', lifeMs: 5 * MINUTE_MS },
  'new-passkey': { purpose: 'pending', lifeMs: 5 * MINUTE_MS },
  totp: { purpose: 'pending', lifeMs: 30 * MINUTE_MS },
  // In the form for feedback, while its sender waits or looks at it again.
  feedback: { purpose: 'pending', lifeMs: 120 * MINUTE_MS },
  // Behind links.
  first: { purpose: 'link', lifeMs: 24 * 60 * MINUTE_MS },
  email: { purpose: 'link', lifeMs: 24 * 60 * MINUTE_MS },
  reset: { purpose: 'link', lifeMs: 60 * MINUTE_MS },
} as const

/** A sealed note that its holder brings back, good once. Nothing of it is kept but that it was used. */
export interface Slip {
  id: string
  issuedAt: number
  expiresAt: number
  facts: string[]
}

export interface Slips {
  give(kind: keyof typeof KINDS, ...facts: string[]): string
  /** What was given for this; null if it was given for something else, was altered, or has ended. Uses up nothing. */
  read(kind: keyof typeof KINDS, sealed: string): Slip | null
  /** Uses it up. True for one caller. */
  spend(slip: Slip): Promise<boolean>
}

export function makeSlips(tools: {
  seal: Seal
  ledger: Ledger
  random: Random
  now: () => number
}): Slips {
  const { seal, ledger, random, now } = tools
  return {
    give(kind, ...facts) {
      const { purpose, lifeMs } = KINDS[kind]
      const id = Buffer.from(random.bytes(16)).toString('base64url')
      return seal.close(purpose, JSON.stringify([kind, id, now(), now() + lifeMs, ...facts]))
    },

    read(kind, sealed) {
      const text = seal.open(KINDS[kind].purpose, sealed)
      if (text === null) return null
      // Only ever text that our own seal vouches for.
      const [given, id, issuedAt, expiresAt, ...facts] = JSON.parse(text)
      if (given !== kind || expiresAt <= now()) return null
      return { id, issuedAt, expiresAt, facts }
    },

    async spend({ id, issuedAt, expiresAt }) {
      const spend = await ledger.spend({ id: `slip ${id}`, issuedAt, expiresAt })
      if (spend === 'outdated') throw new LedgerUnavailable('A claim without a site is outdated.')
      return spend === 'spent'
    },
  }
}
