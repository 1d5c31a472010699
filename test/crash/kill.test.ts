import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { writeToken } from '../../src/core/token.ts'
import { verify } from '../support/backend.ts'
import {
  addSite,
  type Program,
  removeFolder,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { HOST, handIn, LIGHT_REPLIES, lightChallenge } from '../support/visitor.ts'

/** How often the power fails. */
const KILLS = Number(process.env.KILLS ?? 50)
/** Backends and visitors that are at it at a time. */
const WORKERS = 12
/** The longest that a round of load lasts. */
const LOAD_MS_MAX = 250

const data = temporaryFolder()
const seal = testSeal()
let site: { sitekey: string; secret: string }

/** Tokens by how often a `success: true` came back for them. None may ever have two. */
const taken = new Map<string, number>()
/** Challenges by how often a token came back for them. */
const solved = new Map<string, number>()

beforeAll(async () => {
  site = await addSite(data, [HOST], 'checkbox')
})
afterAll(() => removeFolder(data))

describe('kill -9', () => {
  it(`makes no token good again that was redeemed, in ${KILLS} kills under load`, async () => {
    const startsMs: number[] = []
    for (let round = 0; round < KILLS; round++) {
      const startedAt = performance.now()
      const program = await startProgram(data, { ONE_CAPTCHA_LOG_LEVEL: 'error' })
      startsMs.push(performance.now() - startedAt)
      await replay(program)
      await loadUntilKilled(program)
      assertWhole()
    }
    const last = await startProgram(data)
    try {
      await replay(last, taken.size)
    } finally {
      await last.stop()
    }
    assert.ok(taken.size > 10 * KILLS, `${taken.size} tokens were tried`)
    const twice = [...taken.values(), ...solved.values()].filter((times) => times > 1)
    assert.equal(twice.length, 0)
    const redeemed = [...taken.values()].filter((times) => times === 1).length
    startsMs.sort((a, b) => a - b)
    console.log(
      `${KILLS} kills: ${taken.size} tokens, ${redeemed} redeemed, none twice; ${solved.size} challenges; started in ${Math.round(startsMs[KILLS >> 1]!)} ms (median)`,
    )
  })
})

/** Everyone mints and redeems as fast as they can, each token twice; then the process is gone. */
async function loadUntilKilled(program: Program): Promise<void> {
  let over = false
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!over) await mintAndRedeem(program.url)
  })
  await after(Math.random() * LOAD_MS_MAX)
  await program.kill()
  over = true
  await Promise.all(workers)
}

async function mintAndRedeem(service: string): Promise<void> {
  const challenge = lightChallenge(seal, { sitekey: site.sitekey })
  solved.set(challenge, 0)
  await quietly(async () => {
    const tries = Array.from({ length: 2 }, () =>
      quietly(async () => {
        const { body } = await handIn({ service }, { challenge, replies: LIGHT_REPLIES })
        if (!body.token) return
        count(solved, challenge)
        taken.set(body.token, 0)
        await Promise.all([redeem(service, body.token), redeem(service, body.token)])
      }),
    )
    // One that the service did not mint just now, so that ids come from elsewhere too.
    await Promise.all([...tries, redeem(service, sealedToken())])
  })
}

function sealedToken(): string {
  const token = seal.close(
    'token',
    writeToken({
      id: crypto.randomUUID(),
      sitekey: site.sitekey,
      host: HOST,
      action: '',
      cdata: '',
      passedAt: Date.now(),
      expiresAt: Date.now() + 600_000,
    }),
  )
  taken.set(token, 0)
  return token
}

function redeem(service: string, response: string): Promise<void> {
  return quietly(async () => {
    const { finding } = await verify(service, { secret: site.secret, response })
    if (finding.success) count(taken, response)
  })
}

/** Shows the tokens of the last rounds again, those that were redeemed and those that nobody knows about. */
async function replay(program: Program, last = 150): Promise<void> {
  const tokens = [...taken.keys()].slice(-last)
  for (let i = 0; i < tokens.length; i += 50) {
    await Promise.all(tokens.slice(i, i + 50).map((token) => redeem(program.url, token)))
  }
  for (const [token, times] of taken) assert.ok(times < 2, `redeemed ${times} times: ${token}`)
  const challenges = [...solved].slice(-30)
  for (const [challenge, times] of challenges) {
    if (times === 0) continue
    const { status } = await handIn({ service: program.url }, { challenge, replies: LIGHT_REPLIES })
    assert.equal(status, 409)
  }
}

function assertWhole() {
  for (const name of ['ledger.sqlite', 'store.sqlite']) {
    const db = new Database(join(data, name))
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok', name)
    db.close()
  }
}

function count(times: Map<string, number>, key: string) {
  times.set(key, times.get(key)! + 1)
}

/** A connection that breaks is what this is about: only what was answered counts. */
async function quietly(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
  }
}
