import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { systemRandom } from './random.ts'
import { makeVault } from './vault.ts'

const random = systemRandom()
const [root, fresh] = [random.bytes(32), random.bytes(32)]
const open = (roots: Uint8Array[], purpose = 'e-mail') => makeVault(roots, purpose, random)

describe('a vault', () => {
  it('gives back what was closed, and tells nothing of it [ASVS 14.2.4]', () => {
    const vault = open([root])
    for (const text of ['', 'ada@example.org', 'ключ 🔑']) {
      const closed = vault.close('acc_1', text)
      assert.equal(vault.open('acc_1', closed), text)
      assert.match(closed, /^[\w-]+$/)
      assert.notEqual(vault.close('acc_1', text), closed)
      if (text) assert.ok(!Buffer.from(closed, 'base64url').includes(text))
    }
  })

  it('opens nothing that was moved to another row, closed for something else, or altered', () => {
    const vault = open([root])
    const closed = vault.close('acc_1', 'ada@example.org')
    assert.throws(() => vault.open('acc_2', closed))
    assert.throws(() => open([root], 'totp').open('acc_1', closed))
    const bytes = Buffer.from(closed, 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const other = Buffer.from(bytes)
      other[i]! ^= 1
      assert.throws(() => vault.open('acc_1', other.toString('base64url')), `byte ${i}`)
    }
    for (const none of ['', 'AAAA', closed.slice(0, 40)])
      assert.throws(() => vault.open('acc_1', none))
  })

  it('opens what an older root key closed while that is there, and knows that it is old', () => {
    const closed = open([root]).close('acc_1', 'ada@example.org')
    const both = open([fresh, root])
    assert.equal(both.open('acc_1', closed), 'ada@example.org')
    assert.equal(both.isOld(closed), true)
    assert.equal(both.isOld(both.close('acc_1', 'x')), false)
    assert.throws(() => open([fresh]).open('acc_1', closed), /root key/)
  })
})
