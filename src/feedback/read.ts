import { readEmail } from '../accounts/read.ts'
import { BadRequest } from '../core/bad-request.ts'
import { FEEDBACK_KINDS, type FeedbackKind } from '../store/store.ts'

export const TEXT_MAX = 4_000

/** What is invisible, or makes what follows read otherwise than it is: no keyboard has it. */
const INVISIBLE = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** What somebody wrote, in one spelling. Throws `field-invalid`. */
export function readText(input: string): string {
  const text = input
    .toWellFormed()
    .replaceAll('\0', '\u{fffd}')
    .replace(/\r\n?/g, '\n')
    .replace(INVISIBLE, '')
    .trim()
  if (text === '') throw wrong('text', 'Please write what you want to tell.')
  if ([...text].length > TEXT_MAX)
    throw wrong('text', `Please use at most ${TEXT_MAX.toLocaleString('en')} characters.`)
  return text
}

/** What it is about. Throws `field-invalid`. */
export function readKind(input: string): FeedbackKind {
  const kind = FEEDBACK_KINDS.find((one) => one === input)
  if (!kind) throw wrong('kind', `kind must be one of ${FEEDBACK_KINDS.join(', ')}.`)
  return kind
}

/** Where an answer goes; null for nowhere. */
export function readAddress(input: string): string | null {
  if (input.trim() === '') return null
  try {
    return readEmail(input)
  } catch (error) {
    if (error instanceof BadRequest) throw wrong('address', error.message)
    throw error
  }
}

function wrong(field: string, message: string): BadRequest {
  return new BadRequest('field-invalid', message, field)
}
