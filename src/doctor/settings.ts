import { readFileSync, statSync } from 'node:fs'
import type { Config } from '../config.ts'
import { type Check, failing, ok, warning } from './check.ts'

const DAY_MS = 86_400_000
/** Before that it should be renewed. */
const EXPIRY_WARNING_MS = 30 * DAY_MS

/** What can be said of the settings alone. */
export function lookAtSettings(config: Config, nowMs: number): Check[] {
  return [
    publicAddress(config),
    ...proxies(config),
    ...mail(config),
    ...dkim(config),
    ...names(config),
    ...securityTxt(config, nowMs),
    ...exposure(config),
  ]
}

function publicAddress(config: Config): Check {
  if (!config.publicUrl) {
    return isLocal(config.host)
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

/** We speak http alone: where visitors use https, a proxy stands in front. */
function proxies({ publicUrl, trustedProxies }: Config): Check[] {
  if (!publicUrl) return []
  if (trustedProxies.rules.length > 0) return [ok('proxies', 'it is set which ones are believed')]
  return [
    publicUrl.startsWith('https:')
      ? warning(
          'proxies',
          'set ONE_CAPTCHA_TRUSTED_PROXIES to your proxy: without it all visitors are one network, and slow each other down',
        )
      : ok('proxies', 'none is believed'),
  ]
}

function mail(config: Config): Check[] {
  if (!config.console) return []
  if (!config.smtpUrl) {
    return [
      ok('mail', 'none is sent: nobody can confirm an address, or be told of a breach, by mail'),
    ]
  }
  const { hostname } = new URL(config.smtpUrl)
  const open = config.smtpUrl.startsWith('smtp:') && !isLocal(hostname)
  return [
    open
      ? warning('mail', 'goes to the mail server by smtp://: make sure it is encrypted on the way')
      : ok('mail', 'a mail server is set'),
  ]
}

function dkim({ dkim }: Config): Check[] {
  if (!dkim) return []
  try {
    const key = readFileSync(dkim.keyFile, 'utf8')
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
      return [failing('DKIM key', `${dkim.keyFile} holds no private key in PEM`)]
    const isOpen = process.platform !== 'win32' && (statSync(dkim.keyFile).mode & 0o077) !== 0
    return [
      isOpen
        ? failing('DKIM key', `others can read it; run: chmod 600 ${dkim.keyFile}`)
        : ok('DKIM key', `letters are signed for ${dkim.domain}`),
    ]
  } catch (error) {
    return [failing('DKIM key', `${dkim.keyFile} cannot be read: ${codeOf(error)}`)]
  }
}

/** What the Terms and the privacy notice leave open where it is not set. */
function names({ publicUrl, operator, contact, jurisdiction }: Config): Check[] {
  if (!publicUrl) return []
  const missing = [
    ...(operator ? [] : ['ONE_CAPTCHA_OPERATOR']),
    ...(contact ? [] : ['ONE_CAPTCHA_CONTACT']),
    ...(jurisdiction ? [] : ['ONE_CAPTCHA_JURISDICTION']),
  ]
  return [
    missing.length > 0
      ? warning('names', `set ${missing.join(', ')}: the Terms and the privacy notice name them`)
      : ok('names', 'the Terms and the privacy notice name who runs the service'),
  ]
}

function securityTxt({ publicUrl, securityContact, securityExpiresAt }: Config, nowMs: number) {
  if (!securityContact) {
    return publicUrl
      ? [warning('security.txt', 'there is none: set ONE_CAPTCHA_SECURITY_CONTACT')]
      : []
  }
  if (securityExpiresAt === null) return [ok('security.txt', 'is good for half a year from today')]
  const leftMs = securityExpiresAt - nowMs
  const days = Math.floor(leftMs / DAY_MS)
  if (leftMs < 0)
    return [failing('security.txt', 'has expired: set ONE_CAPTCHA_SECURITY_EXPIRES to a later day')]
  return [
    leftMs < EXPIRY_WARNING_MS
      ? warning('security.txt', `expires in ${days} days: set ONE_CAPTCHA_SECURITY_EXPIRES anew`)
      : ok('security.txt', `is good for ${days} days more`),
  ]
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
  if (config.webhooksPrivate)
    checks.push(
      warning(
        'webhooks',
        'may lead into private networks; only where everybody who has an account is trusted',
      ),
    )
  return checks
}

function isLocal(host: string): boolean {
  return ['127.0.0.1', '::1', '[::1]', 'localhost'].includes(host)
}

/** What went wrong, in a word; never a message, which may carry what nobody should read. */
export function codeOf(error: unknown): string {
  // What lies below ours says more.
  const { code, name } = ((error as Error).cause ?? error) as { code?: string; name?: string }
  return code ?? name ?? 'unknown error'
}
