import type { Letter, LetterPlace, NoticeFacts } from '../notice.ts'

/** Brings the answer to somebody's feedback. */
export function feedbackLetter({ answer }: NoticeFacts['feedback'], place: LetterPlace): Letter {
  return {
    subject: `An answer to what you wrote to ${place.host}`,
    parts: [
      `You wrote to whoever runs One Captcha at ${place.host}. They answer:`,
      ...answer
        .split(/\n\s*\n/)
        .map((part) => part.trim())
        .filter(Boolean),
      'With the receipt code that you got when you wrote, you can read all of it, add something, or delete it. Your address is used for such answers alone, and deleted when this is closed.',
      { words: 'Read and answer', path: '/feedback/receipt' },
    ],
  }
}
