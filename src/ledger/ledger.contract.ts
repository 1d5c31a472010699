import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { type Claim, type Ledger, LedgerUnavailable } from './ledger.ts'

/** What every ledger promises. Each driver's test calls this with a way to open one. */
export function ledgerContract(name: string, open: (now?: () => number) => Promise<Ledger>) {
  describe(`${name} ledger`, () => {
    it('spends an id once, however many ask at once', async () => {
      const ledger = await open()
      const one = claim('t1')
      const spends = Array.from({ length: 50 }, () => ledger.spend(one))
      const said = await Promise.all(spends)
      assert.equal(said.filter((spend) => spend === 'spent').length, 1)
      assert.equal(said.filter((spend) => spend === 'again').length, 49)
      await ledger.close()
    })

    it('spends different ids independently', async () => {
      const ledger = await open()
      const claims = Array.from({ length: 500 }, (_, i) => claim(`id-${i}`))
      const first = await Promise.all(claims.map(ledger.spend))
      assert.ok(first.every((spend) => spend === 'spent'))
      const second = await Promise.all(claims.map(ledger.spend))
      assert.ok(second.every((spend) => spend === 'again'))
      await ledger.close()
    })

    it('tells ids apart by every character', async () => {
      const ledger = await open()
      for (const id of ['AbC', 'ABC', 'AbC ', 'AbC\n', 'Äbc', '{AbC}']) {
        assert.equal(await ledger.spend(claim(id)), 'spent', id)
        assert.equal(await ledger.spend(claim(id)), 'again', id)
      }
      await ledger.close()
    })

    it('tells who asks again with the same mark that it was theirs, and nobody else', async () => {
      const ledger = await open()
      const marked = (mark?: string) => ledger.spend({ ...claim('t1'), mark })
      const first = await Promise.all(['a', 'a', 'a'].map(marked))
      assert.deepEqual(first.sort(), ['repeated', 'repeated', 'spent'])
      assert.equal(await marked('b'), 'again')
      assert.equal(await marked('b'), 'again')
      assert.equal(await marked(''), 'again')
      assert.equal(await marked(), 'again')
      assert.equal(await marked('a'), 'repeated')
      // Who came first without a mark is never told again.
      assert.equal(await ledger.spend(claim('t2')), 'spent')
      for (const mark of ['', 'a', undefined])
        assert.equal(await ledger.spend({ ...claim('t2'), mark }), 'again')
      await ledger.close()
    })

    it('refuses what was given out before its memory begins', async () => {
      const ledger = await open()
      const old = { ...claim('t1'), issuedAt: Date.now() - 600_000 }
      assert.equal(await ledger.spend(old), 'forgotten')
      assert.equal(await ledger.spend(claim('t1')), 'spent')
      await ledger.close()
    })

    it('spends nothing for a site of which it has heard nothing, and what is announced from then on', async () => {
      const ledger = await open()
      assert.equal(await ledger.spend(claim('t1', 'a', 3)), 'outdated')
      await ledger.announce('a', 3)
      assert.equal(await ledger.spend(claim('t1', 'b', 3)), 'outdated')
      assert.equal(await ledger.spend(claim('t1', 'a', 3)), 'spent')
      assert.equal(await ledger.spend(claim('t1', 'a', 3)), 'again')
      await ledger.close()
    })

    it('spends nothing for who knows a site as it was, from the moment on at which that is announced', async () => {
      const ledger = await open()
      await ledger.announce('a', 3)
      assert.equal(await ledger.spend(claim('t1', 'a', 3)), 'spent')
      await ledger.announce('a', 4)
      assert.equal(await ledger.spend(claim('t2', 'a', 3)), 'outdated')
      // Also of what was spent before: who knows nothing of the site is told nothing of it.
      assert.equal(await ledger.spend(claim('t1', 'a', 3)), 'outdated')
      assert.equal(await ledger.spend(claim('t2', 'a', 4)), 'spent')
      // Who has read of a change that is about to be announced knows more, not less.
      assert.equal(await ledger.spend(claim('t3', 'a', 5)), 'spent')
      await ledger.close()
    })

    it('never goes back to a lower revision, in whatever order it hears of them', async () => {
      const ledger = await open()
      await Promise.all([5, 9, 2, 7, 10, 8].map((revision) => ledger.announce('a', revision)))
      await ledger.announce('a', 9)
      assert.equal(await ledger.spend(claim('t1', 'a', 9)), 'outdated')
      assert.equal(await ledger.spend(claim('t1', 'a', 10)), 'spent')
      await ledger.close()
    })

    it('tells each new revision to all who listen', async () => {
      const ledger = await open()
      const heard: string[] = []
      ledger.listen((sitekey, revision) => heard.push(`1 ${sitekey} ${revision}`))
      ledger.listen((sitekey, revision) => heard.push(`2 ${sitekey} ${revision}`))
      await ledger.announce('a', 1)
      await ledger.announce('b', 7)
      await until(() => heard.length >= 4)
      assert.deepEqual(heard.sort(), ['1 a 1', '1 b 7', '2 a 1', '2 b 7'])
      await ledger.close()
    })

    it('rejects after it was closed', async () => {
      const ledger = await open()
      await ledger.close()
      await assert.rejects(ledger.spend(claim('t1')), LedgerUnavailable)
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
      for (let i = 0; i < 60_000; now += 1_000) {
        const keys = Array.from({ length: 1_000 }, () => {
          // Some keys often, most of them once.
          return i++ % 3 === 0 ? `often ${i % 99}` : `once ${i}`
        })
        await Promise.all(keys.map((key) => ledger.count(key, 30_000)))
        for (const key of keys) truth.set(key, (truth.get(key) ?? 0) + Math.exp(now / 30_000))
      }
      let high = 0
      await Promise.all(
        [...truth].map(async ([key, scaled]) => {
          const real = scaled / Math.exp(now / 30_000)
          const counted = await ledger.count(key, 30_000, 0)
          assert.ok(counted >= real * (1 - 1e-9), `${key}: ${counted} for ${real}`)
          if (counted > real + 1) high++
        }),
      )
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

/** A claim of what was given out just now. */
export function claim(id: string, sitekey?: string, revision = 1): Claim {
  const now = Date.now()
  const site = sitekey === undefined ? undefined : { sitekey, revision }
  return { id, issuedAt: now, expiresAt: now + 60_000, site }
}

async function until(done: () => boolean) {
  for (let turns = 0; !done(); turns++) {
    assert.ok(turns < 500, 'nothing was heard for five seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
