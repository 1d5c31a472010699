import { ELSEWHERE, fieldsOf, PURPOSES } from '../store/purposes.ts'
import type { Schema } from '../store/schema.ts'
import { csv } from './csv.ts'
import { basisWords, FORMS, keptWords, PLACES, type PrivacyFacts } from './words.ts'

const SUBJECTS = {
  visitor: 'visitors of sites',
  account: 'account holders',
  sender: 'senders of feedback',
  operator: 'operators',
  nobody: 'nobody: not personal',
} as const

/** How it is guarded (GDPR Article 30(1)(g)). */
const MEASURES = [
  'What is about visitors is never written down.',
  'Addresses, secrets of apps, texts of feedback and of breaches are encrypted (AES-256-GCM), each bound to its row.',
  'Passwords are hashed (Argon2id) and encrypted besides; keys, sessions, codes and links are keyed hashes (HMAC-SHA-256).',
  'Root keys are not in the tables.',
  'Every change is in a log whose events vouch for each other.',
  'What is kept for a time is deleted by a job that runs every hour.',
]

/** The record of processing activities that GDPR Article 30(1) asks for. */
export function recordOfProcessing(facts: PrivacyFacts) {
  return {
    title: 'Record of processing activities (GDPR Article 30)',
    controller: { name: facts.operator || null, contact: facts.contact || null },
    measures: MEASURES,
    recipients: 'none, but where an account holder has it sent: a mail server, a webhook’s address',
    transfers: 'none by the program',
    activities: [
      ...(Object.keys(PURPOSES) as (keyof Schema)[]).map((table) => {
        const { what, why, whose, basis, kept } = PURPOSES[table]
        return {
          ...{ place: 'tables', name: table as string, what, purpose: why },
          ...{ subjects: SUBJECTS[whose], basis: basisWords(basis), limit: keptWords(kept, facts) },
          fields: fieldsOf(table).map((field) => ({
            ...{ name: field.column, what: field.what, form: FORMS[field.form] },
            limit: keptWords(field.kept, facts),
          })),
        }
      }),
      ...ELSEWHERE.map(({ place, name, what, why, whose, basis, kept }) => ({
        ...{ place: PLACES[place], name: name ?? '', what, purpose: why },
        ...{ subjects: SUBJECTS[whose], basis: basisWords(basis), limit: kept },
        fields: [],
      })),
    ],
  }
}

/** The same as a table: a row per field. */
export function recordCsv(facts: PrivacyFacts): string {
  const { controller, activities } = recordOfProcessing(facts)
  const head = ['controller', 'contact', 'place', 'name', 'field', 'what', 'purpose', 'subjects']
  const rows = activities.flatMap(
    ({ place, name, what, purpose, subjects, basis, limit, fields }) => {
      const row = (field: { name: string; what: string; form: string; limit: string }) => [
        ...[controller.name ?? '', controller.contact ?? '', place, name, field.name, field.what],
        ...[purpose, subjects, basis, field.form, field.limit],
      ]
      return fields.length > 0 ? fields.map(row) : [row({ name: '', what, form: '', limit })]
    },
  )
  return csv([[...head, 'basis', 'form', 'limit'], ...rows])
}
