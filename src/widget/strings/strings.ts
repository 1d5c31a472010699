import type { NextReason } from '../../core/outcome.ts'
import type { Language } from '../language.ts'
import type { Trouble } from '../machine.ts'
import { en } from './en.ts'

/** Of the work itself a visitor hears nothing. */
type Spoken = Exclude<
  NextReason,
  'work-wrong' | 'puzzle-wanted' | 'patience-wanted' | 'lighter-wanted'
>

/** Everything the widget says. A missing sentence is a compile error. */
export interface Strings extends Record<Trouble, string> {
  label: string
  /** Beside an empty box that must be ticked before the form can go. */
  required: string
  working: string
  checking: string
  success: string
  expired: string
  /** Between two puzzles: the reasons that a visitor should hear, kindly. */
  retry: Record<Spoken, string>
  patience: string
  patienceHelp: string
  /** The button of whoever would rather not wait. */
  lighter: string
  another: string
  instead: string
  help: string
  close: string
  cancel: string
  privacy: string
  terms: string
  test: string
}

/** English travels with the widget; another language is loaded when somebody reads it. */
const files: Record<Exclude<Language, 'en'>, () => Promise<{ strings: Strings }>> = LITE
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

/** The sentences of a language. English where its file cannot be had: better than none. */
export async function stringsOf(language: Language): Promise<Strings> {
  if (LITE || language === 'en') return en
  return files[language]().then(
    (file) => file.strings,
    () => en,
  )
}
