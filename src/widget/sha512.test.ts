import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sha512 } from './sha512.ts'

it('agrees with the platform on every length around a block’s end', () => {
  for (const length of [0, 1, 3, 55, 110, 111, 112, 127, 128, 129, 239, 240, 500]) {
    const message = randomBytes(length)
    expect(Buffer.from(sha512(message)).toString('hex')).toBe(
      createHash('sha512').update(message).digest('hex'),
    )
  }
})
