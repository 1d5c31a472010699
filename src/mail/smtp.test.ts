import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, it, onTestFinished } from 'vitest'
import { smtpMailer } from './smtp.ts'

const LETTER = { to: 'ada@example.org', subject: 'Hello', text: 'Hello.' }

/** A mail server that says what it has heard. */
async function serve(options: SMTPServerOptions) {
  const heard: { secure: boolean; user: unknown }[] = []
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, ...options },
    onAuth: ({ username, password }, _, done) =>
      password === 'p@ss word' ? done(null, { user: username }) : done(new Error('Wrong.')),
    onData(stream, { secure, user }, done) {
      heard.push({ secure, user })
      stream.resume()
      stream.on('end', done)
    },
  })
  server.on('error', () => {})
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())))
  const { port } = server.server.address() as AddressInfo
  return { heard, host: `127.0.0.1:${port}` }
}

async function send(url: string, letter = LETTER) {
  const mailer = smtpMailer(url, 'captcha@example.org')
  onTestFinished(() => mailer.close())
  await mailer.send(letter)
}

// The server's certificate is one that nobody vouches for.
const TRUSTING = 'tls.rejectUnauthorized=false'

describe('a mail server', () => {
  it('is spoken to by TLS from the first byte, or from STARTTLS on', async () => {
    const first = await serve({ secure: true })
    await send(`smtps://${first.host}?${TRUSTING}`)
    const later = await serve({})
    await send(`smtp://${later.host}?${TRUSTING}`)
    assert.deepEqual([first.heard[0]!.secure, later.heard[0]!.secure], [true, true])
  })

  it('must show a certificate that holds', async () => {
    const first = await serve({ secure: true })
    await assert.rejects(send(`smtps://${first.host}`), /did not take/)
    const later = await serve({})
    await assert.rejects(send(`smtp://${later.host}`), /did not take/)
    assert.deepEqual([first.heard, later.heard], [[], []])
  })

  it('is given no letter in the clear where encryption is asked for', async () => {
    const plain = await serve({ disabledCommands: ['STARTTLS'] })
    await assert.rejects(send(`smtp://${plain.host}?requireTLS=true`), /did not take/)
    assert.deepEqual(plain.heard, [])
    // On this machine there is nobody in between.
    await send(`smtp://${plain.host}`)
    assert.equal(plain.heard.length, 1)
  })

  it('is told name and password, and an error repeats neither them nor to whom it went', async () => {
    const server = await serve({ secure: true, authOptional: false })
    await send(`smtps://ada:p%40ss%20word@${server.host}?${TRUSTING}`)
    assert.equal(server.heard[0]!.user, 'ada')
    const refused = await send(`smtps://ada:wrong@${server.host}?${TRUSTING}`).catch(
      (error) => error,
    )
    assert.match(refused.message, /did not take a letter \(EAUTH 535\)/)
    assert.doesNotMatch(JSON.stringify([refused, String(refused.stack)]), /wrong|ada@|p@ss/)
  })
})
