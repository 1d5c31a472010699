import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { assertPolicy, DEFAULT_POLICY, type Policy, PolicyError } from './policy.ts'

const refused = (changes: Partial<Policy>) => {
  try {
    assertPolicy({ ...DEFAULT_POLICY, ...changes })
  } catch (error) {
    assert.ok(error instanceof PolicyError)
    return [error.field, error.must]
  }
  return null
}

describe('a policy', () => {
  it('is good up to its limits, and is the default one', () => {
    assert.equal(refused({}), null)
    assert.equal(refused({ effortFloor: 1, effortCeiling: 1, waitMs: 1_000 }), null)
    assert.equal(refused({ effortFloor: 512, effortCeiling: 512, waitMs: 60_000 }), null)
  })

  it('names the field and its limit where it is none', () => {
    const effort = 'a whole number from 1 to 512'
    for (const value of [0, -1, 513, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.deepEqual(refused({ effortFloor: value }), ['effortFloor', effort])
      assert.deepEqual(refused({ effortCeiling: value }), ['effortCeiling', effort])
    }
    for (const waitMs of [999, 60_001, 1_000.5]) {
      assert.deepEqual(refused({ waitMs }), ['waitMs', 'a whole number from 1000 to 60000'])
    }
  })

  it('may be given in part, and is looked at as far as it is', () => {
    for (const part of [{}, { effortFloor: 512 }, { effortCeiling: 1 }, { waitMs: 1_000 }]) {
      assertPolicy(part)
    }
    assert.throws(() => assertPolicy({ waitMs: 1 }), PolicyError)
    assert.throws(() => assertPolicy({ effortFloor: 3, effortCeiling: 2 }), PolicyError)
  })

  it('has no floor above its ceiling', () => {
    const above = refused({ effortFloor: 65 })
    assert.deepEqual(above, ['effortFloor', 'at most effortCeiling, which is 64'])
  })
})
