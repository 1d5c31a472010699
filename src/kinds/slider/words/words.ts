import type { Language } from '../../../widget/language.ts'
import { en, type Words } from './en.ts'

const files: Record<Exclude<Language, 'en'>, () => Promise<{ words: Words }>> = LITE
  ? ({} as never)
  : {
      zh: () => import('./zh.ts'),
      'zh-Hant': () => import('./zh-Hant.ts'),
      es: () => import('./es.ts'),
      fr: () => import('./fr.ts'),
      de: () => import('./de.ts'),
      ja: () => import('./ja.ts'),
      ko: () => import('./ko.ts'),
      ru: () => import('./ru.ts'),
      pl: () => import('./pl.ts'),
    }

/** The slider's words in a language; English where its file cannot be had. */
export async function wordsOf(language: Language): Promise<Words> {
  if (LITE || language === 'en') return en
  return files[language]().then(
    (file) => file.words,
    () => en,
  )
}
