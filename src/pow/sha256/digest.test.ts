import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digest } from './digest.ts'

it('is the SHA-256 of the text, at every length', () => {
  for (let length = 0; length < 300; length++) {
    const text = 'sealed-Challenge_'.repeat(20).slice(0, length)
    const words = Buffer.alloc(32)
    digest(text).forEach((word, i) => {
      words.writeInt32BE(word, 4 * i)
    })
    expect(words.toString('hex')).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
