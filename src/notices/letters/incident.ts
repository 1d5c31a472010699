import {
  componentWords,
  IMPACT_WORDS,
  lastingWords,
  momentWords,
  STATE_WORDS,
} from '../../status/words.ts'
import { paragraphs } from '../../typed-text.ts'
import type { Letter, LetterPlace, NoticeFacts } from '../notice.ts'

/** Tells how it stands with something that went wrong. */
export function incidentLetter(facts: NoticeFacts['incident'], place: LetterPlace): Letter {
  const { id, title, impact, components, state, body, startedAt, resolvedAt } = facts
  const took =
    resolvedAt === null
      ? `It began on ${momentWords(startedAt)}.`
      : `It began on ${momentWords(startedAt)} and took ${lastingWords(resolvedAt - startedAt)}.`
  return {
    subject: `${STATE_WORDS[state]}: ${title}`,
    parts: [
      `About One Captcha at ${place.host}, ${componentWords(components)}: ${title}. Impact: ${IMPACT_WORDS[impact].toLowerCase()}.`,
      ...paragraphs(body),
      took,
      { words: 'How the service is', path: `/status#${id}` },
    ],
  }
}
