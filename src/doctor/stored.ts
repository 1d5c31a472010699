import type { Config } from '../config.ts'
import type { Looks } from '../store/looks.ts'
import { assertKnown, rootKeyId } from '../store/root-keys.ts'
import type { AuditLog } from '../store/store.ts'
import { type Check, failing, ok, warning } from './check.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** Long enough for all the tries that a letter gets in a day. */
const WAITING_MS = DAY_MS
const FAILED_MS = 7 * DAY_MS
const SKEW_WARNING_MS = 1_000
const SKEW_FAILING_MS = 10_000

/** What is looked at in the store. */
export interface Stored {
  config: Config
  looks: Looks
  audit: Pick<AuditLog, 'verify' | 'head'>
  /** Throws where there is none. */
  rootKeys: () => readonly Uint8Array[]
  now: () => number
}

/** What can be said of what is stored. */
export async function lookAtStore(stored: Stored): Promise<Check[]> {
  const { config, looks, now } = stored
  return [
    ...(await rootKeys(stored)),
    await auditLog(stored),
    ...(await operator(config, looks)),
    ...(await secrets(looks, now())),
    ...(await terms(config, looks, now())),
    ...(await deliveries(looks, now())),
    ...(await clock('clock of the database', looks.clock, now)),
  ]
}

async function rootKeys({ looks, rootKeys, now }: Stored): Promise<Check[]> {
  const known = await looks.rootKeys()
  const name = 'root key of the store'
  let keys: readonly Uint8Array[]
  try {
    keys = rootKeys()
    assertKnown(
      known.map(({ id }) => id),
      keys,
    )
  } catch (error) {
    return [failing(name, (error as Error).message)]
  }
  const newest = known.find(({ id }) => id === rootKeyId(keys[0]!))
  const checks = [ok(name, 'is one that the service has')]
  if (newest) {
    const days = Math.floor((now() - newest.createdAt) / DAY_MS)
    checks.push(
      now() - newest.createdAt > 2 * YEAR_MS
        ? warning('root key’s age', `${days} days: replace it, as docs/settings.md says`)
        : ok('root key’s age', `${days} days`),
    )
  }
  return checks
}

async function auditLog({ audit }: Stored): Promise<Check> {
  const fault = await audit.verify()
  if (fault)
    return failing('audit log', `event ${fault.seq} ${fault.why}: somebody has changed the log`)
  const { seq, hash } = await audit.head()
  return ok('audit log', `holds; keep its head: ${seq}:${hash}`)
}

async function operator(config: Config, looks: Looks): Promise<Check[]> {
  if (!config.console || (await looks.operators()) > 0) return []
  return [
    warning(
      'operator',
      'there is none yet: follow the link of the first start, or run: one-captcha accounts invite --role operator',
    ),
  ]
}

async function secrets(looks: Looks, nowMs: number): Promise<Check[]> {
  const old = await looks.secretsBefore(nowMs - YEAR_MS)
  return [
    old > 0
      ? warning('secrets', `${old} of sites are older than a year: have them rotated`)
      : ok('secrets', 'no site’s is older than a year'),
  ]
}

async function terms({ publicUrl }: Config, looks: Looks, nowMs: number): Promise<Check[]> {
  if (!publicUrl) return []
  return [
    (await looks.hasTerms(nowMs))
      ? ok('Terms', 'a version is in force that was announced')
      : warning('Terms', 'none was announced yet: those that come with the software hold'),
  ]
}

async function deliveries(looks: Looks, nowMs: number): Promise<Check[]> {
  const { waiting, failed } = await looks.deliveries(nowMs - WAITING_MS, nowMs - FAILED_MS)
  const said = [
    ...(waiting > 0 ? [`${waiting} wait for longer than a day`] : []),
    ...(failed > 0 ? [`${failed} have failed for good this week`] : []),
  ]
  return [
    said.length > 0
      ? warning('notices', `${said.join(', ')}: see Notices in the console`)
      : ok('notices', 'all went out that were to'),
  ]
}

/** How far another's clock is from ours. Asking takes time: what it took is no difference. */
export async function clock(
  name: string,
  read: () => Promise<number | null>,
  now: () => number,
): Promise<Check[]> {
  const before = now()
  const theirs = await read()
  if (theirs === null) return []
  const apart = Math.max(0, before - theirs, theirs - now())
  const words = apart < HOUR_MS ? `${(apart / 1_000).toFixed(1)} seconds` : 'more than an hour'
  if (apart < SKEW_WARNING_MS) return [ok(name, 'goes with ours')]
  const say = apart < SKEW_FAILING_MS ? warning : failing
  return [say(name, `is ${words} from ours: let both follow a time server`)]
}
