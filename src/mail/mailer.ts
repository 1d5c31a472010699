/** A message to one person. The mailer adds the operator's name. */
export interface Message {
  to: string
  subject: string
  text: string
  /** The same as `text`, for those whose program shows it. */
  html?: string
  /** By which a receiving server knows a letter again that comes twice, such as `<…@captcha.example.org>`. */
  messageId?: string
  /** Further headers, each one line. */
  headers?: Readonly<Record<string, string>>
}

/** Sends mail. */
export interface Mailer {
  /** False where no mail server is set: then nothing may depend on mail. */
  readonly able: boolean
  /**
   * Hands a message to the mail server, and resolves when it has taken it. Rejects with `NotSent` if it has not.
   *
   * @param signal gives up: the connection is cut, and nothing more of the message goes out
   */
  send(message: Message, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * What stood in the way: the mail server did not want this `letter` and never will; it wants it `later`; or there is no
 * mail `server` that would take any. The message tells neither to whom the letter was nor what the server said of them.
 */
export class NotSent extends Error {
  override readonly name = 'NotSent'
  readonly fault: 'letter' | 'later' | 'server'

  constructor(message: string, fault: NotSent['fault']) {
    super(message)
    this.fault = fault
  }
}
