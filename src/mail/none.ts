import type { Mailer } from './mailer.ts'

/** Where no mail server is set. */
export function noMailer(): Mailer {
  return {
    able: false,
    send: () => Promise.reject(new Error('No mail server is set.')),
    close: async () => {},
  }
}
