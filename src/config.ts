import { BlockList, isIP } from 'node:net'

/** What the environment may set, read once. Every setting is described in `docs/settings.md`. */
export interface Config {
  host: string
  port: number
  data: string
  /** Null until the service knows which port it got. */
  publicUrl: string | null
  /** 32 bytes each, the newest first; null to keep one in a file of `data`. */
  rootKeys: Buffer[] | null
  trustedProxies: BlockList
  logLevel: string
  testKeys: boolean
  demo: boolean
  /** Challenges that one network may ask for in ten minutes before its work grows. */
  calm: number
  photos: string | null
  painters: number
  /** `postgres://…`; null for a SQLite file in `data`. */
  databaseUrl: string | null
  /** `redis://…`, `rediss://…`, `redis+sentinel://…/name` or `redis+cluster://…`; null for a SQLite file in `data`. */
  redisUrl: string | null
  /** Replicas that must have what is spent before it is answered. */
  redisReplicas: number
  console: boolean
  /** `smtp://…` or `smtps://…`; null where no mail is sent. */
  smtpUrl: string | null
  mailFrom: string
  /** Who may read `/metrics`; null for this machine alone. */
  metricsToken: string | null
  /** Who runs the service, in their own words; '' for nobody named. In the Terms, the privacy notice and letters. */
  operator: string
  /** Where to reach them: an e-mail address or an https address; '' for none. */
  contact: string
  /** Where to tell them of a weakness; `contact` where none is set. */
  securityContact: string
  /** When `security.txt` ends, in epoch milliseconds; null for half a year from the day on which it is read. */
  securityExpiresAt: number | null
  /** Whose law holds, such as `Germany`; '' for none named. */
  jurisdiction: string
  /** The least time between a version of the Terms being announced and in force. */
  termsNoticeDays: number
  /** The least time between a maintenance window being announced and its beginning. */
  maintenanceNoticeHours: number
  /** Signs letters; null where the mail server does. */
  dkim: { domain: string; selector: string; keyFile: string } | null
  /** Whether webhooks may lead into private networks. */
  webhooksPrivate: boolean
  feedback: boolean
  /** For how long feedback is kept after it was closed. */
  feedbackDays: number
  /** What `npm audit --json` said, for the doctor; null for none. */
  advisories: string | null
  /** The folder that backups are written to, for the doctor; null for none. */
  backups: string | null
}

/** The environment holds mistakes. The message names all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const REDIS_SCHEMES = ['redis', 'rediss', 'redis+sentinel', 'redis+cluster']
const KNOWN = new Set([
  'ONE_CAPTCHA_HOST',
  'ONE_CAPTCHA_PORT',
  'ONE_CAPTCHA_DATA',
  'ONE_CAPTCHA_PUBLIC_URL',
  'ONE_CAPTCHA_ROOT_KEYS',
  'ONE_CAPTCHA_TRUSTED_PROXIES',
  'ONE_CAPTCHA_LOG_LEVEL',
  'ONE_CAPTCHA_TEST_KEYS',
  'ONE_CAPTCHA_DEMO',
  'ONE_CAPTCHA_CALM',
  'ONE_CAPTCHA_PHOTOS',
  'ONE_CAPTCHA_PAINTERS',
  'ONE_CAPTCHA_DATABASE_URL',
  'ONE_CAPTCHA_REDIS_URL',
  'ONE_CAPTCHA_REDIS_REPLICAS',
  'ONE_CAPTCHA_CONSOLE',
  'ONE_CAPTCHA_SMTP_URL',
  'ONE_CAPTCHA_MAIL_FROM',
  'ONE_CAPTCHA_METRICS_TOKEN',
  'ONE_CAPTCHA_OPERATOR',
  'ONE_CAPTCHA_CONTACT',
  'ONE_CAPTCHA_SECURITY_CONTACT',
  'ONE_CAPTCHA_SECURITY_EXPIRES',
  'ONE_CAPTCHA_JURISDICTION',
  'ONE_CAPTCHA_TERMS_NOTICE_DAYS',
  'ONE_CAPTCHA_MAINTENANCE_NOTICE_HOURS',
  'ONE_CAPTCHA_DKIM_DOMAIN',
  'ONE_CAPTCHA_DKIM_SELECTOR',
  'ONE_CAPTCHA_DKIM_KEY',
  'ONE_CAPTCHA_WEBHOOKS_PRIVATE',
  'ONE_CAPTCHA_FEEDBACK',
  'ONE_CAPTCHA_FEEDBACK_DAYS',
  'ONE_CAPTCHA_ADVISORIES',
  'ONE_CAPTCHA_BACKUPS',
])
/** What a site's backend has in its environment, which may be the same one. */
const OTHERS = new Set(['ONE_CAPTCHA_SECRET', 'ONE_CAPTCHA_WEBHOOK_SECRET'])

/** Reads the settings. Throws one `ConfigError` that tells all mistakes at once; never repeats a value, as it may be a key. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const mistakes: string[] = []
  const wrong = (name: string, must: string) => {
    mistakes.push(`${name} must be ${must}.`)
  }
  const text = (name: string, fallback: string) => env[name]?.trim() || fallback

  for (const name of Object.keys(env)) {
    if (name.startsWith('ONE_CAPTCHA_') && !KNOWN.has(name) && !OTHERS.has(name))
      mistakes.push(`${name} is not a setting.`)
  }

  const config: Config = {
    host: text('ONE_CAPTCHA_HOST', '127.0.0.1'),
    port: whole('ONE_CAPTCHA_PORT', 8787, 0, 65_535),
    data: text('ONE_CAPTCHA_DATA', './data'),
    publicUrl: url('ONE_CAPTCHA_PUBLIC_URL'),
    rootKeys: keys('ONE_CAPTCHA_ROOT_KEYS'),
    trustedProxies: networks('ONE_CAPTCHA_TRUSTED_PROXIES'),
    logLevel: oneOf('ONE_CAPTCHA_LOG_LEVEL', 'info', LOG_LEVELS),
    testKeys: oneOf('ONE_CAPTCHA_TEST_KEYS', 'on', ['on', 'off']) === 'on',
    demo: oneOf('ONE_CAPTCHA_DEMO', 'on', ['on', 'off']) === 'on',
    calm: whole('ONE_CAPTCHA_CALM', 200, 1, 1_000_000_000),
    photos: text('ONE_CAPTCHA_PHOTOS', '') || null,
    painters: whole('ONE_CAPTCHA_PAINTERS', 2, 1, 64),
    databaseUrl: server('ONE_CAPTCHA_DATABASE_URL', ['postgres', 'postgresql']),
    redisUrl: server('ONE_CAPTCHA_REDIS_URL', REDIS_SCHEMES),
    redisReplicas: whole('ONE_CAPTCHA_REDIS_REPLICAS', 0, 0, 16),
    console: oneOf('ONE_CAPTCHA_CONSOLE', 'on', ['on', 'off']) === 'on',
    smtpUrl: server('ONE_CAPTCHA_SMTP_URL', ['smtp', 'smtps']),
    mailFrom: text('ONE_CAPTCHA_MAIL_FROM', ''),
    metricsToken: text('ONE_CAPTCHA_METRICS_TOKEN', '') || null,
    operator: line('ONE_CAPTCHA_OPERATOR'),
    contact: contact('ONE_CAPTCHA_CONTACT'),
    securityContact: contact('ONE_CAPTCHA_SECURITY_CONTACT') || contact('ONE_CAPTCHA_CONTACT'),
    securityExpiresAt: day('ONE_CAPTCHA_SECURITY_EXPIRES'),
    jurisdiction: line('ONE_CAPTCHA_JURISDICTION'),
    termsNoticeDays: whole('ONE_CAPTCHA_TERMS_NOTICE_DAYS', 14, 1, 365),
    maintenanceNoticeHours: whole('ONE_CAPTCHA_MAINTENANCE_NOTICE_HOURS', 48, 1, 720),
    dkim: dkim(),
    webhooksPrivate: oneOf('ONE_CAPTCHA_WEBHOOKS_PRIVATE', 'off', ['on', 'off']) === 'on',
    feedback: oneOf('ONE_CAPTCHA_FEEDBACK', 'on', ['on', 'off']) === 'on',
    feedbackDays: whole('ONE_CAPTCHA_FEEDBACK_DAYS', 365, 1, 3_650),
    advisories: text('ONE_CAPTCHA_ADVISORIES', '') || null,
    backups: text('ONE_CAPTCHA_BACKUPS', '') || null,
  }
  if ((config.databaseUrl || config.redisUrl) && !config.rootKeys) {
    mistakes.push(
      'ONE_CAPTCHA_ROOT_KEYS must be set where ONE_CAPTCHA_DATABASE_URL or ONE_CAPTCHA_REDIS_URL is: all nodes need the same keys.',
    )
  }
  if (config.smtpUrl && !/^[^\s@<>]+@[^\s@<>]+$/.test(config.mailFrom)) {
    wrong(
      'ONE_CAPTCHA_MAIL_FROM',
      'the address that mail comes from, as ONE_CAPTCHA_SMTP_URL is set',
    )
  }
  if (config.smtpUrl && !config.publicUrl) {
    mistakes.push(
      'ONE_CAPTCHA_PUBLIC_URL must be set where ONE_CAPTCHA_SMTP_URL is: links in letters lead there.',
    )
  }
  if (config.metricsToken && config.metricsToken.length < 16) {
    wrong('ONE_CAPTCHA_METRICS_TOKEN', 'at least 16 characters')
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return config

  function whole(name: string, fallback: number, from: number, to: number): number {
    const input = text(name, String(fallback))
    const value = /^\d{1,10}$/.test(input) ? Number(input) : Number.NaN
    if (!(value >= from && value <= to)) wrong(name, `a whole number from ${from} to ${to}`)
    return value
  }

  function oneOf(name: string, fallback: string, choices: string[]): string {
    const value = text(name, fallback)
    if (!choices.includes(value)) wrong(name, `one of ${choices.join(', ')}`)
    return value
  }

  /** A few words, on one line. */
  function line(name: string): string {
    const input = text(name, '')
    if (input.length > 200 || /[\p{Cc}\u2028\u2029]/u.test(input))
      wrong(name, 'one line of at most 200 characters')
    return input
  }

  function contact(name: string): string {
    const input = text(name, '')
    const address = /^[^\s@<>]{1,64}@[^\s@<>]{1,190}$/.test(input)
    if (input && !address && !(/^https:\/\//.test(input) && URL.canParse(input)))
      wrong(name, 'an e-mail address or an https address')
    return input
  }

  /** The end of a day, UTC. */
  function day(name: string): number | null {
    const input = text(name, '')
    if (!input) return null
    const at = /^\d{4}-\d\d-\d\d$/.test(input) ? Date.parse(`${input}T23:59:59Z`) : Number.NaN
    if (Number.isNaN(at)) wrong(name, 'a day such as 2027-01-31')
    return at
  }

  function dkim(): Config['dkim'] {
    const domain = text('ONE_CAPTCHA_DKIM_DOMAIN', '')
    const selector = text('ONE_CAPTCHA_DKIM_SELECTOR', '')
    const keyFile = text('ONE_CAPTCHA_DKIM_KEY', '')
    if (!domain && !selector && !keyFile) return null
    if (!domain || !selector || !keyFile) {
      mistakes.push(
        'ONE_CAPTCHA_DKIM_DOMAIN, ONE_CAPTCHA_DKIM_SELECTOR and ONE_CAPTCHA_DKIM_KEY must be set together.',
      )
    }
    return { domain, selector, keyFile }
  }

  function url(name: string): string | null {
    const input = text(name, '')
    if (!input) return null
    const parsed = URL.canParse(input) ? new URL(input) : null
    if (
      !parsed ||
      !/^https?:$/.test(parsed.protocol) ||
      parsed.pathname !== '/' ||
      parsed.search ||
      parsed.hash
    ) {
      wrong(name, 'an http or https address without a path, such as https://captcha.example.org')
      return null
    }
    return parsed.origin
  }

  /** The address of a server. A comma-separated list of hosts is for its driver to read. */
  function server(name: string, schemes: string[]): string | null {
    const input = text(name, '')
    if (!input) return null
    const scheme = /^([a-z+]+):\/\/[^\s/]/.exec(input)?.[1]
    if (scheme && schemes.includes(scheme)) return input
    wrong(name, `an address that begins with ${schemes.map((one) => `${one}://`).join(' or ')}`)
    return null
  }

  function keys(name: string): Buffer[] | null {
    const input = text(name, '')
    if (!input) return null
    const read = input.split(',').map((key) => Buffer.from(key.trim(), 'base64url'))
    if (read.some((key) => key.length !== 32)) {
      wrong(name, 'keys of 32 bytes in base64, the newest first, with commas between')
    }
    return read
  }

  function networks(name: string): BlockList {
    const list = new BlockList()
    for (const entry of text(name, '').split(',').filter(Boolean)) {
      const [address = '', bits, ...rest] = entry.trim().split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      const most = family === 'ipv6' ? 128 : 32
      if (
        !isIP(address) ||
        rest.length ||
        (bits !== undefined && !(/^\d{1,3}$/.test(bits) && +bits <= most))
      ) {
        wrong(name, 'addresses or networks such as 10.0.0.1 or 10.0.0.0/8, with commas between')
        break
      }
      list.addSubnet(address, bits === undefined ? most : Number(bits), family)
    }
    return list
  }
}
