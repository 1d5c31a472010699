import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { clausesOf } from './clauses.ts'
import { type ClauseChange, diffTerms, type Piece } from './diff.ts'

const OLD = `# Terms

Welcome.

## 4 Liability

### 4.1 No warranty

As it is.

### 4.2 Interruptions

We do not promise that the Service is always there.

### 4.3 Links

They are marked.

## 5 Data
`

const textOf = (pieces: readonly Piece[], side: 'added' | 'removed') =>
  pieces
    .filter(({ kind }) => kind === 'same' || kind === side)
    .map(({ text }) => text)
    .join('')
const short = (changes: readonly ClauseChange[]) =>
  changes.filter(({ kind }) => kind !== 'same').map(({ kind, was, number }) => [kind, was, number])

/** Of every clause, both sides must be there word for word. */
function assertWhole(older: string, newer: string, changes: readonly ClauseChange[]) {
  const before = clausesOf(older)
  const after = clausesOf(newer)
  const olds = changes.filter(({ kind }) => kind !== 'added')
  const news = changes.filter(({ kind }) => kind !== 'removed')
  const words = (list: readonly ClauseChange[], side: 'added' | 'removed') =>
    list.map((one) => `${textOf(one.heading, side)}\n${textOf(one.words, side)}`)
  const said = (clauses: typeof before) => clauses.map(({ title, words }) => `${title}\n${words}`)
  assert.deepEqual(words(news, 'added'), said(after))
  assert.deepEqual(words(olds, 'removed').sort(), said(before).sort())
}

describe('what is different between two texts', () => {
  it('is nothing where nothing is', () => {
    const changes = diffTerms(OLD, OLD, 'en')
    assert.equal(changes.length, 6)
    assert.deepEqual(short(changes), [])
  })

  it('is told by words', () => {
    const newer = OLD.replace('always there', 'there on most days')
    const [change] = diffTerms(OLD, newer, 'en').filter(({ kind }) => kind === 'changed')
    assert.equal(change!.number, '4.2')
    assert.deepEqual(
      change!.words.map(({ kind, text }) => `${kind}: ${text}`),
      [
        'same: We do not promise that the Service is ',
        'removed: always ',
        'same: there',
        'added:  on most days',
        'same: .',
      ],
    )
  })

  it('is one new clause where one is put in between, and numbers for those that follow', () => {
    const newer = OLD.replace('### 4.2 Inter', '### 4.2 Fees\n\nNone.\n\n### 4.3 Inter').replace(
      '### 4.3 Links',
      '### 4.4 Links',
    )
    assert.deepEqual(short(diffTerms(OLD, newer, 'en')), [
      ['added', '', '4.2'],
      ['moved', '4.2', '4.3'],
      ['moved', '4.3', '4.4'],
    ])
  })

  it('shows a clause that is gone where it stood', () => {
    const newer = OLD.replace(/### 4\.2[^#]*/, '')
    assert.deepEqual(
      diffTerms(OLD, newer, 'en').map(({ kind, number }) => `${kind} ${number}`),
      ['same ', 'same 4', 'same 4.1', 'removed 4.2', 'same 4.3', 'same 5'],
    )
  })

  it('finds a clause that was renamed, moved and changed, as far as its words or its number tell', () => {
    const renamed = OLD.replace('### 4.1 No warranty', '### 4.1 At your own risk')
    assert.deepEqual(short(diffTerms(OLD, renamed, 'en')), [['changed', '', '4.1']])
    const other = OLD.replace(
      '### 4.1 No warranty\n\nAs it is.',
      '### 4.1 Pets\n\nDogs are welcome!',
    )
    assert.deepEqual(short(diffTerms(OLD, other, 'en')), [
      ['removed', '', '4.1'],
      ['added', '', '4.1'],
    ])
  })

  it('does not keep quiet about where a link leads', () => {
    const [change] = diffTerms('[us](/a)', '[us](/b)', 'en')
    assert.equal(change!.kind, 'changed')
    assert.equal(textOf(change!.words, 'removed'), 'us (/a)')
    assert.equal(textOf(change!.words, 'added'), 'us (/b)')
  })

  it('knows words where nothing is between them', () => {
    const [change] = diffTerms('我们保护您的个人数据。', '我们加密您的个人数据。', 'zh')
    assert.deepEqual(
      change!.words.map(({ kind, text }) => `${kind} ${text}`),
      ['same 我们', 'removed 保护', 'added 加密', 'same 您的个人数据。'],
    )
  })

  it('takes any language for one, and names that every object has', () => {
    for (const lang of ['x', '', '__proto__', 'de-ÄÖ', 'a'.repeat(100)]) {
      assert.equal(
        diffTerms('## constructor\n\na', '## constructor\n\nb', lang)[0]!.kind,
        'changed',
      )
    }
    assert.deepEqual(short(diffTerms('## __proto__\n\na', '## toString\n\nb', 'en')), [
      ['removed', '', ''],
      ['added', '', ''],
    ])
  })

  it('leaves no word of either text out, whatever they are', () => {
    const bit = fc.constantFrom(
      ...[
        '## 1 A\n\n',
        '## 2 A\n\n',
        '## 2 B\n\n',
        '## C\n\n',
        'one ',
        'two, ',
        'three.\n\n',
        '- x\n',
      ],
    )
    const text = fc.array(bit, { maxLength: 14 }).map((bits) => bits.join(''))
    fc.assert(
      fc.property(text, text, (older, newer) =>
        assertWhole(older, newer, diffTerms(older, newer, 'en')),
      ),
      { numRuns: 300 },
    )
  })

  // The bound is on steps, not on time: past it the comparison is of whole lines, and then of the whole.
  it.each([1, 20, 400])(
    'is bounded for two long texts with nothing in common, in %d clauses',
    (n) => {
      const long = (word: string) =>
        Array.from({ length: n }, (_, clause) => {
          const words = Array.from({ length: 21_000 / n }, (_, at) => `${word}${at}`)
          return `## ${clause} T\n\n${words.join(' ')}\n\n`
        }).join('')
      const [older, newer] = [long('before'), long('after')]
      assert.ok(Math.min(older.length, newer.length) > 150_000)
      const changes = diffTerms(older, newer, 'en')
      assertWhole(older, newer, changes)
      assert.ok(changes.reduce((sum, { words }) => sum + words.length, 0) <= 2 * n + 2)
    },
  )

  it('is by words as long as that may cost, and then by lines, whatever the number of clauses', () => {
    const long = (word: string) =>
      Array.from({ length: 300 }, (_, clause) => {
        const words = Array.from({ length: 60 }, (_, at) =>
          at % 6 === 0 ? `same${at}` : `${word}${at}`,
        )
        return `## ${clause} T\n\n${words.join(' ')}\n\n`
      }).join('')
    const changes = diffTerms(long('before'), long('after'), 'en')
    const byWords = changes.map(({ words }) => words.some(({ kind }) => kind === 'same'))
    assert.equal(byWords[0], true)
    assert.equal(byWords.at(-1), false)
    assertWhole(long('before'), long('after'), changes)
  })

  it('reads two hundred thousand bytes of marks and brackets', () => {
    for (const bit of ['> ', '[', '[a](b', '|a', '# a b c d e f g h i j\n']) {
      const text = bit.repeat(200_000 / bit.length)
      const changes = diffTerms(text, `${text}\n\nend`, 'en')
      assert.ok(
        changes.some(({ kind }) => kind !== 'same'),
        bit,
      )
    }
  })
})
