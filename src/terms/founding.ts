import { readFileSync } from 'node:fs'
import { hashOf } from './draft.ts'
import type { VersionText } from './terms.ts'

/** What an operator's settings say, for the places that the text leaves open; '' where nothing is set. */
export interface Facts {
  operator: string
  /** An e-mail address or an https address. */
  contact: string
  jurisdiction: string
  termsNoticeDays: number
  maintenanceNoticeHours: number
  /** Where the service is, as its users reach it. */
  publicUrl: string | null
}

/** The languages that the software brings the Terms in. The first is the one that binds. */
const LANGUAGES = ['en', 'zh'] as const

const VALUE_CHARACTERS_MAX = 200

/** The text that the software comes with, filled with what the operator has set. */
export function foundingTexts(facts: Facts): VersionText[] {
  return LANGUAGES.map((lang) => {
    const template = readFileSync(new URL(`texts/${lang}.md`, import.meta.url), 'utf8')
    const text = fillTerms(template, valuesOf(facts, lang))
    return { lang, text, hash: hashOf(text) }
  })
}

/**
 * Fills the places that a template leaves open, `{{name}}` or `{{name|what stands there if nothing is set}}`. What is
 * filled in is shown as it is: it can be no Markdown, and no place that would be filled in turn.
 */
export function fillTerms(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(
    /\{\{(\w+)(?:\|([^{}]*))?\}\}/g,
    (_, name: string, otherwise?: string) => {
      const value = Object.hasOwn(values, name) ? oneLine(values[name]!) : ''
      if (value !== '') return name === 'contact' ? asLink(value) : escapeMarkdown(value)
      if (otherwise === undefined) throw new Error(`The Terms need a value for ${name}.`)
      return otherwise
    },
  )
}

function valuesOf(facts: Facts, lang: string): Record<string, string> {
  const period = (count: number, unit: 'day' | 'hour') =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
  return {
    operator: facts.operator,
    contact: facts.contact,
    jurisdiction: facts.jurisdiction,
    host: facts.publicUrl ?? '',
    termsNotice: period(facts.termsNoticeDays, 'day'),
    maintenanceNotice: period(facts.maintenanceNoticeHours, 'hour'),
  }
}

function oneLine(value: string): string {
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.slice(0, VALUE_CHARACTERS_MAX).toWellFormed()
}

/** An address becomes a link to it; all else stays text. */
function asLink(value: string): string {
  const target = targetOf(value)
  return target === null ? escapeMarkdown(value) : `[${escapeMarkdown(value)}](<${target}>)`
}

function targetOf(value: string): string | null {
  const mail = /^([^\s@<>]+)@([^\s@<>]+)$/.exec(value)
  if (mail) return `mailto:${encodeURIComponent(mail[1]!)}@${encodeURIComponent(mail[2]!)}`
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return null
  return new URL(value).href.replace(/[<>\\`]/g, encodeURIComponent)
}

/** Marks that mean something to Markdown, anywhere in a line or at its beginning. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#+=!|~&"$^]/g, '\\$&')
    .replace(/^-/, '\\-')
    .replace(/^(\d+)\./, '$1\\.')
}
