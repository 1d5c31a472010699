import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { isSecret, newSecret, newSitekey, secretHasher } from './keys.ts'
import { systemRandom } from './random.ts'

const random = systemRandom()

describe('keys', () => {
  it('gives every site another key and secret', () => {
    const all = new Set(
      Array.from({ length: 1_000 }, () => [newSitekey(random), newSecret(random)]).flat(),
    )
    assert.equal(all.size, 2_000)
  })

  it('tells a mistyped secret by its checksum', () => {
    const secret = newSecret(random)
    assert.match(secret, /^ocs_live_[0-9A-Za-z]{49}$/)
    assert.equal(isSecret(secret), true)
    for (let i = 9; i < secret.length; i++) {
      const typo = secret.slice(0, i) + (secret[i] === 'a' ? 'b' : 'a') + secret.slice(i + 1)
      assert.equal(isSecret(typo), false, `at ${i}`)
    }
    for (const other of ['', secret.slice(1), `${secret}a`, secret.toUpperCase(), ` ${secret}`]) {
      assert.equal(isSecret(other), false)
    }
  })

  it('hashes a secret differently under every root key', () => {
    const secret = newSecret(random)
    const [a, b] = [secretHasher(random.bytes(32)), secretHasher(random.bytes(32))]
    assert.equal(a(secret), a(secret))
    assert.notEqual(a(secret), b(secret))
    assert.ok(!a(secret).includes(secret.slice(9, 20)))
  })
})
