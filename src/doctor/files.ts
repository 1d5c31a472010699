import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Check, failing, ok, warning } from './check.ts'
import { codeOf } from './settings.ts'

const DAY_MS = 86_400_000
const BACKUP_AGE_MS = 2 * DAY_MS
const ADVISORIES_AGE_MS = 30 * DAY_MS
const MEGABYTE = 1_048_576
const GIGABYTE = 1_024 * MEGABYTE

/** What can be said of this machine and its files. */
export function lookAtFiles(config: Config, nowMs: number): Check[] {
  return [
    node(process.versions.node),
    rootKey(config),
    ...['', 'root.key', 'demo.json', 'store.sqlite', 'ledger.sqlite'].flatMap((name) =>
      modeOf(config.data, name),
    ),
    ...space(config.data),
    ...backups(config, nowMs),
    ...advisories(config, nowMs),
  ]
}

/** Whether this version of Node is one that we test with. */
export function node(version: string): Check {
  return Number(version.split('.')[0]) >= 24
    ? ok('node', `version ${version}`)
    : failing(
        'node',
        `version ${version} is too old: start it through npm, which uses the version in node_modules`,
      )
}

function rootKey(config: Config): Check {
  if (config.rootKeys) return ok('root key', `${config.rootKeys.length} from the environment`)
  return existsSync(join(config.data, 'root.key'))
    ? ok('root key', 'in the data folder; back it up, for without it all secrets are void')
    : warning('root key', 'none yet: the first start makes one in the data folder')
}

function modeOf(data: string, name: string): Check[] {
  const file = join(data, name)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat || process.platform === 'win32') return []
  const what = name || 'data folder'
  const open = (stat.mode & 0o077) !== 0
  const should = stat.isDirectory() ? '700' : '600'
  return [
    open
      ? failing(what, `others can read it; run: chmod ${should} ${file}`)
      : ok(what, 'only its owner can read it'),
  ]
}

function space(data: string): Check[] {
  try {
    const { bavail, bsize } = statfsSync(existsSync(data) ? data : '.')
    return [room(bavail * bsize)]
  } catch (error) {
    return [warning('disk', `cannot be measured: ${codeOf(error)}`)]
  }
}

/** Whether so many free bytes are enough. */
export function room(bytes: number): Check {
  if (bytes < 100 * MEGABYTE)
    return failing('disk', `only ${Math.floor(bytes / MEGABYTE)} MB are free`)
  const gigabytes = (bytes / GIGABYTE).toFixed(1)
  return bytes < GIGABYTE
    ? warning('disk', `only ${Math.floor(bytes / MEGABYTE)} MB are free`)
    : ok('disk', `${gigabytes} GB are free`)
}

function backups({ backups: folder, publicUrl }: Config, nowMs: number): Check[] {
  if (!folder) {
    return publicUrl
      ? [warning('backups', 'set ONE_CAPTCHA_BACKUPS to their folder, so that their age is seen')]
      : []
  }
  try {
    const times = readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl.gz'))
      .map((name) => statSync(join(folder, name)).mtimeMs)
    if (times.length === 0)
      return [failing('backups', `there is none in ${folder}; run: one-captcha backup ${folder}`)]
    const ageMs = nowMs - Math.max(...times)
    const hours = Math.max(0, Math.floor(ageMs / 3_600_000))
    return [
      ageMs > BACKUP_AGE_MS
        ? warning('backups', `the newest is ${hours} hours old: take one each day`)
        : ok('backups', `the newest is ${hours} hours old`),
    ]
  } catch (error) {
    return [failing('backups', `${folder} cannot be read: ${codeOf(error)}`)]
  }
}

const SEVERITIES = ['critical', 'high', 'moderate', 'low', 'info'] as const

function advisories({ advisories: file }: Config, nowMs: number): Check[] {
  if (!file) return []
  const name = 'advisories'
  let text: string
  let writtenAt: number
  try {
    text = readFileSync(file, 'utf8')
    writtenAt = statSync(file).mtimeMs
  } catch (error) {
    return [failing(name, `${file} cannot be read: ${codeOf(error)}`)]
  }
  const counts = countsIn(text)
  if (!counts) return [failing(name, `${file} is not what npm audit --json writes`)]
  const found = SEVERITIES.filter((severity) => counts[severity] > 0)
  const said = found.map((severity) => `${counts[severity]} ${severity}`).join(', ')
  const checks: Check[] = []
  if (counts.critical + counts.high > 0)
    checks.push(failing(name, `${said}: see npm audit, and upgrade`))
  else if (found.length > 0) checks.push(warning(name, `${said}: see npm audit`))
  else checks.push(ok(name, 'none is known for what the service is made of'))
  if (nowMs - writtenAt > ADVISORIES_AGE_MS) {
    const days = Math.floor((nowMs - writtenAt) / DAY_MS)
    checks.push(warning(name, `the file is ${days} days old: run npm audit --json anew`))
  }
  return checks
}

/** How many of each severity; null for a text that npm did not write. */
function countsIn(text: string): Record<(typeof SEVERITIES)[number], number> | null {
  try {
    const counts = JSON.parse(text)?.metadata?.vulnerabilities
    const fits = SEVERITIES.every((severity) => Number.isSafeInteger(counts?.[severity]))
    return fits ? counts : null
  } catch {
    return null
  }
}
