import type { Letter, LetterPlace, NoticeFacts } from '../notice.ts'

const SUBJECTS: Record<NoticeFacts['alert']['about'], string> = {
  doctor: 'Something should be looked at',
  feedback: 'Somebody has written to you',
  delivery: 'Some letters could not be delivered',
  breach: 'A breach is waiting for you',
}

/** Tells operators that something wants looking at. */
export function alertLetter(
  { about, text, path }: NoticeFacts['alert'],
  place: LetterPlace,
): Letter {
  return {
    subject: `${SUBJECTS[about]} at ${place.host}`,
    parts: [text, { words: 'Look at it in the console', path }],
  }
}
