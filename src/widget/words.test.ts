import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from './language.ts'

const SRC = join(import.meta.dirname, '..')

/** The folders that languages are in: the widget's, and one in each kind that has something to say. */
const FOLDERS = globSync('**/words/', { cwd: SRC })
  .filter((folder) => existsSync(join(SRC, folder, 'en.ts')))
  .sort()

const OTHERS = LANGUAGES.filter((language) => language !== 'en')

/** Words that are the same in English. */
const SAME: Record<string, string[]> = {
  it: ['privacy'],
  nl: ['privacy'],
}

/** The scripts that a language is written in, where Unicode has no one name for them. */
const WRITTEN_IN: Record<string, string[]> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang'],
}

interface File {
  made?: string
  direction?: string
  words: Record<string, string>
}

const textOf = (folder: string, language: string) =>
  readFileSync(join(SRC, folder, `${language}.json`), 'utf8')
const read = (folder: string, language: string): File => JSON.parse(textOf(folder, language))
const scriptOf = (language: string) => new Intl.Locale(language).maximize().script!
const slotsOf = (sentence: string) => (sentence.match(/\{\d?\}/g) ?? []).sort()

it('are kept by the widget and by the slider', () => {
  expect(FOLDERS).toEqual(expect.arrayContaining(['kinds/slider/words', 'widget/words']))
})

it('are of more than forty languages, each by its shortest name', () => {
  expect(OTHERS.length).toBeGreaterThan(40)
  expect(LANGUAGES).toEqual([...new Set(LANGUAGES)].sort())
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
  for (const language of LANGUAGES) {
    expect(Intl.getCanonicalLocales(language), language).toEqual([language])
    expect(names.of(language), language).toBeTruthy()
  }
})

it('are those that the docs name', () => {
  const docs = readFileSync(join(SRC, '../docs/embedding.md'), 'utf8')
  const [list] = /(?<=^## Languages\n\n).+?(?=\.\n\n)/ms.exec(docs)!
  expect([...list.matchAll(/`([\w-]+)`/g)].map(([, language]) => language).sort()).toEqual(
    LANGUAGES,
  )
  for (const file of ['README.md', 'docs/translating.md', 'CHANGELOG.md'])
    expect(readFileSync(join(SRC, '..', file), 'utf8'), file).toMatch(
      new RegExp(`\\b${LANGUAGES.length}\\s+languages`),
    )
})

describe.each(FOLDERS)('%s', (folder) => {
  it('has a file for every language, and none beside', () => {
    const files = readdirSync(join(SRC, folder)).filter((file) => file.endsWith('.json'))
    expect(files.map((file) => basename(file, '.json')).sort()).toEqual([...OTHERS].sort())
  })

  it.each(OTHERS)('says in %s what it says in English', async (language) => {
    const { en } = (await import(join(SRC, folder, 'en.ts'))) as { en: Record<string, string> }
    const { made, direction, words, ...more } = read(folder, language)
    expect(more).toEqual({})
    expect(made, 'how it was made').toMatch(/^[A-Z].{20,}\.$/)
    const rtl = ['Arab', 'Hebr'].includes(scriptOf(language)) && dirname(folder) === 'widget'
    expect(direction).toBe(rtl ? 'rtl' : undefined)
    // In the same order, so that two files can be read beside each other.
    expect(Object.keys(words)).toEqual(Object.keys(en))
    for (const [key, sentence] of Object.entries(words)) {
      expect(slotsOf(sentence), key).toEqual(slotsOf(en[key]!))
      const same = sentence === en[key]
      expect(same, `${key}: ${sentence}`).toBe(SAME[language]?.includes(key) ?? false)
    }
  })

  it.each(OTHERS)('is written in %s as it is printed', (language) => {
    const text = textOf(folder, language)
    expect(text).toBe(text.normalize('NFC'))
    const script = scriptOf(language)
    const own = (WRITTEN_IN[script] ?? [script]).map((one) => `\\p{scx=${one}}`).join('')
    // A word of another script is Latin from its first letter to its last: no letter only looks right.
    const word = new RegExp(`^(?:[${own}\\p{M}\\p{Lm}]+|\\p{scx=Latn}+)$`, 'v')
    for (const [key, sentence] of Object.entries(read(folder, language).words)) {
      expect(sentence, key).toMatch(/^\S(.*\S)?$/)
      expect(sentence, key).not.toMatch(/ {2}|\.\.|['"`´<>&]/)
      for (const part of sentence.match(/[\p{L}\p{M}]+/gu) ?? [])
        expect(part, `${key}: ${part}`).toMatch(word)
    }
  })
})

it.each(OTHERS)('tell in %s to choose the button Check by what stands on it', (language) => {
  const { words } = read('kinds/slider/words', language)
  expect(words.help).toContain(words.check)
})
