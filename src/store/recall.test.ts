import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { recallWhile } from './recall.ts'

describe('recall', () => {
  it('reads once while nothing changes, and anew after each change', async () => {
    let version = 1
    let reads = 0
    const recall = recallWhile(() => version)
    const read = () => recall('a', async () => ++reads)
    assert.deepEqual([await read(), await read(), await read()], [1, 1, 1])
    version++
    assert.deepEqual([await read(), await read()], [2, 2])
  })

  it('does not remember what is not there', async () => {
    const recall = recallWhile(() => 1)
    assert.equal(await recall('a', async () => null), null)
    assert.equal(await recall('a', async () => 'now it is'), 'now it is')
  })

  it('does not remember what was read before a change that came while it was read', async () => {
    let version = 1
    const recall = recallWhile(() => version)
    let finish = (_: string) => {}
    const slow = recall('a', () => new Promise<string>((resolve) => (finish = resolve)))
    version++
    // Another call sees the change first.
    await recall('b', async () => 'b')
    finish('removed since')
    assert.equal(await slow, 'removed since')
    assert.equal(await recall('a', async () => null), null)
  })

  it('holds no more than 10,000 entries', async () => {
    const recall = recallWhile(() => 1)
    for (let i = 0; i < 10_001; i++) await recall(`${i}`, async () => i)
    assert.equal(await recall('0', async () => 'read anew'), 'read anew')
  })
})
