import MiniSearch, { type SearchOptions, type SearchResult } from 'minisearch'
import type { Section } from './documents.ts'

/** A section, and the page that it is on. */
export interface Entry extends Section {
  path: string
  page: string
}

/** A section that was found. */
export interface Hit {
  /** Where it is. */
  href: string
  page: string
  heading: string
  /** What it says about what was asked; the words in question are marked. */
  snippet: readonly { text: string; marked: boolean }[]
}

/** What a question may be at most: each further word costs time. */
export const QUESTION_CHARACTERS_MAX = 100
const WORDS_MAX = 6
const HITS_MAX = 20
const SNIPPET_CHARACTERS = 200
const WORD = /[\p{L}\p{N}]+/gu
const WORDS = /[\p{L}\p{N}_]+/gu
/** What is one name, beside the words that it is made of: `ONE_CAPTCHA_PORT`. */
const NAME = /[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+/gu

/** Letters that may be wrong: short words are so near to each other that each would be mistaken for another. */
const fuzzy = ({ length }: string) => (length < 5 ? false : length < 7 ? 1 : 2)

/** The first of these that finds something is taken: what was meant as it was written, what was mistyped, what has a part of it. */
const WAYS: readonly SearchOptions[] = [
  { combineWith: 'AND' },
  { combineWith: 'AND', fuzzy },
  { combineWith: 'OR', fuzzy },
]

/** Finds sections by words, also by their beginnings and with small mistakes. */
export type Search = (question: string) => Hit[]

/** Reads all sections, bit by bit: others are served meanwhile. */
export async function searchIn(entries: readonly Entry[]): Promise<Search> {
  const index = new MiniSearch<Entry & { at: number }>({
    idField: 'at',
    fields: ['page', 'heading', 'text', 'code'],
    tokenize: (text) => [...(text.match(WORD) ?? []), ...(text.match(NAME) ?? [])],
    processTerm: (term) => term.toLowerCase(),
    searchOptions: { boost: { page: 2, heading: 4, code: 0.5 }, prefix: (term) => term.length > 1 },
  })
  await index.addAllAsync(
    entries.map((entry, at) => ({ ...entry, at })),
    { chunkSize: 10 },
  )

  return (question) => {
    const words = question.slice(0, QUESTION_CHARACTERS_MAX).match(WORDS)?.slice(0, WORDS_MAX)
    const asked = words?.join(' ') ?? ''
    for (const way of WAYS) {
      const found = index.search(asked, way)
      if (found.length > 0)
        return found.slice(0, HITS_MAX).map((result) => hitOf(entries[result.id]!, result))
    }
    return []
  }
}

function hitOf({ path, id, page, heading, text, code }: Entry, { terms }: SearchResult): Hit {
  const meant = new Set(terms)
  const isMeant = (word: string) => meant.has(word.toLowerCase())
  const [first, ...rest] = [text, code.replace(/\s+/g, ' ')]
  const said = rest.find(
    (one) => !first!.match(WORD)?.some(isMeant) && one.match(WORD)?.some(isMeant),
  )
  return {
    href: id === '' ? path : `${path}#${encodeURIComponent(id)}`,
    page,
    heading,
    snippet: markedIn(excerptOf(said ?? first!, isMeant), isMeant),
  }
}

/** The part of a text around the first word that is meant. */
function excerptOf(text: string, isMeant: (word: string) => boolean): string {
  const first = [...text.matchAll(WORD)].find(([word]) => isMeant(word))?.index ?? 0
  const from = first < SNIPPET_CHARACTERS / 2 ? 0 : text.lastIndexOf(' ', first - 60) + 1
  const to = from + SNIPPET_CHARACTERS
  const end = to >= text.length ? text.length : text.lastIndexOf(' ', to)
  return `${from > 0 ? '… ' : ''}${text.slice(from, end > from ? end : to)}${end < text.length ? ' …' : ''}`
}

function markedIn(text: string, isMeant: (word: string) => boolean): Hit['snippet'] {
  const parts: { text: string; marked: boolean }[] = []
  let end = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!isMeant(word)) continue
    parts.push({ text: text.slice(end, index), marked: false }, { text: word, marked: true })
    end = index + word.length
  }
  return [...parts, { text: text.slice(end), marked: false }].filter((part) => part.text !== '')
}
