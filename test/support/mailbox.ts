import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { until } from './until.ts'

/** A letter as a mail server got it. */
export interface Letter {
  /** From the envelope, which is what decides where it goes; lower case. */
  to: string[]
  subject: string
  text: string
  html: string
  messageId: string
  headers: ParsedMail['headers']
  /** The link in it; '' for none. */
  link: string
}

/** A real mail server on this machine, which keeps what it is handed. */
export interface Mailbox {
  url: string
  letters: Letter[]
  /** Waits for the next letter to somebody, and takes it out. */
  take(to: string): Promise<Letter>
  /** Refuses so many letters before it takes one again. @param code 451 asks to come again, 550 never to */
  refuse(count: number, code?: number): void
  /**
   * How often each letter came, by to whom and its Message-ID: also those that a server which suppresses duplicates throws
   * away. In the order in which they came first.
   */
  transmissions: ReadonlyMap<string, number>
  close(): Promise<void>
}

/**
 * @param options.once keeps a letter once, by Message-ID and to whom it is, as Cyrus and Dovecot can
 * @param options.onLetter is called with a letter that is kept, before its sender hears that it is
 */
export async function openMailbox({
  once = false,
  onLetter,
}: {
  once?: boolean
  onLetter?: (letter: Letter) => Promise<void>
} = {}): Promise<Mailbox> {
  const letters: Letter[] = []
  const transmissions = new Map<string, number>()
  let refusing = 0
  let refusal = 451
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    async onData(stream, session, done) {
      const parsed = await simpleParser(stream).catch(() => null)
      // Who was sending it is gone in the middle of it.
      if (!parsed) return done(new Error('It is not whole.'))
      const { subject = '', text = '', headers, messageId = '' } = parsed
      if (refusing > 0) {
        refusing -= 1
        return done(Object.assign(new Error('No.'), { responseCode: refusal }))
      }
      const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase())
      const link = /https?:\/\/\S+\?link=\S+/.exec(text)?.[0] ?? ''
      const name = `${to} ${messageId}`
      const before = transmissions.get(name) ?? 0
      transmissions.set(name, before + 1)
      const letter = { to, subject, text, html: parsed.html || '', messageId, headers, link }
      if (before === 0 || !once) letters.push(letter)
      await onLetter?.(letter)
      done()
    },
  })
  server.on('error', () => {})
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    transmissions,
    async take(to) {
      const index = () => letters.findIndex((letter) => letter.to.includes(to.toLowerCase()))
      await until(() => index() >= 0, `a letter for ${to}`)
      return letters.splice(index(), 1)[0]!
    },
    refuse(count, code = 451) {
      refusing = count
      refusal = code
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
