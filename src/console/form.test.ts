import { describe, expect, it } from 'vitest'
import { readForm } from './form.ts'

describe('a posted form', () => {
  it('gives what was typed, without blanks around it, and passwords as they are', () => {
    const form = readForm({ form: 'site', name: ' Ada ', password: ' x ' })
    expect([form.name, form.text('name'), form.exact('password')]).toEqual(['site', 'Ada', ' x '])
    expect(form.text('nothing')).toBe('')
  })

  it('does not choose where a field was sent twice', () => {
    const form = readForm({ id: ['1', '2'] })
    expect(() => form.text('id')).toThrow('sent twice')
    expect(form.list('id')).toEqual(['1', '2'])
  })

  it('is not confused by names that every object has', () => {
    const form = readForm(JSON.parse('{"__proto__":"x","constructor":"y"}'))
    expect(form.text('toString')).toBe('')
    expect(form.text('hasOwnProperty')).toBe('')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('has no NUL, which a database may refuse', () => {
    const form = readForm({ id: 'a\0b', scopes: ['\0', 'x'] })
    expect(form.text('id')).toBe('a\u{fffd}b')
    expect(form.list('scopes')).toEqual(['\u{fffd}', 'x'])
  })

  it('carries along what is to be sent again, and nothing secret', () => {
    const form = readForm({
      ...{ form: 'rotate', csrf: 'c', overlap: '0', kinds: ['a', 'b'] },
      ...{ password: 'p', 'new-password': 'p', code: '1', 'proof-password': 'p' },
    })
    expect(form.rest()).toEqual([
      ['form', 'rotate'],
      ['overlap', '0'],
      ['kinds', 'a'],
      ['kinds', 'b'],
    ])
  })
})
