import assert from 'node:assert/strict'
import { createHash, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, it, onTestFinished } from 'vitest'
import { NotSent } from './mailer.ts'
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

/** A mail server that keeps letters byte for byte. @param answer what it does once it has one */
async function keep(answer: (done: (error?: Error | null) => void) => void = (done) => done()) {
  const letters: string[] = []
  let connections = 0
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, disabledCommands: ['STARTTLS'] },
    onConnect(_, done) {
      connections++
      done()
    },
    onRcptTo({ address }, _, done) {
      const code = Number(/^(\d{3})@/.exec(address)?.[1] ?? 250)
      done(code === 250 ? null : Object.assign(new Error('canary'), { responseCode: code }))
    },
    onData(stream, _, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        letters.push(Buffer.concat(chunks).toString('latin1'))
        answer(done)
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())))
  const { port } = server.server.address() as AddressInfo
  const mailer = smtpMailer(`smtp://127.0.0.1:${port}`, 'captcha@example.org')
  onTestFinished(() => mailer.close())
  return { mailer, letters, connections: () => connections, url: `smtp://127.0.0.1:${port}` }
}

describe('a letter', () => {
  it('goes through the connection of the one before it', async () => {
    const { mailer, letters, connections } = await keep()
    for (let i = 0; i < 5; i++) await mailer.send(LETTER)
    assert.deepEqual([letters.length, connections()], [5, 1])
    await Promise.all([mailer.send(LETTER), mailer.send(LETTER)])
    assert.deepEqual([letters.length, connections()], [7, 2])
  })

  it('is given up when its time is over, with its connection, and the next one has its own', async () => {
    let isStuck = true
    const { mailer, connections } = await keep((done) => {
      if (!isStuck) done()
    })
    const begun = performance.now()
    const stuck = mailer.send(LETTER, AbortSignal.timeout(300))
    await assert.rejects(stuck, (error: NotSent) => error.fault === 'server')
    assert.ok(performance.now() - begun < 5_000)
    isStuck = false
    await mailer.send(LETTER)
    assert.equal(connections(), 2)
    await assert.rejects(mailer.send(LETTER, AbortSignal.abort()), NotSent)
  })

  it('is not wanted ever, or not now, or there is no server: three things', async () => {
    const { mailer } = await keep()
    const faultOf = (to: string) =>
      mailer.send({ ...LETTER, to }).catch((error: NotSent) => {
        assert.doesNotMatch(error.message, /canary|@/)
        return error.fault
      })
    assert.equal(await faultOf('550@example.org'), 'letter')
    assert.equal(await faultOf('451@example.org'), 'later')
    const nobody = smtpMailer('smtp://127.0.0.1:9', 'captcha@example.org')
    await assert.rejects(nobody.send(LETTER), (error: NotSent) => error.fault === 'server')
  })

  it('is text and a page in one, with the id and the headers that it was given, each one line', async () => {
    const { mailer, letters } = await keep()
    const messageId = '<0123456789abcdef@captcha.example.org>'
    const headers = {
      'List-Unsubscribe': `<https://example.org/unsubscribe?slip=${'a'.repeat(120)}>`,
    }
    await mailer.send({ ...LETTER, html: '<p>Hello.</p>', messageId, headers })
    const [letter] = letters
    assert.match(letter!, /^Content-Type: multipart\/alternative/m)
    assert.ok(letter!.indexOf('text/plain') < letter!.indexOf('text/html'))
    assert.ok(letter!.includes(`Message-ID: ${messageId}`))
    assert.ok(
      letter!.replace(/\r\n\s/g, ' ').includes(`List-Unsubscribe: ${headers['List-Unsubscribe']}`),
    )
    for (const evil of [
      { messageId: '<a>\r\nBcc: b@c.d' },
      { headers: { 'X-A': 'b\nBcc: c@d.e' } },
    ])
      await assert.rejects(mailer.send({ ...LETTER, ...evil }), /one line/)
  })

  it('is signed by the key that is set, with all headers that matter [RFC 6376, 8058]', async () => {
    const { url, letters } = await keep()
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const mailer = smtpMailer(url, 'captcha@example.org', {
      domain: 'example.org',
      selector: 's1',
      key,
    })
    onTestFinished(() => mailer.close())
    await mailer.send({
      ...{ ...LETTER, subject: 'Grüße', html: '<p>Hello.</p>' },
      headers: {
        'List-Unsubscribe': '<https://example.org/unsubscribe?slip=a>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    })
    const [letter] = letters
    const tags = assertSigned(letter!, publicKey)
    assert.deepEqual([tags.d, tags.s, tags.a], ['example.org', 's1', 'rsa-sha256'])
    const signed = tags.h!.toLowerCase().split(':')
    for (const name of ['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post'])
      assert.ok(signed.includes(name), name)
    assert.throws(() => assertSigned(letter!.replace('One-Click', 'Two-Clicks'), publicKey))
    assert.throws(() => assertSigned(letter!.replace('Hello.', 'Hullo.'), publicKey))
  })
})

/** Checks a DKIM signature as RFC 6376 has it, in relaxed form; gives back its tags. */
function assertSigned(letter: string, publicKey: KeyObject): Record<string, string> {
  const [head, body] = [
    letter.slice(0, letter.indexOf('\r\n\r\n')),
    letter.slice(letter.indexOf('\r\n\r\n') + 4),
  ]
  const fields = head.split(/\r\n(?!\s)/).map((line) => {
    const colon = line.indexOf(':')
    const value = line
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/\s+/g, ' ')
      .trim()
    return { name: line.slice(0, colon).toLowerCase().trim(), value }
  })
  const signature = fields.find(({ name }) => name === 'dkim-signature')!.value
  const tags = Object.fromEntries(
    signature.split(';').map((tag) => {
      const equals = tag.indexOf('=')
      return [tag.slice(0, equals).trim(), tag.slice(equals + 1).replace(/\s/g, '')]
    }),
  )
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').trimEnd())
  const relaxed = `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`
  assert.equal(createHash('sha256').update(relaxed, 'latin1').digest('base64'), tags.bh)
  const unsigned = signature.replace(/(\bb=)[^;]*$/, '$1')
  const text = [
    ...tags.h!.split(':').flatMap((name) => {
      const field = fields.findLast((one) => one.name === name.toLowerCase())
      return field ? [`${field.name}:${field.value}\r\n`] : []
    }),
    `dkim-signature:${unsigned.trim()}`,
  ].join('')
  const isGood = createVerify('RSA-SHA256')
    .update(text, 'latin1')
    .verify(publicKey, Buffer.from(tags.b!, 'base64'))
  assert.ok(isGood, 'the signature holds')
  return tags
}
