import { diffArrays } from 'diff'
import { type Clause, clausesOf } from './clauses.ts'

/** What became of a clause from one text to another. */
export interface ClauseChange {
  kind: 'same' | 'moved' | 'changed' | 'added' | 'removed'
  id: string
  number: string
  title: string
  /** Its number before, where that was another. */
  was: string
  /** What its heading and its words were made of, in the order in which they are read. */
  heading: readonly Piece[]
  words: readonly Piece[]
}

/** Some text that is in both, in the one, or in the other. */
export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/**
 * A comparison costs as much as the square of the differences it finds. Past this many, or when all clauses together have
 * used up what a page may cost, it becomes coarser: whole lines, and then the old text and the new.
 */
const EDITS_MAX = 800
const COST_MAX = 3 * EDITS_MAX ** 2
/** Words that are the same between two changes are read more easily with them, if they are this few. */
const ISLAND_CHARACTERS_MAX = 3

/** What is different from one text to another, clause by clause, in the order of the newer text. */
export function diffTerms(older: string, newer: string, lang: string): ClauseChange[] {
  const before = clausesOf(older)
  const after = clausesOf(newer)
  const partners = pair(before, after)
  const compare = makeComparison(lang)
  const places = new Map(before.map((clause, at) => [clause, at]))
  const kept = new Set(partners.values())
  const changes: ClauseChange[] = []
  let told = 0

  for (const clause of after) {
    const old = partners.get(clause)
    // What was taken out stands where it stood: behind what was before it, and before what came in its place.
    if (old) tellRemoved(places.get(old)!)
    else while (told < before.length && !kept.has(before[told]!)) tellRemoved(told + 1)
    changes.push(changeOf(old ?? null, clause, compare))
    if (old) told = Math.max(told, places.get(old)! + 1)
  }
  tellRemoved(before.length)
  return changes

  function tellRemoved(upTo: number) {
    for (; told < upTo; told++) {
      const clause = before[told]!
      if (!kept.has(clause)) changes.push(changeOf(clause, null, compare))
    }
  }
}

type Compare = (older: string, newer: string) => Piece[]

function changeOf(old: Clause | null, clause: Clause | null, compare: Compare): ClauseChange {
  const { id, number, title } = (clause ?? old)!
  const was = old && clause && old.number !== clause.number ? old.number : ''
  const heading = compare(old?.title ?? '', clause?.title ?? '')
  const words = compare(old?.words ?? '', clause?.words ?? '')
  const same = [...heading, ...words].every((piece) => piece.kind === 'same')
  const renumbered = old?.number !== clause?.number
  const kind = !old
    ? 'added'
    : !clause
      ? 'removed'
      : !same
        ? 'changed'
        : renumbered
          ? 'moved'
          : 'same'
  return { kind, id, number, title, was, heading, words }
}

/**
 * Which clause of the newer text was which of the older: the one that says the same; the one that is called the same; or the
 * one with the same number, if it is about the same thing. So a clause that is put in between does not make changes of all
 * that follow.
 */
function pair(before: readonly Clause[], after: readonly Clause[]): Map<Clause, Clause> {
  const partners = new Map<Clause, Clause>()
  const free = new Set(before)
  by(({ number, title, words }) => `${number}\n${title}\n${words}`)
  by(({ title, words }) => `${title}\n${words}`)
  by(({ number, title }) => `${number}\n${title}`)
  by(({ title }) => title)
  by(({ words }) => words)
  by(
    ({ id }) => id,
    (old, clause) => areAlike(old.words, clause.words),
  )
  return partners

  function by(key: (clause: Clause) => string, fits = (_: Clause, __: Clause) => true) {
    // The last first, so that the next can be popped.
    const places = new Map<string, Clause[]>()
    for (const old of [...free].reverse()) {
      const name = key(old)
      if (!places.get(name)?.push(old)) places.set(name, [old])
    }
    for (const clause of after) {
      const name = key(clause)
      const old = places.get(name)?.at(-1)
      if (partners.has(clause) || !old || name === '' || !fits(old, clause)) continue
      places.get(name)!.pop()
      free.delete(old)
      partners.set(clause, old)
    }
  }
}

/** True if they have at least a third of their words in common. */
function areAlike(one: string, other: string): boolean {
  const words = (text: string) =>
    new Set(text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu))
  const [a, b] = [words(one), words(other)]
  const common = [...a].filter((word) => b.has(word)).length
  return common * 3 >= Math.max(a.size, b.size)
}

/** Compares texts, and remembers what that has cost. */
function makeComparison(lang: string): Compare {
  const segmenter = new Intl.Segmenter(knownLang(lang), { granularity: 'word' })
  const wordsIn = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment)
  const linesIn = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  let left = COST_MAX

  return (older, newer) => {
    if (older === newer) return piecesOf([['same', newer]])
    const whole: [Piece['kind'], string][] = [
      ['removed', older],
      ['added', newer],
    ]
    if (older === '' || newer === '') return piecesOf(whole)
    const found = compare(wordsIn(older), wordsIn(newer))
    if (found) return joinIslands(found)
    return compare(linesIn(older), linesIn(newer)) ?? piecesOf(whole)
  }

  function compare(older: string[], newer: string[]): Piece[] | null {
    const maxEditLength = Math.floor(Math.min(EDITS_MAX, Math.sqrt(left)))
    const changes = diffArrays(older, newer, { maxEditLength })
    const edits = changes
      ? changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0)
      : maxEditLength
    left -= edits ** 2
    if (!changes) return null
    return piecesOf(
      changes.map(({ added, removed, value }) => [
        added ? 'added' : removed ? 'removed' : 'same',
        value.join(''),
      ]),
    )
  }
}

function piecesOf(list: readonly (readonly [Piece['kind'], string])[]): Piece[] {
  return list.filter(([, text]) => text !== '').map(([kind, text]) => ({ kind, text }))
}

/** Takes a blank or a short word between two changes into them, so that a new sentence is read as one. */
function joinIslands(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    joined.push(
      ...piecesOf([
        ['removed', removed],
        ['added', added],
      ]),
    )
    removed = added = ''
  }
  pieces.forEach(({ kind, text }, at) => {
    const island =
      kind === 'same' &&
      text.trim().length <= ISLAND_CHARACTERS_MAX &&
      !text.includes('\n') &&
      removed + added !== '' &&
      at < pieces.length - 1
    if (kind === 'same' && !island) {
      flush()
      joined.push({ kind, text })
      return
    }
    if (kind !== 'added') removed += text
    if (kind !== 'removed') added += text
  })
  flush()
  return joined
}

/** A version may name a language that no dictionary here knows. */
function knownLang(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? 'en'
  } catch {
    return 'en'
  }
}
