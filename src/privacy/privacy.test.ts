import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { ELSEWHERE, fieldsOf, PURPOSES } from '../store/purposes.ts'
import { RULES, type RuleName, wordsOf } from '../store/retention.ts'
import type { Schema } from '../store/schema.ts'
import { csv } from './csv.ts'
import { privacyMarkdown, privacyNotice } from './notice.ts'
import { recordCsv, recordOfProcessing } from './record.ts'
import { privacyText } from './text.ts'
import type { PrivacyFacts } from './words.ts'

const FACTS: PrivacyFacts = {
  ...{ operator: 'Example Association', contact: 'privacy@example.org' },
  ...{ feedback: true, feedbackDays: 365 },
}
const TABLES = Object.keys(PURPOSES) as (keyof Schema)[]

describe('what is said of each field', () => {
  it('tells how it is kept as its name does', () => {
    for (const table of TABLES) {
      for (const { column, form } of fieldsOf(table)) {
        const where = `${table}.${column}`
        if (column.endsWith('_sealed') || column === 'password')
          assert.equal(form, 'encrypted', where)
        if (column.endsWith('_hash')) assert.equal(form, 'hash', where)
        // What is encrypted or hashed says so in its name, or it is one of these.
        if (form === 'encrypted') assert.match(where, /_sealed$|^accounts\.password$/)
        if (form === 'hash') assert.match(where, /hash$|^deliveries\.recipient$/)
      }
    }
  })

  it('has words for everything, a basis for whatever is somebody’s, and nothing about a visitor', () => {
    for (const table of TABLES) {
      const { what, why, whose, basis } = PURPOSES[table]
      assert.ok(what && why, table)
      assert.equal(basis === null, whose === 'nobody', table)
      assert.notEqual(whose as string, 'visitor')
      for (const field of fieldsOf(table)) assert.ok(field.what, `${table}.${field.column}`)
    }
    for (const { what, whose, basis } of ELSEWHERE)
      assert.equal(basis === null, whose === 'nobody', what)
  })

  it('names every rule by which something is deleted, and no other', () => {
    const named = TABLES.flatMap((table) =>
      [PURPOSES[table].kept, ...fieldsOf(table).map(({ kept }) => kept)].flatMap((kept) =>
        'rule' in kept ? [kept.rule, kept.and ?? kept.rule] : [],
      ),
    )
    assert.deepEqual([...new Set(named)].sort(), Object.keys(RULES).sort())
  })

  it('holds for the rows that the rule is about, or that go with them', () => {
    const along: Partial<Record<keyof Schema, keyof Schema>> = {
      breach_accounts: 'breaches',
      breach_facts: 'breaches',
      breach_statements: 'breaches',
      feedback_entries: 'feedback',
    }
    for (const table of TABLES) {
      const { kept } = PURPOSES[table]
      if ('rule' in kept) assert.equal(RULES[kept.rule].table, along[table] ?? table)
    }
  })

  it('names every cookie that the code has a name for', () => {
    const src = join(import.meta.dirname, '..')
    const names = globSync('**/*.{ts,tsx}', { cwd: src })
      .filter((file) => !/\.test\.tsx?$/.test(file))
      .flatMap((file) => readFileSync(join(src, file), 'utf8').match(/__Host-[\w-]+\w/g) ?? [])
    const told = ELSEWHERE.flatMap(({ name }) => name ?? [])
    assert.ok(names.length > 0)
    for (const name of names) assert.ok(told.includes(name), name)
  })
})

describe('the notice', () => {
  it('says of everything that is kept what it is, why, and for how long', () => {
    const text = privacyMarkdown(FACTS)
    for (const table of TABLES) {
      assert.ok(text.includes(PURPOSES[table].what), table)
      assert.ok(text.includes(PURPOSES[table].why), table)
      for (const { what } of fieldsOf(table)) assert.ok(text.includes(what), what)
    }
    for (const { what, why, kept } of ELSEWHERE)
      for (const words of [what, why, kept]) assert.ok(text.includes(words), words)
    for (const rule of Object.keys(RULES) as RuleName[])
      assert.ok(text.includes(wordsOf(rule, { feedbackDays: 365 })), rule)
    assert.doesNotMatch(text, /\{|undefined|null|NaN/)
  })

  it('names who runs the service and how to reach them, and says so where nobody is named', () => {
    assert.match(privacyMarkdown(FACTS), /Example Association runs this service.*privacy@example/)
    const nobody = { ...FACTS, operator: '', contact: '' }
    assert.match(privacyMarkdown(nobody), /has not put their name here\./)
  })

  it('says nothing of feedback where none can be sent, and as long as it is set where it can', () => {
    const ids = (facts: PrivacyFacts) => privacyNotice(facts).sections.map(({ id }) => id)
    assert.ok(ids(FACTS).includes('senders'))
    assert.ok(!ids({ ...FACTS, feedback: false }).includes('senders'))
    assert.match(privacyMarkdown({ ...FACTS, feedbackDays: 7 }), /7 days after it was closed/)
  })

  it('is one text with one hash, which changes with any word of it', () => {
    const { text, sha256 } = privacyText(FACTS)
    assert.deepEqual(privacyText({ ...FACTS }), { text, sha256 })
    assert.equal(createHash('sha256').update(text, 'utf8').digest('hex'), sha256)
    assert.notEqual(privacyText({ ...FACTS, operator: 'Example Associations' }).sha256, sha256)
  })
})

describe('the record of processing', () => {
  it('has a row for each field and for each thing that is elsewhere', () => {
    const { activities } = recordOfProcessing(FACTS)
    const fields = TABLES.flatMap((table) => fieldsOf(table))
    assert.equal(activities.length, TABLES.length + ELSEWHERE.length)
    assert.equal(activities.flatMap((one) => one.fields).length, fields.length)
    for (const { purpose, basis, limit, subjects } of activities)
      for (const words of [purpose, basis, limit, subjects]) assert.ok(words)
    const lines = recordCsv(FACTS).split('\r\n')
    assert.equal(lines.length, 1 + fields.length + ELSEWHERE.length + 1)
    assert.equal(lines[0]!.split(',').length, 11)
  })

  it('has nothing that a spreadsheet would take for a formula', () => {
    for (const evil of [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      ' =1',
      '＝1',
      '%0A=1',
      '|x',
    ]) {
      const [[cell]] = read(csv([[evil]]))
      assert.equal(cell, `'${evil}`)
    }
    assert.ok(
      recordCsv({ ...FACTS, operator: '=HYPERLINK("http://evil.test")' }).includes(`"'=HYPER`),
    )
  })

  it('comes back as it was from a reader of CSV, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), {
          minLength: 1,
        }),
        (rows) => {
          const plain = rows.map((row) => row.map((cell) => `x${cell}`))
          assert.deepEqual(read(csv(plain)), plain)
          for (const cell of read(csv(rows)).flat())
            assert.doesNotMatch(cell, /^[\s\p{Cc}\uFEFF]*[=+\-@]/u)
        },
      ),
      { numRuns: 50 },
    )
  })
})

/** CSV as RFC 4180 has it, all in quotes. */
function read(text: string): [[string], ...string[][]] {
  const rows = text.match(/(?:"(?:[^"]|"")*",?)+\r\n/g) ?? []
  return rows.map((row) =>
    [...row.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"')),
  ) as [[string], ...string[][]]
}
