import assert from 'node:assert/strict'
import { it } from 'vitest'
import { minuteOf, readDay, readMinute, secondOf } from './moments.ts'

const AT = Date.UTC(2026, 0, 31, 14, 30)

it('reads a minute in UTC as people type it, and nothing that is none', () => {
  for (const text of ['2026-01-31 14:30', '2026-01-31T14:30Z', '2026-01-31 14:30 UTC'])
    assert.equal(readMinute(text), AT, text)
  for (const text of ['', 'soon', '2026-02-31 14:30', '2026-01-31 24:30', '2026-01-31 14:30:05'])
    assert.equal(readMinute(text), Number.NaN, text)
})

it('reads a day as its first moment, and nothing that is none', () => {
  assert.equal(readDay('2026-01-31'), Date.UTC(2026, 0, 31))
  for (const text of ['', '2026-02-29', '2026-1-31', '2026-01-31 14:30'])
    assert.equal(readDay(text), Number.NaN, text)
})

it('writes moments to the minute and to the second', () => {
  assert.equal(minuteOf(AT + 5_999), '2026-01-31 14:30')
  assert.equal(secondOf(AT + 5_999), '2026-01-31T14:30:05Z')
})
