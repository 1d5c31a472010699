import type { Version, VersionText } from './terms.ts'

const CHOICES_MAX = 20

/**
 * The language of a version that a reader wants: the one they name, or the first that their browser would like.
 * Otherwise the one that binds.
 *
 * @param named of the address; whatever it is
 * @param accepted the header `Accept-Language`
 */
export function textFor(
  { texts }: Pick<Version, 'texts'>,
  named: unknown,
  accepted = '',
): VersionText {
  const wanted = typeof named === 'string' ? named.toLowerCase() : ''
  const exact = texts.find(({ lang }) => lang.toLowerCase() === wanted)
  if (exact) return exact
  for (const choice of choicesIn(accepted)) {
    const found =
      texts.find(({ lang }) => lang.toLowerCase() === choice) ??
      texts.find(({ lang }) => base(lang) === base(choice))
    if (found) return found
  }
  return texts[0]!
}

/** What a browser would like, the best first. */
function choicesIn(accepted: string): string[] {
  return accepted
    .split(',')
    .slice(0, CHOICES_MAX)
    .map((entry) => {
      const [tag = '', ...rest] = entry.trim().toLowerCase().split(';')
      const weight = rest.map((part) => /^\s*q=([\d.]{1,5})\s*$/.exec(part)?.[1]).find(Boolean)
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

function base(lang: string): string {
  return lang.toLowerCase().split('-', 1)[0]!
}

/** What a language is called, in its own words or in those of another. */
export function nameOf(lang: string, by = lang): string {
  try {
    const name = new Intl.DisplayNames([by], { type: 'language' }).of(lang) ?? lang
    return name.charAt(0).toLocaleUpperCase(by) + name.slice(1)
  } catch {
    return lang
  }
}
