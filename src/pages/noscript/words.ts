import { readFileSync } from 'node:fs'
import { type Words as SliderWords, en as sliderEn } from '../../kinds/slider/words/en.ts'
import { lookup } from '../../widget/language.ts'
import { en as widgetEn } from '../../widget/words/en.ts'
import type { Strings } from '../../widget/words/strings.ts'
import { en, type Words } from './words/en.ts'

/** All that the frame says in one language. */
export interface Said {
  language: string
  direction: 'ltr' | 'rtl'
  widget: Strings
  slider: SliderWords
  frame: Words
}

const said = new Map<string, Said>([
  ['en', { language: 'en', direction: 'ltr', widget: widgetEn, slider: sliderEn, frame: en }],
])

/** The frame's sentences in one of the widget's languages. Read once. */
export function wordsIn(language: string): Said {
  let words = said.get(language)
  if (!words) {
    const read = (folder: string) =>
      JSON.parse(readFileSync(new URL(`${folder}${language}.json`, import.meta.url), 'utf8'))
    const widget = read('../../widget/words/')
    words = {
      language,
      direction: widget.direction ?? 'ltr',
      widget: widget.words,
      slider: read('../../kinds/slider/words/').words,
      frame: read('./words/').words,
    }
    said.set(language, words)
  }
  return words
}

/** More than any browser names; what is beyond is not read. */
const HEADER_MAX = 300
const TAGS_MAX = 5

/**
 * The widget's language for somebody.
 *
 * @param wished what the page says; '' if nothing
 * @param accepted the browser's `Accept-Language`
 */
export function languageFor(wished: string, accepted = ''): string {
  const tags = accepted
    .slice(0, HEADER_MAX)
    .split(',')
    .map((part) => {
      const [tag = '', q] = part.trim().split(/\s*;\s*q=/)
      return { tag, q: q === undefined ? 1 : Number(q) || 0 }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .slice(0, TAGS_MAX)
  return lookup([wished, ...tags.map(({ tag }) => tag)])
}

/** A sentence with its slots filled. */
export function fill(sentence: string, ...values: (string | number)[]): string {
  return sentence.replace(/\{(\d?)\}/g, (_, i) => String(values[Number(i)]))
}

/** A span of time as people write it: seconds up to two minutes, then whole minutes. */
export function spanIn(language: string, ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  const [value, unit] = seconds < 120 ? [seconds, 'second'] : [Math.floor(seconds / 60), 'minute']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(
    value,
  )
}

/** A moment as people write it, in UTC: where somebody is, nobody has told. */
export function momentIn(language: string, at: number): string {
  return new Intl.DateTimeFormat(language, {
    ...{ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
    ...{ timeZone: 'UTC', timeZoneName: 'short' },
  }).format(at)
}
