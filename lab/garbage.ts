import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { equixVerifier } from '../src/pow/equix/verify.ts'
import { systemRandom } from '../src/random.ts'
import { makeSeal, type Seal } from '../src/seal.ts'
import { registerTsx } from '../src/tsx.ts'
import { verify } from '../test/support/backend.ts'
import { flood } from '../test/support/flood.ts'
import { ask, handIn, LIGHT_REPLIES, lightChallenge, ORIGIN } from '../test/support/visitor.ts'

const SECONDS = 8
/** Honest visitors at once; each takes a short break between journeys, as people do. */
const VISITORS = 4
const BREAK_MS = 20
const WORK = { algorithm: 'equix', effort: 8, count: 8 }
const GARBAGE_PER_SECOND = 100_000
const SLICE_MS = 2
const SLICE = (GARBAGE_PER_SECOND * SLICE_MS) / 1_000

/** What a thread of load is to do. */
interface Load {
  act: 'visit' | 'flood'
  service: string
  rootKey: Uint8Array
  site: { sitekey: string; secret: string }
  /** Whether the garbage comes with a challenge that is really ours. */
  real: boolean
}

/**
 * `npm run lab -- garbage`: how long honest visitors wait while a robot hands in garbage for proofs. The service, the robot
 * and the visitors share this machine, so part of the wait is the robot's own.
 */
export async function withstandGarbage(): Promise<void> {
  registerTsx()
  const { startService } = await import('../test/support/service.ts')
  const rootKey = randomBytes(32)
  const service = await startService({
    ONE_CAPTCHA_ROOT_KEYS: rootKey.toString('base64url'),
    ONE_CAPTCHA_CALM: '1000000000',
  })
  const site = await service.addSite(['example.test'], 'checkbox')
  const load = (act: Load['act'], real = false) =>
    startLoad({ act, service: service.url, rootKey, site, real })
  const scenes: Record<string, () => Promise<string>> = {
    'no garbage': async () => '',
    'proofs, judged in the service’s own thread': judgeGarbage,
    'over HTTP, challenges that are garbage too': () => load('flood').then(rate),
    'over HTTP, challenges that are really ours': () => load('flood', true).then(rate),
  }
  console.log('| garbage | a second | visitors p50 | p99 | journeys | event loop p99 |')
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |')
  for (const [name, scene] of Object.entries(scenes)) {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const [garbage, times] = await Promise.all([scene(), load('visit')])
    times.sort((a, b) => a - b)
    const at = (share: number) => `${times[Math.floor(times.length * share)]!.toFixed(1)} ms`
    const held = `${(delay.percentile(99) / 1e6).toFixed(1)} ms`
    console.log(`| ${name} | ${garbage} | ${at(0.5)} | ${at(0.99)} | ${times.length} | ${held} |`)
  }
  await service.stop()
}

/** Judges garbage in even slices, beside whatever else this thread has to do. */
async function judgeGarbage(): Promise<string> {
  const seed = randomBytes(32)
  const proofs = Array.from({ length: 1_000 }, orderedGarbage)
  const startedAt = performance.now()
  let judged = 0
  while (performance.now() - startedAt < SECONDS * 1_000) {
    const due = ((performance.now() - startedAt) / 1_000) * GARBAGE_PER_SECOND
    // What this thread has no time for is left out, and shows in the rate.
    for (const end = Math.min(due, judged + 2 * SLICE); judged < end; judged++) {
      const work = { seed, effort: WORK.effort, count: WORK.count }
      if (equixVerifier.verify(work, proofs[judged % proofs.length]!)) throw new Error('It held.')
    }
    await new Promise((resolve) => setTimeout(resolve, SLICE_MS))
  }
  return Math.round(judged / SECONDS).toLocaleString('en')
}

/** The worst garbage: each solution's indices are in order, so that only its weight gives it away. */
function orderedGarbage(): Uint8Array {
  const proof = randomBytes(18 * WORK.count)
  for (let s = 0; s < WORK.count; s++) {
    // In ascending order each half of the tree is less than the other.
    const indices = crypto.getRandomValues(new Uint16Array(8)).sort()
    proof.set(new Uint8Array(indices.buffer), 18 * s + 2)
  }
  return proof
}

function startLoad(load: Load): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: load })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

const rate = ([count]: number[]) => Math.round(count! / SECONDS).toLocaleString('en')

if (!isMainThread) {
  const { act, ...load } = workerData as Load
  parentPort!.postMessage(await (act === 'visit' ? visit(load) : pour(load)))
}

/** Honest journeys, with next to no work, as otherwise the visitors would be measured. Returns what each took. */
async function visit({ service, rootKey, site }: Omit<Load, 'act'>): Promise<number[]> {
  const seal = sealOf(rootKey)
  const page = { service }
  const times: number[] = []
  const end = performance.now() + SECONDS * 1_000
  const one = async () => {
    while (performance.now() < end) {
      const from = performance.now()
      await ask(page, { sitekey: site.sitekey })
      const challenge = lightChallenge(seal, { sitekey: site.sitekey })
      const { body } = await handIn(page, { challenge, replies: LIGHT_REPLIES })
      const { finding } = await verify(service, { secret: site.secret, response: body.token! })
      if (!finding.success) throw new Error(`A visitor was refused: ${JSON.stringify(finding)}`)
      times.push(performance.now() - from)
      await new Promise((resolve) => setTimeout(resolve, BREAK_MS))
    }
  }
  await Promise.all(Array.from({ length: VISITORS }, one))
  return times
}

/** Hands in garbage as fast as the service takes it. Returns how often. */
async function pour({ service, rootKey, site, real }: Omit<Load, 'act'>): Promise<number[]> {
  const seal = sealOf(rootKey)
  const tasks = [{ kind: 'pow', answer: WORK }]
  const end = performance.now() + SECONDS * 1_000
  let count = 0
  while (performance.now() < end) {
    const bodies = Array.from({ length: 2_000 }, () => {
      const challenge = real
        ? lightChallenge(seal, { sitekey: site.sitekey, tasks })
        : randomBytes(400).toString('base64url')
      const proof = Buffer.from(orderedGarbage()).toString('base64url')
      return JSON.stringify({ challenge, replies: [{ proof }] })
    })
    count += bodies.length
    const body = (i: number) => bodies[i]!
    await flood({ service, path: '/v1/solutions', origin: ORIGIN, body, count: bodies.length })
  }
  return [count]
}

function sealOf(rootKey: Uint8Array): Seal {
  return makeSeal([rootKey], systemRandom(), Date.now)
}
