import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readConfig } from '../src/config.ts'
import { writeChallenge } from '../src/core/challenge.ts'
import { newId } from '../src/core/issue.ts'
import { openStore } from '../src/opening.ts'
import { plainEngine } from '../src/pow/sha256/plain.ts'
import { sha256Solver } from '../src/pow/sha256/solve.ts'
import { systemRandom } from '../src/random.ts'
import { makeSeal } from '../src/seal.ts'

const SECONDS = 8
const VISITORS = 32
const random = systemRandom()
const rootKey = Buffer.from(random.bytes(32))
const seal = makeSeal([rootKey], random, Date.now)
const solver = sha256Solver(plainEngine(), { sliceMs: 50, rest: async () => {} })

/**
 * Whole journeys over HTTP against a service in a process of its own: a challenge asked for, a solution handed in, its
 * token redeemed and spent. The work handed in has effort 1 (the benchmark knows the root key and seals such a challenge),
 * because otherwise it would measure the visitors.
 */
export async function journeys(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'one-captcha-bench-'))
  const env = {
    ONE_CAPTCHA_PORT: '0',
    ONE_CAPTCHA_DATA: data,
    ONE_CAPTCHA_ROOT_KEYS: rootKey.toString('base64url'),
    ONE_CAPTCHA_CALM: '1000000000',
    ONE_CAPTCHA_DEMO: 'off',
    ONE_CAPTCHA_LOG_LEVEL: 'error',
  }
  const { store } = await openStore(readConfig(env))
  const site = await store.sites.add({ hosts: ['example.test'], mode: 'checkbox' })
  await store.close()
  const service = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    return await drive(await listening(service), site)
  } finally {
    service.kill('SIGTERM')
    await new Promise((done) => service.once('exit', done))
    rmSync(data, { recursive: true })
  }
}

async function drive(url: string, site: { sitekey: string; secret: string }): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: VISITORS })
  const times: Record<string, number[]> = {
    challenges: [],
    solutions: [],
    siteverify: [],
    journey: [],
  }
  const post = async (name: string, body: object) => {
    const from = performance.now()
    const reply = await send(agent, `${url}/v1/${name}`, body)
    times[name]!.push(performance.now() - from)
    return reply
  }
  const end = performance.now() + SECONDS * 1_000
  const visit = async () => {
    while (performance.now() < end) {
      const from = performance.now()
      await post('challenges', { sitekey: site.sitekey, action: 'signup' })
      const { token } = await post('solutions', await solution(site.sitekey))
      const finding = await post('siteverify', { secret: site.secret, response: token })
      if (finding.success !== true) throw new Error(`A journey failed: ${JSON.stringify(finding)}`)
      times.journey!.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: VISITORS }, visit))
  agent.destroy()

  const rows = Object.entries(times).map(([name, ms]) => {
    ms.sort((a, b) => a - b)
    const at = (share: number) => ms[Math.floor(ms.length * share)]!.toFixed(1)
    return `| ${name} | ${Math.round(ms.length / SECONDS)} | ${at(0.5)} ms | ${at(0.99)} ms |`
  })
  return [
    `### Journeys over HTTP, ${VISITORS} visitors at once, load and service on the same 2 cores`,
    '',
    '| | per second | p50 | p99 |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

async function solution(sitekey: string) {
  const work = { algorithm: 'sha256', effort: 1, count: 8 }
  const now = Date.now()
  const challenge = seal.close(
    'challenge',
    writeChallenge({
      id: newId(random),
      sitekey,
      host: 'example.test',
      action: 'signup',
      cdata: '',
      tokenLifeMs: 120_000,
      startedAt: now,
      issuedAt: now,
      expiresAt: now + 600_000,
      mode: 'checkbox',
      attempt: 0,
      way: 'plan',
      follows: '',
      effort: 1,
      relief: 0,
      tasks: [{ kind: 'pow', answer: work }],
    }),
  )
  const seed = createHash('sha256').update(challenge).digest()
  const proof = await solver.solve({ seed, ...work }, () => {}, new AbortController().signal)
  return { challenge, replies: [{ proof: Buffer.from(proof).toString('base64url') }] }
}

function send(
  agent: Agent,
  url: string,
  body: object,
): Promise<{ token?: string; success?: boolean }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', origin: 'https://example.test' }
    const call = request(url, { agent, method: 'POST', headers }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      reply.on('end', () => resolve(JSON.parse(text)))
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })
}

async function listening(service: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: service.stdout! })) {
    const url = /listening on (http:\S+)$/.exec(line)?.[1]
    if (url && line.startsWith('One Captcha')) return url
  }
  throw new Error('The service did not start.')
}
