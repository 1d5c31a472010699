import { isIP } from 'node:net'
import {
  isAadhaar,
  isCard,
  isChineseId,
  isCodiceFiscale,
  isCpf,
  isDni,
  isIban,
  isNir,
  isSsn,
} from './checksums.ts'

/** What looks as if it told who somebody is. */
export type PersonalKind = keyof typeof WORDS

/** Where in a text something of this kind stands: from, and up to. */
export interface Finding {
  kind: PersonalKind
  from: number
  to: number
}

/** What each is called. */
const WORDS = {
  email: 'e-mail address',
  iban: 'bank account number',
  card: 'payment card number',
  id: 'identity number',
  ip: 'IP address',
  phone: 'phone number',
} as const

interface Rule {
  kind: PersonalKind
  /** Every repetition is bounded, and no two that touch can match the same: it takes as long as the text, whatever it is. */
  pattern: RegExp
  /** What its form alone does not tell. @param before a few characters of what stands before it */
  holds?: (match: string, before: string) => boolean
  /** Whatever follows may have its form too: then it ends at one of its blanks. */
  ends?: 'at a blank'
}

/** Not in the middle of a longer number or word; Chinese has no blanks between words. */
const START = '(?<![\\p{Script=Latin}\\p{N}_]|\\p{N}[.,:/-])'
const END = '(?![\\p{Script=Latin}\\p{N}_]|[.,:/-]\\p{N})'
const alone = (body: string, flags = 'gu') => new RegExp(`${START}(?:${body})${END}`, flags)

const digitsOf = (text: string) => text.replace(/[^0-9]/g, '')
/** What makes a number an order's, an issue's or a version's, and no telephone's and no computer's. */
const NUMBERED =
  /(?:#|\b(?:order|invoice|ticket|issue|bug|case|part|serial|ref|reference|id|no|nr|number|build|commit|port|isbn|sku|rfc|article)\b[\s.:#№]{0,4}|订单号?[::\s]{0,3}|编号[::\s]{0,3})$/iu
const VERSIONED =
  /(?:\bv|\b(?:version|release|build|chrome|firefox|safari|edge|node|webkit)\b[\s/:]{0,3}|[^/]\/)$/iu
const isNumbered = (before: string) => NUMBERED.test(before)
/** Such as 2026-11-26 or 26.11.2026: also the beginning of something longer. */
const DATE = /^(?:\d{4}([-./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-./ ])\d{1,2}\2(?:19|20)\d{2})(?!\d)/

/** In this order: what was found by one rule is not looked at by the next. */
const RULES: readonly Rule[] = [
  {
    kind: 'email',
    pattern:
      /(?<![\p{L}\p{N}_+.-])[\p{L}\p{N}_+][\p{L}\p{N}.!#$%&'*+=?^_~-]{0,63}(?:@|\s{0,2}[([]\s{0,2}at\s{0,2}[)\]]\s{0,2})(?:[\p{L}\p{N}-]{1,63}(?:\.|\s{0,2}[([]\s{0,2}dot\s{0,2}[)\]]\s{0,2})){1,8}\p{L}{2,63}(?![\p{L}\p{N}@])/giu,
    // What repositories are cloned from.
    holds: (match) => !/^git@/i.test(match),
  },
  {
    kind: 'iban',
    pattern: alone('[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30}', 'giu'),
    holds: isIban,
    ends: 'at a blank',
  },
  {
    kind: 'card',
    pattern: alone(
      '\\d{13,19}|\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{1,3})?|\\d{4}([ -])\\d{6}\\2\\d{4,5}',
    ),
    holds: isCard,
    ends: 'at a blank',
  },
  { kind: 'id', pattern: alone('\\d{17}[0-9X]', 'giu'), holds: isChineseId },
  { kind: 'id', pattern: alone('\\d{3}([- ])\\d{2}\\1\\d{4}'), holds: notNumbered(isSsn) },
  { kind: 'id', pattern: alone('\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}'), holds: isCpf },
  { kind: 'id', pattern: alone('[XYZ]?\\d{7,8}-?[A-Z]', 'giu'), holds: notNumbered(isDni) },
  {
    kind: 'id',
    pattern: alone('[A-Z]{6}\\d{2}[A-EHLMPR-T]\\d{2}[A-Z]\\d{3}[A-Z]', 'giu'),
    holds: isCodiceFiscale,
  },
  {
    kind: 'id',
    pattern: alone('[12] ?\\d{2} ?\\d{2} ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}', 'giu'),
    holds: isNir,
  },
  { kind: 'id', pattern: alone('[2-9]\\d{3}([ -])\\d{4}\\1\\d{4}'), holds: isAadhaar },
  {
    kind: 'ip',
    pattern: /(?<![\p{L}\p{N}_.]|\d[,:/-])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}_]|\.\p{N})/gu,
    // Few people's own has less than seven digits; numbers of chapters and versions do.
    holds: (match, before) =>
      isIP(match) === 4 &&
      digitsOf(match).length > 6 &&
      isPublic(match) &&
      !VERSIONED.test(before) &&
      !isNumbered(before),
  },
  {
    kind: 'ip',
    pattern: /(?<![\p{L}\p{N}:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\p{L}\p{N}:])/giu,
    // `a::b` is a name in C++, `::1` everybody's own machine, fe80 and fc00 nobody's in particular.
    holds: (match) =>
      isIP(match) === 6 &&
      match.split(':').filter(Boolean).length > 2 &&
      !/^f(?:e[89ab]|[cd])/i.test(match),
  },
  // + or 00, and a country's digits.
  {
    kind: 'phone',
    pattern:
      /(?<![\p{L}\p{N}+]|\p{N}[ .,:/-])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){7,14}(?![\p{L}\p{N}])/gu,
    holds: notNumbered((match) => digitsOf(match).length <= 17),
  },
  // North America: 555-123-4567, (555) 123-4567.
  {
    kind: 'phone',
    pattern: alone('(?:1[ .-])?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .-])[2-9]\\d{2}[ .-]\\d{4}'),
    holds: notNumbered(notDate),
  },
  // With the 0 that most countries dial first, in groups.
  {
    kind: 'phone',
    pattern: alone('(?<!\\p{N} )\\(?0[1-9]\\d{0,4}\\)?(?:[ /-]{1,2}\\d{2,8}){1,5}'),
    holds: notNumbered(
      (match) => digitsOf(match).length >= 9 && digitsOf(match).length <= 13 && notDate(match),
    ),
  },
  // China's mobile telephones.
  { kind: 'phone', pattern: alone('1[3-9]\\d([ -]?)\\d{4}\\1\\d{4}'), holds: notNumbered() },
  // Whatever is said to be one.
  {
    kind: 'phone',
    pattern:
      /(?<=(?:\b(?:tel|phone|telephone|mobile|cell|handy|fax|whatsapp|telegram|call me at|call me on)\b|电话|手机)[\s.:#]{0,4})\(?\d(?:[ ./()-]{0,2}\d){5,14}(?![\p{L}\p{N}])/giu,
  },
]

const BEFORE_CHARS = 24

/** All that looks personal in a text, in its order. A text is at most some thousand characters: its reader sees to that. */
export function findPersonal(text: string): Finding[] {
  let rest = plainOf(text)
  const findings: Finding[] = []
  for (const { kind, pattern, holds, ends } of RULES) {
    pattern.lastIndex = 0
    for (let match = pattern.exec(rest); match; match = pattern.exec(rest)) {
      const from = match.index
      const before = rest.slice(Math.max(0, from - BEFORE_CHARS), from)
      const found = candidatesOf(match[0], ends).find((one) => !holds || holds(one, before))
      // What began in the wrong place may hide another that begins a little later.
      pattern.lastIndex = from + (found?.length ?? 1)
      if (found) findings.push({ kind, from, to: from + found.length })
    }
    for (const { from, to } of findings) {
      rest = rest.slice(0, from) + '\0'.repeat(to - from) + rest.slice(to)
    }
  }
  return findings.sort((a, b) => a.from - b.from)
}

function candidatesOf(match: string, ends: Rule['ends']): string[] {
  const candidates = [match]
  if (ends !== undefined) {
    for (let at = match.lastIndexOf(' '); at > 0; at = match.lastIndexOf(' ', at - 1))
      candidates.push(match.slice(0, at))
  }
  return candidates
}

/** The text, with a word in the place of each finding. */
export function redact(text: string, findings: readonly Finding[]): string {
  return piecesOf(text, findings)
    .map(({ text: piece, kind }) => (kind === null ? piece : `[${WORDS[kind]} removed]`))
    .join('')
}

/** The text in pieces: those that were found, and those between. */
export function piecesOf(
  text: string,
  findings: readonly Finding[],
): { text: string; kind: PersonalKind | null }[] {
  const pieces: { text: string; kind: PersonalKind | null }[] = []
  let at = 0
  for (const { kind, from, to } of findings) {
    if (from > at) pieces.push({ text: text.slice(at, from), kind: null })
    pieces.push({ text: text.slice(from, to), kind })
    at = to
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: null })
  return pieces
}

/** What a kind is called. */
export function wordsOf(kind: PersonalKind): string {
  return WORDS[kind]
}

/** The same text, character by character, with every script's digits, blanks and dashes as ASCII has them. */
function plainOf(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
      const code = digit.charCodeAt(0)
      return String((code - (code >= 0x966 ? 0x966 : code >= 0x6f0 ? 0x6f0 : 0x660)) % 10)
    })
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\0', ' ')
}

function notDate(match: string): boolean {
  return !DATE.test(match)
}

function notNumbered(holds: (match: string) => boolean = () => true): Rule['holds'] {
  return (match, before) => !isNumbered(before) && holds(match)
}

/** Addresses that many have, or nobody: they tell of no person. */
function isPublic(address: string): boolean {
  return !/^(?:0|10|127|255|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(address)
}
