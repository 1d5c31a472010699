import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Config } from '../config.ts'
import { type Check, failing, ok, warning } from './check.ts'
import { codeOf } from './settings.ts'

const DAY_MS = 86_400_000
const ANSWER_MS = 5_000
const CERTIFICATE_WARNING_MS = 14 * DAY_MS
/** A page that lets any of these in could be made to run what is not ours. */
const LOOSE = /unsafe-inline|unsafe-eval|script-src[^;]*\*/

/** Whether the service can be reached by its public address, and what a proxy makes of its answers on the way. */
export async function lookFromOutside({ publicUrl }: Config, nowMs: number): Promise<Check[]> {
  if (!publicUrl) return []
  const name = 'public answers'
  const isHttps = publicUrl.startsWith('https:')
  const certificate = isHttps ? await certificateOf(publicUrl, nowMs) : []
  try {
    const health = await ask(`${publicUrl}/healthz`)
    if (health.status !== 200 || !/"ok"/.test(health.text))
      return [
        ...certificate,
        failing(name, `${publicUrl}/healthz answers ${health.status}: is it this service?`),
      ]
    const { headers } = await ask(`${publicUrl}/`)
    const wanting = headersWanting(headers)
    const checks = [
      wanting.length > 0
        ? failing(name, `come without ${wanting.join(', ')}: your proxy takes them away`)
        : ok(name, 'come whole, with our headers'),
    ]
    if (isHttps)
      checks.push(
        headers.has('strict-transport-security')
          ? ok('HSTS', 'is set')
          : warning('HSTS', 'have your proxy add Strict-Transport-Security: max-age=31536000'),
      )
    return [...certificate, ...checks]
  } catch (error) {
    // Some networks do not let a machine reach itself by its public name.
    return [...certificate, warning(name, `cannot be had from here: ${codeOf(error)}`)]
  }
}

/** Whether our own pages forbid what they should, as they leave this process. */
export async function lookAtPages(ownUrl: string, config: Config): Promise<Check[]> {
  const paths = ['/', ...(config.console ? ['/console/log-in'] : [])]
  const faults: string[] = []
  for (const path of paths) {
    try {
      const { status, headers } = await ask(ownUrl + path)
      const policy = headers.get('content-security-policy') ?? ''
      if (status !== 200) faults.push(`${path} answers ${status}`)
      else if (headersWanting(headers).length > 0 || LOOSE.test(policy))
        faults.push(`${path} lets in more than ours`)
    } catch (error) {
      faults.push(`${path} does not answer (${codeOf(error)})`)
    }
  }
  return [
    faults.length > 0
      ? failing('pages', faults.join('; '))
      : ok('pages', 'let in nothing but our own scripts and styles'),
  ]
}

/** Whether the mail server takes calls: no letter is sent. */
export async function lookAtMail({ smtpUrl }: Config): Promise<Check[]> {
  if (!smtpUrl) return []
  const { hostname, port, protocol } = new URL(smtpUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isTls = protocol === 'smtps:'
  try {
    const greeting = await greetingOf(host, Number(port) || (isTls ? 465 : 587), isTls)
    return [
      greeting.startsWith('220')
        ? ok('mail server', 'answers')
        : failing('mail server', 'does not greet as a mail server does'),
    ]
  } catch (error) {
    return [failing('mail server', `does not answer: ${codeOf(error)}`)]
  }
}

function headersWanting(headers: Headers): string[] {
  const policy = headers.get('content-security-policy') ?? ''
  return [
    ...(/default-src 'none'/.test(policy) ? [] : ['Content-Security-Policy']),
    ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['X-Content-Type-Options']),
  ]
}

async function ask(url: string) {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })
  return {
    status: response.status,
    headers: response.headers,
    text: (await response.text()).slice(0, 1_000),
  }
}

async function certificateOf(url: string, nowMs: number): Promise<Check[]> {
  const name = 'certificate'
  const { hostname, port } = new URL(url)
  try {
    const { fault, endsAt } = await new Promise<{ fault: string | null; endsAt: number }>(
      (resolve, reject) => {
        // What is wrong with it is told, in place of being refused.
        const socket = connectTls({
          ...{ host: hostname, port: Number(port) || 443, servername: hostname },
          rejectUnauthorized: false,
        })
        socket.setTimeout(ANSWER_MS, () => socket.destroy(new NoAnswer()))
        socket.once('error', reject)
        socket.once('secureConnect', () => {
          const { valid_to } = socket.getPeerCertificate()
          // A code, or an error that has one.
          const error = socket.authorizationError as unknown as { code?: string } | string | null
          resolve({
            fault: socket.authorized
              ? null
              : String((error as { code?: string } | null)?.code ?? error),
            endsAt: Date.parse(valid_to),
          })
          socket.destroy()
        })
      },
    )
    const leftMs = endsAt - nowMs
    const days = Math.floor(leftMs / DAY_MS)
    if (leftMs < 0) return [failing(name, 'has expired')]
    if (fault) return [failing(name, `is not accepted: ${fault}`)]
    return [
      leftMs < CERTIFICATE_WARNING_MS
        ? warning(name, `ends in ${days} days: have it renewed`)
        : ok(name, `is good for ${days} days more`),
    ]
  } catch (error) {
    return [warning(name, `cannot be had from here: ${codeOf(error)}`)]
  }
}

function greetingOf(host: string, port: number, isTls: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = isTls
      ? connectTls({ host, port, servername: host })
      : connectPlain({ host, port })
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new NoAnswer()))
    socket.once('error', reject)
    socket.once('close', () => reject(new NoAnswer()))
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').slice(0, 100))
      socket.end('QUIT\r\n')
    })
  })
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly code = 'no answer in time'
}
