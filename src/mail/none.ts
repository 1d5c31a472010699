import { type Mailer, NotSent } from './mailer.ts'

/** Where no mail server is set. */
export function noMailer(): Mailer {
  return {
    able: false,
    send: () => Promise.reject(new NotSent('No mail server is set.', 'server')),
    close: async () => {},
  }
}
