import { momentWords } from '../../status/words.ts'
import { paragraphs } from '../../typed-text.ts'
import type { Letter, LetterPlace, NoticeFacts } from '../notice.ts'

/** Tells of a version of the Terms: that it comes and when, or that it does not. */
export function termsLetter(facts: NoticeFacts['terms'], place: LetterPlace): Letter {
  const { event, number, summary, effectiveAt, acceptance } = facts
  const service = `One Captcha at ${place.host}`
  const by = place.operator === '' ? '' : `, run by ${place.operator}`
  const moment = momentWords(effectiveAt)
  const day = new Date(effectiveAt).toISOString().slice(0, 10)
  const read = { words: 'Read them', path: `/terms/versions/${number}` }
  if (event === 'withdrawn') {
    return {
      subject: `The Terms of ${place.host} stay as they are`,
      parts: [
        `You have an account at ${service}${by}. Version ${number} of its Terms of Use was announced for ${moment}. It is withdrawn: what holds now goes on.`,
        { words: 'The Terms of Use', path: '/terms' },
      ],
    }
  }
  return {
    subject: `The Terms of ${place.host} change on ${day}`,
    parts: [
      `You have an account at ${service}${by}. Version ${number} of its Terms of Use holds from ${moment} on. This is what is different:`,
      ...paragraphs(summary),
      read,
      { words: 'Every version, and what is different between them', path: '/terms/versions' },
      acceptance === 'click'
        ? 'This version asks for your agreement. Until you give it, from that moment on, the console shows you the Terms and nothing else, and your keys are refused. Your sites and their visitors notice nothing. You can agree now already:'
        : 'If you use your account after that moment, with the console or with a key, you agree to it; there is nothing to do. If you do not agree, you can take your data along and end your account before:',
      acceptance === 'click'
        ? { words: 'Agree', path: '/console/terms' }
        : { words: 'Your account', path: '/console/account' },
    ],
  }
}
