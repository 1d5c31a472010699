/** A message to one person. Plain text; the mailer adds the operator's name. */
export interface Message {
  to: string
  subject: string
  text: string
}

/** Sends mail. */
export interface Mailer {
  /** False where no mail server is set: then nothing may depend on mail. */
  readonly able: boolean
  /** Hands a message to the mail server, and resolves when it has taken it. Rejects if it has not. */
  send(message: Message): Promise<void>
  close(): Promise<void>
}
