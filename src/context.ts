import { createPrivateKey } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Kysely, Transaction } from 'kysely'
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
import { redisLedger } from './ledger/redis.ts'
import { sqliteLedger } from './ledger/sqlite.ts'
import { noMailer } from './mail/none.ts'
import { type Dkim, smtpMailer } from './mail/smtp.ts'
import { type Gate, makeGate } from './manage/gate.ts'
import { makeManage } from './manage/index.ts'
import type { Manage } from './manage/manage.ts'
import { makeNotices } from './notices/index.ts'
import type { LetterPlace } from './notices/notice.ts'
import type { Notices } from './notices/notices.ts'
import { makePost } from './notices/post.ts'
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
import { lockTables, postgresStore, postgresTables } from './store/postgres.ts'
import type { Schema } from './store/schema.ts'
import { sqliteStore, sqliteTables } from './store/sqlite.ts'
import { type Store, StoreRefused } from './store/store.ts'
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

/** Builds everything, once. The only file that knows the drivers. */
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

/** The store, opened; its `close` ends all that was opened for it. */
export interface OpenStore {
  store: Store
  rootKeys: Uint8Array[]
  close(): Promise<void>
}

/**
 * Opens what must last, and the keys to it: also all that the command line needs.
 *
 * @param ledger what changes are announced through; where none is given, one is opened for the first of them
 */
export async function openStore(
  config: Config,
  now?: () => number,
  { ledger, onWarning }: { ledger?: Ledger; onWarning?: (message: string) => void } = {},
): Promise<OpenStore> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  // A new key beside a store that is there would only hide that its own is lost.
  const rootKeys = rootKeysOf(config, !existsSync(join(config.data, 'store.sqlite')))
  let own: Promise<Ledger> | undefined
  const announce = async (sitekey: string, revision: number) => {
    own ??= ledger ? undefined : openLedger(config, now, onWarning)
    return (ledger ?? (await own))!.announce(sitekey, revision)
  }
  const options = { rootKeys, random: systemRandom(), now, announce, onWarning }
  // The command line may change what the one service without a shared ledger serves; another service may not be there.
  const place = !ledger ? undefined : config.redisUrl === null ? 'alone' : 'shared'
  const store = config.databaseUrl
    ? await postgresStore(config.databaseUrl, { ...options, place })
    : await sqliteStore(join(config.data, 'store.sqlite'), options)
  if (!config.databaseUrl) ownersOnly(join(config.data, 'store.sqlite'))
  return {
    store,
    rootKeys,
    async close() {
      await store.close()
      await (await own?.catch(() => undefined))?.close()
    },
  }
}

/** The tables, without the store over them. */
export interface Tables {
  db: Kysely<Schema>
  /** Runs what fills or changes all of them: one at a time, and all or nothing. */
  change<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens the tables for a copy of all that is in them.
 *
 * @param reading true if nothing will be written; then they must be there
 */
export function openTables(config: Config, reading = false): Tables {
  const file = join(config.data, 'store.sqlite')
  if (!config.databaseUrl && reading && !existsSync(file)) {
    throw new StoreRefused(`There is no store in ${config.data}.`)
  }
  const url = config.databaseUrl
  const db = url ? postgresTables(url) : sqliteTables(file, reading)
  if (!url) ownersOnly(file)
  return {
    db,
    change: (work) =>
      db.transaction().execute(async (tx) => {
        if (url) await lockTables(tx)
        return work(tx)
      }),
    close: () => db.destroy(),
  }
}

/**
 * The root keys, the newest first.
 *
 * @param makes whether one is made where there is none
 */
export function rootKeysOf(config: Config, makes = true): Uint8Array[] {
  if (config.rootKeys) return config.rootKeys
  if (!makes && !existsSync(join(config.data, 'root.key'))) {
    throw new StoreRefused(
      `There is no root key: put the root.key that belongs to the store into ${config.data}, or set ONE_CAPTCHA_ROOT_KEYS.`,
    )
  }
  return [rootKeyIn(config.data)]
}

/** Opens what must not happen twice or too often. */
export async function openLedger(
  config: Config,
  now: () => number = steadyClock(),
  onWarning?: (message: string) => void,
): Promise<Ledger> {
  if (config.redisUrl) {
    return redisLedger(config.redisUrl, { now, replicas: config.redisReplicas, onWarning })
  }
  const file = join(config.data, 'ledger.sqlite')
  const ledger = sqliteLedger(file, now)
  ownersOnly(file)
  return ledger
}

/** The root key in the data folder, made on first start. */
function rootKeyIn(data: string): Buffer {
  const file = join(data, 'root.key')
  if (!existsSync(file)) {
    // Whole or not at all, whenever the power fails; and `link` fails if it is there: two first starts make one key.
    const draft = join(data, `root.key.${crypto.randomUUID()}`)
    const key = Buffer.from(systemRandom().bytes(32)).toString('base64url')
    writeFileSync(draft, `${key}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length !== 32)
    throw new Error(`${file} does not hold a key of 32 bytes in base64. Restore it from a backup.`)
  return key
}

function ownersOnly(file: string) {
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(name, 0o600)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
