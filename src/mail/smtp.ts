import { createTransport } from 'nodemailer'
import type { Mailer } from './mailer.ts'

const TIMEOUT_MS = 15_000

/**
 * Hands letters to a mail server. Over a network they are encrypted: `smtps://` from the first byte, `smtp://` by STARTTLS,
 * which must work unless the address says `?requireTLS=false`.
 *
 * @param url such as `smtps://name:password@mail.example.org`
 * @param from the address that letters come from
 */
export function smtpMailer(url: string, from: string): Mailer {
  const { protocol, hostname, searchParams } = new URL(url)
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
  const address = new URL(url)
  // Otherwise whoever is in between could tell us that the server has no TLS.
  if (protocol === 'smtp:' && !isHere && !searchParams.has('requireTLS')) {
    address.searchParams.set('requireTLS', 'true')
  }
  const transport = createTransport(
    {
      url: address.href,
      ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
      dnsTimeout: TIMEOUT_MS,
      // A letter is what we wrote and nothing else; and nothing of it is logged.
      ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
    },
    { from: { name: 'One Captcha', address: from } },
  )

  return {
    able: true,
    async send({ to, subject, text }) {
      assertLine(to)
      assertLine(subject)
      try {
        await transport.sendMail({
          ...{ to: { name: '', address: to }, subject, text },
          xMailer: false,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        // The library's own error repeats to whom the letter went, and what the server said about them.
        const { code = 'unknown', responseCode = '' } = error as {
          code?: string
          responseCode?: number
        }
        throw new Error(`The mail server did not take a letter (${code} ${responseCode}).`)
      }
    },
    async close() {
      transport.close()
    },
  }
}

/** What goes into a header is one line: another would be a header of somebody else's choice. */
function assertLine(text: string): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw new Error('A header of a letter must be one line.')
}
