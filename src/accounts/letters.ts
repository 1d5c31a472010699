import type { Message } from '../mail/mailer.ts'

type Letter = Omit<Message, 'to'>

/**
 * The letters with links, which are sent at once or not at all: what is in them ends within a day. One page, calm, and
 * nothing but text. What else an account's holder should hear of is a notice (`notices/`).
 */
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
  }
}
