import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Ledger } from './ledger.ts'

/** What every ledger promises. Each driver's test calls this with a way to open one. */
export function ledgerContract(name: string, open: (now?: () => number) => Promise<Ledger>) {
  describe(`${name} ledger`, () => {
    it('spends an id once, however many ask at once', async () => {
      const ledger = await open()
      const expiresAt = Date.now() + 60_000
      const spends = Array.from({ length: 50 }, () => ledger.spend('t1', expiresAt))
      const wins = (await Promise.all(spends)).filter((won) => won)
      assert.equal(wins.length, 1)
      await ledger.close()
    })

    it('spends different ids independently', async () => {
      const ledger = await open()
      const ids = Array.from({ length: 500 }, (_, i) => `id-${i}`)
      const first = await Promise.all(ids.map((id) => ledger.spend(id, Date.now() + 60_000)))
      assert.ok(first.every((won) => won))
      const second = await Promise.all(ids.map((id) => ledger.spend(id, Date.now() + 60_000)))
      assert.ok(second.every((won) => !won))
      await ledger.close()
    })

    it('tells ids apart by every character', async () => {
      const ledger = await open()
      assert.equal(await ledger.spend('AbC', Date.now() + 60_000), true)
      assert.equal(await ledger.spend('ABC', Date.now() + 60_000), true)
      assert.equal(await ledger.spend('AbC ', Date.now() + 60_000), true)
      await ledger.close()
    })

    it('counts calls per key, and anew in the next window', async () => {
      let now = 1_000
      const ledger = await open(() => now)
      assert.equal(await ledger.count('a', 10_000), 1)
      assert.equal(await ledger.count('a', 10_000), 2)
      assert.equal(await ledger.count('b', 10_000), 1)
      now += 10_000
      assert.equal(await ledger.count('a', 10_000), 1)
      await ledger.close()
    })
  })
}
