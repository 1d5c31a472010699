import {
  componentWords,
  EFFECT_WORDS,
  lastingWords,
  momentWords,
  spanWords,
} from '../../status/words.ts'
import { paragraphs } from '../../typed-text.ts'
import type { Letter, LetterPlace, NoticeFacts, Part } from '../notice.ts'

type Facts = NoticeFacts['maintenance']

/** Tells of a window in which the service is looked after: ahead of it, as it begins, and when it is over. */
export function maintenanceLetter(facts: Facts, place: LetterPlace): Letter {
  const { event, title, startsAt, endsAt } = facts
  const when = spanWords(startsAt, endsAt)
  const service = `One Captcha at ${place.host}`
  const [subject, first] = {
    announced: [
      `Maintenance on ${momentWords(startsAt)}: ${title}`,
      `${service} will be looked after: ${when} (${lastingWords(endsAt - startsAt)}).`,
    ],
    changed: [
      `Maintenance has changed, now ${momentWords(startsAt)}: ${title}`,
      `What we announced has changed. ${service} will be looked after: ${when} (${lastingWords(endsAt - startsAt)}).`,
    ],
    reminder: [
      `Tomorrow, ${momentWords(startsAt)}: ${title}`,
      `A reminder: ${service} will be looked after: ${when} (${lastingWords(endsAt - startsAt)}).`,
    ],
    begun: [
      `Maintenance has begun: ${title}`,
      `${service} is being looked after now, until ${momentWords(endsAt)}.`,
    ],
    completed: [`Maintenance is over: ${title}`, `${service} is as it was. Thank you for waiting.`],
    cancelled: [
      `Maintenance is cancelled: ${title}`,
      `What we announced for ${when} will not take place. ${service} goes on as usual.`,
    ],
  }[event] as [string, string]
  const more = event === 'completed' || event === 'cancelled' ? [] : whatItMeans(facts)
  return {
    subject,
    parts: [first, ...more, { words: 'How the service is, and a calendar', path: '/status' }],
  }
}

function whatItMeans({ title, body, components, effect, reason }: Facts): Part[] {
  return [
    `${title}. It is about: ${componentWords(components)}.`,
    ...(body ? paragraphs(body) : []),
    EFFECT_WORDS[effect],
    ...(reason ? [`Why you hear of it so late: ${reason}`] : []),
  ]
}
