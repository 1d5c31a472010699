import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { createChallenge as createFirstChallenge } from 'altcha-lib/v1'
import { bundle } from '../../test/support/work-parts.ts'
import type { Contender } from './contender.ts'
import type { Natives } from './native.ts'
import type { Peers, Run } from './page.ts'

/** Read as files: some packages do not export what a page loads from them. */
const MODULES = join(import.meta.dirname, '../../node_modules')
const read = (file: string) => readFileSync(join(MODULES, file))

type Held = { peers: Peers }

/** The works of others, in a page of a secure context, by the workers that their packages ship. */
export async function openPeers(page: Page, natives: Natives): Promise<Contender[]> {
  const content = await bundle('../bench/work/page.ts', 'iife')
  const open = async () => {
    await page.reload()
    await page.addScriptTag({ content })
  }
  await open()
  return [
    { ...cap(page, natives), open },
    await friendly(page, natives, open),
    { ...altchaSha256(page, natives), open },
    { ...altchaPbkdf2(page, natives), open },
  ]
}

type Peer = Omit<Contender, 'open'>

/** @cap.js/server 4.0.5, `createChallenge`: challengeCount 50, challengeSize 32, challengeDifficulty 4 (hex digits). */
function cap(page: Page, natives: Natives): Peer {
  const challenges = 50
  const digits = 4
  const script = read('@cap.js/widget/src/worker.js').toString()
  const wasm = read('@cap.js/wasm/browser/cap_wasm_bg.wasm').toString('base64')
  const hex = (length: number) => randomBytes(length).toString('hex').slice(0, length)
  return {
    name: "Cap's wasm, SHA-256",
    asks: `${challenges} × ${digits} hex digits`,
    unit: 'hashes',
    tries: challenges * 16 ** digits,
    runs: 3,
    run(workers) {
      const work = Array.from({ length: challenges }, () => ({
        salt: hex(32),
        target: hex(digits),
      }))
      return page.evaluate(
        ([script, wasm, work, workers]) =>
          (window as unknown as Held).peers.cap(script, wasm, work, workers),
        [script, wasm, work, workers] as const,
      )
    },
    native: natives.sha256,
  }
}

/**
 * friendly-challenge 0.9.20 leaves what it asks to a server. FriendlyCaptcha/friendly-lite-server, Env.template.php: 51
 * solutions of difficulty 122 for the first calls of an address; friendly-pow 0.2.2, encoding.js: what that means.
 */
async function friendly(
  page: Page,
  natives: Natives,
  open: () => Promise<void>,
): Promise<Contender> {
  const puzzles = 51
  const threshold = Math.floor(2 ** ((255.999 - 122) / 8))
  const script = read('friendly-challenge/worker.js').toString()
  const run = (puzzle: Buffer, puzzles: number, threshold: number, workers: number) =>
    page.evaluate(
      ([script, puzzle, puzzles, threshold, workers]) =>
        (window as unknown as Held).peers.friendly(script, puzzle, puzzles, threshold, workers),
      [script, [...puzzle], puzzles, threshold, workers] as const,
    )

  const ready = (workers: number) =>
    page.evaluate(
      ([script, workers]) => (window as unknown as Held).peers.friendlyReady(script, workers),
      [script, workers] as const,
    )

  await ready(1)
  // The native program must do the same work: the least number of its first nonces is the one that is found here.
  const least = natives.leastBlake2b()
  const tries = async (threshold: number) => (await run(Buffer.alloc(32), 1, threshold, 1)).tries
  if ((await tries(least + 1)) > 65_536 || (await tries(least)) <= 65_536)
    throw new Error('native-peers.c computes something else.')

  return {
    name: 'friendly-pow, BLAKE2b',
    asks: `${puzzles} of difficulty 122`,
    unit: 'hashes',
    tries: (puzzles * 2 ** 32) / threshold,
    runs: 3,
    async open(workers) {
      await open()
      await ready(workers)
    },
    run: (workers) => run(randomBytes(32), puzzles, threshold, workers),
    native: natives.blake2b,
  }
}

const ALTCHA_WORKER = (name: string) => read(`altcha/dist/workers/${name}.js`).toString()

/** altcha-lib 2.8, README, “v1”: maxNumber 1000000. The widget makes of it what its `createChallengeFromV1` says. */
function altchaSha256(page: Page, natives: Natives): Peer {
  const script = ALTCHA_WORKER('sha')
  async function run(workers: number, number?: number): Promise<Run> {
    const { challenge, salt } = await createFirstChallenge({ hmacKey: 'a-key', number })
    const nonce = Buffer.from(salt).toString('hex')
    const keyPrefix = challenge
    const parameters = { algorithm: 'SHA-256', cost: 1, keyLength: 32, nonce, keyPrefix, salt: '' }
    return altcha(page, script, { parameters }, 'string', workers)
  }
  return {
    name: 'ALTCHA, SHA-256 by WebCrypto',
    asks: 'a number up to 1,000,000',
    unit: 'hashes',
    tries: 500_000,
    runs: 1,
    run: (workers) => run(workers),
    much: () => run(1, 100_000),
    native: natives.sha256,
  }
}

/** altcha-lib 2.8, README, “Usage”: cost 5_000, counter: randomInt(5_000, 10_000). */
function altchaPbkdf2(page: Page, natives: Natives): Peer {
  const script = ALTCHA_WORKER('pbkdf2')
  async function run(workers: number, counter: number): Promise<Run> {
    const challenge = await createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: 5_000,
      counter,
      deriveKey,
      hmacSignatureSecret: 'a-signature-secret-of-some-length',
    })
    return altcha(page, script, challenge, 'uint32', workers)
  }
  return {
    name: 'ALTCHA, PBKDF2 of 5,000',
    asks: 'a number from 5,000 to 10,000',
    unit: 'keys',
    tries: 7_500,
    runs: 1,
    run: (workers) => run(workers, randomInt(5_000, 10_000)),
    much: () => run(1, 1_000),
    native: natives.pbkdf2,
  }
}

function altcha(
  page: Page,
  script: string,
  challenge: { parameters: object },
  mode: 'string' | 'uint32',
  workers: number,
): Promise<Run> {
  return page.evaluate(
    ([script, challenge, mode, workers]) =>
      (window as unknown as Held).peers.altcha(script, challenge, mode, workers),
    [script, challenge, mode, workers] as const,
  )
}
