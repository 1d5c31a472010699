import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import {
  hintOf,
  isSecret,
  keyedHasher,
  newId,
  newSecret,
  newSitekey,
  type SecretSort,
  secretHasher,
  secretsIn,
  sortOf,
} from './keys.ts'
import { systemRandom } from './random.ts'

const random = systemRandom()
const SORTS: SecretSort[] = ['secret', 'apiKey', 'invitation', 'receipt']

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

  it('tells the sorts of secret apart, each by its own prefix', () => {
    for (const sort of SORTS) {
      const secret = newSecret(random, sort)
      assert.equal(sortOf(secret), sort)
      assert.equal(isSecret(secret), sort === 'secret')
      assert.equal(hintOf(secret), secret.slice(-4))
      for (const other of [`${secret.slice(0, 3)}x${secret.slice(4)}`, secret.slice(1)]) {
        assert.equal(sortOf(other), null)
      }
    }
    assert.match(newId(random, 'key'), /^key_[0-9A-Za-z]{16}$/)
  })

  it('hashes the same text differently for every purpose', () => {
    const root = random.bytes(32)
    const hashes = ['secrets', 'api keys', 'invitations'].map((one) => keyedHasher(root, one)('x'))
    assert.equal(new Set(hashes).size, 3)
    assert.equal(hashes[0], secretHasher(root)('x'))
  })
})

describe('the rules for secret scanners', () => {
  const file = readFileSync(new URL('../docs/secret-scanning.toml', import.meta.url), 'utf8')
  const rules = [...file.matchAll(/^regex = '''(.+)'''$/gm)].map(
    (match) => new RegExp(match[1]!, 'g'),
  )
  const found = (text: string) =>
    rules.flatMap((rule) => [...text.matchAll(rule)].map((match) => match[1]!))

  it('find each sort wherever it may lie, once, and by one rule', () => {
    assert.equal(rules.length, SORTS.length)
    for (const sort of SORTS) {
      for (let i = 0; i < 200; i++) {
        const secret = newSecret(random, sort)
        for (const text of [
          secret,
          `SECRET=${secret}\n`,
          `{"secret":"${secret}"}`,
          `curl -H 'Authorization: Bearer ${secret}'`,
          `https://captcha.example/x/${secret}?a=1`,
          `Ours is ${secret}.`,
        ]) {
          assert.deepEqual(found(text), [secret])
          assert.deepEqual([...secretsIn(text)], [secret])
        }
      }
    }
  })

  it('leave alone what only looks like one', () => {
    const secret = newSecret(random)
    for (const text of [
      newSitekey(random),
      newId(random, 'key'),
      secret.slice(0, -1),
      `${secret}a`,
      `x${secret}`,
      secret.replace('ocs_', 'OCS_'),
      secret.replace('_live_', '_dead_'),
      secret.replace('ocs_live_', 'oca-'),
      `${secret.slice(0, 20)} ${secret.slice(20)}`,
    ]) {
      assert.deepEqual(found(text), [], text)
      assert.deepEqual([...secretsIn(text)], [], text)
    }
    // A regular expression cannot compute a checksum; the command can.
    const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
    assert.deepEqual(found(mistyped), [mistyped])
    assert.deepEqual([...secretsIn(mistyped)], [])
  })
})
