import assert from 'node:assert/strict'
import { it } from 'vitest'
import { clausesIn, clausesOf } from './clauses.ts'

it('takes the texts of a version apart once, however often they are asked for', () => {
  const texts = ['en', 'de'].map((lang) => ({
    lang,
    text: `# T\n\n## 1 ${lang}\n\nWords.\n`,
    hash: '',
  }))
  const clauses = clausesIn(texts)
  assert.deepEqual(
    clauses,
    texts.map(({ text }) => clausesOf(text)),
  )
  assert.equal(clausesIn(texts), clauses)
  assert.notEqual(clausesIn([...texts]), clauses)
})
