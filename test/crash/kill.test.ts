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

/** Starting is most of the work, and takes one core: two services are killed side by side, each with its own folder. */
const LANES = 2

const seal = testSeal()

interface Lane {
  data: string
  site: { sitekey: string; secret: string }
  /** Tokens by how often a `success: true` came back for them. None may ever have two. */
  taken: Map<string, number>
  /** Challenges by how often a token came back for them. */
  solved: Map<string, number>
  startsMs: number[]
}

const lanes: Lane[] = []

beforeAll(async () => {
  for (let i = 0; i < LANES; i++) {
    const data = temporaryFolder()
    const site = await addSite(data, [HOST], 'checkbox')
    lanes.push({ data, site, taken: new Map(), solved: new Map(), startsMs: [] })
  }
})
afterAll(() => {
  for (const { data } of lanes) removeFolder(data)
})

describe('kill -9', () => {
  it(`makes no token good again that was redeemed, in ${KILLS} kills under load`, {
    timeout: 20_000 + KILLS * 10_000,
  }, async () => {
    await Promise.all(lanes.map((lane) => killOften(lane, Math.ceil(KILLS / LANES))))
    const taken = lanes.flatMap((lane) => [...lane.taken.values()])
    const solved = lanes.flatMap((lane) => [...lane.solved.values()])
    assert.ok(taken.length > 10 * KILLS, `${taken.length} tokens were tried`)
    assert.equal([...taken, ...solved].filter((times) => times > 1).length, 0)
    const starts = lanes.flatMap((lane) => lane.startsMs).sort((a, b) => a - b)
    const redeemed = taken.filter((times) => times === 1).length
    console.log(
      `${starts.length} kills: ${taken.length} tokens, ${redeemed} redeemed, none twice; ${solved.length} challenges; started in ${Math.round(starts[starts.length >> 1]!)} ms (median)`,
    )
  })
})

async function killOften(lane: Lane, kills: number): Promise<void> {
  for (let round = 0; round < kills; round++) {
    const startedAt = performance.now()
    const program = await startProgram(lane.data, { ONE_CAPTCHA_LOG_LEVEL: 'error' })
    lane.startsMs.push(performance.now() - startedAt)
    await replay(lane, program)
    await loadUntilKilled(lane, program)
    assertWhole(lane)
  }
  const last = await startProgram(lane.data)
  try {
    await replay(lane, last, lane.taken.size)
  } finally {
    await last.stop()
  }
}

/** Everyone mints and redeems as fast as they can, each token twice; then the process is gone. */
async function loadUntilKilled(lane: Lane, program: Program): Promise<void> {
  let over = false
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!over) await mintAndRedeem(lane, program.url)
  })
  await after(Math.random() * LOAD_MS_MAX)
  await program.kill()
  over = true
  await Promise.all(workers)
}

async function mintAndRedeem(lane: Lane, service: string): Promise<void> {
  const { site, taken, solved } = lane
  const challenge = lightChallenge(seal, { sitekey: site.sitekey })
  solved.set(challenge, 0)
  await quietly(async () => {
    const tries = Array.from({ length: 2 }, () =>
      quietly(async () => {
        const { body } = await handIn({ service }, { challenge, replies: LIGHT_REPLIES })
        if (!body.token) return
        count(solved, challenge)
        taken.set(body.token, 0)
        await Promise.all([redeem(lane, service, body.token), redeem(lane, service, body.token)])
      }),
    )
    // One that the service did not mint just now, so that ids come from elsewhere too.
    await Promise.all([...tries, redeem(lane, service, sealedToken(lane))])
  })
}

function sealedToken({ site, taken }: Lane): string {
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

function redeem(lane: Lane, service: string, response: string): Promise<void> {
  return quietly(async () => {
    const { finding } = await verify(service, { secret: lane.site.secret, response })
    if (finding.success) count(lane.taken, response)
  })
}

/** Shows the tokens of the last rounds again, those that were redeemed and those that nobody knows about. */
async function replay(lane: Lane, program: Program, last = 150): Promise<void> {
  const { taken, solved } = lane
  const tokens = [...taken.keys()].slice(-last)
  for (let i = 0; i < tokens.length; i += 50) {
    await Promise.all(tokens.slice(i, i + 50).map((token) => redeem(lane, program.url, token)))
  }
  for (const [token, times] of taken) assert.ok(times < 2, `redeemed ${times} times: ${token}`)
  const challenges = [...solved].slice(-30)
  for (const [challenge, times] of challenges) {
    if (times === 0) continue
    const { status } = await handIn({ service: program.url }, { challenge, replies: LIGHT_REPLIES })
    assert.equal(status, 409)
  }
}

function assertWhole({ data }: Lane) {
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
