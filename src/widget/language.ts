/** The languages the widget speaks. A new one: a file in `strings/`, a file in each kind's `words/`, an entry here. */
export const LANGUAGES = ['en', 'zh', 'zh-Hant', 'es', 'fr', 'de', 'ja', 'ko', 'ru', 'pl'] as const

export type Language = (typeof LANGUAGES)[number]

/**
 * Chooses a language as BCP 47 "lookup" does: the first tag with an entry, cut from its end until it has one.
 *
 * @param tags in order of preference, such as `['de-AT', 'en']`
 */
export function lookup(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    for (let range = normal(tag ?? ''); range; range = range.replace(/(^|-)[^-]*$/, '')) {
      const found = LANGUAGES.find((language) => language.toLowerCase() === range)
      if (found) return found
    }
  }
  return 'en'
}

function normal(tag: string): string {
  const low = tag.trim().toLowerCase().replace(/_/g, '-')
  // Those who write `zh-TW` read the traditional script; a tag that names its script says so itself.
  if (/^zh-((tw|hk|mo)\b|hant)|^zh-.*-(tw|hk|mo)$/.test(low) && !low.includes('hans'))
    return 'zh-hant'
  // A country's code in a language's place: the founding One Captcha's name for Korean.
  return low.replace(/^kr\b/, 'ko')
}
