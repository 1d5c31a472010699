import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blake2b } from './blake2b.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const abc = Buffer.from('abc')

it('gives what RFC 7693 publishes', () => {
  expect(hex(blake2b(abc, 64))).toBe(
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
      '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
  )
})

it('is BLAKE2b-512 at every length, around the ends of blocks too', () => {
  const bytes = Buffer.from('sealed-Challenge_'.repeat(40))
  for (let length = 0; length < 600; length++) {
    const message = bytes.subarray(0, length)
    expect(hex(blake2b(message, 64))).toBe(createHash('blake2b512').update(message).digest('hex'))
  }
})

it('is BLAKE2b-512 of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      expect(hex(blake2b(message, 64))).toBe(createHash('blake2b512').update(message).digest('hex'))
    }),
  )
})

// Node has neither shorter digests nor salts. These are from Python's hashlib.
it('gives shorter digests, which are no beginnings of longer ones', () => {
  expect(hex(blake2b(new Uint8Array(), 32))).toBe(
    '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
  )
  expect(hex(blake2b(abc, 32))).toBe(
    'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  )
  expect(hex(blake2b(abc, 20))).toBe('384264f676f39536840523f284921cdc68b6846b')
})

it('salts, with up to sixteen characters', () => {
  expect(hex(blake2b(abc, 64, 'HashX v1'))).toBe(
    '509ad93e79fa38c5a10e3171883efdd23a821fff8a7dbed20e6cfe7c88847b55' +
      '5a3f4c10b21802613123708ea5e822428d14333a56a2530d1ff2bfa47df9247c',
  )
  expect(hex(blake2b(abc, 32, '0123456789abcdef'))).toBe(
    'ef145394858a4dc415260ba623ba3ac0f421a538a5e538200d63e09658175960',
  )
})
