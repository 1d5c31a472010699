import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { recallFor, recallWhile } from './recall.ts'
import { StoreUnavailable } from './store.ts'

const site = (sitekey: string, revision: number) => ({ sitekey, revision })

/** A reading that ends when it is told to. */
function slow<T>() {
  const { promise, resolve } = Promise.withResolvers<T>()
  return { load: () => promise, finish: resolve }
}

describe('recall by version', () => {
  it('reads once while nothing changes, and anew after each change', async () => {
    let version = 1
    let reads = 0
    const recall = recallWhile(() => version)
    const read = async () => (await recall.get('a', async () => site('a', ++reads)))!.revision
    assert.deepEqual([await read(), await read(), await read()], [1, 1, 1])
    version++
    assert.deepEqual([await read(), await read()], [2, 2])
  })

  it('does not remember what is not there', async () => {
    const recall = recallWhile(() => 1)
    assert.equal(await recall.get('a', async () => null), null)
    assert.ok(await recall.get('a', async () => site('a', 1)))
  })

  it('does not remember what was read before a change that came while it was read', async () => {
    let version = 1
    const recall = recallWhile(() => version)
    const { load, finish } = slow<ReturnType<typeof site>>()
    const reading = recall.get('a', load)
    version++
    // Another call sees the change first.
    await recall.get('b', async () => site('b', 1))
    finish(site('a', 1))
    assert.ok(await reading)
    assert.equal(await recall.get('a', async () => null), null)
  })

  it('holds no more than 10,000 entries', async () => {
    const recall = recallWhile(() => 1)
    for (let i = 0; i < 10_001; i++) await recall.get(`${i}`, async () => site('a', 1))
    assert.equal((await recall.get('0', async () => site('a', 2)))!.revision, 2)
  })
})

describe('recall by age', () => {
  function begin() {
    const clock = { steady: 1_000, wall: 1_000_000 }
    const recall = recallFor([() => clock.steady, () => clock.wall])
    const state = { reads: 0, away: false }
    const get = async (sitekey = 'a', stale = false) =>
      (
        await recall.get(
          `site ${sitekey}`,
          async () => {
            if (state.away) throw new StoreUnavailable('away')
            return site(sitekey, ++state.reads)
          },
          stale,
        )
      )?.revision
    const pass = (ms: number) => {
      clock.steady += ms
      clock.wall += ms
    }
    return { clock, recall, state, get, pass }
  }

  it('reads once in five seconds', async () => {
    const { get, pass } = begin()
    assert.deepEqual([await get(), await get()], [1, 1])
    pass(4_999)
    assert.equal(await get(), 1)
    pass(1)
    assert.deepEqual([await get(), await get()], [2, 2])
  })

  it('counts the age from when the reading began', async () => {
    const { recall, pass } = begin()
    const { load, finish } = slow<ReturnType<typeof site>>()
    const reading = recall.get('a', load)
    pass(3_000)
    finish(site('a', 1))
    await reading
    pass(2_000)
    assert.equal((await recall.get('a', async () => site('a', 2)))!.revision, 2)
  })

  it('reads anew after the process or the machine stood still, and after the time of day was turned back', async () => {
    const { get, clock } = begin()
    await get()
    clock.wall += 60_000
    assert.equal(await get(), 2)
    clock.steady += 60_000
    assert.equal(await get(), 3)
    clock.wall -= 60_000
    assert.equal(await get(), 4)
  })

  it('forgets what is of a lower revision, and of that site alone', async () => {
    const { get, recall } = begin()
    assert.deepEqual([await get('a'), await get('b')], [1, 2])
    recall.forget('a', 1)
    assert.deepEqual([await get('a'), await get('b')], [1, 2])
    recall.forget('a', 2)
    assert.deepEqual([await get('a'), await get('b')], [3, 2])
  })

  it('gives nobody what was being read when a change was announced, if they ask after it', async () => {
    const { recall } = begin()
    const { load, finish } = slow<ReturnType<typeof site>>()
    const before = recall.get('a', load)
    recall.forget('a', 2)
    const after = recall.get('a', async () => site('a', 2))
    finish(site('a', 1))
    assert.equal((await before)!.revision, 1)
    assert.equal((await after)!.revision, 2)
    assert.equal((await recall.get('a', async () => site('a', 3)))!.revision, 2)
  })

  it('asks once for all who wait for the same', async () => {
    const { get, state } = begin()
    await Promise.all(Array.from({ length: 50 }, () => get()))
    assert.equal(state.reads, 1)
  })

  it('does not remember what is not there, nor what failed', async () => {
    const { recall } = begin()
    assert.equal(await recall.get('a', async () => null), null)
    await assert.rejects(
      recall.get('a', () => Promise.reject(new Error('broken'))),
      /broken/,
    )
    assert.ok(await recall.get('a', async () => site('a', 1)))
  })

  it('gives older things while the store is away to those alone who can do with them, for a minute', async () => {
    const { get, state, pass } = begin()
    await get()
    state.away = true
    pass(5_000)
    assert.equal(await get('a', true), 1)
    await assert.rejects(get('a', false), StoreUnavailable)
    await assert.rejects(get('b', true), StoreUnavailable)
    pass(54_999)
    assert.equal(await get('a', true), 1)
    pass(1)
    await assert.rejects(get('a', true), StoreUnavailable)
    state.away = false
    assert.equal(await get('a', true), 2)
  })

  it('gives nothing older than an announcement, also while the store is away', async () => {
    const { get, state, pass, recall } = begin()
    await get()
    state.away = true
    pass(5_000)
    assert.equal(await get('a', true), 1)
    recall.forget('a', 2)
    await assert.rejects(get('a', true), StoreUnavailable)
  })

  it('holds no more than 10,000 entries', async () => {
    const { recall } = begin()
    for (let i = 0; i < 10_001; i++) await recall.get(`${i}`, async () => site('a', 1))
    assert.equal((await recall.get('0', async () => site('a', 2)))!.revision, 2)
  })
})
