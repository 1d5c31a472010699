import type { Letter, LetterPlace, NoticeFacts } from '../notice.ts'

/** Tells of a version of the Terms: ahead of its day, on it, or that it was taken back. */
export function termsLetter(facts: NoticeFacts['terms'], place: LetterPlace): Letter {
  const { event, number, summary, effectiveAt, acceptance } = facts
  const service = `One Captcha at ${place.host}`
  const day = new Date(effectiveAt).toISOString().slice(0, 10)
  const text = { words: `Version ${number} of the Terms`, path: `/terms/versions/${number}` }
  if (event === 'withdrawn') {
    return {
      subject: `The change of the Terms for ${day} will not take place`,
      parts: [
        `Version ${number} of the Terms of Use of ${service} was taken back before its day. What holds now goes on.`,
        { words: 'The Terms that are in force', path: '/terms' },
      ],
    }
  }
  const accept =
    acceptance === 'click'
      ? 'The console asks you to agree to it before you go on.'
      : 'Who goes on using the service after that day agrees to it. Who does not agree can stop, and delete the account.'
  return {
    subject:
      event === 'announced'
        ? `The Terms of Use change on ${day}`
        : `Version ${number} of the Terms of Use is in force`,
    parts: [
      event === 'announced'
        ? `The Terms of Use of ${service} will change. Version ${number} is in force from ${day} (UTC) on.`
        : `Version ${number} of the Terms of Use of ${service} is in force from today on.`,
      ...(summary === '' ? [] : ['What is different:', summary]),
      accept,
      text,
      { words: 'All versions, and what is different between them', path: '/terms/versions' },
    ],
  }
}
