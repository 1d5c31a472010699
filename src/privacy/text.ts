import { createHash } from 'node:crypto'
import { privacyMarkdown } from './notice.ts'
import type { PrivacyFacts } from './words.ts'

/** The notice in force, as a text that can be signed. */
export function privacyText(facts: PrivacyFacts): { text: string; sha256: string } {
  const text = privacyMarkdown(facts)
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}
