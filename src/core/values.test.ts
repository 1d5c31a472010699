import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { readWish } from '../server/noscript/wish.ts'
import { readValues } from '../widget/values.ts'
import { ACTION, CDATA, isWithin } from './values.ts'

/** Every character that keyboards and attackers have, alone and within; and the lengths on both sides of each edge. */
const TEXTS = [
  ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
  ...['', 'a\n', '\na', 'é', '\u{1F600}', '\u2028'],
  ...[63, 64, 65, 254, 255, 256].map((length) => 'a'.repeat(length)),
]

const takes = (read: () => unknown) => {
  try {
    read()
    return true
  } catch {
    return false
  }
}

describe('what a page may say of the act', () => {
  it.each([
    ['action', ACTION, 64],
    ['cdata', CDATA, 255],
  ] as const)('is the same by a call, in the frame and in the service: %s', (name, bounds, max) => {
    const within = TEXTS.filter((text) => isWithin(bounds, text))
    assert.equal(Math.max(...within.map(({ length }) => length)), max)
    const byCall = TEXTS.filter((text) => takes(() => readValues({ [name]: text })))
    const byFrame = TEXTS.filter((text) =>
      takes(() => readWish({ sitekey: 'ock_1', [name]: text })),
    )
    assert.deepEqual([byCall, byFrame], [within, within])
  })
})
