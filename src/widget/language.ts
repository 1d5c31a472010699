import { PARTS } from './base.ts'

/** The languages the widget speaks. A new one: a file in `strings/`, a file in each kind's `words/`, an entry here. */
export const LANGUAGES = ['en', 'zh', 'zh-Hant', 'es', 'fr', 'de', 'ja', 'ko', 'ru', 'pl'] as const

export type Language = (typeof LANGUAGES)[number]

/**
 * Chooses a language: the first tag that names one of ours. Scripts count, countries do not, except for what they say
 * about the script: those who write `zh-TW` read the traditional one.
 *
 * @param tags in order of preference, such as `['de-AT', 'en']`
 */
export function lookup(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    try {
      // The founding One Captcha's name for Korean is a country's; `zh-yue` is now `yue`.
      const plain = tag!
        .trim()
        .replace(/_/g, '-')
        .replace(/^kr\b/i, 'ko')
        .replace(/^zh-(?=[a-z]{3}\b)/i, '')
      const { language, script } = new Intl.Locale(plain).maximize()
      const wanted = script === 'Hant' ? 'zh-Hant' : language
      const found = LANGUAGES.find((one) => one === wanted)
      if (found) return found
    } catch {
      // No tag, or none that can be read.
    }
  }
  return 'en'
}

/**
 * The sentences of the widget, or of a kind of puzzle. English travels with the code; another language is loaded when
 * somebody reads it. English where its file cannot be had: better than none.
 */
export async function wordsOf<Words>(part: string, language: Language, en: Words): Promise<Words> {
  if (LITE || language === 'en') return en
  return import(`${PARTS}${language}-${part}.js`).then(
    ({ words }) => words,
    () => en,
  )
}
