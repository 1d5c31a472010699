import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { systemRandom } from './random.ts'
import { makeSeal } from './seal.ts'

const random = systemRandom()
const [oldKey, newKey] = [random.bytes(32), random.bytes(32)]
const HOUR_MS = 3_600_000

describe('seal', () => {
  const seal = makeSeal([newKey], random, Date.now)

  it('opens what it closed, for the same purpose only', () => {
    const sealed = seal.close('token', 'grüße, 世界')
    assert.equal(seal.open('token', sealed), 'grüße, 世界')
    assert.equal(seal.open('challenge', sealed), null)
  })

  it('opens nothing with any one bit changed', () => {
    const sealed = seal.close('token', 'a token of some length')
    const bytes = Buffer.from(sealed, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      assert.equal(seal.open('token', altered.toString('base64url')), null, `bit ${bit}`)
    }
  })

  it('opens nothing with any one character changed, added or left out', () => {
    // Of three lengths, so that base64's spare bits are among what is changed.
    for (const text of ['ab', 'abc', 'abcd']) {
      const sealed = seal.close('token', text)
      for (let i = 0; i < sealed.length; i++) {
        for (const c of ['A', 'B', 'w', '-', '_', '+', '/', '=', ' ', '\n']) {
          const altered = sealed.slice(0, i) + c + sealed.slice(i + 1)
          if (altered !== sealed) assert.equal(seal.open('token', altered), null, `${c} at ${i}`)
        }
        assert.equal(seal.open('token', sealed.slice(0, i) + sealed.slice(i + 1)), null)
      }
      for (const more of ['=', 'A', ' ', '==', '\n'])
        assert.equal(seal.open('token', sealed + more), null)
    }
  })

  it('never closes to the same string twice', () => {
    const all = new Set(Array.from({ length: 1_000 }, () => seal.close('token', 'x')))
    assert.equal(all.size, 1_000)
  })

  it('opens what an older key closed, until that key is taken away', () => {
    const before = makeSeal([oldKey], random, Date.now).close('token', 'x')
    assert.equal(makeSeal([newKey, oldKey], random, Date.now).open('token', before), 'x')
    assert.equal(makeSeal([newKey], random, Date.now).open('token', before), null)
  })

  it('has a key of its own for each hour, and keeps a day of them', () => {
    let now = Date.now()
    const aging = makeSeal([newKey], random, () => now)
    const sealed = aging.close('token', 'x')
    now += 23 * HOUR_MS
    assert.equal(aging.open('token', sealed), 'x')
    now += 3 * HOUR_MS
    assert.equal(aging.open('token', sealed), null)
    const hours = aging.close('token', 'x').slice(4, 8)
    assert.notEqual(sealed.slice(4, 8), hours)
    // An hour that the seal was not made in is another key.
    assert.equal(aging.open('token', sealed.slice(0, 4) + hours + sealed.slice(8)), null)
  })

  it('opens no garbage, whatever its length', () => {
    for (const garbage of [
      '',
      'a',
      '.',
      'A'.repeat(44),
      'A'.repeat(200),
      'A'.repeat(100_000),
      '\u0000',
      'é'.repeat(60),
    ]) {
      assert.equal(seal.open('token', garbage), null)
    }
  })
})
