import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { type Check, failing, ok, warning } from '../doctor/check.ts'
import { examineLedger, examineStore } from './doctor-store.ts'
import { readArgs } from './usage.ts'

/** `one-captcha doctor`: looks at the settings and the data folder, changes nothing, and says what to do. 1 if something fails. */
export async function doctor(args: string[]): Promise<number> {
  const { values } = readArgs(args, { json: { type: 'boolean' } })
  const checks = await examine()
  const failing = checks.some((check) => check.state === 'failing')
  if (values.json) process.stdout.write(`${JSON.stringify({ ok: !failing, checks })}\n`)
  else
    for (const { state, name, message } of checks)
      process.stdout.write(`${state.padEnd(8)} ${name}: ${message}\n`)
  return failing ? 1 : 0
}

async function examine(): Promise<Check[]> {
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n').map((message) => failing('settings', message))
  }
  return [
    ok('settings', 'all can be read'),
    node(),
    rootKey(config),
    ...['', 'root.key', 'demo.json', 'store.sqlite', 'ledger.sqlite'].flatMap((name) =>
      modeOf(config.data, name),
    ),
    ...['store.sqlite', 'ledger.sqlite'].flatMap((name) =>
      integrity(join(config.data, name), name),
    ),
    ...(await examineStore(config)),
    ...(await examineLedger(config)),
    publicUrl(config),
    ...mail(config),
    ...exposure(config),
  ]
}

function node(): Check {
  const major = Number(process.versions.node.split('.')[0])
  return major >= 24
    ? ok('node', `version ${process.versions.node}`)
    : failing(
        'node',
        `version ${process.versions.node} is too old: start it through npm, which uses the version in node_modules`,
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

function integrity(file: string, name: string): Check[] {
  if (!existsSync(file)) return []
  try {
    const db = new Database(file, { readonly: true, timeout: 2_000 })
    try {
      const answer = db.pragma('quick_check', { simple: true })
      return [
        answer === 'ok'
          ? ok(name, 'is whole')
          : failing(name, 'is damaged: stop the service and restore a backup'),
      ]
    } finally {
      db.close()
    }
  } catch (error) {
    return [
      failing(name, `cannot be opened: ${(error as { code?: string }).code ?? 'unknown error'}`),
    ]
  }
}

function publicUrl(config: Config): Check {
  if (!config.publicUrl) {
    const local = ['127.0.0.1', '::1', 'localhost'].includes(config.host)
    return local
      ? ok('public address', 'none is set, and the service listens to this machine alone')
      : warning(
          'public address',
          'set ONE_CAPTCHA_PUBLIC_URL to the https address that visitors use',
        )
  }
  return config.publicUrl.startsWith('https:')
    ? ok('public address', config.publicUrl)
    : warning('public address', 'is not https: visitors can be tampered with on the way')
}

function mail(config: Config): Check[] {
  if (!config.console) return []
  if (!config.smtpUrl) {
    return [ok('mail', 'none is sent: nobody can confirm an address or reset a password by mail')]
  }
  const open = config.smtpUrl.startsWith('smtp:') && !isLocal(config.smtpUrl)
  return [
    open
      ? warning('mail', 'goes to the mail server by smtp://: make sure it is encrypted on the way')
      : ok('mail', 'a mail server is set'),
    ...(config.publicUrl
      ? []
      : [failing('mail', 'links need an address: set ONE_CAPTCHA_PUBLIC_URL')]),
  ]
}

function isLocal(url: string): boolean {
  return /^[a-z]+:\/\/(?:[^@/]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?::|\/|$)/.test(url)
}

function exposure(config: Config): Check[] {
  if (!config.publicUrl) return []
  const checks: Check[] = []
  if (config.testKeys)
    checks.push(
      warning(
        'test keys',
        'are on; they pass only under test secrets, and ONE_CAPTCHA_TEST_KEYS=off removes them',
      ),
    )
  if (config.demo) checks.push(warning('demo', 'is on; ONE_CAPTCHA_DEMO=off removes it'))
  return checks
}
