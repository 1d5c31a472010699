import { createPrivateKey } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import pino, { type DestinationStream, type Logger } from 'pino'
import type { Accounts } from './accounts/accounts.ts'
import { makeAccounts } from './accounts/index.ts'
import { type Breaches, makeBreaches } from './breaches/breaches.ts'
import { steadyClock } from './clock.ts'
import { type Config, ConfigError } from './config.ts'
import type { Tools } from './core/issue.ts'
import { type DemoSite, demoSite } from './demo-site.ts'
import { type Doctor, makeDoctor } from './doctor/doctor.ts'
import type { Feedback } from './feedback/feedback.ts'
import { makeFeedback } from './feedback/make-feedback.ts'
import { type Guards, makeGuards } from './guard.ts'
import { type Jobs, startJobs } from './jobs.ts'
import { kinds } from './kinds/index.ts'
import type { Ledger } from './ledger/ledger.ts'
import { noMailer } from './mail/none.ts'
import { type Dkim, smtpMailer } from './mail/smtp.ts'
import { type Gate, makeGate } from './manage/gate.ts'
import { makeManage } from './manage/index.ts'
import type { Manage } from './manage/manage.ts'
import { makeNotices } from './notices/index.ts'
import type { LetterPlace } from './notices/notice.ts'
import type { Notices } from './notices/notices.ts'
import { makePost } from './notices/post.ts'
import { openLedger, openStore } from './opening.ts'
import type { Painter } from './painting/painter.ts'
import { startPainter } from './painting/pool.ts'
import { privacyText } from './privacy/text.ts'
import { systemRandom } from './random.ts'
import { makeSeal } from './seal.ts'
import { type Networks, startNetworks } from './server/networks.ts'
import { type Metrics, startMetrics } from './stats/metrics.ts'
import { readStats, type Stats } from './stats/stats.ts'
import { startTally, type Tally } from './stats/tally.ts'
import { makeStatus } from './status/index.ts'
import type { Status } from './status/status.ts'
import type { Store } from './store/store.ts'
import { foundingTexts } from './terms/founding.ts'
import { makeTerms } from './terms/make-terms.ts'
import { makeManifest, type SignedManifest } from './terms/manifest.ts'
import type { Terms } from './terms/terms.ts'
import { buildWidget, type WidgetPart } from './widget/build.ts'

/** Everything the service is made of. */
export interface Context {
  config: Config
  log: Logger
  store: Store
  ledger: Ledger
  networks: Networks
  painter: Painter
  tools: Tools
  /** Who people are. */
  accounts: Accounts
  /** What people tell the operator. */
  feedback: Feedback
  /** Guards our own forms that strangers may send. */
  guards: Guards
  /** What can be done with sites, members, keys and accounts, and who may. */
  manage: Manage
  /** Decides who may, for all that is done outside of `manage` too. */
  gate: Gate
  /** The register of breaches. */
  breaches: Breaches
  /** What people are told, and how they want it. */
  notices: Notices
  /** Looks at what should be looked at. */
  doctor: Doctor
  /** What is done by the clock. */
  jobs: Jobs
  /** How the service is and was; maintenance, incidents. */
  status: Status
  /** The Terms of Use, and who accepted them. */
  terms: Terms
  /** Every document in force, signed. */
  manifest(): Promise<SignedManifest>
  metrics: Metrics
  /** Counts what happens; `stats` reads it. */
  tally: Tally
  stats: Stats
  widget: ReadonlyMap<string, WidgetPart>
  /** The pretend site that the home page and `/demo` show; null where the operator wants none. */
  demo: DemoSite | null
  close(): Promise<void>
}

/** What a test hands in, in place of the world. */
export interface World {
  /** Epoch milliseconds; never goes back. */
  now?: () => number
  /** Where the log goes. */
  log?: DestinationStream
}

/** Builds everything, once. */
export async function buildContext(config: Config, world: World = {}): Promise<Context> {
  const log = pino({ level: config.logLevel, base: null }, world.log ?? pino.destination(1))
  const random = systemRandom()
  const now = world.now ?? steadyClock()
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const onWarning = (message: string) => log.warn(message)
  const ledger = await openLedger(config, now, onWarning)
  const { store, rootKeys } = await openStore(config, now, { ledger, onWarning }).catch(
    async (error) => {
      await ledger.close()
      throw error
    },
  )
  ledger.listen(store.forget)
  const metrics = startMetrics()
  const painter = startPainter({
    workers: config.painters,
    photographs: config.photos ?? undefined,
    onWarning: (message) => log.warn(message),
    onError(error) {
      metrics.failed('painter')
      log.error({ err: error }, 'a painter failed and is replaced')
    },
  })
  metrics.gauge('pictures_ready', 'Pictures that are painted and not shown yet.', painter.ready)
  const tally = startTally(store.counts, {
    ...{ now, random, observe: metrics.observe },
    onError(error) {
      metrics.failed('tally')
      log.error({ err: error }, 'counts could not be written yet')
    },
  })
  const tools = { seal: makeSeal(rootKeys, random, now), random, now, kinds: kinds(painter) }
  const nodes = ledger.peers && { peers: ledger.peers, seal: tools.seal }
  const networks = startNetworks(config.trustedProxies, random, now, nodes)
  await networks.joined
  const gate = makeGate(store)
  const jobs = startJobs(now, (job, error) => {
    metrics.failed('other')
    log.error({ err: error, job }, 'a job failed and is tried again')
  })
  const sweep = () => store.retention.sweep(config)
  jobs.add({ name: 'retention', everyMs: 3_600_000, run: sweep })
  const terms = await makeTerms({
    ...{ rows: store.terms, gate, now, noticeDays: config.termsNoticeDays },
    founding: foundingTexts(config),
  })
  jobs.add({ name: 'terms', everyMs: 4_000, run: terms.current })
  const breaches = makeBreaches({ store, gate, now, place: placeOf(config) })
  jobs.add({ name: 'breaches', everyMs: 60_000, run: breaches.look })
  const { looks, audit } = store
  const doctor = makeDoctor({
    ...{ store, ledger, gate },
    patient: {
      ...{ config, now, ledgerClock: ledger.clock },
      stored: { config, looks, audit, rootKeys: () => rootKeys, now },
    },
  })
  jobs.add({ name: 'doctor', everyMs: 60_000, run: doctor.daily })
  const mailer = config.smtpUrl
    ? smtpMailer(config.smtpUrl, config.mailFrom, dkimOf(config))
    : noMailer()
  const notices = makeNotices({
    ...{ store, ledger, gate, jobs, mailer, rootKeys, random, now, place: placeOf(config) },
    ...{ alone: config.redisUrl === null, privateToo: config.webhooksPrivate },
    post: makePost({ privateToo: config.webhooksPrivate }),
    onEnding: metrics.delivered,
    onError(error) {
      metrics.failed('other')
      log.error({ err: error }, 'a notice could not be delivered yet')
    },
  })
  const status = makeStatus({
    ...{ store, ledger, gate, jobs, now, pictures: painter.ready, answers: metrics.answers },
    noticeHours: config.maintenanceNoticeHours,
    lateSince: notices.lateSince,
  })
  const guards = makeGuards(config, rootKeys[0]!, { store, ledger, tools })
  const accounts = makeAccounts({
    ...{ store, ledger, terms, seal: tools.seal, random, now, rootKeys },
    publicUrl: config.publicUrl,
    mailer,
    guard: guards.signUp.check,
    onError(error) {
      metrics.failed('other')
      log.error({ err: error }, 'a letter could not be sent')
    },
  })
  return {
    config,
    log,
    store,
    ledger,
    networks,
    painter,
    tools,
    accounts,
    feedback: makeFeedback({
      ...{ rows: store.feedback, ledger, seal: tools.seal, random, now, gate, jobs, terms },
      guard: guards.feedback,
    }),
    guards,
    manage: makeManage({ store, gate, random, now, kinds: tools.kinds.keys() }),
    gate,
    notices,
    breaches,
    doctor,
    jobs,
    status,
    terms,
    manifest: makeManifest({
      ...{ terms, rootKeys, operator: config.operator, service: config.publicUrl ?? '' },
      privacy: privacyText(config).text,
    }),
    metrics,
    tally,
    stats: readStats(store.counts, now),
    widget: await buildWidget(),
    demo: config.demo ? await demoSite(config, rootKeys[0]!, store.sites) : null,
    async close() {
      // What runs is told to come to an end, and waited for.
      await Promise.all([notices.close(), jobs.close()])
      await status.close()
      await painter.close()
      await accounts.close()
      await tally.close()
      networks.close()
      await ledger.close()
      await store.close()
    },
  }
}

/** The key that letters are signed with, read at the start: a letter must not be the first to find it missing. */
function dkimOf({ dkim }: Config): Dkim | null {
  if (!dkim) return null
  const { domain, selector, keyFile } = dkim
  try {
    const key = createPrivateKey(readFileSync(keyFile))
    if (key.asymmetricKeyType === 'rsa') {
      return { domain, selector, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
    }
  } catch {
    // Whatever is wrong with it, this is what is to be done.
  }
  throw new ConfigError(
    'ONE_CAPTCHA_DKIM_KEY must be a file with an RSA private key in PEM, without a password, that One Captcha may read.',
  )
}

/** What letters and notices may name of the service. */
function placeOf(config: Config): LetterPlace {
  const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`
  return { publicUrl, host: new URL(publicUrl).host, operator: config.operator }
}
