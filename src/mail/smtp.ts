import { createTransport } from 'nodemailer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import { type Line, openLine } from './line.ts'
import { type Mailer, type Message, NotSent } from './mailer.ts'

const TIMEOUT_MS = 15_000
/** A connection is used for so many letters, and kept for so long after one: to greet and to encrypt takes most of the time. */
const LETTERS_PER_LINE = 100
const IDLE_MS = 5_000
const IDLE_MAX = 4

/** What letters are signed with (RFC 6376). */
export interface Dkim {
  domain: string
  selector: string
  /** An RSA key, in PEM. */
  key: string
}

/**
 * Hands letters to a mail server. Over a network they are encrypted: `smtps://` from the first byte, `smtp://` by STARTTLS,
 * which must work unless the address says `?requireTLS=false`.
 *
 * @param url such as `smtps://name:password@mail.example.org`
 * @param from the address that letters come from
 * @param dkim null where the mail server signs, or nobody
 */
export function smtpMailer(url: string, from: string, dkim: Dkim | null = null): Mailer {
  const { protocol, hostname, searchParams } = new URL(url)
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
  const address = new URL(url)
  // Otherwise whoever is in between could tell us that the server has no TLS.
  if (protocol === 'smtp:' && !isHere && !searchParams.has('requireTLS')) {
    address.searchParams.set('requireTLS', 'true')
  }
  const { auth, ...server } = parseConnectionUrl(address.href)
  const options = {
    ...server,
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    dnsTimeout: TIMEOUT_MS,
    // Nothing of a letter is logged. What is given up ends at once: no byte of it follows.
    ...{ logger: false, socketCloseTimeout: 0 },
  }
  const writer = createTransport(
    {
      ...{ streamTransport: true as const, buffer: true, newline: 'windows' },
      // A letter is what we wrote and nothing else.
      ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
      ...(dkim && {
        dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.key },
      }),
    },
    { from: { name: 'One Captcha', address: from } },
  )
  const idle = new Map<Line, NodeJS.Timeout>()
  let closed = false

  return {
    able: true,

    async send(message, signal) {
      const written = await write(message)
      let line: Line | undefined
      try {
        line = take() ?? (await openLine(options, auth, signal))
        await line.send(written.envelope, written.bytes, signal)
      } catch (error) {
        line?.close()
        throw told(error)
      }
      keep(line)
    },

    async close() {
      closed = true
      for (const [line, timer] of idle) {
        clearTimeout(timer)
        line.close()
      }
      idle.clear()
    },
  }

  async function write({ to, subject, text, html, messageId, headers = {} }: Message) {
    for (const line of [to, subject, messageId ?? '', ...Object.values(headers)]) assertLine(line)
    const { envelope, message } = await writer.sendMail({
      ...{ to: { name: '', address: to }, subject, text, html, messageId },
      xMailer: false,
      headers: { 'Auto-Submitted': 'auto-generated', ...headers },
    })
    return { envelope, bytes: message as Buffer }
  }

  /** The connection that was used last, if one is still good. */
  function take(): Line | undefined {
    for (const [line, timer] of [...idle].reverse()) {
      idle.delete(line)
      clearTimeout(timer)
      if (line.open()) return line
    }
    return undefined
  }

  function keep(line: Line): void {
    if (closed || !line.open() || line.sent() >= LETTERS_PER_LINE || idle.size >= IDLE_MAX) {
      line.close()
      return
    }
    const timer = setTimeout(() => {
      idle.delete(line)
      line.close()
    }, IDLE_MS)
    idle.set(line, timer.unref())
  }
}

/** The library's own error repeats to whom the letter went, and what the server said about them. */
function told(error: unknown): NotSent {
  const {
    code = 'unknown',
    responseCode = '',
    command = '',
  } = error as { code?: string; responseCode?: number; command?: string }
  const text = `The mail server did not take a letter (${code} ${responseCode}).`
  const aboutLetter = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM')
  if (!aboutLetter || !responseCode) return new NotSent(text, 'server')
  return new NotSent(text, Number(responseCode) >= 500 ? 'letter' : 'later')
}

/** What goes into a header is one line: another would be a header of somebody else's choice. */
function assertLine(text: string): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw new Error('A header of a letter must be one line.')
}
