import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accounts } from '../src/accounts/accounts.ts'
import { checksum, newSecret } from '../src/keys.ts'
import { systemRandom } from '../src/random.ts'
import { sqliteStore } from '../src/store/sqlite.ts'
import type { Sites } from '../src/store/store.ts'

/** What a stranger could learn from how long an answer takes. */
export interface Timing {
  samples: number
  /** Welch's t between the two sorts of wrong secret: within ±4.5, nothing is to be learned (ISO/IEC 17825). */
  t: number
}

/**
 * Times wrong secrets that begin like a real one against wrong secrets that do not, in random order. If secrets were
 * compared character by character, the first sort would take longer, and could be guessed character by character.
 */
export async function timeSecrets(sites: Sites, real: string, samples: number): Promise<Timing> {
  const random = systemRandom()
  const like: number[] = []
  const unlike: number[] = []
  for (let i = 0; i < samples; i++) {
    const near = random.integer(0, 2) === 0
    const secret = near ? likeness(real) : newSecret(random)
    const from = performance.now()
    await sites.bySecret(secret)
    ;(near ? like : unlike).push(performance.now() - from)
  }
  return { samples, t: tellApart(like, unlike) }

  /** A secret that is well formed and has nearly all of the real one's characters. */
  function likeness(secret: string): string {
    const body = secret.slice(0, 44) + newSecret(random).slice(44, 52)
    return body + checksum(body)
  }
}

/**
 * Times wrong passwords of somebody against passwords of nobody, in random order. If it took longer to refuse one of them,
 * a stranger could find out who has an account here.
 *
 * @param wait lets so much time go by for the service, so that nobody is slowed down for trying too often
 */
export async function timeLogins(
  accounts: Accounts,
  login: string,
  samples: number,
  wait: (ms: number) => void,
): Promise<Timing> {
  const random = systemRandom()
  const somebody: number[] = []
  const nobody: number[] = []
  for (let i = 0; i < samples; i++) {
    const real = random.integer(0, 2) === 0
    const caller = { network: { newest: `timing ${i}`, former: null } }
    const proof = { login: real ? login : `nobody-${i}`, password: `not the right one ${i}` }
    wait(600_000)
    const from = performance.now()
    await accounts.logIn(caller, proof)
    ;(real ? somebody : nobody).push(performance.now() - from)
  }
  return { samples, t: tellApart(somebody, nobody) }
}

/** Welch's t between two lots of times. */
export function tellApart(a: number[], b: number[]): number {
  return welch(trimmed(a), trimmed(b))
}

/** The slowest and fastest twentieth tell of other processes, not of ours. */
function trimmed(times: number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b)
  const cut = Math.floor(sorted.length / 20)
  return sorted.slice(cut, sorted.length - cut)
}

function welch(a: number[], b: number[]): number {
  const [ma, mb] = [mean(a), mean(b)]
  return (ma - mb) / Math.sqrt(variance(a, ma) / a.length + variance(b, mb) / b.length)
}

const mean = (xs: number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length
const variance = (xs: number[], m: number) =>
  xs.reduce((sum, x) => sum + (x - m) ** 2, 0) / (xs.length - 1)

/** `npm run lab -- timing`: a hundred thousand wrong secrets. */
export async function judgeTiming(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-timing-'))
  const random = systemRandom()
  const store = await sqliteStore(join(folder, 'store.sqlite'), {
    rootKeys: [random.bytes(32)],
    random,
  })
  try {
    const { secret } = await store.sites.add({ hosts: ['example.test'], mode: 'checkbox' })
    const { samples, t } = await timeSecrets(store.sites, secret, 100_000)
    console.log(
      `${samples} wrong secrets: t = ${t.toFixed(2)} (within ±4.5 nothing can be learned)`,
    )
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
}
