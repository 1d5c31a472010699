import type { Message } from '../mail/mailer.ts'

type Letter = Omit<Message, 'to'>

/** The letters that accounts get: one page, calm, and nothing but text. */
export function letters(publicUrl: string) {
  const { host } = new URL(publicUrl)
  const letter = (subject: string, ...parts: string[]): Letter => ({
    subject,
    text: `Hello,\n\n${parts.join('\n\n')}\n\nOne Captcha at ${host}\n`,
  })
  const link = (path: string, slip: string) => `${publicUrl}/console/${path}?link=${slip}`

  return {
    confirm: (login: string, slip: string) =>
      letter(
        'Please confirm your address',
        `somebody, most likely you, has entered this address for the account ${login} at ${host}. To confirm that it is yours, open this page and press its button. It is good for a day.`,
        link('confirm-email', slip),
        'If this was not you, there is nothing to do: the address is not used, and not kept.',
      ),

    reset: (login: string, slip: string) =>
      letter(
        'A new password for your account',
        `somebody, most likely you, has asked for a new password for the account ${login} at ${host}. To choose one, open this page. It is good for an hour, and once.`,
        link('reset', slip),
        'If this was not you, there is nothing to do: your password stays as it is. Nobody has it from us, and whoever asked was not told whether there is such an account.',
      ),

    changed: (login: string, what: keyof typeof CHANGES) =>
      letter(
        'Your account was changed',
        `${CHANGES[what]} for the account ${login} at ${host}.`,
        `If this was you, there is nothing to do. If it was not, please choose a new password at ${publicUrl}/console/forgot now, look through your passkeys and sessions, and tell whoever runs the service.`,
      ),
  }
}

/** What an owner should hear of, in case it was not them. */
const CHANGES = {
  password: 'The password was changed',
  email: 'The address for mail was changed or removed: this one is not used any more',
  totpOn: 'Codes from an app were turned on',
  totpOff: 'Codes from an app were turned off',
  recovery: 'New recovery codes were made',
  passkeyAdded: 'A passkey was added',
  passkeyRemoved: 'A passkey was removed',
} as const

export type Change = keyof typeof CHANGES
