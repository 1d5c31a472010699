import { PARTS } from './base.ts'

/**
 * The sentences of the widget, or of a kind of puzzle. English travels with the code; another language is loaded when
 * somebody reads it. English where its file cannot be had: better than none.
 */
export async function wordsOf<Words>(part: string, language: string, en: Words): Promise<Words> {
  if (LITE || language === 'en') return en
  return import(`${PARTS}${language}-${part}.js`).then(
    ({ words }) => words,
    () => en,
  )
}
