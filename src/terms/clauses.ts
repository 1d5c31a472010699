import { parse, wordsOf } from './markdown.ts'
import type { VersionText } from './terms.ts'

/** A numbered part of the Terms: from its heading to the next one. */
export interface Clause {
  /** What addresses lead to it by, such as `4.2`; '' for what stands before all headings. No two are the same. */
  id: string
  /** The number as it stands; '' where a heading has none. */
  number: string
  title: string
  /** Below its heading: as Markdown, and in words alone. */
  source: string
  words: string
}

/** The parts that a text has, in their order. */
export function clausesOf(text: string): Clause[] {
  return parse(text).parts.map(({ id, number, title, source, body }) => ({
    ...{ id, number, title, source },
    words: wordsOf(body),
  }))
}

const known = new WeakMap<readonly VersionText[], readonly Clause[][]>()

/** The parts of each text of a version: it never changes, and whoever asks for it must not have it taken apart anew. */
export function clausesIn(texts: readonly VersionText[]): readonly Clause[][] {
  const clauses = known.get(texts) ?? texts.map(({ text }) => clausesOf(text))
  known.set(texts, clauses)
  return clauses
}
