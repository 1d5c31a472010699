import { readFileSync } from 'node:fs'

/** What people choose most, and what words their passwords are made of. */
const COMMON: ReadonlySet<string> = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(' '))
    .filter(Boolean),
)
const WORD_CHARS_MAX = 24

/** Ways of fingers over a keyboard. */
const WAYS = [
  '1234567890-=',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiop',
  'azertyuiop',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.',
  'zaq1xsw2cde3vfr4bgt5nhy6mju7',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qawsedrftgyhujikolp',
  'qazwsxedcrfvtgbyhnujmikolp',
].flatMap((way) => [way, [...way].reverse().join('')])

/** Guessers know these as well as we do. Each stands for one letter, so that what is found stays where it was. */
const LEET: Record<string, string> = {
  ...{ '0': 'o', '1': 'i', '!': 'i', '3': 'e', '4': 'a', '@': 'a' },
  ...{ $: 's', '5': 's', '7': 't', '+': 't', '8': 'b', '9': 'g' },
}

/** With fewer parts than this, whoever guesses in the usual order comes by soon. */
const PARTS_MIN = 4
const PERIOD_MAX = 16
/** Who repeats something beyond this has a bad password and no worse one: looking on would only cost time. */
const LOOKED_AT_CHARS = 48

/**
 * True if a password is among the first that anybody would try: common ones, words and ways over the keyboard in a row,
 * repetitions, and the names of whose it is. It has no rules about what sorts of characters there must be (NIST SP 800-63B).
 *
 * @param names what the password must not be made of: the login, the name of the service
 */
export function isCommon(password: string, names: readonly string[]): boolean {
  const known = new Set(names.flatMap((name) => [name, ...name.split(/[^a-z0-9]+/)]))
  for (const name of known) if (name.length < 3) known.delete(name)
  return partsOf(password.slice(0, LOOKED_AT_CHARS).toLowerCase(), known) < PARTS_MIN
}

/** The least number of parts that a text is made of, where what everybody knows counts as one. */
function partsOf(
  text: string,
  known: ReadonlySet<string>,
  blocks = new Map<string, number>(),
): number {
  const found = blocks.get(text)
  if (found !== undefined) return found
  const plain = [...text].map((c) => LEET[c] ?? c).join('')
  const least = new Array<number>(text.length + 1).fill(Number.POSITIVE_INFINITY)
  least[0] = 0
  const reach = (end: number, parts: number) => {
    if (parts < least[end]!) least[end] = parts
  }
  for (let at = 0; at < text.length; at++) {
    const before = least[at]!
    reach(at + 1, before + 1)
    for (let end = at + 3; end <= Math.min(text.length, at + WORD_CHARS_MAX); end++) {
      const piece = text.slice(at, end)
      const isKnown =
        COMMON.has(piece) ||
        COMMON.has(plain.slice(at, end)) ||
        known.has(piece) ||
        isRun(piece) ||
        WAYS.some((way) => way.includes(piece))
      if (isKnown) reach(end, before + 1)
      // Dates, house and telephone numbers.
      if (/^\d+$/.test(piece)) reach(end, before + Math.ceil(piece.length / 3))
    }
    for (let period = 1; period <= PERIOD_MAX; period++) {
      let end = at + period
      while (end < text.length && text[end] === text[end - period]) end++
      if (end - at < Math.max(2 * period, 3)) continue
      const block = period === 1 ? 1 : partsOf(text.slice(at, at + period), known, blocks)
      for (let to = at + 2 * period; to <= end; to++) reach(to, before + block)
    }
  }
  blocks.set(text, least[text.length]!)
  return least[text.length]!
}

/** Neighbours in the alphabet, or numbers that count, up or down. */
function isRun(piece: string): boolean {
  const step = piece.charCodeAt(1) - piece.charCodeAt(0)
  if (Math.abs(step) !== 1) return false
  for (let i = 2; i < piece.length; i++) {
    if (piece.charCodeAt(i) - piece.charCodeAt(i - 1) !== step) return false
  }
  return true
}
