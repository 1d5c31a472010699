import { expect, it } from 'vitest'
import { readValues } from './values.ts'

it('takes what the service takes, and leaves out what was not given', () => {
  const values = { action: 'a/b.c-d_9', cdata: ' ~'.repeat(127) }
  expect(readValues(values)).toEqual(values)
  expect(readValues({ action: 'x'.repeat(64), cdata: 'y'.repeat(255) })).toBeTruthy()
  expect(readValues({ action: undefined, cdata: null })).toEqual({})
  expect(readValues({ action: '' })).toEqual({ action: '' })
})

it.each([
  [{ action: 'x'.repeat(65) }, 'action'],
  [{ action: 'a b' }, 'action'],
  [{ action: 'a\n' }, 'action'],
  [{ action: 7 }, 'action'],
  [{ cdata: 'y'.repeat(256) }, 'cdata'],
  [{ cdata: 'ü' }, 'cdata'],
  [{ cdata: ['a'] }, 'cdata'],
  [{ sitekey: 'ock_1' }, 'sitekey'],
  [{ constructor: 'a' }, 'constructor'],
])('says of %j which field it is', (values, field) => {
  expect(() => readValues(values)).toThrow(TypeError)
  expect(() => readValues(values)).toThrow(field)
})
