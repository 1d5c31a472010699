import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { readJson } from './json.ts'

describe('readJson', () => {
  it('reads what JSON.parse reads, if it is not too deep and has no key twice', () => {
    const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: false })
    fc.assert(
      fc.property(value, fc.boolean(), (input, spaced) => {
        const text = JSON.stringify(input, null, spaced ? 2 : 0)
        if (/"(__proto__|constructor|prototype)"\s*:/.test(text)) return
        assert.deepEqual(readJson(text), JSON.parse(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses a key given twice, however it is written', () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"x":[{"b":1 , "b" : 1}]}',
      '{"a":{"a":1},"a":1}',
    ]) {
      assert.throws(() => readJson(text), { code: 'body-invalid' }, text)
    }
    assert.deepEqual(readJson('{"a":{"a":1},"b":["a","a"],"c":"\\"a\\":"}'), {
      a: { a: 1 },
      b: ['a', 'a'],
      c: '"a":',
    })
  })

  it('refuses keys that could reach a prototype', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
      assert.throws(() => readJson(`{"a":{"${key}":{"x":1}}}`), { code: 'body-invalid' }, key)
    }
    assert.equal(({} as { x?: number }).x, undefined)
  })

  it('refuses what nests too deep or is no JSON at all', () => {
    assert.deepEqual(readJson('[[[[[[1]]]]]]'), [[[[[[1]]]]]])
    for (const text of [
      '[[[[[[[1]]]]]]]',
      '['.repeat(8_000),
      '',
      '{',
      'undefined',
      '{"a":1}x',
      "{'a':1}",
      '\u0000',
    ]) {
      assert.throws(() => readJson(text), { code: 'body-invalid' }, text.slice(0, 20))
    }
  })
})
