import { paragraphs } from '../../typed-text.ts'
import type { Letter, LetterPlace, NoticeFacts, Part } from '../notice.ts'

/** Tells somebody of a breach that concerns them, with what GDPR Article 34 asks for, in plain words. */
export function breachLetter(facts: NoticeFacts['breach'], place: LetterPlace): Letter {
  const { noticedAt, nature, data, consequences, measures, advice, contact, number } = facts
  const noticed = new Date(noticedAt).toISOString().slice(0, 10)
  const service = `One Captcha at ${place.host}`
  const told = (title: string, text: string): Part[] =>
    text === '' ? [] : [title, ...paragraphs(text)]
  return {
    subject:
      number === 1
        ? `Your data at ${place.host}: something has happened`
        : `Your data at ${place.host}: what else is known by now`,
    parts: [
      number === 1
        ? `You have an account at ${service}. Something has happened to data there, and it concerns you. It was noticed on ${noticed} (UTC).`
        : `We told you before of what has happened to data at ${service}. This is what is known by now, all of it.`,
      ...told('What has happened:', nature),
      ...told('Which data it is about:', data),
      ...told('What may follow from it:', consequences),
      ...told('What is done about it:', measures),
      ...told('What you can do:', advice),
      ...told('Where you can ask:', contact),
      ...(place.operator === '' ? [] : [`Who runs the service: ${place.operator}`]),
      'We will never ask for your password in a letter. What is said to everybody is here:',
      { words: 'What was made public', path: '/breaches' },
    ],
  }
}
