import Connection from 'nodemailer/lib/smtp-connection'

type Options = ConstructorParameters<typeof Connection>[0]
type Auth = Parameters<Connection['login']>[0]
type Envelope = Parameters<Connection['send']>[0]

/** A connection to a mail server, for one letter after another. */
export interface Line {
  /** Rejects with the library's error; then the line is to be closed. */
  send(envelope: Envelope, letter: Buffer, signal?: AbortSignal): Promise<void>
  open(): boolean
  /** How many letters went through it. */
  sent(): number
  /** At once: whatever is under way is given up. */
  close(): void
}

/** Connects to a mail server, and logs in where there is a password. */
export async function openLine(
  options: Options,
  auth: Auth | undefined,
  signal?: AbortSignal,
): Promise<Line> {
  const connection = new Connection(options)
  let sent = 0
  let broken: ((error: Error) => void) | null = null
  // What happens between two letters is found out by `open`.
  connection.on('error', (error: Error) => broken?.(error))

  try {
    await step((done) => connection.connect(done), signal)
    if (auth) await step((done) => connection.login(auth, done), signal)
  } catch (error) {
    connection.close()
    throw error
  }
  return {
    async send(envelope, letter, given) {
      await step((done) => connection.send(envelope, letter, done), given)
      sent++
    },
    open: () => !connection.destroyed,
    sent: () => sent,
    close: () => connection.close(),
  }

  /** One exchange. Whatever ends it first does: its answer, an error of the connection, or somebody who gives up. */
  function step(act: (done: (error?: Error | null) => void) => void, given?: AbortSignal) {
    return new Promise<void>((resolve, reject) => {
      const giveUp = () => end(Object.assign(new Error('Given up.'), { code: 'ETIMEDOUT' }))
      const end = (error?: Error | null) => {
        given?.removeEventListener('abort', giveUp)
        broken = null
        if (!error) return resolve()
        connection.close()
        reject(error)
      }
      broken = end
      if (given?.aborted) return giveUp()
      given?.addEventListener('abort', giveUp, { once: true })
      act(end)
    })
  }
}
