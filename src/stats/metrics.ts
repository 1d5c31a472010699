import { readFileSync } from 'node:fs'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Counted } from './tally.ts'

/** What an operator's monitoring reads. No metric is about a site, and none about a visitor. */
export interface Metrics {
  /** Counts what a tally counts, whatever the site. */
  observe(name: Counted, label: string, weight: number): void
  /**
   * Counts an answered request.
   *
   * @param route its pattern; undefined where there is none
   * @param failed whether the answer is a failure of ours
   */
  answered(route: string | undefined, status: number, ms: number, failed: boolean): void
  /** Counts what became of a try to deliver a notice. */
  delivered(channel: 'mail' | 'webhook', ending: 'sent' | 'dropped' | 'failed' | 'again'): void
  /** Counts a failure of ours. @param part what failed */
  failed(part: 'ledger' | 'store' | 'tally' | 'painter' | 'other'): void
  /** All answers until now, and those of them that were failures of ours, by route. */
  answers(): ReadonlyMap<string, { all: number; failed: number }>
  /** Asks for this number whenever somebody reads. */
  gauge(name: string, help: string, read: () => number): void
  type: string
  /** All of it, as Prometheus reads it. */
  text(): Promise<string>
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const WAITING_S = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
const EFFORTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
const PRESSURES = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]

/** Starts to collect. Each service has a registry of its own, as several may live in one process. */
export function startMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  function counter(name: string, help: string, label?: string) {
    return new Counter({
      ...{ name: `one_captcha_${name}_total`, help, registers },
      labelNames: label ? [label] : [],
    })
  }
  function histogram(name: string, help: string, buckets: number[], labelNames: string[] = []) {
    return new Histogram({ name: `one_captcha_${name}`, help, buckets, labelNames, registers })
  }

  const info = gaugeOf('build_info', 'The running version.', ['version'])
  info.set({ version }, 1)
  const challenges = counter('challenges', 'Challenges that were first of their chain.')
  const solutions = counter('solutions', 'Solutions that were judged.', 'instead')
  const puzzles = counter('puzzles', 'Puzzles that were shown.', 'kind')
  const passed = counter('passed', 'Solutions that brought a token.', 'way')
  const missed = counter('failed', 'Solutions that were wrong.', 'reason')
  const redeemed = counter('redeemed', 'Tokens that were redeemed.')
  const replayed = counter('replayed', 'Tokens that were shown again.')
  const refused = counter('refused', 'Tokens that were refused for another reason.', 'reason')
  const faults = counter('faults', 'Failures of ours, by the part that failed.', 'part')
  for (const part of ['ledger', 'store', 'tally', 'painter', 'other']) faults.inc({ part }, 0)
  const deliveries = new Counter({
    ...{ name: 'one_captcha_deliveries_total', registers, labelNames: ['channel', 'ending'] },
    help: 'Tries to deliver notices, by channel and what became of them.',
  })
  for (const channel of ['mail', 'webhook'])
    for (const ending of ['sent', 'dropped', 'failed', 'again'])
      deliveries.inc({ channel, ending }, 0)
  const waiting = histogram(
    'waiting_seconds',
    'From a chain’s first challenge to its token, for visitors who passed.',
    WAITING_S,
  )
  const effort = histogram('effort', 'Work that first challenges asked for.', EFFORTS)
  const pressure = histogram('pressure', 'Pressure that first challenges met.', PRESSURES, ['of'])
  const requests = histogram(
    'request_seconds',
    'How long requests took, by route and class of status.',
    SECONDS,
    ['route', 'status'],
  )

  const observers: Record<Counted, (label: string, weight: number) => void> = {
    challenges: () => challenges.inc(),
    solutions: (instead) => solutions.inc({ instead: instead || 'none' }),
    puzzles: (kind) => puzzles.inc({ kind }),
    passed: (way) => passed.inc({ way }),
    failed: (reason) => missed.inc({ reason }),
    redeemed: () => redeemed.inc(),
    replayed: () => replayed.inc(),
    refused: (reason) => refused.inc({ reason }),
    // Its label is the milliseconds where its bucket ends.
    waited: (label) => waiting.observe(Number(label) / 1_000),
    effort: (_, weight) => effort.observe(weight),
    pressure: (of, weight) => pressure.observe({ of }, weight),
  }

  function gaugeOf(name: string, help: string, labelNames: string[] = [], collect?: () => void) {
    return new Gauge({ name: `one_captcha_${name}`, help, labelNames, registers, collect })
  }

  /** One per route and class of status, so that an answer costs a look-up and an addition. */
  const children = new Map<string, { observe(seconds: number): void }>()
  const answers = new Map<string, { all: number; failed: number }>()

  return {
    observe: (name, label, weight) => observers[name](label, weight),
    answered(route, status, ms, failed) {
      const key = `${status} ${route}`
      let child = children.get(key)
      if (!child) {
        child = requests.labels({
          route: patternOf(route),
          status: `${Math.floor(status / 100)}xx`,
        })
        children.set(key, child)
      }
      child.observe(ms / 1_000)
      if (route === undefined) return
      const sum = answers.get(route) ?? { all: 0, failed: 0 }
      sum.all += 1
      if (failed) sum.failed += 1
      answers.set(route, sum)
    },
    answers: () => answers,
    delivered: (channel, ending) => deliveries.inc({ channel, ending }),
    failed: (part) => faults.inc({ part }),
    gauge(name, help, read) {
      const gauge: Gauge = gaugeOf(name, help, [], () => gauge.set(read()))
    },
    type: registry.contentType,
    text: () => registry.metrics(),
  }
}

/** A route, with what changes in each release taken from it: the prints of files. */
function patternOf(route: string | undefined): string {
  if (route === undefined) return 'none'
  return route.replace(/^\/v1\/parts\/[^/]+\/.*$/, '/v1/parts/*').replace(/-[0-9a-f]{12}\./, '-*.')
}
