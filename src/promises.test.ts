import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { PROMISES, STATED } from './promises.ts'
import { clausesOf } from './terms/clauses.ts'

const ROOT = join(import.meta.dirname, '..')
const TERMS = readFileSync(new URL('terms/texts/en.md', import.meta.url), 'utf8')

/** The names of the tests that run in a file. What is skipped, or only planned, is none of them. */
function testsOf(text: string): string[] {
  const NAMED =
    /(?<![\w.])it(?:\.each\([\s\S]*?\))?\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`|"([^"]*)")/g
  // Whole parts of a file may be left out too.
  if (/\b(?:describe|it|test)\.(?:skip|only|todo|skipIf|runIf|fails)\b/.test(text)) return []
  return [...text.matchAll(NAMED)].map(([, a, b, c]) => (a ?? b ?? c)!.replaceAll("\\'", "'"))
}

describe('the promises', () => {
  it('are those of the Terms: every clause once, in order, by its title, and no other', () => {
    const clauses = clausesOf(TERMS).filter(({ number }) => /^\d+\.\d+$/.test(number))
    assert.deepEqual(
      PROMISES.map(({ clause, title }) => [clause, title]),
      clauses.map(({ number, title }) => [number, title]),
    )
  })

  it('are proved by tests that run, each found by its name in its file', () => {
    for (const { clause, proofs } of PROMISES) {
      for (const { file, test } of proofs) {
        assert.match(file, /^(src|test)\/[\w/.-]+\.(test|contract)\.tsx?$/)
        const tests = testsOf(readFileSync(join(ROOT, file), 'utf8'))
        assert.ok(tests.includes(test), `${clause}: there is no test “${test}” in ${file}`)
      }
      assert.equal(new Set(proofs.map(({ file, test }) => file + test)).size, proofs.length)
    }
  })

  it('are proved, or say that they are only stated', () => {
    for (const { clause, proofs } of PROMISES)
      assert.equal(proofs.length === 0, STATED.has(clause), clause)
  })

  it('name contracts only where a test runs them', () => {
    const tests = globSync('src/**/*.test.ts', { cwd: ROOT }).map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    )
    for (const { file } of PROMISES.flatMap(({ proofs }) => proofs)) {
      if (!file.endsWith('.contract.ts')) continue
      const name = file.slice(file.lastIndexOf('/') + 1)
      assert.ok(
        tests.some((text) => text.includes(`./${name}'`)),
        file,
      )
    }
  })
})

describe('a test', () => {
  it('counts by its exact name, and not if it is left out', () => {
    const named = "it('does', async () => {})\n  it.each([1, (2)])(\n    'does %s', () => {})"
    assert.deepEqual(testsOf(named), ['does', 'does %s'])
    assert.deepEqual(testsOf("it('isn\\'t', () => {})"), ["isn't"])
    assert.deepEqual(testsOf("visit('does', 1); submit.it('does')"), [])
    for (const out of ['it.skip', 'it.todo', 'describe.skip', 'it.skipIf(1)', 'it.only'])
      assert.deepEqual(testsOf(`it('does', () => {})\n${out}('other', () => {})`), [], out)
  })
})
