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
  /** Refuses so many letters before it takes one again. */
  refuse(count: number): void
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const letters: Letter[] = []
  let refusing = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    async onData(stream, session, done) {
      const { subject = '', text = '', headers } = await simpleParser(stream)
      if (refusing > 0) {
        refusing -= 1
        return done(new Error('Come again later.'))
      }
      const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase())
      const link = /https?:\/\/\S+\?link=\S+/.exec(text)?.[0] ?? ''
      letters.push({ to, subject, text, headers, link })
      done()
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    async take(to) {
      const index = () => letters.findIndex((letter) => letter.to.includes(to.toLowerCase()))
      await until(() => index() >= 0, `a letter for ${to}`)
      return letters.splice(index(), 1)[0]!
    },
    refuse(count) {
      refusing = count
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
