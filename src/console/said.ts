import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a page says at its top after something was done. A closed list: nobody can have us say anything else. */
const SAID = {
  'site-added': 'The site is added.',
  'site-saved': 'Saved. It counts from now on, on every node.',
  'site-removed': 'The site is deleted. Its keys are refused from now on.',
  'site-suspended': 'The site is suspended. It is refused everything from now on.',
  'site-reinstated': 'The site is active again.',
  'secret-ended': 'The secret has ended. It is refused from now on.',
  'member-saved': 'The member’s role is changed.',
  'member-removed': 'The member is removed.',
  'site-left': 'You have left the site.',
  'invitation-removed': 'The invitation is withdrawn. Its link leads nowhere any more.',
  'invitation-accepted': 'Welcome. You are a member of this site now.',
  'key-ended': 'The key has ended. It is refused from now on.',
  'account-suspended': 'The account is suspended, on every node.',
  'account-reinstated': 'The account is active again.',
  'account-terminated': 'The account has ended for good.',
  'settings-saved': 'Saved. It counts from now on.',
  'breach-added': 'It is written down. The clock runs from the moment it was noticed.',
  'breach-saved': 'Saved. What was known before stays in the history.',
  'breach-concerned': 'Those whom it concerns are written down.',
  'breach-unconcerned': 'Nobody is written down as concerned any more.',
  'breach-authority-told': 'It is written down that the authority was told.',
  'breach-people-told': 'Those whom it concerns are being told, each of them once.',
  'breach-published': 'It is published. Everybody can read it, and nobody can change it.',
  'breach-closed': 'The breach is closed.',
  'breach-reopened': 'The breach is open again.',
  'everybody-out': 'All sessions but yours have ended, on every node.',
  'doctor-looked': 'The doctor has looked at everything just now.',
  'maintenance-announced': 'It is announced. Everybody is told.',
  'maintenance-saved': 'It is changed. Everybody is told.',
  'maintenance-cancelled': 'It is cancelled. Everybody is told.',
  'maintenance-completed': 'It is over. Everybody is told.',
  'incident-opened': 'The incident is open. Everybody is told.',
  'incident-updated': 'The update is out. Everybody is told.',
  'terms-accepted': 'Thank you. It is written down that you agree.',
  'terms-saved': 'The draft is saved. Nobody else sees it yet.',
  'terms-discarded': 'The draft is thrown away.',
  'terms-announced': 'The version is announced, and everybody is being told.',
  'terms-withdrawn': 'The version is withdrawn, and everybody is being told.',
  'feedback-answered': 'Your answer is kept. Its sender can read it now.',
  'feedback-noted': 'Your note is kept. Its sender does not see it.',
  'feedback-opened': 'It is open.',
  'feedback-closed': 'It is closed, and the address is deleted.',
  'feedback-removed': 'It is deleted, with all that was said about it.',
  'logged-out': 'You are logged out.',
  'account-added': 'Welcome. Your account is there, and you are logged in.',
  'account-deleted': 'Your account has ended, and what told whose it was is deleted.',
  'email-asked':
    'A letter with a link is on its way. Please follow the link: then the address counts.',
  'email-confirmed': 'Your address is confirmed.',
  'email-removed': 'Your address is removed.',
  'password-saved': 'Your password is changed. All other sessions have ended.',
  'password-reset': 'Your password is changed. Please log in with it.',
  'app-removed': 'Codes are off. Your password alone will do.',
  'passkey-added': 'The passkey is added. You can log in with it from now on.',
  'passkey-removed': 'The passkey is removed.',
  'session-ended': 'The session has ended.',
  'letters-saved': 'Saved. It counts for all letters from now on.',
  'webhook-saved': 'The webhook is changed.',
  'webhook-on': 'The webhook is on again.',
  'webhook-tested': 'The test was sent, and taken.',
  'webhook-removed': 'The webhook is removed. Nothing more is sent there.',
  'deliveries-retried': 'It is tried again from now on.',
  'sessions-ended': 'All other sessions have ended.',
} as const

export type Said = keyof typeof SAID

/** Gone with the next page, or after a minute. It is not secret, and what it may say is listed above. */
const COOKIE = '__Host-one-captcha-said'
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const

/** Has the next page say this. */
export function sayNext(reply: FastifyReply, said: Said) {
  reply.setCookie(COOKIE, said, { ...ATTRIBUTES, maxAge: 60 })
}

/** What this page is to say, once. */
export function takeSaid(request: FastifyRequest, reply: FastifyReply): string | null {
  const said = request.cookies[COOKIE]
  if (said === undefined) return null
  reply.clearCookie(COOKIE, ATTRIBUTES)
  return Object.hasOwn(SAID, said) ? SAID[said as Said] : null
}
