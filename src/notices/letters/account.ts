import type { AccountChange, Letter, LetterPlace, NoticeFacts, Part } from '../notice.ts'

/** What happened, as a sentence that goes on with `for the account …`. */
const CHANGES: Record<AccountChange, string> = {
  password: 'The password was changed',
  email: 'The address for mail was changed or removed: this one is not used any more',
  totpOn: 'Codes from an app were turned on',
  totpOff: 'Codes from an app were turned off',
  recovery: 'New recovery codes were made',
  passkeyAdded: 'A passkey was added',
  passkeyRemoved: 'A passkey was removed',
  role: 'What it may do on the service was changed',
  suspended:
    'Access was suspended: nobody can log in, and keys and the sites that nobody else owns are refused',
  reinstated: 'Access is as it was before',
  terminated: 'Everything has ended: what told whose it was is deleted, for good',
  webhookOff: 'A webhook was turned off, as what it leads to did not take what we sent',
}

/** What others decide, or we do: there is no password to be changed over it. */
const OURS: readonly AccountChange[] = ['suspended', 'reinstated', 'terminated', 'role']

/** Tells somebody of a change to their own account, in case it was not them. */
export function accountLetter(facts: NoticeFacts['account'], place: LetterPlace): Letter {
  const { change, login, reason } = facts
  return {
    subject: SUBJECTS[change] ?? 'Your account was changed',
    parts: [
      `${CHANGES[change]}, for the account ${login} at ${place.host}.`,
      ...(reason ? ['The operator says:', reason] : []),
      ...after(change),
    ],
  }
}

const SUBJECTS: Partial<Record<AccountChange, string>> = {
  suspended: 'Your account is suspended',
  reinstated: 'Your account is active again',
  terminated: 'Your account has ended',
  webhookOff: 'A webhook was turned off',
}

function after(change: AccountChange): Part[] {
  if (change === 'webhookOff')
    return [
      'Look at what it leads to, then turn it on again.',
      { words: 'Your webhooks', path: '/console/account/notices' },
    ]
  if (OURS.includes(change))
    return [
      'If you do not know why, or do not agree, tell whoever runs the service.',
      { words: 'Write to them', path: '/feedback' },
    ]
  return [
    'If this was you, there is nothing to do. If it was not, please choose a new password now, look through your passkeys and sessions, and tell whoever runs the service.',
    { words: 'Choose a new password', path: '/console/forgot' },
  ]
}
