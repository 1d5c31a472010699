import { createHash } from 'node:crypto'
import { BadRequest } from '../core/bad-request.ts'
import type { DraftText } from './terms.ts'

const TEXT_BYTES_MAX = 200_000
export const SUMMARY_CHARS_MAX = 1_000
const LANGUAGES_MAX = 10

/** SHA-256 of a text's UTF-8 bytes, hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * What an operator wrote, as it will be kept: with one sort of line end, whatever it was typed on. Throws
 * `BadRequest('field-invalid')` with the field for what cannot be: `summary`, `acceptance`, or `text-en`.
 */
export function readDraft(input: DraftText): DraftText {
  const summary = tidy(input.summary).trim()
  if ([...summary].length > SUMMARY_CHARS_MAX)
    throw wrong('summary', `The summary must have at most ${SUMMARY_CHARS_MAX} characters.`)
  if (input.acceptance !== 'use' && input.acceptance !== 'click')
    throw wrong('acceptance', 'It is accepted by “use” or by “click”.')
  if (input.texts.length === 0 || input.texts.length > LANGUAGES_MAX)
    throw wrong('texts', `There must be a text in 1 to ${LANGUAGES_MAX} languages.`)
  const seen = new Set<string>()
  const texts = input.texts.map(({ lang, text: typed }) => {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(lang))
      throw wrong('lang', 'A language is named like “en”, “de” or “zh-TW”.')
    if (seen.has(lang.toLowerCase())) throw wrong('lang', 'Each language can be there once.')
    seen.add(lang.toLowerCase())
    const text = `${tidy(typed).trimEnd()}\n`
    const field = `text-${lang}`
    if (text.trim() === '') throw wrong(field, 'There is no text.')
    if (Buffer.byteLength(text) > TEXT_BYTES_MAX)
      throw wrong(field, `A text must have at most ${TEXT_BYTES_MAX / 1000} kB.`)
    return { lang, text }
  })
  return { summary, acceptance: input.acceptance, texts }
}

/** Line ends as Unix has them; no byte order mark; and none of the characters that no text has, and PostgreSQL refuses. */
function tidy(text: string): string {
  return text
    .replace(/^\u{feff}/u, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\u{fffd}')
    .toWellFormed()
}

function wrong(field: string, message: string): BadRequest {
  return new BadRequest('field-invalid', message, field)
}
