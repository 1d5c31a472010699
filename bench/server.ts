import { createHash } from 'node:crypto'
import Cap from '@cap.js/server'
import { createChallenge, solveChallenge, verifySolution } from 'altcha-lib'
import { deriveKey as pbkdf2 } from 'altcha-lib/algorithms/pbkdf2'
import { deriveKey as sha } from 'altcha-lib/algorithms/sha'
import { issue, type Tools } from '../src/core/issue.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { redeem } from '../src/core/redeem.ts'
import type { Site } from '../src/core/site.ts'
import { openChallenge, readReplies, solve } from '../src/core/solve.ts'
import type { Kind } from '../src/kinds/kind.ts'
import { pow } from '../src/kinds/pow/pow.ts'
import { openHand } from '../src/pow/equix/hand.ts'
import { equixSolver } from '../src/pow/equix/solve.ts'
import { wasmEngine } from '../src/pow/equix/wasm.ts'
import { VERIFIERS } from '../src/pow/index.ts'
import { systemRandom } from '../src/random.ts'
import { makeSeal } from '../src/seal.ts'
import { inTurns, table } from './measure.ts'

const random = systemRandom()
const tools: Tools = {
  seal: makeSeal([random.bytes(32)], random, Date.now),
  random,
  now: Date.now,
  kinds: new Map([['pow', pow(VERIFIERS) as Kind]]),
}
const site: Site = {
  sitekey: 'ock_0123456789abcdefghijkl',
  hosts: ['example.test'],
  mode: 'checkbox',
  name: '',
  state: 'active',
  revision: 1,
  ...DEFAULT_POLICY,
}
const page = {
  host: 'example.test',
  action: 'signup',
  cdata: '',
  tokenLifeMs: 600_000,
  withoutPuzzle: false,
}
const calm = { network: 0, site: 0 }
/** As long as a challenge's record. */
const SEALED_TEXT = 'x'.repeat(200)
const HMAC = { hmacSignatureSecret: 'a-signature-secret-of-some-length' }

/** What it costs a server to create and to verify, as library calls, beside the peers that are on the registry. */
export async function server(): Promise<string> {
  // Its own advice for production; here nothing may be written between two calls.
  const cap = new Cap({ noFSState: true })
  const created = await inTurns([
    { name: 'One Captcha, Equi-X work', act: () => issue(tools, site, calm, page) },
    { name: 'of that, the seal alone', act: () => tools.seal.close('challenge', SEALED_TEXT) },
    { name: '@cap.js/server (kept in memory)', act: () => cap.createChallenge() },
    {
      name: 'altcha-lib, SHA-256, random',
      act: () => createChallenge({ algorithm: 'SHA-256', cost: 1, deriveKey: sha, ...HMAC }),
    },
    {
      name: 'altcha-lib, PBKDF2 5000, deterministic',
      act: (i) =>
        createChallenge({
          algorithm: 'PBKDF2/SHA-256',
          cost: 5_000,
          counter: 5_000 + (i % 5_000),
          deriveKey: pbkdf2,
          ...HMAC,
        }),
    },
  ])

  const verified = await inTurns([
    { name: 'One Captcha, a token is redeemed (all but the ledger)', act: await redeeming() },
    { name: 'One Captcha, a solution is judged and a token minted', act: await solving() },
    { name: '@cap.js/server, a solution is judged and a token minted', act: await capping(cap) },
    { name: 'altcha-lib, SHA-256, a solution is verified', act: await altching() },
  ])
  return [
    table('Create a challenge', 'per CPU second', created),
    table('Verify', 'per CPU second', verified),
  ].join('\n')
}

async function solved() {
  const easy = { ...site, test: 'pass' as const }
  const { challenge: sealed, tasks } = issue(tools, easy, calm, page)
  const seed = createHash('sha256').update(sealed).digest()
  const { effort, count } = tasks[0]!.prompt as { effort: number; count: number }
  const solver = equixSolver([openHand(wasmEngine(), { sliceMs: 50, rest: async () => {} })])
  const proof = await solver.solve({ seed, effort, count }, () => {}, new AbortController().signal)
  return { sealed, replies: [{ proof: Buffer.from(proof).toString('base64url') }] }
}

/** Everything `POST /v1/solutions` does with a good solution, without HTTP and the ledger. */
async function solving() {
  const { sealed, replies: sent } = await solved()
  return () => {
    const challenge = openChallenge(tools, sealed)
    const replies = readReplies(tools, site, challenge, sent, null)
    const seed = createHash('sha256').update(sealed).digest()
    const solution = { challenge, replies, trace: null, instead: null, seed, network: 0 }
    const result = solve(tools, site, solution)
    if (!('token' in result)) throw new Error('The solution must pass.')
    return result
  }
}

async function redeeming() {
  const { token } = (await solving())()
  const inquiry = { secret: 'checked before', token, hostname: '', action: '' }
  return () => {
    const finding = redeem(tools, site, inquiry)
    if (!finding.passed) throw new Error('The token must pass.')
    return finding
  }
}

/** Cap deletes a challenge that is redeemed, so each call has a challenge of its own; making it is not measured apart. */
async function capping(cap: Cap) {
  const shape = { challengeCount: 50, challengeSize: 32, challengeDifficulty: 1 }
  const { challenge, token } = await cap.createChallenge(shape)
  const solutions = capSolutions(token!, challenge)
  const kept = cap.config.state.challengesList[token!]!
  return async () => {
    cap.config.state.challengesList[token!] = kept
    const result = await cap.redeemChallenge({ token: token!, solutions })
    if (!result.success) throw new Error(`The solution must pass: ${result.message}`)
    return result
  }
}

/** Cap's format: each sub-puzzle's salt and target are made from the token by a 32-bit generator. */
function capSolutions(token: string, { c, s, d }: { c: number; s: number; d: number }): number[] {
  return Array.from({ length: c }, (_, i) => {
    const salt = capRandom(`${token}${i + 1}`, s)
    const target = capRandom(`${token}${i + 1}d`, d)
    for (let nonce = 0; ; nonce++) {
      if (
        createHash('sha256')
          .update(salt + nonce)
          .digest('hex')
          .startsWith(target)
      )
        return nonce
    }
  })
}

function capRandom(seed: string, length: number): string {
  let state = 2_166_136_261
  for (const c of seed) {
    state ^= c.charCodeAt(0)
    state += (state << 1) + (state << 4) + (state << 7) + (state << 8) + (state << 24)
  }
  state >>>= 0
  let text = ''
  while (text.length < length) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    text += state.toString(16).padStart(8, '0')
  }
  return text.slice(0, length)
}

async function altching() {
  const challenge = await createChallenge({
    algorithm: 'SHA-256',
    cost: 1,
    deriveKey: sha,
    ...HMAC,
  })
  const solution = await solveChallenge({ challenge, deriveKey: sha })
  if (!solution) throw new Error('altcha-lib found no solution.')
  return async () => {
    const result = await verifySolution({ challenge, solution, deriveKey: sha, ...HMAC })
    if (!result.verified) throw new Error('The solution must pass.')
    return result
  }
}
