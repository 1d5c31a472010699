import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digest } from './digest.ts'

it('is the SHA-256 of the text, at every length', () => {
  for (let length = 0; length < 300; length++) {
    const text = 'sealed-Challenge_'.repeat(20).slice(0, length)
    const expected = createHash('sha256').update(text).digest('hex')
    expect(Buffer.from(digest(text)).toString('hex')).toBe(expected)
  }
})
