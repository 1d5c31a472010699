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

    it('counts calls per key, and each fades: after the fading time, one in e is left', async () => {
      let now = 1_000
      const ledger = await open(() => now)
      close(await ledger.count('a', 10_000), 1)
      close(await ledger.count('a', 10_000), 2)
      close(await ledger.count('b', 10_000), 1)
      now += 10_000
      close(await ledger.count('a', 10_000), 2 / Math.E + 1)
      now += 5_000
      close(await ledger.count('a', 10_000), (2 / Math.E + 1) * Math.exp(-0.5) + 1)
      await ledger.close()
    })

    it('only reads where 0 is added, and counts heavier where more than 1 is', async () => {
      const ledger = await open(() => 1_000)
      close(await ledger.count('a', 10_000, 0), 0)
      close(await ledger.count('a', 10_000, 7), 7)
      close(await ledger.count('a', 10_000, 0), 7)
      close(await ledger.count('a', 10_000, 0.5), 7.5)
      await ledger.close()
    })

    it('comes to the rate times the fading time under a steady rate, without a jump anywhere', async () => {
      let now = 0
      const ledger = await open(() => now)
      let last = 0
      for (let i = 1; i <= 2_000; i++) {
        now += 100
        const count = await ledger.count('a', 10_000)
        // Never more than the one that came, never less than what faded.
        assert.ok(count <= last + 1 && count >= last * Math.exp(-0.01), `${last} → ${count}`)
        last = count
      }
      assert.ok(Math.abs(last - 100) < 1, `${last}`)
      await ledger.close()
    })

    it('goes on counting right after days of it, and after days of silence', async () => {
      let now = 0
      const ledger = await open(() => now)
      for (let hour = 0; hour < 100; hour++) {
        now += 3_600_000
        close(await ledger.count('a', 60_000), 1)
        close(await ledger.count('a', 60_000), 2)
      }
      now += 30 * 86_400_000
      close(await ledger.count('a', 60_000), 1)
      await ledger.close()
    })

    it('never counts too low, however many keys there are; and seldom much too high', async () => {
      let now = 0
      const ledger = await open(() => now)
      const truth = new Map<string, number>()
      for (let i = 0; i < 60_000; i++) {
        // Some keys often, most of them once.
        const key = i % 3 === 0 ? `often ${i % 99}` : `once ${i}`
        if (i % 1_000 === 0) now += 1_000
        await ledger.count(key, 30_000)
        truth.set(key, (truth.get(key) ?? 0) + Math.exp(now / 30_000))
      }
      let high = 0
      for (const [key, scaled] of truth) {
        const real = scaled / Math.exp(now / 30_000)
        const counted = await ledger.count(key, 30_000, 0)
        assert.ok(counted >= real * (1 - 1e-9), `${key}: ${counted} for ${real}`)
        if (counted > real + 1) high++
      }
      assert.ok(high <= truth.size / 100, `${high} of ${truth.size} are more than 1 too high`)
      await ledger.close()
    })

    it('keeps counts with different fading times apart', async () => {
      let now = 0
      const ledger = await open(() => now)
      close(await ledger.count('a', 1_000), 1)
      close(await ledger.count('a', 60_000), 1)
      now += 1_000
      close(await ledger.count('a', 1_000, 0), 1 / Math.E)
      close(await ledger.count('a', 60_000, 0), Math.exp(-1 / 60))
      await ledger.close()
    })
  })
}

function close(count: number, to: number) {
  assert.ok(Math.abs(count - to) <= 1e-9 * Math.max(1, to), `${count} is not ${to}`)
}
