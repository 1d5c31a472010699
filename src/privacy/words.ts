import {
  BASES,
  type Basis,
  ELSEWHERE,
  type Form,
  fieldsOf,
  type Kept,
  PURPOSES,
  type Whose,
} from '../store/purposes.ts'
import { wordsOf } from '../store/retention.ts'
import type { Schema } from '../store/schema.ts'

/** Who runs the service, and what they decide about what is kept. */
export interface PrivacyFacts {
  /** '' for nobody named. */
  operator: string
  contact: string
  feedback: boolean
  feedbackDays: number
}

/** Something that is kept: a table, or what is elsewhere. */
export interface KeptRow {
  /** The table's name, or the place. */
  name: string
  /** Where, if not in the tables. */
  place: keyof typeof PLACES | null
  what: string
  why: string
  whose: Whose | 'visitor'
  basis: Basis | null
  /** What it is made of, in the ways in which it is kept. */
  parts: { form: Form; words: string[] }[]
  long: string
}

export const FORMS: Record<Form, string> = {
  plain: 'readable',
  encrypted: 'encrypted',
  hash: 'as a keyed hash, which cannot be turned back',
  sum: 'as sums over many',
}

export const PLACES = {
  browser: 'in your browser',
  memory: 'in memory alone',
  ledger: 'in the ledger of what was used',
  log: 'in the log of faults',
  mail: 'in the mail',
  copies: 'in copies',
} as const

/** All that is kept anywhere, in the order in which it is declared. */
export function keptRows(facts: PrivacyFacts): KeptRow[] {
  const tables = (Object.keys(PURPOSES) as (keyof Schema)[]).map((name): KeptRow => {
    const { what, why, whose, basis, kept } = PURPOSES[name]
    const fields = fieldsOf(name)
    const parts = (Object.keys(FORMS) as Form[])
      .map((form) => ({
        form,
        words: fields.filter((field) => field.form === form).map((field) => field.what),
      }))
      .filter(({ words }) => words.length > 0)
    const own = new Map<string, string[]>()
    for (const field of fields) {
      const words = keptWords(field.kept, facts)
      if (words !== keptWords(kept, facts)) own.set(words, [...(own.get(words) ?? []), field.what])
    }
    const exceptions = [...own].map(([words, whats]) => `${whats.join(', ')}: ${words}`)
    const long = [keptWords(kept, facts), ...exceptions].join('; ')
    return { name, place: null, what, why, whose, basis, parts, long }
  })
  const elsewhere = ELSEWHERE.map(
    ({ place, name, what, why, whose, basis, kept }): KeptRow => ({
      ...{ name: name ?? place, place },
      what: place === 'mail' || place === 'copies' ? what : `${what}, ${PLACES[place]}`,
      ...{ why, whose, basis, parts: [], long: kept },
    }),
  )
  return [...tables, ...elsewhere]
}

/** For how long, as people read it. */
export function keptWords(kept: Kept, facts: PrivacyFacts): string {
  if ('rule' in kept) {
    const rules = kept.and ? [kept.rule, kept.and] : [kept.rule]
    return rules.map((rule) => wordsOf(rule, facts)).join('; ')
  }
  if ('with' in kept) return `with the ${kept.with}`
  return 'until' in kept ? `until ${kept.until}` : `for good, ${kept.forGood}`
}

/** A basis in law, as people read it. */
export function basisWords(basis: Basis | null): string {
  return basis === null ? 'not personal' : `${BASES[basis].name} (GDPR Article 6(1)(${basis}))`
}
